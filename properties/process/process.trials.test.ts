/** Connectors that harm their process or leave others behind, in a process of their own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { connectorsIn, Supervisor } from '../../engine/process/supervisor.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { commandLine } from '../commands/command-line.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'unwedge-process-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = join(root, 'connectors/hostile-processes.ts')

const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const quick = { spin: 500, block: 500, memory: 300 }
/** With less to spend only where that is what ends it: a busy machine takes its time from the others. */
async function run(as: string, options: object = {}, limits = {}): Promise<History> {
  const supervisor = new Supervisor(file, as, limits)
  try {
    return await supervisor.runner(scenario, options)
  } finally {
    await supervisor.close()
  }
}
const lastOf = (history: History) => history.at(-1)?.detail
const messagesIn = (history: History) => history.filter(({ what }) => what === 'taken' || what === 'fresh').length
const handed: Connector = { name: 'one in a process', guarantee: 'at-least-once', clock: 'real', patience: 50, start: () => ({}) }

/** Processes with a word among their arguments. */
const withWord = (word: string) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid))
  .filter((pid) => tellsOf(pid, 'cmdline').split('\0').includes(word))
/** What the system tells of a process; nothing where it has ended meanwhile. */
function tellsOf(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}
/** How many are left once those that are about to end have ended. */
async function left(word: string): Promise<number> {
  for (let looks = 0; looks < 100 && withWord(word).length > 0; looks++) await sleep(100)
  const found = withWord(word)
  // None of them is left by the test as well.
  for (const pid of found) process.kill(Number(pid), 'SIGKILL')
  return found.length
}
const isLinux = process.platform === 'linux'

/** Each takes a process or several: what is not looked at every time is looked at in the trials. */
const inTrials = process.env['UNWEDGE_SEEDS'] !== undefined

describe('A connector in a process of its own', { concurrent: true, timeout: 240_000 }, () => {
  it.runIf(inTrials)('that spins is told so, and where', async ({ expect }) => {
    const line = readFileSync(file, 'utf8').split('\n').indexOf('  for (;;);') + 1
    const history = await run('spins', { full: true }, quick)
    expect(lastOf(history)).toBe(`it spins, in ‘again’ (connectors/hostile-processes.ts:${line}): `
      + '0.5 seconds of processor time, and its event loop did not turn')
    const connector = { ...handed, name: 'one that spins' }
    // Real time is never the same twice.
    const timeless = history.map((event) => ({ ...event, time: 0 }))
    const broken = { ...judge(connector, timeless)!, scenario, history: timeless, tries: 0 }
    const found = violationOf(connector, { broken, runs: 0, repeats: true }, { seed: 1, found: 'kept', again: 'npx unwedge check mine.ts' })
    await expect(violationPage(found)).toMatchFileSnapshot('../../reports/golden/connectors/spin.txt')
  })

  it.runIf(inTrials)('that spins is watched at length once, by whoever runs it', async () => {
    const pace = { wasSlow: false }
    const both = [new Supervisor(file, 'spins', quick, { pace }), new Supervisor(file, 'spins', quick, { pace })]
    const told: unknown[] = []
    for (const each of both) told.push(lastOf(await each.runner(scenario).finally(() => each.close())))
    expect(told).toEqual([expect.stringContaining(': 0.5 seconds'), expect.stringContaining(': 0.4 seconds')])
  })

  it.runIf(inTrials)('that blocks its thread, or has halted its process, is told so', async () => {
    expect(lastOf(await run('blocks', {}, quick))).toBe('it blocks its only thread: its event loop did not turn for 0.5 seconds, and it did no work')
    if (isLinux) expect(lastOf(await run('halts', {}, quick))).toBe('its process was halted by a signal, and did not go on')
  })

  it.runIf(inTrials)('that takes memory outside its heap has run out of it', async () => {
    expect(lastOf(await run('fillsBuffers', {}, quick))).toBe('it ran out of memory (300 MB)')
  })

  it.runIf(inTrials)('that kills its whole group kills itself', async () => {
    expect(lastOf(await run('killsItsGroup'))).toBe('its process was ended by SIGTERM')
  })

  it.runIf(inTrials)('is not heard where it speaks as the suite’s child does', async () => {
    expect((await run('speaksOutOfTurn')).at(-1)?.what).toBe('end')
  })

  it.runIf(inTrials)('that keeps the history from being written is not believed', async () => {
    const supervisor = new Supervisor(file, 'keepsNothing', quick)
    const found = await ran(handed, scenario, supervisor.runner).finally(() => supervisor.close())
    expect([found.judgement, found.inconclusive]).toEqual([null, 'its history ends before the trial did'])
  })

  it.runIf(inTrials)('may report without end, and its history has an end', async () => {
    const history = await run('reports')
    expect(history.at(-1)?.what).toBe('end')
    expect(history.filter(({ what }) => what === 'reports')).toHaveLength(1_000)
    const most = 100_000 * messagesIn(history) - 1_000
    expect(history.findLast(({ what }) => what === 'reports')?.detail).toBe(`again (and ${most.toLocaleString('en-US')} more reports)`)
  })

  it.runIf(inTrials)('is heard where it prints', async () => {
    const printed: { on: string; text: string }[] = []
    const messages = messagesIn(await run('prints', { onPrint: (each: { on: string; text: string }) => printed.push(each) }))
    const on = (stream: string) => printed.flatMap((each) => (each.on === stream ? each.text : [])).join('')
    expect([on('stdout'), on('stderr')]).toEqual(['so it goes\n'.repeat(messages), 'and fails\n'.repeat(messages)])
  })

  it.runIf(inTrials)('has what it prints where it was printed, also past the reports that are kept', async () => {
    const history = await run('reportsAndPrints')
    const told = history.filter(({ what }) => what !== 'reports')
    const before = told.flatMap(({ what }, at) => (what === 'prints' ? [told[at - 1]?.message] : []))
    expect(before).toEqual(Array.from({ length: messagesIn(history) }, (_, i) => `m${i + 1}`))
    expect(told.filter(({ what }, at) => told[at + 1]?.what === 'prints' && what !== 'taken' && what !== 'fresh')).toEqual([])
  })

  it('has what it prints in its history, where it was printed', async () => {
    const history = await run('prints')
    const first = history.slice(0, 6).map(({ what, message, detail }) => [what, what === 'prints' ? detail : message])
    expect(first).toEqual([
      ['taken', 'm1'], ['prints', 'so it goes'], ['prints', 'and fails'], ['offered', 'm1'], ['recorded', 'm1'], ['claims delivered', 'm1'],
    ])
    expect(history.at(-1)?.what).toBe('end')
  })

  it.runIf(inTrials)('shows the last words of one whose heap is full', async () => {
    const supervisor = new Supervisor(join(root, 'connectors/hostile.ts'), 'eats')
    const refused: Scenario = { ...scenario, stream: [{ count: 1, kind: 'refused', link: 1 }] }
    const history = await supervisor.runner(refused, { full: true }).finally(() => supervisor.close())
    expect(lastOf(history)).toBe('it ran out of memory (768 MB of heap)')
    expect(history.filter(({ what }) => what === 'prints').map(({ detail }) => detail).join('\n')).toContain('JavaScript heap out of memory')
  })

  it.runIf(inTrials)('is run where another export of its file is malformed, which is named', async () => {
    const { found, unfit } = await connectorsIn(file)
    expect(found.map(({ as }) => as)).toContain('right')
    expect(unfit).toEqual([expect.stringMatching(/hostile-processes\.ts, export ‘malformed’: ‘guarantee’ must be one of/)])
  })

  it.runIf(inTrials)('ends when time is over, whatever it does', async () => {
    const supervisor = new Supervisor(file, 'spins', { until: performance.now() + 3_000 })
    await expect(supervisor.runner(scenario)).rejects.toThrow('the time was over')
    await supervisor.close()
  })

  it('leaves no process behind, not even one in a session of its own', async ({ skip }) => {
    skip(!isLinux, 'only Linux tells of other processes')
    process.env['LEFT_BY'] = 'left-by-a-run'
    expect((await run('leaves')).at(-1)).toMatchObject({ what: 'end' })
    expect(await left('left-by-a-run')).toBe(0)
  })
})

const signals = inTrials ? ['SIGKILL', 'SIGHUP', 'SIGINT', 'SIGTERM'] as const : ['SIGKILL'] as const

describe('A suite that is ended', { concurrent: true, timeout: 240_000 }, () => {
  for (const signal of signals)
    it(`by ${signal} leaves no process behind`, async ({ skip }) => {
      skip(!isLinux, 'only Linux tells of other processes')
      const word = `left-at-${signal}`
      const suite = spawn(process.execPath, [commandLine, 'check', `${file}#leavesAndSpins`], {
        cwd: dir, env: { ...process.env, LEFT_BY: word }, stdio: 'ignore',
      })
      const ended = new Promise((end) => suite.once('exit', end))
      const children = () => withWord('leavesAndSpins').filter((pid) => tellsOf(pid, 'environ').includes(word))
      try {
        while (withWord(word).length === 0 && suite.exitCode === null) await sleep(50)
        expect(children().length).toBeGreaterThan(0)
      } finally {
        suite.kill(signal)
        await ended
      }
      expect(await left(word)).toBe(0)
      for (let looks = 0; looks < 100 && children().length > 0; looks++) await sleep(100)
      expect(children()).toEqual([])
    })
})
