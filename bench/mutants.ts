/**
 * `npm run mutants`: plants one small fault after another in the rooms that judge, draw and play the world, and asks the tests of
 * these rooms. Writes down how many were noticed, file by file, and lists those that were not.
 *
 * What follows `--` are files, or lines of them: `npm run mutants -- engine/verdict/ledger.ts engine/trial/world.ts:1-80`. Without
 * any, all of them, which takes a while. UNWEDGE_JOBS is how many mutants are tried at once, 2 unless told otherwise.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Stryker } from '@stryker-mutator/core'

type Result = Awaited<ReturnType<Stryker['runMutationTest']>>[number]

const inRoom = (room: string) => readdirSync(room).sort().map((name) => `${room}/${name}`)
const named = (room: string, ...names: readonly string[]) => names.map((name) => `${room}/${name}.ts`)
const edge = named('engine/trial', 'content', 'disk', 'faulty-link', 'link-calls', 'messages', 'source', 'world')
const time = named('engine/trial', 'immediates', 'scheduler', 'virtual-time')
/** Files that are tried together, and the tests that are quick and sharp about them. */
const rooms = [
  {
    // A ledger also keeps what a log tells, and forgets what is done with.
    files: ['spec/clauses.ts', 'spec/excuses.ts', ...inRoom('engine/verdict')],
    tests: ['logs', 'judge', 'clauses-*', 'completeness', 'independence', 'several-recipients', 'false-alarms'],
  },
  { files: edge, tests: ['content', 'link-calls', 'world*'] },
  { files: time, tests: ['scheduler', 'virtual-time', 'link-calls', 'elsewhere', 'trial-expiry'] },
  {
    files: inRoom('engine/trial').filter((path) => !edge.includes(path) && !time.includes(path)),
    tests: ['calm', 'trial-expiry', 'trial-faults', 'trial-phases', 'trial-starts'],
  },
  { files: named('engine/falsify', 'verdict-of-run'), tests: ['verdict-of-run'] },
  { files: named('engine/falsify', 'generator'), tests: ['generator'] },
  { files: named('engine/falsify', 'situations'), tests: ['situations'] },
  { files: named('engine/falsify', 'waves'), tests: ['waves', 'situations'] },
  { files: named('engine/falsify', 'coverage'), tests: ['coverage'] },
  { files: named('engine/falsify', 'smaller-scenarios'), tests: ['smaller-scenario'] },
  { files: named('engine/falsify', 'falsify', 'shrink'), tests: ['attempt', 'shrinking'] },
  { files: named('engine/falsify', 'interleavings'), tests: ['interleavings'] },
  { files: named('engine/falsify', 'ablation'), tests: ['left-out'] },
  { files: named('engine/falsify', 'mutants'), tests: ['mutated'] },
  { files: named('engine/falsify', 'doctor'), tests: ['examined'] },
] as const

const page = 'bench/mutants.md'
/** As they are tried: somebody may go on writing meanwhile. */
const sources = new Map(rooms.flatMap(({ files }) => [...files]).map((path) => [path, readFileSync(path, 'utf8')] as const))
const pathOf = ({ fileName }: Result) => fileName.slice(process.cwd().length + 1)
const given = process.argv.slice(2)
for (const { files, tests } of rooms) {
  const mutate = given.length > 0 ? given.filter((name) => files.includes(name.split(':')[0]!)) : files
  if (mutate.length === 0) continue
  process.env['UNWEDGE_TESTS'] = tests.map((name) => `properties/*/${name}.test.ts`).join()
  tell(await new Stryker({
    mutate: [...mutate],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'bench/tests-for-mutants.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env['UNWEDGE_JOBS'] ?? 2),
    // A mutant that goes on for ever is noticed; one on a busy machine is not to count as one.
    timeoutMS: 8_000,
    timeoutFactor: 4,
    ignorePatterns: ['reports/golden', 'reports/gallery', 'connectors/field'],
    // It would read the configuration with a TypeScript that it does not know.
    tsconfigFile: 'none',
    tempDirName: '.unwedge/mutants',
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
  }).runMutationTest())
}

/** Room by room: who breaks it off keeps what was found so far. */
function tell(results: readonly Result[]): void {
  const figures = [...new Set(results.map(pathOf))].map((path) => [path, results.filter((each) => pathOf(each) === path)] as const)
  for (const [path, here] of figures) for (const mutant of here) if (isMissed(mutant)) console.log(`${path}:${shown(path, mutant)}\n`)
  const rows = figures.map(([path, here]) => [path, row(path, here)] as const)
  writeFileSync(page, written(readFileSync(page, 'utf8'), rows))
  console.log(rows.map(([, line]) => line).join('\n'))
}

function isMissed({ status }: Result): boolean {
  return status === 'Survived' || status === 'NoCoverage'
}

function row(path: string, here: readonly Result[]): string {
  const count = (...statuses: readonly Result['status'][]) => here.filter(({ status }) => statuses.includes(status)).length
  const [caught, endless, missed] = [count('Killed'), count('Timeout'), count('Survived', 'NoCoverage')]
  const score = ((100 * (caught + endless)) / Math.max(1, caught + endless + missed)).toFixed(1)
  const date = new Date().toISOString().slice(0, 10)
  const parts = given.filter((name) => name.startsWith(`${path}:`)).map((name) => name.slice(path.length + 1)).join(', ')
  return `| \`${path}\` | ${here.length} | ${caught} | ${endless} | ${missed} | ${score} % | ${date}${parts && `, lines ${parts}`} |`
}

/** The page with these rows in the place of those that it has of the same files. */
function written(text: string, found: readonly (readonly [path: string, row: string])[]): string {
  const lines = text.split('\n')
  const rows = new Map(lines.filter((line) => line.startsWith('| `')).map((line) => [line.split('`')[1]!, line]))
  for (const [path, line] of found) rows.set(path, line)
  const head = lines.findIndex((line) => line.startsWith('|---'))
  const rest = lines.slice(head + 1).filter((line) => !line.startsWith('| `'))
  return [...lines.slice(0, head + 1), ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line), ...rest].join('\n')
}

function shown(path: string, { location: { start, end }, mutatorName, replacement, status }: Result): string {
  const lines = sources.get(path)!.split('\n').slice(start.line - 1, end.line)
  const [from, to] = [start.column - 1, end.column - 1]
  const cut = lines.map((line, i) => line.slice(i === 0 ? from : 0, i === lines.length - 1 ? to : undefined)).join('\n')
  return `${start.line}:${start.column} ${mutatorName}${status === 'NoCoverage' ? ', which no test comes to' : ''}\n- ${cut}\n+ ${replacement ?? ''}`
}
