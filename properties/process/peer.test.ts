/** Connectors in other programs: what they say is looked at, and they are held to the laws like any other. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { peer } from '../../api/unwedge.ts'
import { isType, said } from '../../engine/peer/said.ts'
import { introducedPeer } from '../../engine/peer/peer.ts'
import type { Program } from '../../engine/peer/peer-process.ts'
import { programIn } from '../../engine/peer/program-file.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { load } from '../../engine/process/load.ts'
import { trial } from '../../engine/trial/trial.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { commandLine } from '../commands/command-line.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = (name: string) => `${root}examples/peers/${name}`
const has = (command: string) => spawnSync(command, ['--version']).status === 0
/** As a trial: more scenarios. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const hasPython = has('python3')
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, discriminator: false })
ajv.addSchema(JSON.parse(readFileSync(`${root}spec/peer/protocol.schema.json`, 'utf8')), 'peer')
const isFromPeer = ajv.getSchema('peer#/$defs/fromPeer')!
const isToPeer = ajv.getSchema('peer#/$defs/toPeer')!

const scenario = (more: Partial<Scenario> = {}): Scenario =>
  ({ workers: 1, links: 2, stream: [{ count: 2, kind: 'plain', link: 1 }], faults: [], schedule: [], ...more })

/** One message over one link. */
const one = { links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }] } as const

interface Form { readonly properties: Readonly<Record<string, { readonly enum?: readonly string[]; readonly const?: string }>> }

/** Lines of every type, with fields that are right, wrong, missing or too many. */
const lines = (() => {
  const schema = JSON.parse(readFileSync(`${root}spec/peer/protocol.schema.json`, 'utf8'))
  const value = fc.oneof(
    fc.constantFrom(0, 1, 7, -1, 1.5, 2 ** 31, 2 ** 53, true, false, null, '', 'm1', 'take', 'one', 'x'.repeat(100_001)),
    fc.constantFrom([], ['take'], ['take', 'take'], ['aborts', 'link states'], ['fly']),
    fc.constantFrom({}, { address: 'a' }, { attachments: 3, header: 'b' }, { attachments: '3' }, { color: 'red' }))
  const forms: readonly Form[] = schema.$defs.fromPeer.oneOf
  return fc.oneof(...forms.map(({ properties: { type, ...fields } }) => {
    const all = Object.fromEntries(Object.keys(fields).map((name) => [name, value]))
    return fc.record({
      type: fc.constantFrom(...(type!.enum ?? [type!.const!])), ...all, extra: value,
    }, { requiredKeys: ['type'] })
  }))
})()

describe('The guard on what a program says', () => {
  it('takes what the schema takes, and nothing else', () => {
    const seen = { right: 0, wrong: 0 }
    fc.assert(fc.property(fc.oneof(lines, lines.map(({ extra: _, ...line }) => line)), (line) => {
      let isTaken = true
      try {
        said(JSON.stringify(line))
      } catch {
        isTaken = false
      }
      seen[isTaken ? 'right' : 'wrong']++
      expect(isFromPeer(JSON.parse(JSON.stringify(line))), JSON.stringify(line).slice(0, 300)).toBe(isTaken)
    }), { numRuns: 3_000 })
    expect(seen.right).toBeGreaterThan(100)
    expect(seen.wrong).toBeGreaterThan(100)
  })

  it('knows the types of the schema', () => {
    const text = readFileSync(`${root}spec/peer/protocol.schema.json`, 'utf8')
    const types = (JSON.parse(text).$defs.fromPeer.oneOf as { properties: { type: { const?: string; enum?: string[] } } }[])
      .flatMap(({ properties: { type } }) => type.enum ?? [type.const!])
    expect(types.filter((type) => !isType(type))).toEqual([])
    expect(isType('constructor')).toBe(false)
  })

  it('names what was expected', () => {
    expect(() => said('hello there')).toThrow('it is no JSON: ‘hello there’; only the protocol goes to its output')
    expect(() => said('[1]')).toThrow('it is no object: ‘[1]’; a line is {"type": …}')
    expect(() => said('{"type":"dunno"}')).toThrow(/^there is no type ‘dunno’; there are "hello", "started", /)
    expect(() => said('{"type":"done","turn":"7"}')).toThrow('‘turn’ of "done" must be a whole number from 1 to 9,007,199,254,740,991, and is ‘7’')
    expect(() => said('{"type":"flag","id":"m1"}')).toThrow('‘reason’ of "flag" must be a text of at most 100,000 characters, and is missing')
    expect(() => said('{"type":"started","now":1}')).toThrow('"started" has no field ‘now’: it has none')
  })
})

/** The snippets of the guide, by the file that each is. */
const guide = Object.fromEntries([...readFileSync(`${root}examples/any-language.md`, 'utf8').matchAll(/```\w+\n(?:#|\/\/) (\S+)\n([\s\S]*?)```/g)]
  .map(([, name, text]) => [name!, text!]))
const dir = mkdtempSync(join(tmpdir(), 'unwedge-peer-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe.runIf(hasPython)('The guide', { timeout: 240_000 }, () => {
  it('has a connector in Python that keeps every law', async () => {
    const file = join(dir, 'my_connector.py')
    writeFileSync(file, guide['my_connector.py']!)
    const connector = await introducedPeer(programIn(file))
    const found = await attempt(connector, { runs: isWhole ? 200 : 2, seed: 1, seconds: 200 })
    expect([found.verdict, found.because]).toEqual(['lawful', ''])
  })

  it('has a connector of a program', () => {
    const text = guide['my-peer.ts']!
    const words = /peer\((\{.*\})\)/.exec(text)![1]!
    expect(peer(new Function(`return ${words}`)() as Parameters<typeof peer>[0])).toMatchObject({ name: 'mine 1.0', guarantee: 'at-least-once' })
  })
})

describe.runIf(hasPython && isWhole)('The command', { timeout: 240_000 }, () => {
  /** Runs it in a directory of its own, where the examples are. */
  const run = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, ...words], { cwd: dir, encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  it('checks a program by its file, and shows again what broke', () => {
    for (const name of ['queue_per_link.py', 'forgets_failures.py']) copyFileSync(example(name), join(dir, name))
    const right = run('check', 'queue_per_link.py', '--runs', '30')
    expect([right.status, right.stderr]).toEqual([0, ''])
    expect(right.stdout).toMatch(/^a queue per link, in Python +lawful +30 /m)
    const wrong = run('check', 'forgets_failures.py', '--runs', '40')
    expect(wrong.status).toBe(1)
    expect(wrong.stdout).toContain('Everything is healed and at rest, and m1 has no verdict.')
    const [, stored] = /npx unwedge replay (\S+)/.exec(wrong.stdout)!
    expect(run('replay', stored!)).toMatchObject({ status: 1, stdout: expect.stringContaining('m1 has no verdict') })
    expect(run('keep', stored!)).toMatchObject({ status: 2, stderr: expect.stringContaining('is a program, which a test file cannot import') })
  })

  it('finds an adapter in Python able to fail', () => {
    const found = run('doctor', 'queue_per_link.py', '--runs', '40')
    expect([found.status, found.stdout]).toEqual([0, expect.stringContaining('8 of 8 mutants caught.')])
  })

  it('says which line is none of the protocol, and that nothing is known', () => {
    writeFileSync(join(dir, 'talks.py'), 'print("hello")\n')
    const talks = run('check', 'talks.py')
    expect([talks.status, talks.stdout]).toEqual([2, ''])
    expect(talks.stderr).toMatch(/^unwedge: line 1 of what ‘python3 .*talks\.py’ says: it is no JSON: ‘hello’; .*\n$/)
    writeFileSync(join(dir, 'slips.py'), guide['my_connector.py']!.replace('say("delivered", id=', 'say("deliverd", id='))
    const slips = run('check', 'slips.py', '--runs', '10')
    expect([slips.status, slips.stdout]).toEqual([3, expect.stringContaining('there is no type ‘deliverd’; there are "hello", "started"')])
    expect(run('check', 'not_there.py')).toMatchObject({ status: 2, stderr: 'unwedge: There is no file ‘not_there.py’.\n' })
  })
})

/** A program of Node that shows on its error output all that it is told and says; `on` has what it does with each line, by its type. */
const shows = (hello: object, on: Readonly<Record<string, string>>) => ({
  command: process.execPath, args: ['-e', `
    const write = (fd, text) => require('node:fs').writeSync(fd, text + '\\n')
    const say = (type, more) => { const line = JSON.stringify({ type, ...more }); write(2, '<' + line); write(1, line) }
    const calls = new Map()
    const call = (type, more, then = () => undefined) => { calls.set(calls.size + 1, then); say(type, { call: calls.size, ...more }) }
    const on = {
      hello: () => say('hello', { protocol: 1, connector: { name: 'whole', guarantee: 'at-least-once' }, ...${JSON.stringify(hello)} }),
      start: () => say('started'), stop: () => say('stopped'), end: () => say('ended'), turn: ({ turn }) => say('done', { turn }),
      answer: (line) => calls.get(line.call)(line), ${Object.entries(on).map(([type, text]) => `${type}: (line) => { ${text} }`).join(', ')} }
    require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
      write(2, '>' + text)
      on[JSON.parse(text).type]?.(JSON.parse(text))
    })`],
})

/** What a program is told and says in a scenario, each looked at by the schema; and the history. */
async function conversation(program: Program, at: Scenario) {
  const write = process.stderr.write.bind(process.stderr)
  let all = ''
  process.stderr.write = (bytes: Uint8Array | string) => { all += Buffer.from(bytes as Uint8Array).toString('utf8'); return true }
  try {
    const history = await trial(await introducedPeer(program), at)
    const lines = all.split('\n').filter(Boolean).map((line) => ({ isTold: line.startsWith('>'), line: JSON.parse(line.slice(1)) }))
    expect(lines.filter(({ isTold, line }) => !(isTold ? isToPeer : isFromPeer)(line))).toEqual([])
    const [told, heard] = [true, false].map((way) => lines.flatMap(({ isTold, line }) => (isTold === way ? [line] : [])))
    const typesOf = (some: readonly { readonly type: string }[]) => [...new Set(some.map(({ type }) => type))].sort()
    return { told: told!, types: { told: typesOf(told!), heard: typesOf(heard!) }, history }
  } finally {
    process.stderr.write = write
  }
}

describe('A program', { timeout: 240_000 }, () => {
  it('is told of aborts, link states, workers and stops, and what it asks for is done', async () => {
    const whole = shows({ can: ['take', 'stop', 'kill', 'scale'], hears: ['aborts', 'link states'] }, {
      abort: `say('flag', { id: line.id, reason: 'given up' })`,
      fired: `say('cancel', { timer: 2 })`,
      take: `const { id, content, link, address } = line.message
        say('keep', { key: id, value: [id] }); say('keep', { key: 'x', value: 1 }); say('forget', { key: 'x' })
        say('timer', { timer: Math.random() * 1e9 | 8, after: 100 }); say('report', { error: 'so ' + id })
        call('write', { key: id, value: { id } }, () => call('keys', {}, (all) => call('read', { key: all.value[0] }, (read) =>
          call('remove', { key: read.value.id }, () => {
            if (id !== 'm1') call('send', { content, link, envelope: { address } }, () => say('delivered', { id, link }))
          }))))`,
    })
    const faults = (['link refuses', 'sender aborts', 'worker dies', 'workers change', 'service restarts'] as const)
      .map((what, i) => ({ after: 3 * i, what, on: 1 }))
    const { told, types, history } = await conversation(whole, scenario({ workers: 3, faults }))
    expect(types.told).toEqual(
      ['abort', 'answer', 'end', 'fired', 'hello', 'kill', 'link', 'scale', 'start', 'stop', 'take', 'turn'])
    expect(types.heard).toEqual(['cancel', 'delivered', 'done', 'ended', 'flag', 'forget', 'hello', 'keep', 'keys', 'read', 'remove',
      'report', 'send', 'started', 'stopped', 'timer', 'write'])
    const ofType = (type: string) => told.filter((line) => line.type === type)
    expect([ofType('abort')[0]?.id, ofType('kill')[0]?.worker, ofType('scale')[0]?.workers]).toEqual(['m1', 1, 1])
    expect(ofType('link').slice(0, 2)).toMatchObject([{ link: 'link 1', now: 'up' }, { link: 'link 2', now: 'up' }])
    expect(ofType('link')).toContainEqual(expect.objectContaining({ link: 'link 1', now: 'refuses' }))
    // After the restart it finds what it kept.
    expect(ofType('start').map(({ disk }) => Object.keys(disk).includes('m1'))).toEqual([false, true])
    expect(history.find(({ what, message }) => what === 'flagged' && message === 'm1')?.detail).toBe('given up')
    expect(history.some(({ what, detail }) => what === 'reports' && detail === 'so m1')).toBe(true)
  })

  it('fetches its messages, where it is not handed them', async () => {
    const fetches = shows({ can: [] }, {
      start: `say('started'); on.fired()`,
      fired: `call('receive', { most: 2 }, ({ outcome, value }) => {
        say('timer', { timer: 1, after: 30_000 })
        for (const { id, content } of outcome === 'done' ? value : [])
          call('send', { content }, ({ outcome }) => {
            if (outcome === 'taken') say('delivered', { id }), call('acknowledge', { id })
            else if (outcome === 'refused for now') call('refuse', { id, requeue: true })
            else say('flag', { id, reason: outcome }), call('refuse', { id, requeue: false })
          })
      })`,
    })
    const faults = [{ after: 0, what: 'receiving fails', on: 1 }, { after: 2, what: 'link refuses', on: 1 }] as const
    const { told, types, history } = await conversation(fetches, scenario({ faults }))
    expect(types.heard).toEqual(['acknowledge', 'delivered', 'done', 'ended', 'hello', 'receive', 'refuse', 'send', 'started', 'timer'])
    expect(told).toContainEqual(expect.objectContaining({ type: 'answer', outcome: 'failed', why: 'receiving failed' }))
    const acknowledged = history.flatMap(({ what, message }) => (what === 'acknowledged' ? [message] : []))
    expect(acknowledged).toEqual(expect.arrayContaining(['m1', 'm2']))
    expect(history.at(-1)?.what).toBe('end')
  })
})

describe.runIf(has('perl'))('A connector in Perl', { timeout: 240_000 }, () => {
  it('that is right keeps every law', async () => {
    const connector = await introducedPeer(programIn(example('queue_per_link.pl')))
    const faults = [{ after: 0, what: 'link drops after', on: 1 }, { after: 2, what: 'service stops', on: 1 }] as const
    expect(judge(connector, await trial(connector, scenario({ faults })))).toBe(null)
    if (!isWhole) return
    const found = await attempt(connector, { runs: 60, seed: 1, seconds: 200 })
    expect([found.verdict, found.because, found.repeats]).toEqual(['lawful', '', true])
  })

  it('that is wrong breaks the law that it breaks', async () => {
    const connector = await introducedPeer(programIn(example('copies_after_silence.pl')))
    const dropped = scenario({ ...one, faults: [{ after: 0, what: 'link drops after', on: 1 }] })
    expect(judge(connector, await trial(connector, dropped))?.says).toBe('m1 is recorded by link 1 a second time.')
    if (!isWhole) return
    const found = await attempt(connector, { runs: 60, seed: 1, seconds: 200 })
    expect(found.broken?.law.name).toBe('none twice')
    // One message, whatever kept its answer away.
    expect(found.broken?.scenario.stream).toMatchObject([{ count: 1 }])
  })
})

describe.runIf(hasPython)('A connector in Python', { timeout: 240_000 }, () => {
  it('that is right keeps every law', async () => {
    const connector = await introducedPeer(programIn(example('queue_per_link.py')))
    const found = await attempt(connector, { runs: isWhole ? 200 : 2, seed: 1, seconds: 200 })
    expect([found.verdict, found.because, found.repeats]).toEqual(['lawful', '', true])
  })

  it('that is wrong breaks the law that it breaks', async () => {
    const connector = await introducedPeer(programIn(example('forgets_failures.py')))
    const down = scenario({ ...one, faults: [{ after: 0, what: 'link refuses', on: 1 }] })
    expect(judge(connector, await trial(connector, down))?.says).toBe('Everything is healed and at rest, and m1 has no verdict.')
    if (!isWhole) return
    const found = await attempt(connector, { runs: 40, seed: 1, seconds: 200 })
    expect(found.broken?.law.name).toBe('delivered or flagged')
    // One message that failed, whatever failed it.
    expect(found.broken?.scenario.stream).toMatchObject([{ count: 1, link: 1 }])
  })

  it('goes the same way each time, through a death and a restart', async () => {
    const connector = await introducedPeer(programIn(example('queue_per_link.py')))
    const faults = [{ after: 1, what: 'service dies', on: 2 }, { after: 3, what: 'service restarts', on: 1 }] as const
    const one = await trial(connector, scenario({ faults }))
    expect(one.filter(({ what }) => what === 'starts again')).toHaveLength(2)
    expect(await trial(connector, scenario({ faults }))).toEqual(one)
  })

  it('is loaded by its file, or made a connector by hand, and says the same of itself in both', async () => {
    const { found: [loaded] } = await load(example('queue_per_link.py'))
    expect(loaded?.connector).toMatchObject({ name: 'a queue per link, in Python', guarantee: 'at-least-once', burst: 2_000 })
    const words = { command: 'python3', args: [example('queue_per_link.py')], name: 'a queue per link, in Python' }
    const right = await trial(peer({ ...words, guarantee: 'at-least-once' }), scenario())
    expect(right.at(-1)?.what).toBe('end')
    const wrong = await trial(peer({ ...words, guarantee: 'exactly-once' }), scenario())
    expect(wrong.at(-1)).toMatchObject({ what: 'misused', detail: expect.stringContaining('the program says that its ‘guarantee’ is ‘at-least-once’') })
  })
})

