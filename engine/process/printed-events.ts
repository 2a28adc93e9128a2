/**
 * What a connector printed, put into the history where it was printed: before the event at which its process had written
 * so many bytes. What went past its streams, as the last words of V8 do, comes before the end.
 */
import type { Event, History } from '../../spec/connector.ts'
import type { Printed } from '../falsify/runner.ts'

/** How many bytes a process had written by an event: its number, from 0; bytes of stdout, and of stderr. */
export type Mark = readonly [at: number, stdout: number, stderr: number]

/** A piece of what was printed: its place among all that the process ever printed there, in bytes. */
export interface Piece {
  readonly on: Printed['on']
  readonly from: number
  readonly bytes: Buffer
}

/** Lines of one place that are shown, and of one history; and characters of a line. */
const [mostHere, mostLines, longestLine] = [5, 60, 200]
/** A line that says what went wrong is shown before others. */
const isError = (line: string) => /\b(?:[A-Z]\w*Error|FATAL ERROR|Error:|panic|Assertion)\b|^Error\b/.test(line)

/** The history with what was printed in it. The first mark is that of the beginning: what was printed before belongs to no run of this. */
export function withPrints(history: History, marks: readonly Mark[], pieces: readonly Piece[]): History {
  const [start = [0, 0, 0] as const] = marks
  const last = Math.max(0, history.length - 1)
  const before = new Map<number, string[]>()
  for (const [on, column] of [['stdout', 1], ['stderr', 2]] as const) {
    const own = pieces.filter((piece) => piece.on === on)
    const edges = [...marks.map((mark) => ({ at: Math.min(mark[0], last), until: mark[column] })), { at: last, until: Infinity }]
    let from = start[column]
    for (const { at, until } of edges) {
      const text = Buffer.concat(own.map((piece) => slice(piece, from, until))).toString('utf8')
      from = Math.max(from, until)
      const lines = text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '')
      if (lines.length > 0) before.set(at, [...(before.get(at) ?? []), ...lines])
    }
  }
  if (before.size === 0) return history
  let left = mostLines
  return history.flatMap((event, at): readonly Event[] => {
    const lines = shown(before.get(at) ?? [], Math.min(mostHere, left))
    left -= Math.min(left, lines.length)
    return [...lines.map((detail): Event => ({ what: 'prints', detail, time: event.time })), event]
  })
}

const slice = ({ from: start, bytes }: Piece, from: number, until: number) =>
  bytes.subarray(Math.max(0, from - start), Math.max(0, Math.min(bytes.length, until - start)))

/** So many of these lines in their order, those that say what went wrong before others; and how many there are more. */
function shown(lines: readonly string[], most: number): readonly string[] {
  const short = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)
  if (lines.length <= most) return lines.map(short)
  if (most === 0) return []
  const all = lines.map((line, i) => ({ line, i }))
  const chosen = [...all.filter(({ line }) => isError(line)), ...all.filter(({ line }) => !isError(line))].slice(0, most)
  const kept = chosen.sort((a, b) => a.i - b.i).map(({ line }) => short(line))
  const more = lines.length - kept.length
  return [...kept.slice(0, -1), `${kept.at(-1)!} (and ${more.toLocaleString('en-US')} more ${more === 1 ? 'line' : 'lines'})`]
}
