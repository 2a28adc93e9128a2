/**
 * `npm run package:try`: packs, installs the tarball in empty folders, and goes there the way of a user, under several Nodes. It takes
 * minutes, and what it installs it takes from npm’s registry or cache. What follows `--` are words: only rows with one of them are tried.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { references } from './reference.ts'
import { type Node, type Projects, type Row, readmeWithVitest, rowsUnder } from './trial/rows.ts'
import { typedRows } from './trial/typed-rows.ts'
import { UserProject } from './trial/user-project.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const words = process.argv.slice(2)
const place = mkdtempSync(join(tmpdir(), 'unwedge-package-'))
process.once('exit', () => rmSync(place, { recursive: true, force: true }))

/** The oldest that will do, those that are maintained, and the newest; what npm calls them. */
const nodes = ['20.19.0', '20', '22', '24', 'latest']
const clone = new UserProject(root)

const packed = JSON.parse(clone.run('npm', ['pack', '--json', '--silent', '--pack-destination', place]).replace(/^[^[{]*/, ''))
const { filename, unpackedSize, entryCount } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0]
const tarball = join(place, filename)
const bytes = (count: number) => `${count.toLocaleString('en-US')} bytes`
console.log(`${filename}: ${entryCount} files, ${bytes(unpackedSize)} unpacked, ${bytes(statSync(tarball).size)} packed.\n`)

const project = (name: string) => new UserProject(join(place, name))
const projects: Projects = {
  alone: project('alone').install({}, tarball),
  tested: project('tested').install({ type: 'module' }, tarball, 'vitest@4', 'jest'),
  next: project('next').install({}, tarball, 'vitest@5'),
  typed: project('typed').install({}, tarball, 'typescript@latest', 'typescript-5@npm:typescript@5'),
}
const installed = nodes.map((name): Node => {
  const bin = join(project(`node-${name}`).install({}, `node@${name}`).dir, 'node_modules/node/bin')
  return { name: new UserProject(place, bin).run('node', ['--version']).trim().slice(1), bin }
})

/** Vitest 5 asks for as much. */
const recent = installed.filter(({ name }) => Number(name.split('.')[0]) >= 22)
const rows: readonly Row[] = [
  {
    name: 'publint finds nothing',
    tries: () => clone.run('npx', ['--no-install', 'publint', 'run', '--strict', tarball], { says: 'All good!' }),
  },
  { name: 'attw finds nothing', tries: () => clone.run('npx', ['--no-install', 'attw', tarball], { says: 'No problems found' }) },
  {
    name: 'the reference in api/ is as the comments are',
    tries: () => {
      const isStale = (path: string, page: string) => !existsSync(join(root, path)) || clone.read(path) !== page
      const stale = [...references()].filter(([path, page]) => isStale(path, page)).map(([path]) => path)
      if (stale.length > 0) throw new Error(`Write ${stale.join(', ')} anew: npm run reference`)
    },
  },
  ...typedRows(projects, ['typescript', 'typescript-5']),
  ...recent.map(({ name, bin }): Row => ({
    name: `Node ${name}: README’s connector and its test, with vitest 5`,
    tries: () => readmeWithVitest(projects.next.under(bin), `node-${name}`),
  })),
  ...installed.flatMap((node) => rowsUnder(node, projects)),
].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))

let failed = 0
for (const { name, tries } of rows) {
  const began = performance.now()
  let because: string | null = null
  try {
    tries()
  } catch (error) {
    because = error instanceof Error ? error.message : String(error)
  }
  console.log(`${because === null ? '✓' : '✗'} ${name.padEnd(92)} ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`)
  if (because === null) continue
  failed++
  console.log(because.replace(/^/gm, '    '))
}
console.log(`\n${rows.length - failed} of ${rows.length} as they are to be.`)
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0
