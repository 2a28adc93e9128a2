/**
 * The trials: what `npm test` leaves out or does only a little of, for the minutes it takes.
 *
 * `npm run trials` is models at length and pages in a browser: what a change must pass. `npm run trials:connectors`
 * is real connectors at length: processes, published bugs, references, examples, the corpus, the command line. `npm run trials:all` is both
 * with several times the seeds, and the connectors with sockets, which want an idle machine. `npm run trials:services` tries only
 * those in front of a real RabbitMQ and a real Redis.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const files = (...names: readonly string[]) => names.map((name) => `properties/${name}.test.ts`)
/** Tests that draw more where they are given more, and tests that only run here: of models and pages, and of connectors. */
const ofModels = files(
  'walk', 'reference', 'alikeness', 'orbit-laws', 'canonical', 'own-laws-reference', 'published-counts', 'acceleration', 'compiled-guards',
  'large-searches', 'decision', 'browser', 'limits', 'spin', 'package', 'trial-endless', 'catalogue', 'symmetry',
  'html', 'policies')
const ofConnectors = files(
  'process', 'connectors', 'corpus', 'variants', 'architectures', 'examples', 'field-trial', 'cli-connectors', 'gallery')

/** What each asks of the tests, by variables that they read; and what else vitest is told. */
const trials = {
  usual: { asks: { UNWEDGE_SEEDS: '20' }, words: ['--maxWorkers', '2', '--testTimeout', '240000', ...ofModels] },
  connectors: {
    asks: { UNWEDGE_FIELD: '1', UNWEDGE_REFERENCES: '500', UNWEDGE_SEEDS: '20' },
    words: ['--maxWorkers', '2', '--testTimeout', '240000', ...ofConnectors],
  },
  all: {
    asks: { UNWEDGE_FIELD: '20', UNWEDGE_REFERENCES: '10000', UNWEDGE_SEEDS: '200', UNWEDGE_SOCKETS: '1' },
    words: ['--testTimeout', '240000', ...ofModels, ...ofConnectors],
  },
  services: {
    asks: { UNWEDGE_FIELD: '1', UNWEDGE_SOCKETS: '1', UNWEDGE_SERVICES: 'required' },
    words: ['properties/field-trial.test.ts', '-t', 'RabbitMQ|Redis'],
  },
} as const

const isTrial = (name: string): name is keyof typeof trials => Object.hasOwn(trials, name)

function run(command: string, words: readonly string[], asks: Readonly<Record<string, string>> = {}): void {
  const { status, error } = spawnSync(command, words, {
    cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit', env: { ...process.env, ...asks },
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

const name = process.argv[2] ?? 'usual'
if (!isTrial(name)) {
  console.error(`There are no trials called ${name}: there are ${Object.keys(trials).join(', ')}.`)
  process.exit(2)
}
const { asks, words } = trials[name]
run('npm', ['ci', '--prefix', 'connectors/field'])
run('npx', ['tsc', '-p', 'connectors/field'])
// What follows the name is for vitest: npm run trials -- -t outbox
run('npx', ['vitest', 'run', '--dir', 'properties', ...words, ...process.argv.slice(3)], asks)
