/** `unwedge judge`: holds a production log to the laws. */
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { LogJudge } from '../../engine/logs/log-judge.ts'
import { asItIs, type LogMap } from '../../engine/logs/log-map.ts'
import type { ModelWatch } from '../../engine/logs/log-conformance.ts'
import { LogReader } from '../../engine/logs/log-reader.ts'
import { realNow } from '../../engine/real-time.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { logPage, markdownLog, stoppedAt } from '../../reports/connectors/log-page.ts'
import { wrongModel } from '../../reports/connectors/settling.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { junitLog } from '../../reports/formats/junit.ts'
import { htmlLog } from '../../reports/html/log-report.ts'
import { amount, plain } from '../../reports/text/words.ts'
import type { LogVerdict } from '../../spec/evidence/log-verdict.ts'
import type { LogPromises } from '../../spec/evidence/log.ts'
import { checkReports, command, endingOf, writeEach } from '../files/report-files.ts'
import { claimNamed } from '../input/loaded-component.ts'
import { quoted } from '../input/names.ts'
import type { PageOptions } from '../output/page-writers.ts'
import { paper, progress, sayPage } from '../output/terminal.ts'

interface JudgeOptions extends Partial<LogPromises>, Pick<PageOptions, 'format'> {
  /** Files to write the page to; their endings say how. */
  readonly report?: readonly string[]
  /** What its lines mean: `postfix`, `rabbitmq`, or a file. */
  readonly map?: string
  /** The component whose model it is held to: of the catalogue, or a file of one’s own. */
  readonly component?: string
}

const usual: LogPromises = {
  guarantee: 'at-least-once', order: 'none', recovery: 60_000, expiry: Infinity, skew: 0, patience: null, until: null, begins: null,
}

const writers: Readonly<Record<string, { readonly is: string; readonly write: (found: LogVerdict) => string }>> = {
  '.html': { is: 'a page', write: (found) => htmlLog(found, command()) },
  '.md': { is: 'Markdown', write: markdownLog }, '.json': { is: 'JSON', write: (found) => asJson(found) }, '.xml': { is: 'JUnit', write: junitLog },
  '.txt': { is: 'text', write: (found) => logPage(found) },
}
const endings = Object.fromEntries(Object.entries(writers).map(([ending, { is }]) => [ending, is]))

export async function judgeLog(path: string, { format, report = [], map: word, component, ...told }: JudgeOptions): Promise<number> {
  checkReports(report, endings)
  const map = await mapOf(word)
  const judge = new LogJudge({ ...usual, skew: map.skew, ...told }, map.silentOn)
  const promises = { ...usual, ...told }
  const watch = component === undefined ? null : await watchBy(component, promises)
  const began = realNow()
  const onBeat = (lines: number) => {
    const { open, bytes } = judge.kept
    progress.show(`${amount(lines)} lines, ${amount(Math.round(lines / (realNow() - began)) * 1000)} a second, ${amount(open)} messages in memory, `
      + `${amount(Math.round(bytes / 2 ** 20))} MB for those that are settled …`)
  }
  const reader = new LogReader(judge, map, { onBeat, also: (line, event) => watch?.see(line, event) })
  await reader.read(chunksOf(path))
  progress.clear()
  const found = judge.end(path === '-' ? 'standard input' : path, reader.lines, reader.stopped, watch?.end() ?? null)
  if (format === 'json') process.stdout.write(asJson(found))
  else sayPage(format === 'markdown' ? markdownLog(found) : logPage(found, paper), format)
  const isUnmapped = word === undefined && reader.lines <= 1
  if (found.stopped?.isUnreadable)
    process.stderr.write(`unwedge: ${plain(`${found.log}: ${stoppedAt(found.stopped).slice(2)}`)}\n${isUnmapped ? withMap : ''}`)
  writeEach(report, (file) => writers[endingOf(file, endings)!]!.write(found))
  return found.verdict === 'broken' ? 1 : found.verdict === 'lawful' ? 0 : found.stopped?.isUnreadable ? 2 : 3
}

const withMap = 'unwedge: A log of another kind wants a map: --map postfix, --map rabbitmq, or a file that says what your lines mean.\n'

/** The model of a component, which is to keep its laws itself. */
async function watchBy(named: string, promises: LogPromises): Promise<ModelWatch> {
  const [{ ModelWatch }, { ownBreaches }] = await Promise.all([
    import('../../engine/logs/log-conformance.ts'), import('../../engine/conform/own-breaches.ts'),
  ])
  const { component } = await claimNamed(named)
  const because = wrongModel(component, ownBreaches(component))
  if (because !== null)
    throw new UsageError(`Nothing can be held to ${quoted(named)}: ${because}. npx unwedge check shows the shortest run.`)
  return new ModelWatch(component, promises)
}

const asJson = (found: LogVerdict) => json({ schema, kind: 'log', ...found })

/** The map that a word stands for; a configuration file may name one in the same way. */
async function mapOf(word: string | undefined): Promise<LogMap> {
  if (word === undefined) return asItIs
  if (word === 'postfix') {
    const today = new Date()
    return (await import('../../engine/logs/postfix-map.ts')).postfixMap(today.getFullYear(), today.getMonth())
  }
  if (word === 'rabbitmq') return (await import('../../engine/logs/rabbitmq-map.ts')).rabbitmqMap
  if (!statSync(word, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`There is no map ${quoted(word)}: use postfix, rabbitmq or a file of JSON.`)
  return (await import('../../engine/logs/own-map.ts')).ownMap(readFileSync(word, 'utf8'), word)
}

/** The log as bytes: of a file or of the standard input, and as it was before gzip. */
async function* chunksOf(path: string): AsyncIterable<Buffer> {
  if (path !== '-' && !statSync(path, { throwIfNoEntry: false })) throw new UsageError(`There is no file ${quoted(path)}.`)
  const raw: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 2 ** 18 })
  const chunks = raw[Symbol.asyncIterator]()
  const { value: first, done } = await chunks.next()
  if (done) return
  const all = (async function* () { yield first; yield* { [Symbol.asyncIterator]: () => chunks } })()
  if (first[0] !== 0x1f || first[1] !== 0x8b) return yield* all
  const { Readable } = await import('node:stream')
  const source = Readable.from(all)
  const zip = createGunzip()
  source.on('error', (error) => zip.destroy(error))
  yield* source.pipe(zip) as AsyncIterable<Buffer>
}
