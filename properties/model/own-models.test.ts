/** Models in files of one’s own, on the commands: as good as the catalogue’s, and what is wrong with one is said in one line. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { check } from '../../bin/commands/check.ts'
import { exploreVariant } from '../../bin/commands/explore.ts'
import { judgeLog } from '../../bin/commands/judge.ts'
import { list } from '../../bin/commands/list.ts'
import { modelNames, modelScaffold } from '../../bin/commands/scaffold-model.ts'
import { replayRun } from '../../bin/commands/replay.ts'
import { claimNamed, claimsIn } from '../../bin/input/loaded-component.ts'
import { connectorFiles, onlyConnectors } from '../../bin/input/loaded-connector.ts'
import { readPages } from '../../bin/input/page-file.ts'
import { check as checked } from '../../engine/search/claims.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { guideCode } from './model-guide.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'unwedge-models-'))
afterAll(() => rmSync(scratch, { recursive: true }))
afterEach(() => void vi.restoreAllMocks())

const api = join(root, 'api/model.ts')
let files = 0
/** A file with this in it, in a directory of its own. */
function file(text: string, name = 'mine.ts'): string {
  const dir = join(scratch, String(++files))
  mkdirSync(dir)
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const scaffold = () => file(modelScaffold('dead-letter.ts', api), 'dead-letter.ts')
const forEver = 'deadLetter/retriesForEver'

/** What a command writes to the terminal, and its exit code. */
async function said(command: () => Promise<number>): Promise<{ readonly code: number; readonly out: string }> {
  const out: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0)
  const code = await command()
  vi.restoreAllMocks()
  return { code, out: out.join('') }
}
const checkOf = (what: readonly string[], more: Partial<Parameters<typeof check>[1]> = {}) =>
  said(() => check(what, { format: 'text', seed: 1, inProcess: true, store: { dir: '.unwedge', root: '.' }, ...more }))

describe('A model in a file', () => {
  it('is checked as one of the catalogue, every variant of it, with walks through the right one', async () => {
    const { code, out } = await checkOf([scaffold()], { runs: 20 })
    expect(code).toBe(0)
    expect(out).toMatch(/^dead-letter +fixed +lawful +200 +– +\d+ ms$/m)
    expect(out).toMatch(/^dead-letter +retriesForEver +delivered or flagged, nothing wedges +132 +4, 5 +\d+ ms$/m)
    expect(out).toContain('20 walks through each right one.\nAll is as claimed.\n')
  })

  it('is explored at any scope, and over orbits', async () => {
    const path = `${scaffold()}#deadLetter`
    const explored = (more = {}) => said(() => exploreVariant(path, { format: 'text', scope: 'messages=3,tries=1', ...more }))
    const [all, orbits] = [await explored(), await explored({ symmetry: true })]
    expect([all.code, orbits.code]).toEqual([0, 0])
    const states = ({ out }: typeof all) => Number(/^([\d,]+) states of/m.exec(out)![1]!.replace(',', ''))
    expect(states(orbits)).toBeLessThan(states(all) / 2)
    expect(all.out).not.toContain('stands for')
    expect(orbits.out).toContain('\nEach of the states stands for all that differ only in which of several alike things is which.\n')
  })

  it('says what was visited beside orbits, as text and as JSON', async () => {
    const { out } = await said(() => exploreVariant('examples/lease.ts', { format: 'text', symmetry: true }))
    expect(out).toMatch(/^To follow one of several alike things, as laws about each of them ask, \d+ more states were visited\.$/m)
    const json = async (symmetry: boolean) =>
      JSON.parse((await said(() => exploreVariant('examples/lease.ts', { format: 'json', symmetry }))).out)
    expect(await json(true)).toMatchObject({ areOrbits: true, beside: { round: expect.any(Number), followed: expect.any(Number), all: 0 } })
    expect(await json(false)).not.toHaveProperty('areOrbits')
  })

  it('has a page whose command shows the same run again, and so does the page as JSON', async () => {
    const path = scaffold()
    const shown = await checkOf([`${path}#${forEver}`])
    expect(shown.code).toBe(1)
    const command = /npx unwedge replay '([^']+)' (\S+) --stream (\S+)/.exec(shown.out)!
    expect(command[1]).toBe(`${relative('.', path)}#${forEver}`)
    const again = await said(() => replayRun(command[1]!, command[2], { format: 'text', stream: command[3]! }))
    expect(again.code).toBe(1)
    expect(again.out.split('\n').slice(0, 12)).toEqual(shown.out.split('\n').slice(0, 12))

    const json = await checkOf([`${path}#${forEver}`], { format: 'json' })
    const [page] = JSON.parse(json.out).pages
    expect(page.from).toEqual({ file: relative('.', path), export: 'deadLetter' })
    const written = (from: unknown) => file(JSON.stringify({ ...page, from }), 'page.json')
    await expect(readPages(written(page.from))).rejects.toThrow(/which is not in this directory: to run that file, name it\.$/)
    await expect(readPages(written({ file: 'gone.ts', export: 'x' }))).rejects.toThrow(/is of ‘gone\.ts’, which is not there/)
    const [example] = await readPages(written({ file: 'examples/pager.ts', export: 'pager' })).catch((error: Error) => [error.message])
    expect(example).toMatch(/has no variant ‘retriesForEver’/)
  })

  it('is listed, and reported to files', async () => {
    const path = scaffold()
    expect((await said(() => list([path], { format: 'text' }))).out).toMatch(/^ {4}retriesForEver +never gives up +breaks some law$/m)
    const page = join(scratch, 'page.html')
    expect((await checkOf([path], { report: [page] })).code).toBe(0)
    expect(readFileSync(page, 'utf8')).toContain('dead-letter.retriesForEver.nothing-wedges')
  })

  it('has what was found of it printed to be put into it, and is then held to that', async () => {
    const path = scaffold()
    const { code, out } = await checkOf([path], { record: true })
    expect(code).toBe(0)
    const claims = /^ {2}claims: \{[\s\S]*?^ {2}\},$/m.exec(out)![0]
    expect(claims).toContain("fixed: { says: 'gives up what it cannot process', states: 200, transitions: 266, breaks: {} },")
    const recorded = readFileSync(path, 'utf8').replace(/^ {2}claims: \{[\s\S]*?^ {2}\},$/m, claims)
    expect((await checkOf([file(recorded)])).code).toBe(0)
    const otherwise = await checkOf([file(recorded.replace('transitions: 266', 'transitions: 267').replace("wedges': 5", "wedges': 4"))])
    expect(otherwise.code).toBe(1)
    expect(otherwise.out).toContain('  dead-letter/fixed has 266 transitions, and its file says 267.')
    expect(otherwise.out).toContain('  dead-letter/retriesForEver breaks ‘nothing wedges’ in 5 steps, and its file says in 4.')
  })

  it('is taken to be right as fixed and wrong as any other, where it says nothing', async () => {
    const silent = modelScaffold('mine.ts', api).replace(/^ {2}claims: \{[\s\S]*?^ {2}\},$/m, '')
    expect((await checkOf([file(silent)])).code).toBe(0)
    const same = await checkOf([file(silent.replace("retriesForEver: { exhausted: 'tried again' }", 'same: {}'))])
    expect(same.code).toBe(1)
    expect(same.out).toContain('  mine/same keeps every law. If it is right, say so: claims: { same: { breaks: {} } }.')
    const wrong = await checkOf([file(silent.replace("fixed: { exhausted: 'flagged' }", "fixed: { exhausted: 'tried again' }"))])
    expect(wrong.code).toBe(1)
    expect(wrong.out).toContain('  mine/fixed breaks ‘delivered or flagged’, ‘nothing wedges’.')
  })

  it('holds no log to it where it breaks laws itself', async () => {
    const fixed = "fixed: { exhausted: 'flagged' }"
    const wrong = file(modelScaffold('mine.ts', api).replace(fixed, "fixed: { exhausted: 'tried again' }"))
    await expect(judgeLog('log.ndjson', { format: 'text', component: wrong })).rejects.toThrow(
      /^Nothing can be held to ‘\S*mine\.ts’: the model of mine breaks ‘delivered or flagged’ and ‘nothing wedges’ itself\. /)
    await expect(judgeLog('log.ndjson', { format: 'text', component: scaffold() })).rejects.toThrow('There is no file ‘log.ndjson’.')
  })

  it('may stand beside a connector, and is no connector', async () => {
    const queue = "{ name: 'queue 1', guarantee: 'at-least-once', start: ({ send }) => ({ take: (m) => send(m.content) }) }"
    const path = file(`${modelScaffold('mine.ts', api)}export const queue = ${queue}\n`)
    const { found, models } = await connectorFiles([path], { inProcess: true })
    expect([found.map(({ as }) => as), models]).toEqual([['queue'], [`${path}#mine`]])
    expect((await connectorFiles([`${path}#queue`], { inProcess: true })).models).toEqual([])
    await expect(onlyConnectors([scaffold()], { inProcess: true }))
      .rejects.toThrow(/#deadLetter is a model, and this is for connectors: npx unwedge check /)
  })
})

describe('What `npx unwedge new --model` writes', () => {
  it('has a name of its own, whatever the file is called', () => {
    expect(['dead-letter.ts', 'model.ts', '9.ts', 'a/b/oneOf.ts'].map((path) => modelNames(path).as)).toEqual(['deadLetter', 'mine', 'mine', 'mine'])
  })
})

describe('The guide to models', () => {
  it('has a model in it that is as it says', async () => {
    const claims = await claimsIn(file(guideCode.replace("'unwedge/model'", `'${api}'`)))
    expect(claims.map(({ variant }) => variant)).toEqual(['fixed', 'removesEarly', 'neverLooks'])
    const found = claims.map((claim) => checked(claim))
    expect(found.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(found.map(({ exploration }) => exploration.broken.map(({ law, run }) => [law.name, run.moves.length])))
      .toEqual([[], [['delivered or flagged', 2]], [['none twice', 5]]])
  })
})

describe('A file that is no model is a usage error that', () => {
  const refused = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      await work()
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      expect((error as Error).message).not.toContain('\n')
      return (error as Error).message.replace(/\S*\/(?=mine\.ts)/g, '')
    }
    return 'nothing'
  }
  const text = modelScaffold('mine.ts', api)
  /** What is said of the scaffold with one thing changed. */
  const changed = (from: string | RegExp, to: string, variant = 'fixed') => {
    const other = text.replace(from, to)
    expect(other).not.toBe(text)
    const path = file(other)
    return refused(() => checkOf([`${path}#mine/${variant}`]))
  }

  it('says what is missing or of another kind, and what to write', async () => {
    expect(await changed("name: 'mine',\n\n", "name: 'my own model',\n\n"))
      .toBe('mine.ts, export ‘mine’: ‘name’ must be a word such as ‘dead-letter’, and is "my own model".')
    expect(await changed('least: 1, small: 2', "least: '1', small: 2"))
      .toBe('mine.ts, export ‘mine’: ‘least’ of the size ‘messages’ must be a whole number from 0, and is "1".')
    expect(await changed('small: 2, most: 5', 'small: 9, most: 5'))
      .toBe('mine.ts, export ‘mine’: of the size ‘messages’, 1, 9 and 5 must rise: least, small, most.')
    expect(await changed("fixed: { exhausted: 'flagged' }", "right: { exhausted: 'flagged' }"))
      .toBe('mine.ts, export ‘mine’: ‘variants’ must have one that is right, called ‘fixed’.')
    expect(await changed("{ exhausted: 'tried again' }", "{ exhausts: 'tried again' }"))
      .toBe('mine.ts, export ‘mine’: ‘retriesForEver’ answers ‘exhausts’, which is no question: there are exhausted.')
    expect(await changed("{ exhausted: 'flagged' }", "{ exhausted: 'flaged' }"))
      .toBe('mine/fixed answers ‘A message has failed as often as it may. What becomes of it?’ with "flaged": it must be one of flagged, tried again.')
    expect(await changed("retriesForEver: { says: 'never gives up' }", "retries: { says: 'never gives up' }"))
      .toBe('mine claims something of ‘retries’, and has no such variant: there are fixed, retriesForEver.')
    expect(await changed('return model({', 'model({')).toBe('The model of mine/fixed is missing: return model({ name, state, rules, … }).')
    expect(await changed("consumer: one({ message: maybe('message')", "consumer: one({ message: 'nobody'"))
      .toBe('The model of mine/fixed has ‘message’ of consumer "nobody": write oneOf(\'idle\', \'busy\'), upTo(3), maybe(\'message\'), lineOf(\'message\', 2) or setOf(\'worker\').')
    expect(await changed(/rules: \[\n/, 'rules: [ null,\n'))
      .toMatch(/^The model of mine\/fixed has null as rule 1: write rule\('worker sees message', /)
  })

  it('says where its own code throws, while it is built and while it runs', async () => {
    expect(await changed('const { rule } = rulesOver(state)', 'const { rule } = rulesOver(state); state.nothing.at()'))
      .toMatch(/^mine\.ts#mine\/fixed cannot be run: Cannot read properties of undefined \(reading 'at'\) \(at mine\.ts:\d+:\d+\)$/)
    expect(await changed('message.delivered = 1\n', 'message.nobody.at = 1\n'))
      .toMatch(/^mine\.ts#mine\/fixed cannot be run: Cannot set properties of undefined \(setting 'at'\) \(at mine\.ts:\d+:\d+\)$/)
    expect(await changed('message.delivered = 1\n', 'message.delivered = 7\n'))
      .toMatch(/The rule ‘consumer delivers its message’ of mine would set it/)
  })

  it('says what there is instead', async () => {
    const path = file(text)
    expect(await refused(() => claimsIn(`${path}#mime`))).toBe('mine.ts exports no model ‘mime’. Did you mean ‘mine’?')
    expect(await refused(() => claimNamed(`${path}#mine/retriesForEvr`)))
      .toBe('mine.ts#mine has no variant ‘retriesForEvr’. Did you mean ‘retriesForEver’?')
    expect(await refused(() => claimsIn(file('export const x = 1\n'))))
      .toBe('mine.ts exports no model: export a component({ … }), or write one to start from: npx unwedge new --model dead-letter.ts')
    expect(await refused(() => claimsIn(file('export const x = \n')))).toMatch(/^mine\.ts cannot be loaded: /)
    expect(await refused(() => claimNamed(file(`${text}\nexport const other = { ...mine }\n`))))
      .toMatch(/^mine\.ts has several models: name one, as in mine\.ts#mine\.$/)
    expect(await refused(() => checkOf(['gateway'], { record: true }))).toMatch(/^--record prints what is found of models of your own/)
  })
})
