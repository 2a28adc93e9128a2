/** A real connector’s history as text: a lane for the connector and one for each link, faults across all of them. */
import type { Burst, Fault } from '../../spec/scenario.ts'
import type { Lacking, Violation } from '../../spec/evidence/violation.ts'
import { advice } from './advice.ts'
import { worded } from './event.ts'
import { amount, plain } from './words.ts'

/** The whole page. */
export function historyPage(found: Violation): string {
  return [
    `${found.connector}, ${found.guarantee}`, '',
    `  ✗ ${found.law.says}`,
    `    ${found.says}`, '',
    ...timeline(found).map((line) => line.trimEnd()), '',
    ...notes(found).map((line) => `  ${line}`), '',
  ].map(plain).join('\n')
}

const margin = 10
const gap = 2

interface Line {
  /** Of the first event of it, from 1. */
  readonly number: number
  /** The lane, or null across all of them. */
  readonly lane: string | null
  readonly text: string
  /** The text of the last event of it. */
  readonly last: string
  readonly time: number
  readonly times: number
  readonly breaks: boolean
}

/** What happened, event by event, a cross at where it shows. */
export function timeline(found: Pick<Violation, 'connector' | 'history' | 'at'>): readonly string[] {
  const lines = shortened(folded(found))
  const lanes = [found.connector, ...new Set(lines.flatMap(({ lane }) => (lane === null || lane === found.connector ? [] : [lane])))]
  const cells = lines.filter(({ lane }) => lane !== null).map((line) => said(line).length)
  const width = gap + Math.max(...lanes.map((lane) => lane.length), ...cells)
  const across = width * lanes.length
  const numbers = lines.map(({ number, times }) => (number === 0 ? '' : times === 1 ? amount(number) : `${amount(number)}–${amount(number + times - 1)}`))
  const numbered = Math.max(...numbers.map((number) => number.length), 3) + gap
  const head = `${' '.repeat(numbered + margin)}${lanes.map((lane) => lane.padEnd(width)).join('')}`
  return [head, ...lines.map((line, i) => {
    const { lane, time, breaks } = line
    const cell = lane === null ? ` ${said(line)} ` : `${' '.repeat(lanes.indexOf(lane) * width)}${said(line)}`
    const left = Math.max(3, Math.floor((across - cell.length) / 2))
    const row = lane !== null ? cell.padEnd(across)
      : `${'─'.repeat(left)}${cell}${'─'.repeat(Math.max(3, across - left - cell.length))}`
    return `${numbers[i]!.padStart(numbered)}${clock(time).padStart(margin - gap)}${breaks ? ' ✗' : '  '}${row}`
  })]
}

const said = ({ text, last, times }: Line) => {
  if (times === 1) return text
  const [first] = id.exec(text) ?? []
  const [end] = id.exec(last) ?? []
  if (first === end) return `${text}  ×${amount(times)}`
  return text.replace(id, `${first}${times === 2 ? ',' : ' …'} ${end}`)
}

const units = [['ms', 1, 1_000], ['s', 1_000, 120], ['min', 60_000, 120], ['h', 3_600_000, 100], ['days', 86_400_000, Infinity]] as const

/** Milliseconds in the largest unit that still tells neighbours apart. */
function clock(time: number): string {
  const [name, unit] = units.find(([, one, most]) => time < one * most)!
  const n = time / unit
  return time === 0 ? '' : `${Number.isInteger(n) || n >= 10 ? Math.round(n) : n.toFixed(1)} ${name}`
}

/** The events as lines; in a long history what is alike in a row as one, and what comes round and round once. */
function folded({ history, at, connector }: Pick<Violation, 'connector' | 'history' | 'at'>): readonly Line[] {
  // A process ends where nobody catches an error; what a trial went on with says no more.
  const told = history[at]?.what === 'crashed' ? history.slice(0, at + 1) : history
  const lines: Line[] = told.map((event, i) => {
    const { lane, text } = worded(event, connector)
    return { number: i + 1, lane, text, last: text, time: event.time, times: 1, breaks: i === at }
  })
  return told.length > manyEvents ? rounds(alike(lines)) : lines
}
const manyEvents = 60
const id = /\bm\d+\b/

/** Lines of which only the message differs. */
const isLike = (a: Line, b: Line) => a.lane === b.lane && !a.breaks && !b.breaks && a.text.replace(id, 'm') === b.text.replace(id, 'm')

function alike(lines: readonly Line[]): readonly Line[] {
  const rows: Line[] = []
  for (const line of lines) {
    const before = rows.at(-1)
    if (before && isLike(before, line)) rows[rows.length - 1] = { ...before, last: line.text, times: before.times + 1 }
    else rows.push(line)
  }
  return rows
}

const longestRound = 12
const enough = 3

/** What comes at least three times in a row, a few lines of it at a time, stands there once, and is counted. */
function rounds(lines: readonly Line[]): readonly Line[] {
  const rows: Line[] = []
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

/** A line across all lanes that stands for others. */
const across = (text: string, time = 0): Line => ({ number: 0, lane: null, text, last: text, time, times: 1, breaks: false })

function isRound(lines: readonly Line[], a: number, b: number, size: number): boolean {
  if (b + size > lines.length) return false
  for (let i = 0; i < size; i++) if (lines[a + i]!.times !== lines[b + i]!.times || !isLike(lines[a + i]!, lines[b + i]!)) return false
  return true
}

function notes(found: Violation): readonly string[] {
  const { notApplicable, diagnosis, again } = found
  return [
    ...scenarioOf(found), come(found), ...(isAllNeeded(found) ? [allNeeded] : []),
    ...notApplicable.map(({ what, because }) => `Not applicable, ${what}: because ${because}.`),
    ...(diagnosis === null ? [] : [diagnosis]), '',
    ...wrapped(`What to do: ${advice(found).join(' ')}`), '',
    again,
  ]
}

const widest = 116

/** A paragraph as lines. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && line.length <= widest) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

/** Of a long tale the beginning, what comes before and after the cross, and the end. */
function shortened(lines: readonly Line[]): readonly Line[] {
  if (lines.length <= mostLines) return lines
  const cross = lines.findIndex(({ breaks }) => breaks)
  const isTold = (i: number) => i < 2 * around || Math.abs(i - cross) <= around || i >= lines.length - around
  const told: Line[] = []
  let untold = 0
  for (const [i, line] of lines.entries()) {
    if (!isTold(i)) untold++
    else {
      if (untold > 0) told.push(across(`${amount(untold)} more lines`, lines[i - 1]!.time))
      told.push(line)
      untold = 0
    }
  }
  return told
}
const mostLines = 150
const around = 20

/** What the connector was put through, in sentences. */
export function scenarioOf({ scenario, clock: time, repeats }: Violation): readonly string[] {
  const of = (n: number, noun: string) => `${amount(n)} ${noun}${n === 1 ? '' : 's'}`
  return [
    `${scenario.stream.map(burst).join(', ')}; ${of(scenario.links, 'link')}, ${of(scenario.workers, 'worker')}; ${faultsIn(scenario.faults)}.`,
    scenario.schedule.some((position) => position > 0)
      ? `Calls take effect out of their order: positions ${scenario.schedule.join('/')}.`
      : 'Calls take effect in the order in which they are made.',
    time === 'virtual' ? 'Virtual time; “never” means that nothing was left to happen.'
      : 'Real time; “never” means a deadline, measured from healthy runs.',
    ...(repeats ? [] : ['The same scenario does not always give the same history: judged on facts only.']),
  ]
}

/** How the scenario was come upon. */
export function come({ found, seed, runs, tries }: Violation): string {
  if (found === 'in every order') return `Found in order ${amount(runs)} of all that so few messages can take effect in.`
  if (found === 'kept' && runs === 0) return 'Kept since it was first found.'
  if (found === 'kept') return `First found in scenario ${amount(runs)} of seed ${seed}, and kept since.`
  return `Found in scenario ${amount(runs)} of seed ${seed}; shrunk in ${amount(tries)} more, not proved smallest.`
}

/** Whether without any one part every law is kept. */
const isAllNeeded = ({ lacking = [] }: Violation) => lacking.length > 0 && lacking.every(({ law }) => law === null)
const allNeeded = 'It takes all of this: without any one part of it, every law is kept.'

/** What is left out, and what happens then. */
export function without(found: Violation, left: Lacking): readonly [what: string, then: string] {
  const { scenario: { stream, faults, workers }, law: { name } } = found
  const { part, at, law, says } = left
  const then = law === null ? 'every law is kept' : law === name ? `the same: ${says}` : `‘${law}’ is broken: ${says}`
  switch (part) {
    case 'message': return [stream[at]!.count === 1 ? `the ${burst(stream[at]!).slice(2)}` : `one message of ${burst(stream[at]!)}`, then]
    case 'kind': return [`what is ‘${stream[at]!.kind}’ in ${burst({ ...stream[at]!, kind: 'plain' })}`, then]
    case 'fault': return [`the fault ‘${faults[at]!.what}’`, then]
    case 'workers': return [`one of ${workers} workers`, then]
    case 'order': return ['the order of calls: they take effect as they are made', then]
  }
}

const burst = ({ count, kind, link }: Burst) => `${amount(count)} ${kind} message${count === 1 ? '' : 's'} for link ${link}`
const faultsIn = (faults: readonly Fault[]) => faults.length === 0 ? 'no faults'
  : faults.map(({ what, after }) => `${what} after ${after} turn${after === 1 ? '' : 's'}`).join(', ')
