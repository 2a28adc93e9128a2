/**
 * The command line: what a user may type, and what happens to errors. Each command is a file of its own, loaded when it
 * is used.
 *
 * Exit codes: 0 when every law holds and every wrong variant is caught, 1 when a law is broken, 2 for a usage error
 * or a failure of the environment, 3 when the check is inconclusive.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { isBundled } from '../engine/bundled.ts'
import { plain } from '../reports/text/words.ts'
import { formats } from './output/format.ts'

/** What a command gives back. */
const exit = { lawful: 0, broken: 1, usageError: 2, inconclusive: 3 } as const

const program = new Command('unwedge')
  .description('Checks message connectors, and models of them, against five laws, and shows the smallest run that breaks one.')
  .showHelpAfterError(false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .addHelpText('after', `
A file unwedge.config.ts here, or above as far as the package goes, says what is checked and how, where nothing else is told.

Exit codes: 0 every law holds, and every variant known to be wrong is caught; 1 a law is broken; 2 usage or
environment; 3 inconclusive.`)

const formatOption = () => new Option('--format <format>', 'how pages are written').choices(formats).default('text')
const outOption = () => new Option('--out <dir>', 'write each page to a file in this directory')
const scopeOption = () => new Option('--scope <sizes>', 'sizes that differ from the usual ones: workers=4,messages=4')
const seedOption = () => new Option('--seed <n>', 'the seed of everything that is drawn (default: 1)').argParser(whole(0))
const reportOption = () => new Option('--report <files...>', 'write the whole run to files: .html, .xml (JUnit), .sarif or .md')
const hereOption = () => new Option('--in-process', 'run connectors in this process, where they can do harm')
const jobsOption = () => new Option('--jobs <n>', 'processes side by side for each connector (default: as many as there are processors, '
  + 'at most 4; 1 on the real clock)').argParser(whole(1))
const mineOnly = 'files, or file.ts#export (default: the `connectors` of unwedge.config.ts)'
const streamOption = () => new Option('--stream <bursts>', 'the messages, as counts with fields: 2,1:attachments=1025')

program.command('check')
  .summary('check connectors against the laws, and models against what is claimed of them')
  .description('Tries the connectors of a file, each in a process of its own; explores the models of a file, components, or single '
    + 'variants (gateway/asShipped). When nothing is named, checks the `connectors` of unwedge.config.ts, or else the whole catalogue.')
  .argument('[what...]', 'files, file.ts#export, file.ts#export/variant, components, or component/variant')
  .addOption(formatOption())
  .addOption(outOption())
  .addOption(new Option('--runs <n>', 'scenarios to draw for each connector (default: 300), and walks through each right '
    + 'variant at greater sizes (default: none)').argParser(whole(0)))
  .addOption(seedOption())
  .addOption(new Option('--time <seconds>', 'begin nothing new after this time').argParser(seconds))
  .addOption(new Option('--verbose', 'also print each scenario of each connector in a line, what the connector printed, which fault met '
    + 'a message at which stage, and of a broken one what it was not tried with until then'))
  .addOption(new Option('--show <n>', 'show only the scenario of this number, with its whole history').argParser(whole(1))
    .conflicts(['report', 'out', 'record']))
  .addOption(new Option('--no-stored', 'draw scenarios though a stored one still breaks a law: what else is there?'))
  .addOption(new Option('--record', 'also print what was found of the models of files, as `claims` to put into them'))
  .addOption(reportOption())
  .addOption(hereOption())
  .addOption(jobsOption())
  .addOption(new Option('--watch', 'check again whenever one of the files, or what it imports, changes: first what broke last'))
  .action(async (words, flags) => {
    const { configured } = await import('./input/configured.ts')
    const { what, options } = configured(words, flags, ['runs', 'seed', 'time', 'jobs', 'report'])
    if (flags.watch) await (await import('./commands/watch.ts')).watch(what)
    settle(await (await import('./commands/check.ts')).check(what, options))
  })

program.command('new')
  .summary('write a connector or a model to start from')
  .description('Writes a connector that keeps every law, or a model that is right once and wrong once, with words that say where '
    + 'yours goes.')
  .argument('<path>', 'a file that is not there yet: my-connector.ts')
  .addOption(new Option('--model', 'write a model'))
  .action(async (path, options) => settle(await (await import('./commands/new.ts')).newFile(path, options)))

program.command('doctor')
  .summary('find out whether an adapter is able to fail')
  .description('Runs connectors as they are, and then with one thing wrong at a time. Each of these mutants must be caught.')
  .argument('[what...]', mineOnly)
  .addOption(new Option('--runs <n>', 'scenarios to draw (default: 200)').argParser(whole(1)))
  .addOption(seedOption())
  .addOption(new Option('--time <seconds>', 'begin nothing new after this time').argParser(seconds))
  .addOption(formatOption())
  .addOption(reportOption())
  .addOption(hereOption())
  .addOption(jobsOption())
  .action(async (words, flags) => {
    const { configuredConnectors } = await import('./input/configured.ts')
    const { what, options } = configuredConnectors(words, flags, ['runs', 'seed', 'time', 'jobs'])
    settle(await (await import('./commands/doctor.ts')).doctor(what, options))
  })

program.command('diagnose')
  .summary('name the known bug that a connector behaves like')
  .description('Tries connectors with the small runs that distinguish the bugs of the catalogue.')
  .argument('[what...]', mineOnly)
  .addOption(new Option('--time <seconds>', 'the most for each connector').argParser(seconds).default(60))
  .addOption(formatOption())
  .addOption(hereOption())
  .addOption(jobsOption())
  .action(async (words, flags) => {
    const { configuredConnectors } = await import('./input/configured.ts')
    const { what, options } = configuredConnectors(words, flags, ['jobs'])
    settle(await (await import('./commands/diagnose.ts')).diagnose(what, options))
  })

program.command('judge')
  .summary('hold a production log to the laws')
  .description('Reads a log, one event a line, and says with line numbers what was lost, doubled, invented, misrouted, altered, late, or flagged '
    + 'though delivered. Nothing counts as lost unless the log says ‘drained’, or --until or --patience is given.')
  .argument('<log>', 'a file of one JSON object a line, also compressed (.gz), or - for the standard input')
  .addOption(new Option('--guarantee <guarantee>', 'what the connector promises').choices(['exactly-once', 'at-least-once', 'at-most-once'])
    .default('at-least-once'))
  .addOption(new Option('--order', 'it promises to deliver over each link in the order in which it took'))
  .addOption(new Option('--expiry <duration>', 'how long it keeps a message at the most: 500ms, 30s, 15m, 2h, 5d').argParser(milliseconds))
  .addOption(new Option('--recovery <duration>', 'how long after trouble on a link it may still suffer from it (default: 1m)').argParser(milliseconds))
  .addOption(new Option('--patience <duration>', 'after so long without a verdict, a message counts as lost').argParser(milliseconds))
  .addOption(new Option('--until <time>', 'what was taken before has its verdict in this log; what came later need not').argParser(moment))
  .addOption(new Option('--map <map>', 'what its lines mean: postfix, rabbitmq, or a file of your own (default: as examples/judging-a-log.md says)'))
  .addOption(new Option('--component <model>', 'hold it to a model as well: a component of the catalogue, or file.ts#export'))
  .addOption(new Option('--begins <how>', 'empty: nothing was in hand before the first line; running: something was').choices(['empty', 'running']))
  .addOption(new Option('--skew <duration>', 'how far time may go back from one line to the next (default: not at all)').argParser(milliseconds))
  .addOption(formatOption())
  .addOption(new Option('--report <files...>', 'write the page to files: .html, .md, .json, .xml (JUnit) or .txt'))
  .action(async (log, { order, ...options }) =>
    settle(await (await import('./commands/judge.ts')).judgeLog(log, { ...options, order: order ? 'per link' : 'none' })))

program.command('keep')
  .summary('make a test to commit from a stored failure')
  .description('Writes a vitest file that runs the scenario in a file of .unwedge/.')
  .argument('<file>', 'a file of the failure store: .unwedge/….json')
  .addOption(new Option('--to <dir>', 'the directory to write it to (default: beside the connector)'))
  .action(async (file, options) => settle(await (await import('./commands/keep.ts')).keepScenario(file, options)))

program.command('explore')
  .summary('visit every state of one variant, at any scope')
  .description('Visits every state that a variant can reach. Without a variant, that is the fixed one.')
  .argument('<what>', 'component, component/variant, or file.ts#export/variant')
  .addOption(scopeOption())
  .addOption(streamOption().default(undefined, 'every one that fits the scope'))
  .addOption(new Option('--states <n>', 'give up after so many states (default: what fits half the memory)').argParser(whole(1)))
  .addOption(new Option('--symmetry', 'visit one state instead of all that differ only by swapping alike things'))
  .addOption(new Option('--report <files...>', 'write the graph of all states: .aut or .dot; or what was found: .html, .xml, .sarif or .md'))
  .addOption(formatOption())
  .addOption(outOption())
  .action(async (what, options) => settle(await (await import('./commands/explore.ts')).exploreVariant(what, options)))

program.command('replay')
  .summary('show one run again, and which law it breaks')
  .description('Follows a schedule, or a page in a JSON file, step by step; or runs a scenario of the failure store again.')
  .argument('<what>', 'component/variant, file.ts#export/variant, a page written with --format json, or a file of .unwedge/')
  .argument('[schedule]', 'positions among what may happen: 0/1/0x1024')
  .addOption(scopeOption())
  .addOption(streamOption().default(undefined, 'as many quiet messages as the scope has'))
  .addOption(new Option('--begin <n>', 'in which of the ways to begin, where there are several').argParser(whole(0)))
  .addOption(new Option('--law <law>', 'check the run against this law only: none-twice'))
  .addOption(hereOption())
  .addOption(new Option('--report <files...>', 'write the run of a model as a trace with every state: .itf.json'))
  .addOption(formatOption())
  .addOption(outOption())
  .action(async (what, schedule, options) => settle(await (await import('./commands/replay.ts')).replayRun(what, schedule, options)))

program.command('list')
  .summary('name the components, their sizes, questions and variants')
  .argument('[what...]', 'components, or files of models (default: the catalogue)')
  .addOption(new Option('--format <format>', 'how it is written').choices(['text', 'json']).default('text'))
  .action(async (what, options) => settle(await (await import('./commands/list.ts')).list(what, options)))

// They write pages that lie in a clone, for those who work on the suite.
if (!isBundled) {
  program.command('report')
    .summary('write the pages of the catalogue again')
    .description('Explores the catalogue and writes its pages to reports/golden, or to another directory.')
    .addOption(new Option('--out <dir>', 'another directory'))
    .action(async (options) => settle(await (await import('./commands/report.ts')).report(options)))

  program.command('gallery')
    .summary('write the pages of reports/gallery again')
    .description('Writes the pages of the catalogue and of the field trial to reports/gallery, to be opened in a browser.')
    .action(async () => settle(await (await import('./commands/gallery.ts')).gallery((await import('../models/catalogue.ts')).catalogue)))
}

/** A connector that ran in this process may have left something running. It must not keep the command from ending. */
program.hook('postAction', (_, command) => {
  if (command.opts()['inProcess']) process.stdout.write('', () => process.exit())
})

/** Keeps a code that was set before, such as by an output that failed; but that a law was broken outweighs it. */
function settle(code: number): void {
  if (code === exit.broken) process.exitCode = code
  else process.exitCode ||= code
}

function whole(least: number) {
  return (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least) throw new InvalidArgumentError(`Use a whole number from ${least}.`)
    return Number(text)
  }
}

function seconds(text: string): number {
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text)) throw new InvalidArgumentError('Use a number of seconds.')
  return Number(text)
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError('Use a number with a unit: 500ms, 30s, 15m, 2h, 5d.')
  return Number(number) * units[unit!]!
}

function moment(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('Use a date such as 2026-11-28T06:00Z, or milliseconds as the log has them.')
  return time
}

const oneLine = (text: string) => `${plain(text.trim().replace(/^error: /, 'unwedge: ').replace(/\s*\n\s*/g, ' '))}\n`

/** If the reader of our output has gone away, the command ends quietly. Any other error of an output is said once. */
function failed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit()
  process.exitCode ||= exit.usageError
  process.stderr.write(`unwedge: The output cannot be written (${error.code ?? error.message}).\n`)
}

/** Says what went wrong: in one line, or with the stack when it is our fault. */
async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.lawful : exit.usageError
  const { failureOf } = await import('./input/exit-code.ts')
  const found = failureOf(error)
  if (found) process.stderr.write(`unwedge: ${plain(found.says)}\n`)
  else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const sorry = 'This is our fault, not yours. Please report it, with the command and the text above.'
    process.stderr.write(`${stack}\n\nunwedge: ${sorry}\n`)
  }
  return found?.exit ?? exit.usageError
}

process.stdout.on('error', failed)
process.stderr.on('error', () => process.exit())
try {
  if (process.argv.length <= 2) program.help({ error: true })
  await program.parseAsync()
} catch (error) {
  process.exitCode = await explain(error)
}
