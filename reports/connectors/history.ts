/** A real connector’s history as lines of text: a lane for the connector and one for each link, faults across all of them. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { wordsFor } from '../text/event.ts'
import { broken, indented, narrowLanes, type Paper } from '../text/paper.ts'
import { amount } from '../text/words.ts'

const margin = 10
const gap = 2

/** A row of the timeline: one event, or several alike in a row. */
interface Row {
  /** The number of its first event, from 1. */
  readonly number: number
  /** The lane, or null across all of them. */
  readonly lane: string | null
  readonly text: string
  /** The messages of its events, in their order; empty for one of no message. */
  readonly messages: readonly string[]
  readonly time: number
  readonly times: number
  readonly breaks: boolean
  /** Whether it is about the message that is accused: such a row stands alone among those of others. */
  readonly isAccused: boolean
}

type Shown = Pick<Violation, 'connector' | 'history' | 'message' | 'at'>

/** What happened, event by event, with a cross at the event that breaks the law. */
export function timeline(found: Shown, paper: Paper = {}): readonly string[] {
  const lines = paper.whole ? rowsOf(found) : shortened(folded(found))
  const lanes = [found.connector, ...new Set(lines.flatMap(({ lane }) => (lane === null || lane === found.connector ? [] : [lane])))]
  const numbers = lines.map(({ number, times }) => (number === 0 ? '' : times === 1 ? amount(number) : `${amount(number)}–${amount(number + times - 1)}`))
  const numbered = Math.max(...numbers.map((number) => number.length), 3) + gap
  const room = paper.columns === undefined ? null : Math.max(leastRoom, paper.columns - numbered - margin)
  const columns = columnsFor(lanes, lines, room)
  const before = ' '.repeat(numbered + margin)
  return [...columns.head.map((head) => `${before}${head}`), ...lines.flatMap((line, i) => {
    const { lane, time, breaks } = line
    const [first, ...more] = lane === null ? bands(said(line), columns.across, room)
      : parts(columns.cell(lane, said(line)), columns.across, room)
    const lead = `${numbers[i]!.padStart(numbered)}${clock(time).padStart(margin - gap)}${breaks ? ' ✗' : '  '}`
    return [`${lead}${first}`, ...more.map((rest) => `${before}${rest}`)]
  }), ...(columns.legend.length === 0 ? [] : ['', ...columns.legend.flatMap((line) => indented(line, 2, paper, 4))])]
}

/** The longest that a row is made where the page has no width of its own. */
const longestRow = 100
/** Less than this is no width: rows are then longer than the terminal, which breaks them. */
const leastRoom = 40
/** The least that a row has room for, however far to the right it begins. */
const leastPart = 12

/** A long row as several: what does not fit stands below it, a little further in. */
function parts(cell: string, across: number, room: number | null): readonly string[] {
  const row = cell.padEnd(across)
  if (row.trimEnd().length <= (room ?? longestRow)) return [row]
  const from = row.length - row.trimStart().length
  const wide = room === null ? Math.max(leastRoom, longestRow - from) : Math.max(leastPart, room - from - indentation)
  return broken(row.trim(), wide).map((part, i) => `${' '.repeat(from + (i === 0 ? 0 : indentation))}${part.trimEnd()}`)
}

/** What goes across all lanes, in the middle of a line; on a narrow page in several. */
const bands = (text: string, across: number, room: number | null): readonly string[] =>
  (room === null ? [text] : broken(text, room - 2 * least - 2)).map((part) => {
    const cell = ` ${room === null ? part : part.trimEnd()} `
    const left = Math.max(least, Math.floor((across - cell.length) / 2))
    return `${'─'.repeat(left)}${cell}${'─'.repeat(Math.max(least, across - left - cell.length))}`
  })

interface Columns {
  /** How wide all of them are together. */
  readonly across: number
  /** The names above them; where there is no room for columns, what stands where. */
  readonly head: readonly string[]
  readonly cell: (lane: string, text: string) => string
  /** What shortened names stand for. */
  readonly legend: readonly string[]
}

/** Columns wider than this together become steps of an indentation, where the page has no width of its own. */
const widest = 86
/** On a wide terminal, lines no longer than one can follow. */
const widestOnTerminal = 120
/** A row has one text, so a long one may reach over the columns beside its own: no column is wider for it than this. */
const usualText = 26
const indentation = 3
/** The least of a line on either side of what goes across all lanes. */
const least = 3

/** A column for each lane, as wide as its name and what mostly happens there; as wide as its name where the page is narrow. */
function columnsFor(lanes: readonly string[], lines: readonly Row[], room: number | null): Columns {
  const most = room === null ? widest : Math.min(room, widestOnTerminal)
  const inLane = (lane: string) => lines.filter((line) => line.lane === lane).map((line) => said(line).length)
  const widths = lanes.map((lane) => gap + Math.max(lane.length, Math.min(usualText, Math.max(0, ...inLane(lane)))))
  const starts = lanes.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0))
  const reach = Math.max(...lanes.map((lane, i) => starts[i]! + Math.max(widths[i]!, Math.min(usualText, ...inLane(lane)))))
  const across = lines.filter(({ lane }) => lane === null).map((line) => said(line).length + 2 * least + 2)
  const [connector] = lanes
  if (reach <= most)
    return {
      across: Math.min(most, Math.max(reach, ...across)), head: [lanes.map((lane, i) => lane.padEnd(widths[i]!)).join('')], legend: [],
      cell: (lane, text) => `${' '.repeat(starts[lanes.indexOf(lane)]!)}${text}`,
    }
  const indents = (lane: string, text: string, step: number) =>
    `${' '.repeat(lanes.indexOf(lane) * step)}${lane === connector ? text : `${lane} ${text}`}`
  // Without columns the connector’s rows begin where its name stands, and those of links name them.
  const headed = (step: number) => [connector!, `${' '.repeat(step)}further in: what each link does, by its name`]
    .flatMap((line) => broken(line, room ?? longestRow))
  if (room === null)
    return { across: widest - 2 * margin, head: headed(indentation), legend: [], cell: (lane, text) => indents(lane, text, indentation) }
  const { starts: narrow, head, legend } = narrowLanes(lanes, most)
  if (head === '') return { across: most, head: headed(narrow[1] ?? 0), legend, cell: (lane, text) => indents(lane, text, narrow[1] ?? 0) }
  return { across: most, head: [head], legend, cell: (lane, text) => `${' '.repeat(narrow[lanes.indexOf(lane)]!)}${text}` }
}

const said = ({ text, messages, times }: Row) => {
  if (times === 1) return text
  const all = [...new Set(messages)]
  if (all.length < 2) return `${text}  ×${amount(times)}`
  return `${text.replace(id, named(all))}${all.length < times ? `  ×${amount(times)}` : ''}`
}

/** The most that are named one by one. */
const mostNamed = 4
/** From the first to the last only where none between them is missing. */
function named(all: readonly string[]): string {
  if (all.length <= mostNamed) return all.join(', ')
  const number = (message: string) => Number(message.slice(1))
  const isWhole = all.every((message, i) => number(message) === number(all[0]!) + i)
  return `${all[0]} … ${all.at(-1)}${isWhole ? '' : `, ${amount(all.length)} of them`}`
}

const units = [['ms', 1, 1_000], ['s', 1_000, 120], ['min', 60_000, 120], ['h', 3_600_000, 100], ['days', 86_400_000, Infinity]] as const

/** Milliseconds in the largest unit in which neighbours still differ. */
function clock(time: number): string {
  const [name, unit] = units.find(([, one, most]) => time < one * most)!
  const n = time / unit
  return time === 0 ? '' : `${Number.isInteger(n) || n >= 10 ? Math.round(n) : n.toFixed(1)} ${name}`
}

/** In a long history, alike events in a row are one, and rows that repeat are shown once. */
function folded(found: Shown): readonly Row[] {
  const lines = rowsOf(found)
  return lines.length > manyEvents ? rounds(alike(lines)) : lines
}

/** The events as rows. */
function rowsOf(found: Shown): readonly Row[] {
  const { history, at, message } = found
  const words = wordsFor(found)
  // A process ends where nobody catches an error: what the trial recorded after that means nothing.
  const events = history[at]?.what === 'crashed' ? history.slice(0, at + 1) : history
  return events.map((event, i) => {
    const { lane, text } = words(event)
    const isAccused = message !== null && event.message === message
    return { number: i + 1, lane, text, messages: id.exec(text) ?? [], time: event.time, times: 1, breaks: i === at, isAccused }
  })
}
const manyEvents = 60
const id = /\bm\d+\b/

/** Rows of which only the message differs. */
const isLike = (a: Row, b: Row) =>
  a.lane === b.lane && !a.breaks && !b.breaks && a.isAccused === b.isAccused && a.text.replace(id, 'm') === b.text.replace(id, 'm')

function alike(lines: readonly Row[]): readonly Row[] {
  const rows: Row[] = []
  for (const line of lines) {
    const before = rows.at(-1)
    if (before && isLike(before, line)) rows[rows.length - 1] = joined(before, line)
    else rows.push(line)
  }
  return rows
}

/** One row with the next. Only the list of the last row is added to, or many alike ones would take long. */
function joined(before: Row, { messages }: Row): Row {
  const all = before.times === 1 ? [...before.messages] : before.messages as string[]
  all.push(...messages)
  return { ...before, messages: all, times: before.times + 1 }
}

const longestRound = 12
const enough = 3

/** A few rows that come at least three times in a row are shown once, and counted. */
function rounds(lines: readonly Row[]): readonly Row[] {
  const rows: Row[] = []
  for (let from = 0; from < lines.length; ) {
    let [best, times] = [1, 1]
    for (let size = 2; size <= longestRound; size++) {
      let often = 1
      while (isRound(lines, from, from + often * size, size)) often++
      if (often >= enough && often * size > best * times) [best, times] = [size, often]
    }
    rows.push(...lines.slice(from, from + best))
    from += best * times
    if (times > 1) {
      const { number, times: last } = lines[from - 1]!
      rows.push(across(`and so on, ${amount(times - 1)} times more, to ${amount(number + last - 1)}`))
    }
  }
  return rows
}

/** A row across all lanes that stands for others. */
const across = (text: string, time = 0): Row =>
  ({ number: 0, lane: null, text, messages: [], time, times: 1, breaks: false, isAccused: false })

function isRound(lines: readonly Row[], a: number, b: number, size: number): boolean {
  if (b + size > lines.length) return false
  for (let i = 0; i < size; i++) if (lines[a + i]!.times !== lines[b + i]!.times || !isLike(lines[a + i]!, lines[b + i]!)) return false
  return true
}

/** Of a long history the beginning, what is around the cross, the end, and what is about the accused message. */
function shortened(lines: readonly Row[]): readonly Row[] {
  if (lines.length <= mostLines) return lines
  const cross = lines.findIndex(({ breaks }) => breaks)
  const accused = lines.flatMap(({ isAccused }, i) => (isAccused ? [i] : []))
  const kept = new Set([...accused.slice(0, around), ...accused.slice(-around)])
  const isKept = (i: number) =>
    i < 2 * around || Math.abs(i - cross) <= around || i >= lines.length - around || kept.has(i)
  const rows: Row[] = []
  let left = 0
  for (const [i, line] of lines.entries()) {
    if (!isKept(i)) left++
    else {
      if (left > 0) rows.push(across(`${amount(left)} more lines`, lines[i - 1]!.time))
      rows.push(line)
      left = 0
    }
  }
  return rows
}
const mostLines = 150
const around = 20
