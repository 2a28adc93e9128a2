/** Programs that are no connectors, or mean harm: each comes to a verdict or a clear word, and nothing of it is left. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { Program } from '../../engine/peer/peer-process.ts'
import { introducedPeer } from '../../engine/peer/peer.ts'
import { trial } from '../../engine/trial/trial.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Event } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { commandLine } from '../commands/command-line.ts'

const isLinux = process.platform === 'linux'
/** Each takes a process or several: what is not looked at every time is looked at in the trials. */
const inTrials = process.env['UNWEDGE_SEEDS'] !== undefined
const most = inTrials ? Infinity : 4
const dir = mkdtempSync(join(tmpdir(), 'unwedge-hostile-peer-'))
afterAll(() => rmSync(dir, { recursive: true }))

const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
/** A shell that does not say hello. */
const shell = (text: string, more = {}) => ({ command: 'sh', args: ['-c', text], ...more })
/** A program that says hello and goes on: `at` is what it does with a line besides what is right, in JavaScript; false says no more. */
const program = (at: string, hello = '{}') => ({
  command: process.execPath, silence: 1_000, args: ['-e', `
    const say = (line) => require('node:fs').writeSync(1, JSON.stringify(line) + '\\n')
    const right = (line) => {
      if (line.type === 'hello') say({ type: 'hello', protocol: 1, connector: { name: 'hostile', guarantee: 'at-least-once' }, ...${hello} })
      if (line.type === 'start') say({ type: 'started' })
      if (line.type === 'take') say({ type: 'send', call: ++call, content: line.message.content }), ids[call] = line.message.id
      if (line.type === 'answer') say({ type: 'delivered', id: ids[line.call] })
      if (line.type === 'end') say({ type: 'ended' })
      if (line.type === 'turn') say({ type: 'done', turn: line.turn })
    }
    let [call, ids] = [0, {}]
    require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
      const line = JSON.parse(text)
      if ((() => { ${at} })() !== false) right(line)
    })`],
})
async function lastOf(at: string, hello?: string): Promise<Pick<Event, 'what' | 'detail'>> {
  const { what, detail } = (await trial(await introducedPeer(program(at, hello)), scenario)).at(-1)!
  return { what, ...(detail === undefined ? {} : { detail }) }
}

/** How many processes have a word among their arguments, once those that are about to end have ended. */
async function left(word: string): Promise<number> {
  const all = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word)
    } catch {
      return false
    }
  })
  for (let looks = 0; looks < 100 && all().length > 0; looks++) await sleep(50)
  return all().length
}

describe('A program that is to say hello', { timeout: 240_000 }, () => {
  it.each<[string, Program, string]>([
    ['says what is no JSON', shell('echo hello there; sleep 600'), ' says: it is no JSON: ‘hello there’; only the protocol goes to its output'],
    ['says another line first', shell(`echo '{"type":"started"}'; sleep 600`), ' says: it says "started" before "hello": expected {"type":"hello"'],
    ['speaks another version', shell(`echo '{"type":"hello","protocol":2,"connector":{}}'; sleep 600`),
      ' says: it speaks version 2 of the protocol, and this suite version 1'],
    ['ends at once', shell('exit 3'), '‘sh -c exit 3’: its process exited with code 3 before it said hello: expected a line {"type":"hello", …}'],
    ['ends with a word', shell('echo oh no >&2; exit 1'), 'exited with code 1 before it said hello; it printed ‘oh no’'],
    ['says half a line', shell(`printf '{"type":'`), 'code 0, and the last line that it says has no end: ‘{"type":’ before it said hello'],
    ['closes its output', shell('exec >&-; sleep 600'), ': it closed its output, and goes on before it said hello'],
    ['says nothing', shell('sleep 600', { silence: 300 }), ': it says nothing for 0.3 seconds, and does not work: it owes {"type":"hello"'],
    ['is not there', { command: 'no-such-program', args: [] }, '‘no-such-program’ cannot be started (ENOENT): is it installed, and on the PATH?'],
    ['says a line without end', shell('head -c 100000000 /dev/zero; sleep 600'), 'says has over 8 MB: a line ends in \\n'],
  ])('and %s is told what was expected', async (_, program, says) => {
    await expect(introducedPeer(program)).rejects.toThrow(says)
  })

  it('and says a wrong line is told which', async () => {
    await expect(introducedPeer(shell('echo; echo hello'))).rejects.toThrow('line 2 of what ‘sh -c echo; echo hello’ says: ')
  })

  it.runIf(inTrials)('and spins is ended', async () => {
    await expect(introducedPeer(shell('while :; do :; done', { silence: 300 }))).rejects.toThrow(/: it (?:spins: 0\.6|says nothing)/)
  })
})

describe('A program at work', { timeout: 240_000 }, () => {
  it('that is right comes to the end', async () => {
    expect((await lastOf('')).what).toBe('end')
    expect((await lastOf('', '{ scenarios: "one" }')).what).toBe('end')
  })

  it.each(([
    ['answers what was not asked', `if (line.type === 'take') say({ type: 'stopped' })`, /"stopped" answers nothing: it was not asked, or has said so before/],
    ['says hello again', `if (line.type === 'take') say({ type: 'hello', protocol: 1, connector: {} })`, /line \d+ .*: it has said "hello" before/],
    ['is done with another turn', `if (line.type === 'turn') return say({ type: 'done', turn: 77 }), false`, /"done" is of turn 77, and turn 1 is next/],
    ['is done twice', `if (line.type === 'turn') say({ type: 'done', turn: line.turn })`, /"done" (?:is of turn 1, and turn 2 is next|out of turn: after "done" it waits for the next line)/],
    ['names another link', `if (line.type === 'take') say({ type: 'send', call: 1, content: '', link: 'x' })`, /there is no link ‘x’: there are link 1/],
    ['uses a number twice', `if (line.type === 'take') for (const i of [1, 2]) say({ type: 'send', call: 9, content: '' })`,
      /call 9 has had no answer yet: each call has a number of its own/],
    ['sets a timer twice', `if (line.type === 'take') for (const i of [1, 2]) say({ type: 'timer', timer: 9, after: 1 })`, /timer 9 is set already/],
    ['says what is no line of the protocol', `if (line.type === 'take') say({ type: 'deliverd', id: 'm1' })`, /there is no type ‘deliverd’; there are "hello"/],
    ['nests without end', `const deep = '['.repeat(1e5) + ']'.repeat(1e5)
      if (line.type === 'take') require('node:fs').writeSync(1, '{"type":"flag","id":"m1","reason":' + deep + '}\\n')`,
      /it is nested over 3,200 deep/],
    ['prints where only the protocol goes', `if (line.type === 'take') console.log('got it')`, /it is no JSON: ‘got it’; only the protocol goes to its output/],
  ] as [string, string, RegExp][]).slice(0, most))('that %s is told so, and nothing is said of its laws', async (_, at, says) => {
    const history = await trial(await introducedPeer(program(at)), scenario)
    expect(history.find(({ what }) => what === 'misused')?.detail).toMatch(says)
    expect(judge({ name: 'hostile', guarantee: 'at-least-once', start: () => ({}) }, history)).toBe(null)
  })

  it.each([
    ['a byte', `require('node:fs').writeSync(1, '{')`], ['a line', `say({ type: 'report', error: 'again' })`],
  ])('that says %s now and then, and never ends its turn, is given up', async (_, says) => {
    const slowly = await introducedPeer(program(`if (line.type === 'take') setInterval(() => { ${says} }, 90)
      if (line.type === 'turn' && line.turn > 1) return false`))
    const [last] = (await trial(slowly, scenario)).slice(-1)
    expect(last?.what).toBe('gave up')
    expect(last?.detail).toMatch(/^it speaks for \d+(?:\.\d)? seconds, [\d,]+ bytes in all, and does not come to an end/)
  })

  it.runIf(inTrials)('that never ends a turn is told so, and nothing is said of its laws', async () => {
    const [last] = (await trial(await introducedPeer(program(`if (line.type === 'turn') return false`)), scenario)).slice(-1)
    expect(last).toMatchObject({ what: 'misused', detail: expect.stringContaining('and does not work: each turn is to end with {"type":"done"') })
  })

  it.each(([
    ['ends', `if (line.type === 'take') process.exit(4)`, 'its process exited with code 4'],
    ['is killed', `if (line.type === 'take') process.kill(process.pid, 'SIGKILL')`, 'its process was ended by SIGKILL'],
    ['ends in the middle of a line', `if (line.type === 'take') { require('node:fs').writeSync(1, '{"type"'); process.exit(0) }`,
      'its process exited with code 0, and the last line that it says has no end: ‘{"type"’'],
    ['waits for ever', `if (line.type === 'take') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
      'it says nothing for 1 seconds, and does not work: each turn is to end with {"type":"done","turn":…}'],
    ['closes its input', `if (line.type === 'take') { process.stdin.destroy(); setInterval(() => 0, 1000); return false }`,
      'it says nothing for 1 seconds, and does not work: each turn is to end with {"type":"done","turn":…}'],
    ['fails to start', `if (line.type === 'start') return say({ type: 'failed', why: 'no room' }), false`, '`start` failed: no room'],
  ] as [string, string, string][]).slice(0, most))('that %s has crashed', async (_, at, detail) => {
    const connector = await introducedPeer(program(at))
    const history = await trial(connector, scenario)
    expect(history.find(({ what }) => what === 'crashed')?.detail).toBe(detail)
    if (!inTrials) return
    // Another process is there for the next scenario, and comes to the same.
    expect((await trial(connector, scenario)).map(({ what }) => what)).toEqual(history.map(({ what }) => what))
  })

  it('that prints or speaks without end is ended', async () => {
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = () => true
    try {
      const flood = `if (line.type === 'take') for (;;) require('node:fs').writeSync(2, 'x'.repeat(60_000))`
      expect(await lastOf(flood)).toEqual({ what: 'crashed', detail: 'it prints without end: over 4,000,000 bytes on its error output' })
    } finally {
      process.stderr.write = write
    }
    if (!inTrials) return
    const reports = `const many = (JSON.stringify({ type: 'report', error: 'again' }) + '\\n').repeat(1000)
      if (line.type === 'take') for (;;) require('node:fs').writeSync(1, many)`
    expect(await lastOf(reports)).toEqual({ what: 'crashed', detail: 'it says over 500,000 lines and does not come to an end' })
  })

  it('that does not say that it has ended is told so by the next scenario', async () => {
    const connector = await introducedPeer(program(`if (line.type === 'end') return false`))
    expect((await trial(connector, scenario)).at(-1)?.what).toBe('end')
    const again = await trial(connector, scenario)
    expect(again.find(({ what }) => what === 'misused')?.detail).toContain('is done with that turn before it says "ended"')
  })

  it('that dies with its service starts again, and what it kept is there', async () => {
    const kept = `if (line.type === 'start' && line.disk.seen !== undefined) say({ type: 'report', error: 'kept ' + line.disk.seen })
      if (line.type === 'take') say({ type: 'keep', key: 'seen', value: line.message.id })`
    const connector = await introducedPeer(program(kept))
    const history = await trial(connector, { ...scenario, faults: [{ after: 1, what: 'service dies', on: 2 }] })
    expect(history.flatMap(({ what, detail }) => (what === 'reports' ? [detail] : []))).toEqual(['kept m1'])
    expect(history.at(-1)?.what).toBe('end')
  })
})

describe.runIf(isLinux)('Nothing is left', { timeout: 240_000 }, () => {
  const leaves = (word: string) => `
    process.removeAllListeners('SIGTERM').on('SIGTERM', () => undefined)
    const { spawn } = require('node:child_process')
    if (line.type === 'take') for (const detached of [false, true])
      spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => 0); setTimeout(() => 0, 600_000)', '${word}'],
        { stdio: 'inherit', detached }).unref()`

  it('of what a program has started, and has its pipes, when it dies or ends', async () => {
    const word = `left-by-${process.pid}-1`
    const connector = await introducedPeer(program(leaves(word), '{ scenarios: "one" }'))
    const history = await trial(connector, { ...scenario, faults: [{ after: 2, what: 'service dies', on: 2 }] })
    expect(history.at(-1)?.what).toBe('end')
    expect(await left(word)).toBe(0)
    if (!inTrials) return
    const exits = await introducedPeer(program(`${leaves(word)}; if (line.type === 'answer') process.exit(1)`))
    expect((await trial(exits, scenario)).at(-1)).toMatchObject({ what: 'crashed', detail: 'its process exited with code 1' })
    expect(await left(word)).toBe(0)
  })

  it.runIf(inTrials)('of it when the command is done, or is killed', async () => {
    const word = `left-by-${process.pid}-2`
    const { command, args: [, text] } = program(leaves(word))
    const file = join(dir, 'leaves')
    writeFileSync(file, `#!${command}\n${text}`, { mode: 0o755 })
    const { code, out } = await new Promise<{ code: number; out: string }>((end) => {
      const child = execFile(process.execPath, [commandLine, 'check', file, '--runs', '3', '--time', '10'], { cwd: dir }, (_, out, err) =>
        end({ code: child.exitCode ?? -1, out: out + err }))
    })
    expect([code, out]).toEqual([expect.any(Number), expect.stringContaining('hostile')])
    expect(await left(word)).toBe(0)
    const killed = execFile(process.execPath, [commandLine, 'check', file, '--runs', '1000'], { cwd: dir })
    for (let looks = 0; looks < 600 && !readdirSync('/proc').some((pid) => isOf(pid, word)); looks++) await sleep(50)
    killed.kill('SIGKILL')
    expect(await left(word)).toBe(0)
  })
})

function isOf(pid: string, word: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word)
  } catch {
    return false
  }
}
