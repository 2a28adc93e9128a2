import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { modelScaffold } from '../../bin/commands/scaffold-model.ts'
import { load } from '../../engine/process/load.ts'
import { placing, right, silent, source } from './placed-connectors.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scratch, place } = placing('connectors')

describe('A connector on the command line', { concurrent: true, timeout: 240_000 }, () => {
  it('that is broken has its page, is kept, is found again wherever its file is, and is dropped when it is fixed', async () => {
    const { unwedge, inAClone, path } = place('broken', { 'mine.ts': silent })
    const first = await unwedge('check', 'mine.ts', '--runs', '40', '--report', 'page.html', 'run.sarif')
    expect({ code: first.code, err: first.err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(readFileSync(path('run.sarif'), 'utf8')).runs[0].results[0].locations[0].physicalLocation)
      .toEqual({ artifactLocation: { uri: 'mine.ts' }, region: { startLine: 1 } })
    expect(readFileSync(path('page.html'), 'utf8')).toContain('The last event about m1 is step')
    const [name] = readdirSync(path('.unwedge'))
    expect(name).toMatch(/^silent-1\.0-[0-9a-f]{10}\.json$/)
    expect(first.out).toContain(`\n  npx unwedge replay .unwedge/${name}\n`)
    expect(first.out).toMatch(/\n {2}It behaves like (?:interchange|transfer-agent)\/\w+, which .*\n/)
    expect(first.out).toMatch(/^silent 1\.0 +✗ broken: delivered or flagged +\d+ +1 message(?:, 1 fault)? +[\d.]+ m?s$/m)

    renameSync(path('mine.ts'), path('moved.ts'))
    writeFileSync(path('.unwedge/newer.json'), '{"schema": 4, "kind": "scenario"}')
    const again = await unwedge('check', 'moved.ts', '--format', 'json', '--in-process')
    const { connectors: [found], pages: [page], unreadable } = JSON.parse(again.out)
    expect({ code: again.code, unreadable: unreadable.length }).toEqual({ code: 1, unreadable: 1 })
    expect(found).toMatchObject({ verdict: 'broken', file: 'moved.ts', export: 'mine', runs: 0, stored: { breaking: 1, dropped: [] } })
    expect(page).toMatchObject({ schema: 2, kind: 'violation', found: 'kept', law: { name: 'delivered or flagged' } })
    expect(JSON.parse(readFileSync(path(`.unwedge/${name}`), 'utf8')).file).toBe('moved.ts')

    const replayed = await unwedge('replay', `.unwedge/${name}`, '--in-process')
    expect(replayed.code).toBe(1)
    expect(replayed.out).toContain('  ✗ In the end, every message taken has been delivered or flagged.\n')
    const kept = await inAClone('keep', `.unwedge/${name}`, '--to', 'tests')
    const file = `tests/${name!.replace('.json', '.test.ts')}`
    expect(kept).toEqual({ code: 0, err: '', out: `Wrote ${file}: commit it, and vitest runs that scenario each time.\n` })
    const test = readFileSync(path(file), 'utf8')
    expect(test).toMatch(/^import \{ regression \} from '.*\/api\/vitest\.ts'\nimport \{ mine \} from '\.\.\/moved\.ts'$/m)
    expect(test).toMatch(/\nregression\(mine, \{\n {2}workers: 1,\n[\s\S]*\n\}, 'delivered or flagged'\)\n$/)

    writeFileSync(path('moved.ts'), right.replace('right', 'silent'))
    const repaired = await unwedge('check', 'moved.ts', '--runs', '20', '--in-process')
    expect(repaired.code).toBe(0)
    expect(repaired.out).toContain(`  Dropped .unwedge/${name}: it breaks no law any more.\n`)
    expect(repaired.out).toContain('Left alone: .unwedge/newer.json cannot be read: it is of schema 4, and this unwedge knows 3.\n')
    expect(readdirSync(path('.unwedge'))).toEqual(['newer.json'])
  })

  it('runs from the sources of a clone, and so does its process', async () => {
    const { inAClone, env } = place('sources', { 'mine.ts': right, 'mine.mjs': right })
    env['UNWEDGE_BUNDLE'] = ''
    expect(await inAClone('check', 'mine.ts', 'mine.mjs', '--runs', '5'))
      .toEqual({ code: 0, err: '', out: expect.stringContaining('2 connectors: 2 lawful, 0 broken, 0 inconclusive.') })
  })

  it('that is lawful has a verdict that says so, every order that was tried, and what it was not tried with', async () => {
    const more = "links: [1, 1], notApplicable: { 'service stops': 'it has no \\u001b[31m end' }, "
      + "exempt: { 'none twice': 'of its own choice' },"
    const { unwedge } = place('lawful', { 'mine.ts': source('right 1.0', '(m) => send(m.content)', more) })
    const { code, out, err } = await unwedge('check', 'mine.ts#mine', 'gateway/fixed', '--runs', '20')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^gateway +fixed +lawful/m)
    expect(out).toMatch(/^right 1\.0 +lawful +20 +– +[\d.]+ m?s$/m)
    expect(out).toMatch(/\n {2}Faults met a message \d+ times? while it was in hand, \d+ times? while it was being sent, and /)
    expect(out).toMatch(/\n {2}All 105 orders at 2 workers × 4 messages keep every law\.\n/)
    expect(out).toContain('  Not checked against ‘none twice’, because of its own choice.\n')
    expect(out).toContain('  Not tried with ‘service stops’, because it has no \\u{1b}[31m end.')
    expect(out).not.toContain('\u001b')
  })

  it('has a table of what was drawn where it is asked for, lawful or broken', async () => {
    const { unwedge } = place('verbose', { 'mine.ts': right, 'silent.ts': silent })
    for (const [file, verdict] of [['mine.ts', 'lawful'], ['silent.ts', '✗ broken']] as const) {
      const { out, err } = await unwedge('check', file, '--runs', '20', '--in-process', '--verbose')
      expect(err).toBe('')
      const [, table = '', last] = out.split(/^(?=What was drawn for )|^(?=connector +verdict)/m)
      expect(last, 'the verdict comes last').toContain(verdict)
      expect(table).toMatch(/^fault +to come +in hand +being sent +not told +settled$/m)
      expect(table.match(/^link \S.*$/gm)?.length).toBe(10)
      expect(table).toMatch(/^link hangs +(?:[\d–]+ *){5}$/m)
      expect(table).toMatch(/^worker dies +(?:– *){5}$/m)
      expect(table).toMatch(/^\d+ of the \d+ pairs? of these faults came about in one scenario\.$|^No two faults came about\.$/m)
      expect(table.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
    const { out } = await unwedge('check', 'mine.ts', '--runs', '20', '--in-process', '--format', 'json')
    const { coverage } = JSON.parse(out).connectors[0]
    expect(Object.keys(coverage.met).length).toBeGreaterThan(3)
    expect(coverage.pairs.of).toBeGreaterThanOrEqual(coverage.pairs.met)
  })

  it('may load a module whenever it starts', async () => {
    const { unwedge } = place('loading', { 'mine.ts': [
      "import { writeFileSync } from 'node:fs'", 'let starts = 0',
      "export const mine = { name: 'one that loads as it starts', guarantee: 'at-least-once', burst: 20, async start({ send }) {",
      "  const file = new URL('fresh-' + ++starts + '-' + process.pid + '.mjs', import.meta.url)",
      "  writeFileSync(file, 'export const isLoaded = true')", '  await import(file.href)',
      '  return { take: ({ content }) => send(content), stop() {} }', '} }', ''].join('\n') })
    expect(await unwedge('check', 'mine.ts', '--runs', '20')).toMatchObject({ code: 0, err: '' })
  })

  it('is told the same however many processes run it', async () => {
    const { unwedge } = place('side-by-side', { 'mine.ts': right })
    // How many orders are tried hangs on the time there is.
    const timed = new Set(['milliseconds', 'orders'])
    const facts = async (jobs: string) => {
      const { out } = await unwedge('check', 'mine.ts', '--runs', '60', '--jobs', jobs, '--format', 'json')
      return JSON.parse(out, (key, value) => (timed.has(key) ? undefined : value))
    }
    expect(await facts('2')).toEqual(await facts('1'))
  })

  it('that does what the model it names cannot is shown where they part', async () => {
    const more = "component: 'claim-queue', exempt: { 'none twice': 'of its own choice' },"
    const { unwedge } = place('modelled', { 'mine.ts': source('two 1.0', '(m) => send(m.content).then(() => send(m.content).catch(() => undefined))', more) })
    const { code, out } = await unwedge('check', 'mine.ts', '--runs', '10', '--in-process')
    expect(code).toBe(1)
    expect(out).toContain('✗ The model of claim-queue cannot do what the connector did.\n    m1 is delivered here; claim-queue would have allowed:')
    expect(out).toMatch(/^two 1\.0 +✗ broken: not as claim-queue/m)
  })

  it('is not checked against a model that breaks laws itself, and is told what of a right one it was not checked against', async () => {
    const words = "words: { attributes: { content: (value) => (value === 'poison' ? { kind: 'refused' } : {}) }, faults: {}, workers: [] },"
    const api = join(root, 'api/model.ts')
    const model = modelScaffold('mine.ts', api).replace('  model(scope, policy) {', `  ${words}\n  model(scope, policy) {`)
    const wrong = model.replace("fixed: { exhausted: 'flagged' }", "fixed: { exhausted: 'tried again' }")
    const held = (to: string) => source('held 1.0', '(m) => send(m.content)', `component: '${to}', links: [1, 1], workers: [1, 1],`)
    const { unwedge } = place('yardsticks', {
      'right.ts': model, 'wrong.ts': wrong, 'a.ts': held('right.ts'), 'b.ts': held('wrong.ts'),
      'c.ts': held('right.ts#mine/retriesForEver'),
    })
    const checked = (name: string) => unwedge('check', name, '--runs', '10', '--in-process')
    const lawful = await checked('a.ts')
    expect(lawful.out)
      .toMatch(/^ {2}Not checked against: the order in which messages are taken up, for it promises none; a second verdict once/m)
    expect(lawful.code).toBe(0)
    const { code, out } = await checked('b.ts')
    expect(code).toBe(3)
    expect(out).toContain('inconclusive: the model of mine breaks ‘delivered or flagged’ and ‘nothing wedges’ itself')
    expect(out).toContain('What would settle it: a model that keeps its laws')
    expect((await checked('c.ts')).err).toBe('unwedge: A connector is held to the right variant of a model: leave out ‘/retriesForEver’ of '
      + 'right.ts#mine/retriesForEver.\n')
  })

  it('that cannot be found or loaded is named in one line', async () => {
    const { unwedge } = place('mistaken', { 'ends.ts': 'process.exit(0)\n', 'mine.ts': right })
    expect(await unwedge('check', 'mine.ts', 'gone.ts')).toEqual({ code: 2, out: '', err: 'unwedge: There is no file ‘gone.ts’.\n' })
    expect(await unwedge('check', 'ends.ts'))
      .toEqual({ code: 2, out: '', err: 'unwedge: ends.ts could not be loaded: its process exited with code 0.\n' })
    expect(await unwedge('check', 'mine.ts#mime'))
      .toEqual({ code: 2, out: '', err: 'unwedge: mine.ts exports no connector ‘mime’. Did you mean ‘mine’?\n' })
  })

  it('that is malformed gets a sentence that says what is wrong', async () => {
    const files = {
      'none.ts': 'export const x = 1\n', 'bad.ts': "export const x = { name: 'x', guarantee: 'now and then', start() {} }\n",
      'slip.ts': source('slip', '() => 0', "exempt: { 'non twice': 'a slip' },"),
      'lame.ts': source('lame', '() => 0', "exempt: { honest: '' },"),
      'half.ts': "export const x = { name: 'x', guarantee: 'at-least-once' }\n", 'throws.ts': 'export const x = 1\nx.y.z()\n',
      'wide.ts': source('wide', '() => 0', 'links: [1e6, 1e6],'), 'many.ts': source('many', '() => 0', 'workers: [1e9, 1e9],'),
      'huge.ts': source('huge', '() => 0', 'burst: 1e12,'), 'ever.ts': source('ever', '() => 0', 'patience: Infinity,'),
      'slow.ts': source('slow', '() => 0', "clock: 'real', patience: 1e6,"),
      'two.ts': `export const part = { guarantee: 'at-least-once' }\n${right}export default mine\n`,
    }
    const { path } = place('malformed', files)
    const said = (file: string) => load(path(file)).then(
      ({ found }) => found.map(({ as }) => as).join(), (error: Error) => error.message.replace(`${scratch}/malformed/`, ''))
    expect(await Promise.all(Object.keys(files).map(said))).toEqual([
      expect.stringMatching(/^none\.ts exports no connector and no model: export an object with ‘name’, ‘guarantee’ and ‘start’/),
      'bad.ts, export ‘x’: ‘guarantee’ must be one of exactly-once, at-least-once, at-most-once, and is "now and then".',
      'slip.ts, export ‘mine’: ‘exempt’ names ‘non twice’: there are delivered or flagged, none twice, '
        + 'links are independent, nothing wedges, honest, in order.',
      'lame.ts, export ‘mine’: ‘exempt’ gives no reason for ‘honest’: pages repeat it.',
      'half.ts, export ‘x’: ‘start’ must be a function of the world, and is missing.',
      expect.stringMatching(/^throws\.ts cannot be loaded: Cannot read properties .* \(reading 'z'\) \(at .*throws\.ts:2:\d+\)$/),
      'wide.ts, export ‘mine’: ‘links’ must be [least, most] from 1 to 100, such as [1, 3], and is [1000000,1000000].',
      'many.ts, export ‘mine’: ‘workers’ must be [least, most] from 1 to 1,000, such as [1, 3], and is [1000000000,1000000000].',
      'huge.ts, export ‘mine’: ‘burst’ must be at most 100,000, and is 1000000000000.',
      'ever.ts, export ‘mine’: ‘patience’ must be at most 2,147,483,647, and is Infinity.',
      'slow.ts, export ‘mine’: ‘patience’ must be at most 600,000, and is 1000000.',
      'mine',
    ])
  })

  it('that is fit is run beside one that is not, which is named', async () => {
    const bad = "export const bad = { name: 'bad', guarantee: 'now and then', start() {} }\n"
    const { unwedge } = place('beside', { 'mine.ts': `${right}${bad}`, 'silent.ts': `${silent}${bad}` })
    const wrong = 'export ‘bad’: ‘guarantee’ must be one of exactly-once, at-least-once, at-most-once, and is "now and then".\n'
    const lawful = await unwedge('check', 'mine.ts', '--runs', '5')
    expect({ code: lawful.code, err: lawful.err }).toEqual({ code: 2, err: `unwedge: mine.ts, ${wrong}` })
    expect(lawful.out).toContain('1 connector: 1 lawful, 0 broken, 0 inconclusive.')
    expect(await unwedge('check', 'mine.ts#bad')).toEqual({ code: 2, out: '', err: `unwedge: mine.ts, ${wrong}` })
    expect((await unwedge('check', 'silent.ts', '--in-process')).code).toBe(1)
  })

  it('is run in this process too where its package is CommonJS', async () => {
    const { unwedge, path } = place('common', { 'mine.ts': right })
    writeFileSync(path('package.json'), '{}')
    expect(await unwedge('check', 'mine.ts', '--in-process', '--runs', '5')).toMatchObject({ code: 0, err: '' })
  })

  it('whose name is a command to a build server is a name', async () => {
    const { unwedge } = place('obeyed', { 'mine.ts': source('::error file=x::no ##[error]no', '(m) => send(m.content)') })
    for (const format of ['text', 'markdown', 'json']) {
      const { out } = await unwedge('check', 'mine.ts', '--in-process', '--runs', '5', '--format', format)
      expect(out).not.toMatch(/^\s*::|##\[/m)
      expect(out).toContain('error')
    }
  })

  it('that a stored scenario names is run where it lies beside the store, and only there', async () => {
    const { unwedge, path } = place('named', { 'mine.ts': silent })
    writeFileSync(join(scratch, 'elsewhere.ts'), `console.error('I ran')\n${silent}`)
    expect((await unwedge('check', 'mine.ts', '--in-process')).code).toBe(1)
    const [name] = readdirSync(path('.unwedge'))
    const kept = JSON.parse(readFileSync(path(`.unwedge/${name}`), 'utf8'))
    symlinkSync(scratch, path('link'))
    for (const file of ['../elsewhere.ts', 'link/elsewhere.ts', join(scratch, 'elsewhere.ts')]) {
      writeFileSync(path('.unwedge/other.json'), JSON.stringify({ ...kept, file }))
      expect(await unwedge('replay', '.unwedge/other.json')).toEqual({ code: 2, out: '', err:
        `unwedge: .unwedge/other.json names ‘${file}’, which is not in the directory of the store: to run that file, check it by its name.\n` })
    }
    writeFileSync(path('.unwedge/other.json'), JSON.stringify({ ...kept, scenario: { ...kept.scenario, links: 900 } }))
    expect((await unwedge('replay', '.unwedge/other.json')).err)
      .toBe('unwedge: .unwedge/other.json is not run with ‘silent 1.0’: it is not given 900 links.\n')
    const outside = await unwedge('check', '../elsewhere.ts', '--runs', '40')
    expect(outside.out).toContain("\n  npx unwedge check '../elsewhere.ts#mine'\n")
  })

  it('is kept as a test whatever its file is called', async () => {
    const file = "it's\nnew.ts"
    const { unwedge, path } = place('called', { [file]: silent })
    expect((await unwedge('check', file, '--in-process')).code).toBe(1)
    const [name] = readdirSync(path('.unwedge'))
    expect((await unwedge('keep', `.unwedge/${name}`)).code).toBe(0)
    expect(readFileSync(path(name!.replace('.json', '.test.ts')), 'utf8')).toContain("import { mine } from './it\\'s\\u{a}new.js'\n")
  })

  it('has its verdict where its failure cannot be kept, and none where there was no time', async () => {
    const { unwedge } = place('unkept', { 'mine.ts': silent, '.unwedge': 'a file' })
    const unkept = await unwedge('check', 'mine.ts', '--runs', '40', '--in-process')
    expect(unkept.code).toBe(1)
    expect(unkept.out).toContain('  The failure is not kept: .unwedge cannot be written: something else is there.\n')
    expect(unkept.out).toMatch(/\n {2}npx unwedge check 'mine\.ts#mine' --seed 1 --runs \d+\n/)
    const late = await unwedge('check', 'mine.ts', '--time', '0', '--in-process')
    expect(late.code).toBe(3)
    expect(late.out).toMatch(/^silent 1\.0 +inconclusive: the time was over/m)
  })

  it('has its verdict where a report or a summary cannot be written, and the other reports', async ({ skip }) => {
    skip(!existsSync('/dev/full'), 'there is no full device here')
    const { unwedge, env, path } = place('unwritten', { 'mine.ts': silent })
    mkdirSync(path('taken.xml'))
    env['GITHUB_STEP_SUMMARY'] = '/dev/full'
    const { code, out, err } = await unwedge('check', 'mine.ts', '--runs', '40', '--in-process', '--report', 'taken.xml', 'page.html')
    expect(out).toContain('1 connector: 0 lawful, 1 broken, 0 inconclusive.')
    expect(err).toBe('unwedge: No summary was written: /dev/full cannot be written: no space is left.\n'
      + 'unwedge: taken.xml cannot be written: it is a directory.\n')
    expect([code, existsSync(path('page.html')), readdirSync(path('.unwedge')).length]).toEqual([1, true, 1])

    env['GITHUB_STEP_SUMMARY'] = path('summary.md')
    writeFileSync(path('summary.md'), 'before\n')
    expect((await unwedge('check', 'mine.ts', '--in-process')).code).toBe(1)
    expect(readFileSync(path('summary.md'), 'utf8')).toMatch(/^before\n## ✗ unwedge: 1 broken\n[\s\S]*<details><summary>✗ silent 1\.0: /)
    const early = await unwedge('check', 'mine.ts', '--report', 'gone/page.html')
    expect(early).toEqual({ code: 2, out: '', err: 'unwedge: gone/page.html cannot be written: there is no directory ‘gone’.\n' })
  })

  it('that is written anew runs as it is, and its adapter is able to fail', async () => {
    const { dir, unwedge, inAClone, path } = place('anew')
    expect(await inAClone('new', 'deep/down/my-queue.ts'))
      .toEqual({ code: 0, err: '', out: expect.stringContaining('npx unwedge check deep/down/my-queue.ts') })
    expect(readFileSync(path('deep/down/my-queue.ts'), 'utf8')).toMatch(/^import type \{ Connector \} from '.*\/api\/unwedge\.ts'$/m)
    const reports = ['--report', 'doctor.xml', 'doctor.sarif']
    const doctor = await unwedge('doctor', 'deep/down/my-queue.ts', '--runs', '60', '--in-process', ...reports)
    expect(readFileSync(path('doctor.xml'), 'utf8')).toContain('It is caught when it')
    expect(doctor).toMatchObject({ code: 0, err: '' })
    expect(doctor.out).toMatch(/^my queue 0\.1 is lawful in 60 scenarios\.\n[\s\S]*\n8 of 8 mutants caught\.\n$/)
    const diagnosed = await unwedge('diagnose', 'deep/down/my-queue.ts', '--in-process')
    expect(diagnosed.code).toBe(0)
    expect(diagnosed.out).toMatch(/\nIt behaves like no bug of the catalogue, in \d+ probes\. That does not say that it is right: .*\.\n$/)

    symlinkSync(scratch, path('link'))
    for (const [file, why] of [
      ['deep/down/my-queue.ts', /^unwedge: There is a ‘.*’ already: name another file\.\n$/],
      ['../outside.ts', /is outside this directory: give its absolute path/], ['link/outside.ts', /is outside this directory/],
    ] as const) {
      const refused = await unwedge('new', file)
      expect(refused.code).toBe(2)
      expect(refused.err).toMatch(why)
    }
    expect([existsSync(join(dir, '../outside.ts')), readdirSync(dir).sort()])
      .toEqual([false, ['deep', 'doctor.sarif', 'doctor.xml', 'link', 'package.json']])
  })
})
