/**
 * The trials: what `npm test` leaves out or does only a little of, for the minutes it takes.
 *
 * `npm run trials` is models at length and pages in a browser: what a change must pass. `npm run trials:connectors`
 * is real connectors at length: processes, published bugs, references, examples, the corpus, the command line. `npm run trials:all` is both
 * with several times the seeds, and the connectors with sockets, which want an idle machine. `npm run trials:services` tries only
 * those in front of a real RabbitMQ, Redis, PostgreSQL, NATS and Mosquitto, and what they leave behind; `npm run trials:agents` tries real
 * transfer agents.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tests = readdirSync(`${root}properties`, { encoding: 'utf8', recursive: true })
const files = (...names: readonly string[]) => names.map((name) => {
  const path = tests.find((path) => basename(path) === `${name}.test.ts`)
  if (path === undefined) throw new Error(`There is no ${name}.test.ts in properties/.`)
  return join('properties', path)
})
/**
 * Tests that draw more where they are given more, and tests that run here alone (`*.trials.test.ts`): of models, pages and the command
 * line, and of connectors.
 */
const ofModels = files(
  'walk', 'reference', 'alikeness', 'orbit-laws', 'canonical', 'own-laws-reference', 'published-counts', 'acceleration', 'compiled-guards',
  'large-searches', 'decision', 'browser.trials', 'browser-verdicts.trials', 'limits', 'spin.trials', 'package.trials', 'trial-endless',
  'catalogue', 'symmetry', 'html', 'policies', 'cli', 'cli-judge.trials', 'config.trials', 'progress.trials', 'deadline.trials',
  'watch.trials', 'guides.trials', 'build-servers.trials')
const ofConnectors = files(
  'process.trials', 'connectors', 'corpus', 'variants', 'architectures', 'examples', 'field-trial', 'cli-connectors.trials',
  'cli-scenarios.trials', 'standstill.trials', 'verdict-of-run', 'gallery', 'generators', 'diagnose', 'doctor', 'log-of-trial.trials',
  'peer', 'peer-hostile.trials')

/** What each asks of the tests, by variables that they read; and what else vitest is told. */
const trials = {
  usual: { asks: { UNWEDGE_SEEDS: '20' }, words: ['--maxWorkers', '2', '--testTimeout', '240000', ...ofModels] },
  connectors: {
    asks: { UNWEDGE_FIELD: '1', UNWEDGE_REFERENCES: '99', UNWEDGE_SEEDS: '20' },
    words: ['--maxWorkers', '2', '--testTimeout', '240000', ...ofConnectors],
  },
  all: {
    asks: { UNWEDGE_FIELD: '20', UNWEDGE_REFERENCES: '10000', UNWEDGE_SEEDS: '200', UNWEDGE_SOCKETS: '1' },
    words: ['--testTimeout', '240000', ...ofModels, ...ofConnectors],
  },
  services: {
    asks: { UNWEDGE_FIELD: '1', UNWEDGE_SOCKETS: '1', UNWEDGE_SERVICES: 'required' },
    words: ['--maxWorkers', '1', ...files('field-trial', 'brokers.trials', 'ways-in.trials', 'left-behind.trials')],
    // They wait more than they work: half of them beside the others.
    beside: ['RabbitMQ|Redis|PostgreSQL|MQTT|killed in the midst', 'NATS|Mosquitto'],
  },
  agents: {
    asks: { UNWEDGE_AGENTS: '20', UNWEDGE_SERVICES: 'required' },
    words: ['--maxWorkers', '3', ...files('postfix.trials', 'exim.trials', 'haraka.trials', 'mail-servers.trials', 'ways-in.trials')],
  },
} as const

const isTrial = (name: string): name is keyof typeof trials => Object.hasOwn(trials, name)

function run(command: string, words: readonly string[], asks: Readonly<Record<string, string>> = {}): void {
  const { status, error } = spawnSync(command, words, {
    cwd: root, stdio: 'inherit', env: { ...process.env, ...asks },
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** The same command once for each, side by side; what each says comes as a whole when it ends. */
async function runBeside(
  command: string, words: readonly string[], asks: Readonly<Record<string, string>>, each: readonly string[],
): Promise<void> {
  const codes = await Promise.all(each.map((one) => new Promise<number>((done, fail) => {
    const said: Buffer[] = []
    const child = spawn(command, [...words, '-t', one], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...asks } })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', fail)
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      done(code ?? 1)
    })
  })))
  const failed = codes.find((code) => code !== 0)
  if (failed !== undefined) process.exit(failed)
}

/** Whether what connectors are tried with is there, as the lock file has it: npm writes its own copy of that when it is done. */
function isInstalled(): boolean {
  const written = (name: string) => statSync(`${root}connectors/field/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return written('node_modules/.package-lock.json') > Math.max(written('package.json'), written('package-lock.json'))
}

const name = process.argv[2] ?? 'usual'
if (!isTrial(name)) {
  console.error(`There are no trials called ${name}: there are ${Object.keys(trials).join(', ')}.`)
  process.exit(2)
}
const { asks, words, ...more } = trials[name]
if (!isInstalled()) run('npm', ['ci', '--prefix', 'connectors/field'])
run('npx', ['tsc', '-p', 'connectors/field'])
// What follows the name is for vitest: npm run trials -- -t outbox
const given = process.argv.slice(3)
const all = ['vitest', 'run', '--dir', 'properties', ...words, ...given]
if ('beside' in more && !given.includes('-t')) await runBeside('npx', all, asks, more.beside)
else run('npx', all, asks)
