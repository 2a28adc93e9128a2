/**
 * Connectors that harm the process they run in, leave others behind, or come between it and the suite: each with every
 * message. The suite must survive all of them, and tell what each did.
 */
import { spawn, type SpawnOptions } from 'node:child_process'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connector, World } from '../spec/connector.ts'

const harming = (name: string, harm: (world: World) => unknown): Connector => ({
  name, guarantee: 'at-least-once', clock: 'real', patience: 50,
  start: (world) => ({
    take: async (message) => {
      await harm(world)
      await world.send(message.content)
    },
  }),
})

/** Whoever counts what is left behind knows it by this word among its arguments. */
const word = process.env['LEFT_BY'] ?? ''
const leave = (how: SpawnOptions) =>
  spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600_000)', word], { stdio: 'inherit', ...how }).unref()
function leaveThree(): void {
  leave({})
  leave({ detached: true })
  leave({ detached: true, env: {} })
}

export const right = harming('right', () => undefined)
export const spins = harming('one that spins', function again() {
  for (;;);
})
export const blocks = harming('one that blocks its thread', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
export const halts = harming('one that halts its process', () => process.kill(process.pid, 'SIGSTOP'))
export const leaves = harming('one that leaves processes behind', leaveThree)
export const leavesAndSpins = harming('one that leaves processes behind, and spins', async () => {
  leaveThree()
  await sleep(500)
  for (;;);
})
export const killsItsGroup = harming('one that kills its group', () => process.kill(0, 'SIGTERM'))
export const fillsBuffers = harming('one that fills buffers', async () => {
  const all = Array.from({ length: 60 }, () => Buffer.alloc(10_000_000, 1))
  await sleep(60_000)
  return all
})
export const speaksOutOfTurn = harming('one that speaks out of turn', () => {
  process.send?.(null)
  for (const fd of [3, 4])
    try {
      writeSync(fd, 'ready\n{"is":"history","number":1,"history":[],"choices":[]}\n')
    } catch {
      // It is none of its own.
    }
})
export const keepsNothing = harming('one after which no list grows', () => { Array.prototype.push = () => 0 })
export const reports = harming('one that reports without end', ({ report }) => { for (let i = 0; i < 100_000; i++) report('again') })
export const prints = harming('one that prints', () => {
  console.log('so it goes')
  console.error('and fails')
})
export const reportsAndPrints = harming('one that reports much, and prints', ({ report }) => {
  for (let i = 0; i < 900; i++) report('again')
  console.log('so it goes')
})
export const malformed = { name: 'malformed', guarantee: 'now and then', start: () => ({}) }
