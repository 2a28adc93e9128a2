/** A log of many lines judged, in a process of its own, and scripts that only count on the same log. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { type Cost, inTurn, many, measured, medianOf, type Section, times } from '../measure.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** One in so many is delivered a second time, long after, and one in so many is never delivered. */
const [doubled, lost] = [5_000, 7_001]
const inHand = 50

/** Three lines a message, a few dozen of which are always in hand; at the end the copies. */
function* lines(messages: number): Iterable<string> {
  const event = (time: number, what: string, i: number) => `${JSON.stringify({ time, what, message: `order-${i}`, link: `link-${i % 7}` })}\n`
  const isLost = (i: number) => i % lost === lost - 1
  for (let i = 0; i < messages + inHand; i++) {
    if (i < messages) yield event(i, 'taken', i) + event(i, 'sent', i)
    const done = i - inHand
    if (done >= 0 && !isLost(done)) yield event(i, 'accepted', done)
  }
  for (let i = 0; i < messages; i += doubled) yield event(2 * messages, 'sent', i) + event(2 * messages, 'accepted', i)
  yield `${JSON.stringify({ time: 2 * messages, what: 'drained' })}\n`
}

export async function logs(rounds: number, messages: number): Promise<Section> {
  const dir = await mkdtemp(join(tmpdir(), 'unwedge-bench-'))
  const log = join(dir, 'log.ndjson')
  try {
    await pipeline(Readable.from(lines(messages)), createWriteStream(log))
    return await section(log, rounds, messages)
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function section(log: string, rounds: number, messages: number): Promise<Section> {
  const ours = 'unwedge judge'
  const expected = { lost: Math.floor(messages / lost), doubled: Math.ceil(messages / doubled) }
  const judge = async (...words: readonly string[]) => {
    const command = [here('../../bin/unwedge.js'), 'judge', log, '--format', 'json', ...words]
    const cost = await measured(process.execPath, command, { codes: [1] })
    const { counts, events } = JSON.parse(cost.output.slice(cost.output.indexOf('{'))) as { counts: Record<string, number>; events: number }
    const found = { lost: counts['a verdict in the end'] ?? 0, doubled: counts['no second copy'] ?? 0 }
    if (found.lost !== expected.lost || found.doubled !== expected.doubled) throw new Error(`It found ${JSON.stringify(found)}.`)
    return { ...cost, events }
  }
  let events = 0
  const counting = (command: string, ...words: readonly string[]) => async (): Promise<Cost> => {
    const cost = await measured(command, [...words, log])
    const [, without, twice] = cost.output.trim().split(' ').map(Number)
    if (without !== expected.lost || twice !== expected.doubled) throw new Error(`${command} counted ${cost.output}`)
    return cost
  }
  const results = await inTurn(rounds, {
    [ours]: async (): Promise<Cost> => {
      const cost = await judge()
      events = cost.events
      return cost
    },
    [`${ours} --component transfer-agent`]: () => judge('--component', 'transfer-agent'),
    'a script in Python that counts': counting('python3', here('../peers/log_counts.py')),
    'a script in awk that counts, by regular expressions': counting('gawk', '-f', here('../peers/log-counts.awk')),
  })
  const rate = (name: string) => events / medianOf(results[name]!, ({ cpu }) => cpu)
  const bytes = (name: string) => medianOf(results[name]!, (cost) => cost.bytes)
  return {
    title: 'Events of a log a second',
    says: [
      `A log of ${many(events)} events about ${many(messages)} messages, ${inHand} of them in hand at a time; ${expected.doubled} are delivered a second `
      + `time at the very end, and ${expected.lost} never: each contender finds these, and exactly these. The scripts count deliveries of each id and do nothing else: `
      + 'they know no line numbers, no excuses, no links, no order, no time, and keep every id.',
      'Per second of processor time, starting the process included. Not measured here, for it asks another and harder question: Porcupine, '
      + 'which says of histories of thousands of concurrent operations whether they are linearizable, in seconds, and is 1,000 to 10,000 times as fast at that as '
      + 'Knossos, by its own account (github.com/anishathalye/porcupine). A log says which message each line is about; that is why it takes one pass.',
    ],
    columns: ['', 'events a second', 'MB at the most', 'bytes a message', 'ours is faster by'],
    rows: Object.keys(results).map((name) => [
      name, many(rate(name)), many(bytes(name) / 1e6), many(bytes(name) / messages), name === ours ? '' : times(rate(ours) / rate(name)),
    ]),
  }
}
