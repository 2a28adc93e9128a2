/** From source text to a verdict, and to a counterexample: whole processes, with all that a tool does before it searches. */
import { fileURLToPath } from 'node:url'
import { build } from '../engine/build.ts'
import { explore } from '../engine/explore.ts'
import { hunt } from '../engine/hunt.ts'
import { claimQueue } from '../models/claim-queue.ts'
import { noneTwice } from '../spec/laws.ts'
import { inTurn, many, measured, medianOf, type Section, seconds, times } from './measure.ts'
import { definitions, read, spinArguments, within } from './spin.ts'
import { raceScope } from './throughput.ts'

interface Reached {
  readonly wall: number
  /** NaN for what visits none. */
  readonly states: number
  /** Of the counterexample; NaN without one. */
  readonly steps: number
}
type Contenders = Readonly<Record<string, () => Promise<Reached>>>
interface Asked {
  readonly variant: string
  readonly workers: number
  readonly messages: number
}

export const commandLine = fileURLToPath(new URL('../bin/unwedge.js', import.meta.url))
const streamOf = (messages: number) => Array.from({ length: messages }, () => ({ count: 1 }))

/** `unwedge explore`, as it is typed. It always sends the fresh message too, and holds every law. */
async function typed({ variant, workers, messages }: Asked, ...more: readonly string[]): Promise<Reached> {
  const scope = `workers=${workers},messages=${messages},deaths=0,delays=0`
  const args = [commandLine, 'explore', `claim-queue/${variant}`, '--scope', scope, '--stream', Array(messages).fill(1).join(), '--format', 'json']
  const { wall, output } = await measured(process.execPath, [...args, ...more], { codes: [0, 1] })
  const { states, pages } = JSON.parse(output)
  return { wall, states, steps: pages[0]?.length ?? Number.NaN }
}

/** The same in a process that is there already. */
async function here({ variant, workers, messages }: Asked, symmetry: boolean): Promise<Reached> {
  const began = performance.now()
  const machine = build(claimQueue, variant, raceScope(workers, messages))
  const { states, broken } = explore(machine, [machine.start(streamOf(messages))], { symmetry })
  return { wall: (performance.now() - began) / 1000, states, steps: broken[0]?.run.moves.length ?? Number.NaN }
}

/** Walks as fast-check draws them, and the smallest run found. */
async function walked({ variant, workers, messages }: Asked): Promise<Reached> {
  const began = performance.now()
  const { found } = hunt(claimQueue, variant, { seed: 1, runs: 10_000, laws: [noneTwice], given: raceScope(workers, messages) })
  return { wall: (performance.now() - began) / 1000, states: Number.NaN, steps: found?.run.moves.length ?? Number.NaN }
}

/** Spin writes a verifier, gcc compiles it, and it searches. */
function generated({ variant, workers, messages }: Asked, compile: readonly string[], search: readonly string[]): Promise<Reached> {
  return within(async (cwd) => {
    const began = performance.now()
    const define = definitions('claim-queue', variant, raceScope(workers, messages), streamOf(messages), true)
    await measured('spin', spinArguments('claim-queue', define), { cwd })
    await measured('gcc', ['-w', '-DNOREDUCE', '-DSAFETY', ...compile, '-o', 'pan', 'pan.c'], { cwd })
    const { output } = await measured(`${cwd}/pan`, ['-m1000000', '-E', ...search], { cwd })
    const depth = Number(/violated .*\(at depth (\d+)\)/.exec(output)?.[1])
    return { wall: (performance.now() - began) / 1000, states: read(output).states, steps: depth }
  })
}

const columns = ['workers × messages', 'clock', 'states', 'steps', '`unwedge explore` is faster by']

async function compared(
  sizes: readonly (readonly [number, number])[], rounds: number, contenders: (asked: Omit<Asked, 'variant'>) => Contenders,
) {
  const rows: (readonly string[])[] = []
  for (const [workers, messages] of sizes) {
    const results = Object.entries(await inTurn(rounds, contenders({ workers, messages })))
    const wall = ([, found]: (typeof results)[number]) => medianOf(found, (reached) => reached.wall)
    for (const result of results) {
      const [name, [one]] = result
      const ratio = result === results[0] ? '' : times(wall(result) / wall(results[0]!))
      rows.push([`${workers} × ${messages}: ${name}`, seconds(wall(result)), many(one!.states), many(one!.steps), ratio])
    }
  }
  return rows
}

export async function toVerdict(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const rows = await compared(quick ? [[2, 2], [3, 3]] : [[2, 2], [3, 3], [4, 4]], rounds, (size) => {
    const asked = { variant: 'fixed', ...size }
    return {
      '`unwedge explore`': () => typed(asked),
      '`unwedge explore --symmetry`': () => typed(asked, '--symmetry'),
      'in a process that is there': () => here(asked, false),
      ...(spin ? {
        'spin, gcc -O0, pan': () => generated(asked, ['-O0'], ['-c0']),
        'spin, gcc -O2, pan': () => generated(asked, ['-O2'], ['-c0']),
      } : {}),
    }
  })
  return {
    title: 'From source text to verdict',
    says: ['The claim race with a fresh message, by the clock. Ours are the models in TypeScript as they stand in `models/`, held to '
      + 'every law, circles too; Spin is asked only what must always hold, which is one search instead of three.'],
    columns, rows,
  }
}

export async function toCounterexample(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const rows = await compared(quick ? [[2, 2], [3, 3]] : [[2, 2], [3, 3], [3, 4]], rounds, (size) => {
    const asked = { variant: 'asShipped', ...size }
    return {
      '`unwedge explore`': () => typed(asked),
      '`unwedge explore --symmetry`': () => typed(asked, '--symmetry'),
      'one of each orbit, in a process that is there': () => here(asked, true),
      'walks, in a process that is there': () => walked(asked),
      ...(spin ? {
        'spin, gcc -O0, pan breadth first': () => generated(asked, ['-O0', '-DBFS'], []),
        'spin, gcc -O2, pan breadth first': () => generated(asked, ['-O2', '-DBFS'], []),
      } : {}),
    }
  })
  return {
    title: 'From source text to a counterexample',
    says: ['The same of `claim-queue/asShipped`. Spin stops at the first counterexample, and counts the failing assertion as a step; '
      + '`explore` visits every state, and knows then a shortest run for every law that is broken.'],
    columns, rows,
  }
}
