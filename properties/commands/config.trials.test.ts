import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { assertConforms } from '../../api/assert.ts'
import { settled } from '../../api/tried.ts'
import { fileOf } from '../../bin/checks/replayed-scenario.ts'
import { type Config, checkedConfig } from '../../engine/config/config.ts'
import { findConfig, readConfig } from '../../engine/config/config-file.ts'
import { readStored } from '../../engine/store/store.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { gateway } from '../../connectors/references.ts'
import { commandLine } from './command-line.ts'

const scratch = mkdtempSync(join(tmpdir(), 'unwedge-config-'))
afterAll(() => rmSync(scratch, { recursive: true }))
afterEach(() => { vi.restoreAllMocks() })

let projects = 0
/** A folder of a user, with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const dir = join(scratch, `project-${++projects}`)
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const unwedge = (cwd: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [commandLine, ...args], { cwd, encoding: 'utf8', env: { ...process.env, GITHUB_STEP_SUMMARY: '' } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }))
  })

const connector = (name: string, take: string) =>
  `export const ${name} = { name: '${name}', guarantee: 'at-least-once', links: [1, 1], workers: [1, 1], burst: 4, start: ({ send }) => ({ take: (m) => ${take} }) }\n`
const right = connector('right', 'send(m.content)')
const silent = connector('silent', 'send(m.content).catch(() => undefined)')

/** What reading a file says that is wrong, from its folder. */
function refused(name: string, text: string, more: Readonly<Record<string, string>> = {}): unknown {
  const dir = project({ [name]: text, ...more })
  vi.spyOn(process, 'cwd').mockReturnValue(dir)
  try {
    return readConfig()
  } catch (error) {
    return error instanceof Error ? error.stack : error
  }
}

describe('A configuration file', { timeout: 240_000 }, () => {
  it('says what is checked, how, and where failures are kept, from its own folder; flags and names win', async () => {
    const dir = project({
      'unwedge.config.mjs': "export default { connectors: ['src/two.mjs#silent'], runs: 40, seed: 3, jobs: 1, store: 'test/broken' }",
      'src/two.mjs': right + silent,
    })
    const below = join(dir, 'src')
    const first = await unwedge(below, 'check')
    expect(first).toMatchObject({ code: 1, err: '' })
    const [kept] = readdirSync(join(dir, 'test/broken'))
    const { file, found: { seed } } = JSON.parse(readFileSync(join(dir, 'test/broken', kept!), 'utf8'))
    expect({ file, seed }).toEqual({ file: 'src/two.mjs', seed: 3 })
    expect(readdirSync(below)).toEqual(['two.mjs'])
    expect(first.out).toContain(`npx unwedge replay ../test/broken/${kept}`)
    vi.spyOn(process, 'cwd').mockReturnValue(below)
    const entry = join(dir, 'test/broken', kept!)
    expect(fileOf(readStored(entry), entry), 'what `replay` runs').toBe(join(dir, 'src/two.mjs'))
    const again = (await unwedge(dir, 'check', '--verbose')).out
    expect(again).toContain('1 stored scenario still breaks it; no other was drawn, as --no-stored would.')
    expect(again, 'how many scenarios').toMatch(/^silent .* broken: .* 1 stored +/m)
    expect(again, 'what was drawn').toMatch(/\nWhat was drawn for silent .*\nNothing, for what is stored of it still breaks it\.\n/)
    expect(again, 'as the first time').toContain('Every part of it matters: without any one, every law is kept.')
    expect(first.out).toContain('Every part of it matters: without any one, every law is kept.')
    const anew = (await unwedge(dir, 'check', '--no-stored')).out
    expect(anew, 'what else there is').not.toContain('stored scenario')
    expect(anew).toContain('Found in scenario')
    const named = await unwedge(dir, 'check', 'src/two.mjs#right', '--runs', '2', '--format', 'json')
    expect(JSON.parse(named.out).connectors).toMatchObject([{ connector: 'right', runs: 2, verdict: 'lawful' }])
  })

  it('is for `doctor` and `diagnose` too, which ask for names where there is none', async () => {
    const dir = project({ 'unwedge.config.mjs': "export default { connectors: ['right.mjs'], runs: 3, time: 0 }", 'right.mjs': right })
    expect(await unwedge(dir, 'doctor')).toEqual({ code: 3, out: '', err: 'unwedge: Nothing can be said: the time was over.\n' })
    const none = await unwedge(project({}), 'diagnose')
    const err = 'unwedge: Name files of connectors, or list them once in unwedge.config.ts, as its `connectors`.\n'
    expect(none).toEqual({ code: 2, out: '', err })
  })

  it('that is wrong is a usage error in one line, and without a stack', async () => {
    const dir = project({ 'unwedge.config.ts': "throw new Error('not today')" })
    expect(await unwedge(dir, 'check'))
      .toEqual({ code: 2, out: '', err: 'unwedge: unwedge.config.ts cannot be read: not today (at unwedge.config.ts:1:7)\n' })
    writeFileSync(join(dir, 'unwedge.config.ts'), "export default { connectors: ['gone.ts#mine'] }")
    expect((await unwedge(dir, 'check')).err)
      .toBe('unwedge: unwedge.config.ts: ‘connectors’ names ‘gone.ts#mine’, and there is no such file: name one that ends in .ts, .js or the like.\n')
  })

  it('names programs in any language too, from its own folder', async () => {
    const dir = project({ 'unwedge.config.mjs': "export default { connectors: ['./mine'], time: 0 }", 'mine': '#!/bin/sh\n', 'below/x': '' })
    chmodSync(join(dir, 'mine'), 0o755)
    for (const place of ['.', 'below'])
      expect(await unwedge(join(dir, place), 'check')).toMatchObject({ code: 3, err: expect.stringContaining('the time was over') })
  })

  it('may be written in any way that a connector may', () => {
    const dir = project({ 'unwedge.config.cjs': 'module.exports = { runs: 4, jobs: undefined }' })
    const read = () => { vi.spyOn(process, 'cwd').mockReturnValue(dir); return readConfig() }
    expect(read()).toEqual({ runs: 4 })
    rmSync(join(dir, 'unwedge.config.cjs'))
    writeFileSync(join(dir, 'part.ts'), 'export const runs: number = 5')
    writeFileSync(join(dir, 'unwedge.config.js'), "import { runs } from './part.ts'\nexport default { runs }")
    expect(read(), 'JavaScript that imports TypeScript').toEqual({ runs: 5 })
    rmSync(join(dir, 'unwedge.config.js'))
    writeFileSync(join(dir, 'package.json'), '{}')
    const typed = "import { runs } from './part'\nenum More { Runs = 0 }\nexport default Promise.resolve({ runs: runs + More.Runs })"
    writeFileSync(join(dir, 'unwedge.config.ts'), typed)
    expect(read(), 'TypeScript that becomes CommonJS').toEqual({ runs: 5 })
  })

  it('that cannot be read says why', () => {
    const cases: readonly (readonly [ending: string, text: string, says: RegExp])[] = [
      ['ts', 'export default { runs 5 }', /^ cannot be read: .*:1:22: ERROR: Expected "}" but found "5"$/],
      ['mjs', 'process.exit(4)', /^ cannot be read: its process ended with exit code 4 before it was read$/],
      ['mjs', 'await new Promise(() => {})', /^ cannot be read: it awaits what never comes$/],
      ['cjs', 'throw 7', /^ cannot be read: 7$/],
      ['cjs', 'module.exports = { runs: () => 1 }', /^: ‘runs’ must be a whole number from 1, and is a function\.$/],
      ['mjs', 'setInterval(() => {}, 1000); export default { time: 1 / 0 }', /^: ‘time’ must be a number of seconds, .* and is Infinity\.$/],
    ]
    for (const [ending, text, says] of cases)
      expect(String(refused(`unwedge.config.${ending}`, text)).replace(`unwedge.config.${ending}`, ''), text).toMatch(says)
    expect(refused('unwedge.config.js', '', { 'unwedge.config.ts': '' })).toBe('There are unwedge.config.ts and unwedge.config.js: keep one of them.')
  })

  it('is refused by the name of what is wrong in it, what that is, and what is allowed', () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, 'its default export must be an object, as in export default { runs: 500 }, and is missing.'],
      [['a.ts'], 'its default export must be an object, as in export default { runs: 500 }, and is ["a.ts"].'],
      [{ run: 5 }, 'there is no setting ‘run’: there are connectors, runs, seed, time, jobs, report, store.'],
      [{ runs: 0 }, '‘runs’ must be a whole number from 1, and is 0.'],
      [{ seed: -1 }, '‘seed’ must be a whole number from 0, and is -1.'],
      [{ jobs: 1.5 }, '‘jobs’ must be a whole number from 1, and is 1.5.'],
      [{ time: '30' }, '‘time’ must be a number of seconds, such as 30, and is "30".'],
      [{ store: '' }, "‘store’ must be a folder, such as '.unwedge', and is \"\"."],
      [{ report: [] }, "‘report’ must be a list of files, such as ['report.html'], and is []."],
      [{ connectors: 'a.ts' }, "‘connectors’ must be a list of files, such as ['src/my-queue.ts', 'src/my-queue.ts#mine'], and is \"a.ts\"."],
    ]
    for (const [value, says] of wrong) expect(() => checkedConfig(value, 'c.ts')).toThrow(new UsageError(`c.ts: ${says}`))
    const whole: Config = { connectors: ['a.ts'], runs: 1, seed: 0, time: 0, jobs: 1, report: ['a.md'], store: 's' }
    expect(checkedConfig(whole, 'c.ts')).toEqual(whole)
  })

  it('is looked for here and above, and no further than the package goes', () => {
    const dir = project({ 'unwedge.config.mjs': '', 'src/deep/x.ts': '', 'other/package.json': '{}', 'other/src/x.ts': '' })
    const from = (place: string) => { vi.spyOn(process, 'cwd').mockReturnValue(join(dir, place)); return findConfig() }
    expect(from('src/deep')).toMatchObject({ root: dir })
    expect(from('other/src')).toBeNull()
  })

  it('is for tests as well, and an option in code wins', async () => {
    const dir = project({ 'unwedge.config.mjs': 'export default { runs: 3, seed: 8, time: 50 }' })
    vi.spyOn(process, 'cwd').mockReturnValue(dir)
    expect(settled({})).toEqual({ runs: 3, seed: 8, time: 50 })
    expect(settled({ runs: 7, seed: 0, time: 1 })).toEqual({ runs: 7, seed: 0, time: 1 })
    expect((await assertConforms(gateway)).runs).toBe(3)
    await expect(assertConforms(gateway, { time: 0 })).rejects.toThrow('the time was over after 0 of 3 scenarios')
    vi.spyOn(process, 'cwd').mockReturnValue(project({}))
    expect(settled({})).toEqual({ runs: 200, seed: 1, time: undefined })
  })
})
