/** A real connector’s history as text: a lane for the connector and one for each link, faults across all of them. */
import type { Batch, Blow } from '../spec/ordeal.ts'
import type { Trouble } from '../spec/trouble.ts'
import { advice } from './advice.ts'
import { worded } from './event.ts'
import { amount, plain } from './words.ts'

/** The whole page. */
export function historyPage(found: Trouble): string {
  return [
    `${found.connector}, ${found.guarantee}`, '',
    `  ✗ ${found.law.says}`,
    `    ${found.says}`, '',
    ...timeline(found).map((line) => line.trimEnd()), '',
    ...notes(found).map((line) => `  ${line}`), '',
  ].map(plain).join('\n')
}

const margin = 8
const gap = 2

interface Line {
  /** Of the first event of it, from 1. */
  readonly number: number
  /** The lane, or null across all of them. */
  readonly lane: string | null
  readonly text: string
  readonly time: number
  readonly times: number
  readonly breaks: boolean
}

/** What happened, event by event, a cross at where it shows. */
export function timeline(found: Pick<Trouble, 'connector' | 'history' | 'at'>): readonly string[] {
  const lines = folded(found)
  const lanes = [found.connector, ...new Set(lines.flatMap(({ lane }) => (lane === null || lane === found.connector ? [] : [lane])))]
  const cells = lines.filter(({ lane }) => lane !== null).map(({ text, times }) => said(text, times).length)
  const width = gap + Math.max(...lanes.map((lane) => lane.length), ...cells)
  const across = width * lanes.length
  const numbers = lines.map(({ number, times }) => (times === 1 ? amount(number) : `${amount(number)}–${amount(number + times - 1)}`))
  const numbered = Math.max(...numbers.map((number) => number.length), 3) + gap
  const head = `${' '.repeat(numbered + margin)}${lanes.map((lane) => lane.padEnd(width)).join('')}`
  return [head, ...lines.map(({ lane, text, times, time, breaks }, i) => {
    const cell = lane === null ? ` ${said(text, times)} ` : `${' '.repeat(lanes.indexOf(lane) * width)}${said(text, times)}`
    const left = Math.max(3, Math.floor((across - cell.length) / 2))
    const row = lane !== null ? cell.padEnd(across)
      : `${'─'.repeat(left)}${cell}${'─'.repeat(Math.max(3, across - left - cell.length))}`
    return `${numbers[i]!.padStart(numbered)}${clock(time).padStart(margin - gap)}${breaks ? ' ✗' : '  '}${row}`
  })]
}

const said = (text: string, times: number) => (times === 1 ? text : `${text}  ×${amount(times)}`)
const clock = (time: number) => time === 0 ? '' : time < 10_000 ? `${time} ms`
  : time < 6_000_000 ? `${Math.round(time / 1000)} s` : `${Math.round(time / 3_600_000)} h`

/** The events as lines; like ones in a row as one. */
function folded({ history, at, connector }: Pick<Trouble, 'connector' | 'history' | 'at'>): readonly Line[] {
  const lines: Line[] = []
  for (const [i, event] of history.entries()) {
    const { lane, text } = worded(event, connector)
    const breaks = i === at
    const last = lines.at(-1)
    const kin = last && last.lane === lane && last.text.replace(/\bm\d+\b/g, 'm') === text.replace(/\bm\d+\b/g, 'm')
    if (kin && !breaks && !last.breaks && history.length > manyEvents)
      lines[lines.length - 1] = { ...last, times: last.times + 1, text: last.text }
    else lines.push({ number: i + 1, lane, text, time: event.time, times: 1, breaks })
  }
  return lines
}
const manyEvents = 60

function notes(found: Trouble): readonly string[] {
  const { notApplicable, diagnosis, again } = found
  return [
    ...ordealOf(found), come(found),
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

/** What the connector was put through, in sentences. */
export function ordealOf({ ordeal, clock: time, repeats }: Trouble): readonly string[] {
  const of = (n: number, noun: string) => `${amount(n)} ${noun}${n === 1 ? '' : 's'}`
  return [
    `${ordeal.stream.map(batch).join(', ')}; ${of(ordeal.links, 'link')}, ${of(ordeal.workers, 'worker')}; ${faults(ordeal.faults)}.`,
    ordeal.schedule.some((position) => position > 0)
      ? `Calls take effect out of their order: positions ${ordeal.schedule.join('/')}.`
      : 'Calls take effect in the order in which they are made.',
    time === 'virtual' ? 'Virtual time; “never” means that nothing was left to happen.'
      : 'Real time; “never” means a deadline, measured from healthy runs.',
    ...(repeats ? [] : ['The same ordeal does not always give the same history: judged on facts only.']),
  ]
}

/** How the ordeal was come upon. */
export function come({ found, seed, runs, tries }: Trouble): string {
  if (found === 'in every order') return `Found in order ${amount(runs)} of all that so few messages can take effect in.`
  if (found === 'kept' && runs === 0) return 'Kept since it was first found.'
  if (found === 'kept') return `First found in ordeal ${amount(runs)} of seed ${seed}, and kept since.`
  return `Found in ordeal ${amount(runs)} of seed ${seed}; shrunk in ${amount(tries)} more, not proved smallest.`
}

const batch = ({ count, kind, link }: Batch) => `${amount(count)} ${kind} message${count === 1 ? '' : 's'} for link ${link}`
const faults = (blows: readonly Blow[]) => blows.length === 0 ? 'no faults'
  : blows.map(({ what, after }) => `${what} after ${after} turn${after === 1 ? '' : 's'}`).join(', ')
