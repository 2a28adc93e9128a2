import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { writeExploration } from '../../bin/files/graph-files.ts'
import { distance, instead } from '../../bin/input/names.ts'
import { pageName } from '../../bin/output/written-files.ts'
import { readPages } from '../../bin/input/page-file.ts'
import { requestedRun, show } from '../../bin/input/requested-run.ts'
import { UsageError } from '../../engine/usage-error.ts'
import type { CheckedClaim } from '../../engine/search/claims.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { jsonPage, jsonReport } from '../../reports/formats/json.ts'
import { textPage } from '../../reports/text/run-page.ts'
import { laws } from '../../spec/laws.ts'
import { commandLine, fromSources } from './command-line.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'unwedge-'))
afterAll(() => rmSync(scratch, { recursive: true }))

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** What a build machine would collect is not to tell of these runs. */
const env = { ...process.env, GITHUB_STEP_SUMMARY: '' }

/** Runs the real thing, without a terminal. */
const unwedge = (...args: readonly string[]): Promise<Ran> => new Promise((resolve) => {
  execFile(process.execPath, [commandLine, ...args], { encoding: 'utf8', env }, (error, out, err) =>
    resolve({ code: error ? Number(error.code) : 0, out, err }))
})

/** A file with this in it. */
function file(name: string, content: string): string {
  const path = join(scratch, name)
  writeFileSync(path, content)
  return path
}

/** As a trial, also what takes seconds. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('The command line', { concurrent: true, timeout: 240_000 }, () => {
  it('exits with 0 when every variant is as the catalogue says, and writes nothing but a plain table', async () => {
    const { code, out, err } = await unwedge('check', 'gateway', 'interchange/fixed')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^component +variant +law +states +steps +time\n/)
    expect(out).toMatch(/^gateway +asShipped +delivered or flagged, nothing wedges +84 +5, 6 +[\d.]+ m?s$/m)
    expect(out).toMatch(/^interchange +fixed +lawful +2,310 +– +[\d.]+ m?s$/m)
    expect(out).not.toContain('\u001b')
  })

  it('exits with 1 when a wrong variant is asked for by its name, and writes JSON and nothing else', async () => {
    const { code, out, err } = await unwedge('check', 'gateway/asShipped', '--format', 'json')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    const { schema, kind, pages } = JSON.parse(out)
    expect({ schema, kind }).toEqual({ schema: 2, kind: 'check' })
    expect(pages.map((page: { law: { name: string } }) => page.law.name)).toEqual(['delivered or flagged', 'nothing wedges'])
  })

  it('exits with 2 at a name it does not know, and suggests the nearest', async () => {
    expect(await unwedge('check', 'gatway'))
      .toEqual({ code: 2, out: '', err: 'unwedge: There is no component ‘gatway’. Did you mean ‘gateway’?\n' })
  })

  it('exits with 2 at a flag it does not know, in one line', async () => {
    expect(await unwedge('check', '--formt', 'json'))
      .toEqual({ code: 2, out: '', err: "unwedge: unknown option '--formt' (Did you mean --format?)\n" })
  })

  it('exits with 2 where pages cannot be written, in one line', async () => {
    const taken = file('taken', '')
    expect(await unwedge('check', 'gateway/asShipped', '--out', taken))
      .toEqual({ code: 2, out: '', err: `unwedge: ${taken} cannot be written: something else is there.\n` })
  })

  it('exits with 3 when there are too many states, and says what to narrow', async () => {
    const { code, err } = await unwedge('explore', 'claim-queue', '--states', '100')
    expect({ code, err }).toEqual({
      code: 3, err: 'unwedge: claim-queue has over 100 states at this scope, 10 steps deep so far: narrow the scope, or raise the limit of states.\n' })
  })

  it('exits with 3 when time was over, and says what was not checked', async () => {
    const { code, out } = await unwedge('check', 'gateway/fixed', '--time', '0')
    expect({ code, out }).toEqual({ code: 3, out: '\nNot settled:\n  gateway/fixed: the time was over\n' })
  })

  it('writes a file for each page, and replays it', async () => {
    const out = join(scratch, 'new/pages')
    expect((await unwedge('check', 'interchange/asShipped', '--format', 'json', '--out', out)).code).toBe(1)
    expect(readdirSync(out).sort()).toEqual([
      'interchange.asShipped.delivered-or-flagged.json', 'interchange.asShipped.nothing-wedges.json'])
    const replayed = await unwedge('replay', join(out, 'interchange.asShipped.nothing-wedges.json'))
    expect(replayed.code).toBe(1)
    expect(replayed.out).toContain('The run goes round for ever, and m2 is not delivered.')
  })

  it('holds no variant to what is claimed of it at another scope', async () => {
    const report = join(scratch, 'explored.html')
    const explored = await unwedge('explore', 'gateway/asShipped', '--report', report)
    expect(explored.code).toBe(1)
    expect(/"wrong":\[[^\]]*\]/.exec(readFileSync(report, 'utf8'))?.[0]).toBe('"wrong":[]')
  })

  it('writes the graph of all states, and a run as a trace, by the endings of files', async () => {
    const [aut, dot, trace] = ['g.aut', 'g.dot', 't.itf.json'].map((name) => join(scratch, name))
    const explored = await unwedge('explore', 'interchange/asShipped', '--scope', 'messages=1', '--report', aut!, dot!)
    expect(explored.code).toBe(1)
    const [, transitions, states] = /^des \(0, (\d+), (\d+)\)$/m.exec(readFileSync(aut!, 'utf8'))!
    expect(explored.out).toContain(`${Number(states) - 1} states of`)
    expect(readFileSync(aut!, 'utf8').trimEnd().split('\n')).toHaveLength(Number(transitions) + 1)
    expect(readFileSync(dot!, 'utf8')).toMatch(/^digraph "interchange\/asShipped" \{\n[\s\S]*\n\}\n$/)
    const run = ['replay', 'interchange/asShipped', '0x4', '--scope', 'messages=1', '--stream', '1:address=invalid']
    expect((await unwedge(...run, '--report', trace!)).code).toBe(1)
    expect(JSON.parse(readFileSync(trace!, 'utf8'))).toMatchObject({ '#meta': { format: 'ITF' }, loop: 1, states: { length: 5 } })
  })

  it('refuses a graph that is too large, and an ending it does not know', async () => {
    const entry = catalogue[0]!
    const checked = { exploration: { states: 600_000, transitions: 1_000_000 }, counterexamples: [] } as unknown as CheckedClaim
    expect(() => writeExploration([join(scratch, 'l.aut')], { entry, scope: {}, bursts: undefined, checked }))
      .toThrow(/^The graph of gateway\/fixed is too large to write, with 600,000 states and .* at most\.$/)
    const refused = await unwedge('replay', 'gateway/fixed', '0', '--report', 'x.json')
    const why = 'here a file ends in .itf.json (a trace for Apalache and Quint)'
    expect(refused).toEqual({ code: 2, out: '', err: `unwedge: x.json cannot be written: ${why}.\n` })
  })

  it('says so when a replayed run breaks no law, and what could happen next', async () => {
    const { code, out } = await unwedge('replay', 'gateway/fixed', '0/0/0')
    expect(code).toBe(0)
    expect(out).toContain('✓ This run breaks no law.')
    expect(out).toContain('The run could go on: gateway delivers m2.')
  })

  it('refuses a schedule with a position that there is not, typed or in a page', async () => {
    const err = 'unwedge: Step 2 of the schedule is position 7, and there is none: 2 things can happen, at positions 0 to 1.\n'
    const small = ['--scope', 'messages=1,restarts=0', '--stream', '1']
    expect(await unwedge('replay', 'gateway/fixed', '0/7', ...small)).toEqual({ code: 2, out: '', err })
    const scope = ['--scope', 'messages=1', '--stream', '1:attachments=3']
    const { out } = await unwedge('replay', 'gateway/asShipped', '0x5/1', '--law', 'nothing-wedges', ...scope, '--format', 'json')
    const page = JSON.parse(out)
    const stored = await unwedge('replay', file('astray.json', JSON.stringify({ ...page, schedule: '0/9' })))
    expect(stored).toMatchObject({ code: 2, out: '' })
    expect(stored.err).toMatch(/^unwedge: Step 2 of the schedule is position 9, and there is none: .* at positions 0 to \d+\.\n$/)
  })

  it.runIf(isWhole)('takes a model in TypeScript, and says in one line what is wrong with another', async () => {
    const right = await unwedge('check', 'examples/pager.ts')
    expect(right).toMatchObject({ code: 0, err: '' })
    expect(right.out).toMatch(/^pager +forgets +delivered or flagged +452 +4 /m)
    const pager = readFileSync(join(root, 'examples/pager.ts'), 'utf8').replace('../api/model.ts', join(root, 'api/model.ts'))
    const wrong = await unwedge('explore', file('wrong.ts', pager.replace('alarm.delivered = 1', 'alarm.pager.calls = 1')))
    expect(wrong).toMatchObject({ code: 2, out: '' })
    expect(wrong.err).toMatch(/^unwedge: .*wrong\.ts#pager\/fixed cannot be run: Cannot set .* \(at .*wrong\.ts:\d+:\d+\)\n$/)
  })

  it.runIf(isWhole)('runs from the sources of a clone as it does from the bundle', async () => {
    const listed = (command: string) => promisify(execFile)(process.execPath, [command, 'list'], { encoding: 'utf8', env })
    expect(await listed(fromSources)).toEqual(await listed(commandLine))
  })

  it('is quiet when its reader goes away', async () => {
    const child = spawn(process.execPath, [commandLine, 'list'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })
})

describe('The command on a page', () => {
  const golden = join(root, 'reports/golden')
  /** Minimality is all that a replay does not know. */
  const withoutMinimality = (page: string) => page.replace(/^ {2}(?:No shorter run|Replayed).*$/m, '')

  const ofModels = readdirSync(golden).filter((name) => components.some((component) => name.startsWith(`${component.name}.`)))
  for (const name of ofModels)
    it(`shows the same run again, breaking the same law: ${name}`, async () => {
      for (const page of readFileSync(join(golden, name), 'utf8').split(/^(?=\S+ \/ )/m)) {
        const { broken, left } = show(await asked(/npx unwedge replay .*/.exec(page)![0]))
        expect(withoutMinimality(textPage(broken!)).trim()).toBe(withoutMinimality(page).trim())
        expect(left).toBe(0)
      }
    })
})

describe('A page in a file', async () => {
  const options = { scope: 'messages=1', stream: '1:attachments=3', law: 'nothing-wedges' }
  const { broken } = show(await requestedRun('gateway/asShipped', '0x5/1', options))
  const page = JSON.parse(jsonPage(broken!))
  const refused = async (name: string, content: string) => {
    const path = file(name, content)
    try {
      await readPages(path)
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      expect((error as Error).message).not.toMatch(/\p{Cc}/u)
      return (error as Error).message.replace(path, 'It')
    }
    return null
  }

  it('replays as what it was written from, alone or in a report', async () => {
    const replayed = async (name: string, content: string) => (await readPages(file(name, content))).map(show).map((shown) => shown.broken)
    expect(await replayed('page.json', jsonPage(broken!))).toEqual([broken])
    expect(await replayed('report.json', jsonReport('check', {}, [broken!, broken!]))).toHaveLength(2)
  })

  it('is refused in one line when it is broken or foreign', async () => {
    expect(await refused('broken.json', '{"schema": 2,')).toMatch(/^It is no JSON \(.*\): write a page with --format json\.$/)
    for (const content of ['null', '[]', '7', '"x"', '{}', '{"schema": 3}'])
      expect(await refused('foreign.json', content)).toBe('It is no page of unwedge: it has no "schema": 2. Write one with --format json.')
    expect(await refused('empty.json', '{"schema": 2, "pages": []}')).toBe('It holds no page: its report found nothing.')
  })

  it('is refused when something in it is missing, of another kind, or outside the scope', async () => {
    const without = Object.keys(page).filter((key) => ['component', 'variant', 'scope', 'stream', 'schedule'].includes(key))
    for (const key of without)
      for (const value of [undefined, null, 7, { x: 'y' }, ['y'], '\u001b[31m'])
        expect(await refused('odd.json', JSON.stringify({ ...page, [key]: value })), `${key}: ${value}`).toMatch(/^It cannot be replayed: /)
    expect(await refused('law.json', JSON.stringify({ ...page, law: { name: 'none twic' } })))
      .toBe('It cannot be replayed: There is no law ‘none twic’. Did you mean ‘none-twice’?')
    expect(await refused('scope.json', JSON.stringify({ ...page, scope: { ...page.scope, limit: 1e12 } })))
      .toBe('It cannot be replayed: gateway cannot have limit=1000000000000: use at most 1000000.')
    expect(await refused('stream.json', JSON.stringify({ ...page, stream: [{ count: 1, attachments: 0.5 }] })))
      .toBe('It cannot be replayed: A message cannot have attachments=0.5 at this scope: use a whole number from 0 to 3.')
  })
})

describe('A name', () => {
  it('of a page’s file stays in its directory, whatever the page calls itself', () => {
    const law = laws[0]!
    for (const evil of ['../../etc/passwd', '..', '.', '', '/', 'C:\\x', 'a\u0000b', '\u202e', '.bashrc', 'x'.repeat(999)])
      for (const component of [evil, 'x']) {
        const name = pageName({ component, variant: evil, law }, 'json')
        expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]*\.json$/)
        expect(name).not.toContain('..')
        expect(name.length).toBeLessThan(255)
      }
  })

  it('that is nearly right is suggested, and one that is not gets the list', () => {
    expect(instead('asShiped', ['fixed', 'asShipped'])).toBe('Did you mean ‘asShipped’?')
    expect(instead('GATEWAY', ['relay', 'gateway'])).toBe('Did you mean ‘gateway’?')
    expect(instead('zebra', ['fixed', 'asShipped'])).toBe('There are fixed, asShipped.')
    expect([distance('', 'abc'), distance('kitten', 'sitting'), distance('ab', 'ba'), distance('same', 'same')]).toEqual([3, 3, 1, 0])
  })
})

/** Reads a command as a shell would. */
function asked(command: string) {
  const [, , , what, schedule, ...options] = [...command.matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2]!)
  const given = Object.fromEntries(options.map((word, i) => [word.replace('--', ''), options[i + 1]]).filter((_, i) => i % 2 === 0))
  return requestedRun(what!, schedule!, given)
}
