/** Sentences about a run that every page of it has: how it ends, how short it is known to be, how to see it again. */
import type { Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { amount, counted, shellWord } from './words.ts'

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

/** The document that describes it, or on which it is a variation of ours; or else the file that it is written in. */
export function sourceSentence({ component, source, title, isVariation, from }: DescribedRun): string {
  if (source !== '') return `${isVariation ? 'A variation on' : 'Source:'} ${source}, ${title}.`
  const titled = title === component ? '' : `: ${title}`
  return from === null ? `Of our own${titled}.` : `Written in ${from.file}, as ${from.export}${titled}.`
}

/** The command that shows it again. A schedule in which steps repeat has brackets, and a shell wants those quoted. */
export function replayCommand({ component, variant, from, schedule, replay }: DescribedRun): string {
  const name = from === null ? component : `${from.file}#${from.export}`
  return `npx unwedge replay ${shellWord(`${name}/${variant}`)} ${shellWord(schedule)} ${replay}`
}

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

/** What so many do, where `does` says what several do. */
const doing = (n: number, does: string) => (n === 1 ? does.replace(/^\w+/, '$&s') : does)

/** Where a limit is, such as `1 attachment passes, 2 wedge`. */
export const limitSentence = ({ passes, breaks, of, does }: NonNullable<Counterexample['threshold']>): string =>
  `${counted(passes, of)} ${passes === 1 ? 'passes' : 'pass'}, ${amount(breaks)} ${doing(breaks, does)}`
