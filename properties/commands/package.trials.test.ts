/** The package, built and put where it would be installed. `npm run package:try` tries what is packed, at length. */
import { execFile, execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inLines } from '../../package/bundle.ts'
import { writeDist } from '../../package/dist.ts'
import { packedReadme } from '../../package/papers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
/** A user’s project. What the package depends on is found above it. */
const project = mkdtempSync(join(cache, 'unwedge-project-'))
const installed = join(project, 'node_modules/unwedge')
afterAll(() => rmSync(project, { recursive: true }))

beforeAll(async () => {
  for (const path of ['package.json', 'LICENSE', 'bin/unwedge.js']) {
    mkdirSync(dirname(join(installed, path)), { recursive: true })
    copyFileSync(join(root, path), join(installed, path))
  }
  writeFileSync(join(installed, 'README.md'), packedReadme())
  await writeDist(join(installed, 'dist'))
}, 240_000)

/** Runs node in the project; what it prints. */
async function node(...args: readonly string[]): Promise<string> {
  const { UNWEDGE_BUNDLE: _, ...env } = process.env
  return (await promisify(execFile)(process.execPath, args, { cwd: project, encoding: 'utf8', env: { ...env, GITHUB_STEP_SUMMARY: '' } })).stdout
}

function file(name: string, text: string): string {
  writeFileSync(join(project, name), text)
  return name
}

/** Every file that a table of entries names. */
const filesIn = (table: unknown): readonly string[] => typeof table === 'string' ? [table] : Object.values(table as object).flatMap(filesIn)

/** As a trial: what starts processes of a package. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('The package', { timeout: 240_000 }, () => {
  it('has what it is to have, a megabyte large, and nothing else', () => {
    const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: installed, encoding: 'utf8' }))
    const paths = (packed.files as readonly { readonly path: string }[]).map(({ path }) => path)
    const isMade = /^dist\/(?:[\w-]+\.c?js(?:\.map)?|types\/.*\.d\.c?ts|examples\/.*|(?:reports\/schema|spec\/peer)\/[\w.-]+)$/
    expect(paths.filter((path) => !isMade.test(path)).sort())
      .toEqual(['LICENSE', 'README.md', 'bin/unwedge.js', 'package.json'])
    expect(paths.filter((path) => /\.test\.|golden|gallery|properties|bench|connectors\//.test(path))).toEqual([])
    expect(packed.unpackedSize).toBeLessThan(1_000_000)
    const stated = Number(/It takes ([\d.]+) MB/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1])
    expect(stated, 'what README says that it takes').toBeCloseTo(packed.unpackedSize / 1_000_000, 1)
  })

  it('has every file that its entries and declarations name', () => {
    const named = filesIn([manifest.exports, manifest.types, manifest.typesVersions, manifest.bin])
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((path) => !existsSync(join(installed, path)))).toEqual([])
  })

  it('has papers in which every link leads to what it has, and code to copy that imports it', () => {
    const papers = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))
    expect(papers).toEqual(expect.arrayContaining(['README.md', 'dist/examples/first-connector.md']))
    const links = papers.flatMap((paper) => [...readFileSync(join(installed, paper), 'utf8').matchAll(/\]\((?!\w+:|#)([^)\s]+)\)/g)]
      .map(([, to]) => join(dirname(paper), to!)))
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((path) => !existsSync(join(installed, path)))).toEqual([])
    const readme = readFileSync(join(installed, 'README.md'), 'utf8')
    expect(readme).toContain('(dist/examples/first-connector.md)')
    expect(readme).not.toMatch(/!\[|## The map|npm ci/)
    const code = readdirSync(join(installed, 'dist/examples')).filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(installed, 'dist/examples', name), 'utf8'))
    expect(code.length).toBeGreaterThan(5)
    for (const text of code) expect(text).toMatch(/ from 'unwedge(?:\/model)?'\n/)
    for (const text of code) expect(text).not.toContain('../api')
  })

  it('is imported, and required', async () => {
    const entries = ['unwedge', 'unwedge/assert', 'unwedge/model']
    const told = `const isNamed = (name) => name !== 'default' && name !== 'module.exports'
      for (const each of all) console.log(Object.keys(each).filter(isNamed).sort().join())`
    const imported = await node(file('import.mjs', `const all = [${entries.map((name) => `await import('${name}')`).join(', ')}]\n${told}`))
    expect(imported).toMatch(/^connectorLaws,.*\nassertConforms,assertKeepsLaws\n.*\bexplore,.*\bwalk\b.*\n$/)
    expect(await node(file('require.cjs', `const all = [${entries.map((name) => `require('${name}')`).join(', ')}]\n${told}`))).toBe(imported)
  })

  it('throws a page where a connector breaks a law, loaded either way', async () => {
    const entry = 'unwedge/assert'
    const tried = `
      const silent = { name: 'silent', guarantee: 'at-least-once', start: ({ send }) => ({ take: (m) => send(m.content).catch(() => {}) }) }
      const right = { ...silent, name: 'right', start: ({ send }) => ({ take: (m) => send(m.content) }) }
      Promise.allSettled([assertConforms(right, { runs: 5 }), assertConforms(silent, { runs: 5 })])
        .then(([{ value }, { reason }]) => console.log(value.runs >= 5, reason.name, reason.message.split('\\n')[2]))`
    const page = 'true Nonconformance   ✗ No verdict is false: nothing is invented or altered, and what can be delivered whole is not flagged or stripped.\n'
    expect(await node(file('assert.mjs', `import { assertConforms } from '${entry}'\n${tried}`))).toBe(page)
    expect(await node(file('assert.cjs', `const { assertConforms } = require('${entry}')\n${tried}`))).toBe(page)
  })

  it.runIf(isWhole)('has the command, which runs a connector in plain JavaScript that imports TypeScript', async () => {
    const unwedge = join(installed, 'bin/unwedge.js')
    file('take.mts', 'export const take = (send: (content: unknown) => Promise<void>) => (m: { content: unknown }) => send(m.content)\n')
    file('mine.mjs', `const { take } = await import('./' + 'take' + '.mts')\nexport const mine = { name: 'mine', guarantee: 'at-least-once', start: ({ send }) => ({ take: take(send) }) }`)
    expect(await node(unwedge, 'check', 'mine.mjs', '--runs', '1')).toContain('1 connector: 1 lawful, 0 broken, 0 inconclusive.')
    await node(unwedge, 'new', 'new.ts')
    expect(readFileSync(join(project, 'new.ts'), 'utf8')).toContain("\nimport type { Connector } from 'unwedge'\n")
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [unwedge, '--help'], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/gallery|golden/)
  })

  it('does not run in a clone, where it may be older than its sources', async () => {
    mkdirSync(join(project, 'node_modules/unwedge/api'))
    writeFileSync(join(installed, 'api/unwedge.ts'), '')
    try {
      for (const name of ['unwedge/assert', 'unwedge'])
        await expect(node('--input-type=module', '-e', `import '${name}'`)).rejects.toThrow('Import api/unwedge.ts from this clone instead.')
    } finally {
      rmSync(join(installed, 'api'), { recursive: true })
    }
  })
})

describe('A source map of lines', () => {
  const asWritten = (map: object, code: string) => JSON.parse(inLines(JSON.stringify(map), code))

  it('keeps the first place of each line, and no names', () => {
    // Two places of one line, one of the next, and one of the first again.
    const map = { version: 3, sources: ['a.ts'], names: ['x'], mappings: 'AAAAA,CAAC;AACA,EADA' }
    expect(asWritten(map, 'a()\nb(c())')).toEqual({ ...map, names: [], mappings: 'AAAA;AACA,EADA' })
  })

  it('has nothing of what only describes or writes pages, and does not take it for what came before', () => {
    const places: [number, number, number, number][] = [[0, 0, 4, 2], [9, 1, 7, 0], [12, 1, 8, 0], [20, 2, 1, 3]]
    const map = { version: 3, sources: ['../engine/a.ts', '../models/b.ts', '../api/c.ts'], names: [], mappings: encode([places]) }
    const { sources, mappings } = asWritten(map, 'a();      b();c()       d()')
    expect(sources).toEqual(['../engine/a.ts', '../api/c.ts'])
    expect(decode(mappings)).toEqual([[[0, 0, 4, 0], [9], [20, 1, 1, 0]]])
  })

  it('has every line that a stack can name, also where only what follows on it goes wrong, and no others', () => {
    const code = 'f();let a=1,b=2}throw a;x=y;z=y.x;c=new D'
    const at = (text: string, line: number): [number, number, number, number] => [code.indexOf(text), 0, line, 0]
    const places = [
      at('f()', 0), at('let', 1), at('b=2', 2), at('throw', 3), at('x=y', 4), at('z=', 5), at('y.x', 5), at('c=', 6), at('new', 6),
    ]
    const map = { version: 3, sources: ['a.ts'], names: [], mappings: encode([places]) }
    expect(decode(asWritten(map, code).mappings)).toEqual([[at('f()', 0), at('throw', 3), at('c=', 6)]])
  })
})
