/** Words that every page shares, and the guard on what comes from outside. */
import type { Counterexample, Repeat, Step, DescribedRun } from '../../spec/evidence/counterexample.ts'

export const lawful = 'This run breaks no law.'

/** What the run shows at its end, in a sentence. */
export function ending(found: Counterexample): string {
  const { law, message, stem } = found
  const so = law.name === 'nothing wedges' ? `${message} is not delivered` : `${message} has no verdict`
  if (stem !== null) return `The run goes round for ever, and ${so}.`
  if (law.name === 'none twice') return `${message} is delivered twice.`
  if (law.name === 'honest') return `The verdict on ${message} is false.`
  if (law.name === 'links are independent') return `Nothing more happens before time passes, and ${message} does not have the verdict that is due.`
  return `Nothing more can happen, and ${so}.`
}

/** The command that shows it again. A schedule in which steps repeat has brackets, and a shell wants those quoted. */
export function replayCommand({ component, variant, schedule, replay }: DescribedRun): string {
  return `npx unwedge replay ${shellWord(`${component}/${variant}`)} ${shellWord(schedule)} ${replay}`
}
/** A word as a shell takes it for itself. */
export const shellWord = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Whether a step has a lane: what the world does to a component goes across all lanes. */
export const inLane = (step: Step) => step.kind === 'progress' || step.kind === 'timer'

/** The actors, in the order in which they first act; those of one kind together, by their numbers. */
export function lanesOf(run: readonly Repeat[]): readonly string[] {
  const actors = [...new Set(run.flatMap(({ steps }) => steps).filter(inLane).map(({ who }) => who))]
  const kinds = [...new Set(actors.map(kindOf))]
  return actors.sort((a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)) || a.localeCompare(b, 'en', { numeric: true }))
}
const kindOf = (actor: string) => actor.replace(/ \d+$/, '')

/** How it is known that no shorter run breaks the law. */
export function minimality({ minimality: known, stem }: Counterexample): string {
  const cycle = stem === null ? '' : ', the cycle counted once'
  switch (known.known) {
    case 'proved':
      return `No shorter run breaks it${cycle}: all ${amount(known.nearer)} states nearer than this keep the law.`
    case 'proved but for the cycle':
      return `No shorter run that ends breaks it: all ${amount(known.nearer)} states nearer keep the law. A shorter cycle may exist.`
    case 'shrunk':
      return `Shrunk, not proved shortest: the shortest of ${amount(known.runs)} runs.`
    case 'replayed':
      return 'Replayed; no shorter run was looked for.'
  }
}

export const amount = (n: number) => n.toLocaleString('en-US')
/** Such as `1 message` or `2 messages`. */
export const amountOf = (n: number, one: string, many = `${one}s`) => `${amount(n)} ${n === 1 ? one : many}`
/** So many of what is named in the plural. */
export const counted = (n: number, of: string) => `${amount(n)} ${n === 1 ? of.replace(/(?<=\w)s\b/, '') : of}`
/** What so many do, where `does` says what several do. */
const doing = (n: number, does: string) => (n === 1 ? does.replace(/^\w+/, '$&s') : does)

/** Where a limit is, such as `1 attachment passes, 2 wedge`. */
export const limitSentence = ({ passes, breaks, of, does }: NonNullable<Counterexample['threshold']>): string =>
  `${counted(passes, of)} ${passes === 1 ? 'passes' : 'pass'}, ${amount(breaks)} ${doing(breaks, does)}`

/**
 * A line that a terminal will only print, and as one line: control characters, escapes, bidirectional controls and lone
 * surrogates are shown as what they are.
 */
export const plain = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)

/** Such as `12 ms` or `3.4 s`. */
export const duration = (milliseconds: number): string =>
  milliseconds < 999.5 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
