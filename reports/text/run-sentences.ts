/** Sentences about a run that every page of it has: how it ends, how short it is known to be, how to see it again. */
import type { Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { laws } from '../../spec/laws.ts'
import { amount, counted, shellWord } from './words.ts'

export const lawful = 'This run breaks no law.'

/** Its messages and how much of everything there is, a line each; none where there is nothing to say. */
export function whatThereIs({ messages, scope, begin }: DescribedRun): readonly string[] {
  const sizes = Object.entries(scope).map(([size, n]) => `${size} ${amount(n)}`)
  return [
    ...(messages.length === 0 ? [] : [`${messages.map(({ name, is }) => (is === '' ? name : `${name}: ${is}`)).join(' · ')}.`]),
    ...(sizes.length === 0 ? [] : [`Scope: ${sizes.join(', ')}.`]),
    ...(begin === 0 ? [] : [`It begins in another of the ways there are: ${amount(begin)}.`]),
  ]
}

/** What the run shows at its end, in a sentence. */
export function ending(found: Counterexample): string {
  const { law, message, stem } = found
  if (!laws.some(({ name }) => name === law.name)) return ownEnding(found)
  const so = law.name === 'nothing wedges' ? `${message} is not delivered` : `${message} has no verdict`
  if (stem !== null) return `The run goes round for ever, and ${so}.`
  if (law.name === 'none twice') return `${message} is delivered twice.`
  if (law.name === 'honest') return `The verdict on ${message} is false.`
  if (law.name === 'links are independent') return `Nothing more happens until time passes, and ${message} still has no verdict, though it is due.`
  return `Nothing more can happen, and ${so}.`
}

/** The same of a law of one’s own. */
function ownEnding({ law, about, stem, since }: Counterexample): string {
  const of = about === '' ? '' : ` of ${about}`
  const ends = stem === null ? 'Nothing more can happen' : 'The run goes round for ever'
  switch (law.when) {
    case 'every step': return `The last step breaks it${of}.`
    case 'can be reached': return `It is so in no state that can be reached${of}.`
    case 'can always be reached': return `From here on no way leads there${about === '' ? '' : ` for ${about}`}.`
    case 'in the end': return `${ends}, and it ${stem === null ? 'does not hold' : 'holds nowhere on the way round'}${of}.`
    case 'eventually': return `${ends}, and it ${stem === null ? 'was' : 'is'} never so${of}.`
    case 'leads to':
      return `It is due${about === '' ? '' : ` for ${about}`} ${since === 0 ? 'from the start' : `after step ${amount(since!)}`}. ${ends}, and it has not come.`
    default: return `Here it does not hold${of}.`
  }
}

/** More answers than these say little of what to do. */
const fewAnswers = 4

/** What to do about it, where the questions say it that it answers otherwise than the right one: each, and what to answer instead. */
export function toDo({ answers }: Counterexample): readonly { readonly asks: string; readonly instead: readonly string[] }[] {
  if (answers.length > fewAnswers) return []
  return [...new Set(answers.map(({ asks }) => asks))].map((asks) => ({
    asks, instead: answers.filter((answer) => answer.asks === asks).map(({ found, fixed, here }) =>
      `‘${fixed}’, and not ‘${here}’${found === '' ? '' : `, if it is ‘${found}’`}.`),
  }))
}
export const toDoTitle = 'What to do: answer as the right one does.'

/** The document that describes it, or on which it is a variation of ours; or else the file that it is written in. */
export function sourceSentence({ component, source, title, isVariation, from }: DescribedRun): string {
  if (source !== '') return `${isVariation ? 'A variation on' : 'Source:'} ${source}, ${title}.`
  const titled = title === component ? '' : `: ${title}`
  return from === null ? title === component ? '' : `${title}.` : `Written in ${from.file}, as ${from.export}${titled}.`
}

/** The command that shows it again. A schedule in which steps repeat has brackets, and a shell wants those quoted. */
export function replayCommand(run: DescribedRun & Partial<Pick<Counterexample, 'law'>>): string {
  const { component, variant, from, schedule, replay, law } = run
  const name = from === null ? component : `${from.file}#${from.export}`
  // No run shows what is so nowhere: only a look at all states does.
  if (law?.when === 'can be reached') return `npx unwedge explore ${shellWord(`${name}/${variant}`)} ${replay}`.trimEnd()
  return `npx unwedge replay ${shellWord(`${name}/${variant}`)} ${shellWord(schedule)} ${replay}`.trimEnd()
}

const ofOrbits = ({ areOrbits }: { readonly areOrbits?: true }) =>
  (areOrbits ? ', each for all that differ only in which of several alike things is which' : '')

/** How it is known that no shorter run breaks the law. */
export function minimality({ minimality: known, stem, length }: Counterexample): string {
  const cycle = stem === null ? '' : ', the cycle counted once'
  switch (known.known) {
    case 'proved':
      if (length === 0) return 'It is so from the start.'
      return `No shorter run breaks it${cycle}: all ${amount(known.nearer)} states nearer than this keep the law${ofOrbits(known)}.`
    case 'proved but for the cycle':
      return `No shorter run that ends breaks it: all ${amount(known.nearer)} states nearer keep the law${ofOrbits(known)}. A shorter cycle may exist.`
    case 'nowhere':
      return `All ${amount(known.states)} states were visited${ofOrbits(known)}.`
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
