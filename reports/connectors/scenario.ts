/** A scenario in sentences: what it consists of, how it was found, and what each part of it is needed for. */
import type { Lacking, Violation } from '../../spec/evidence/violation.ts'
import { goingBack, lettingPass, workersFor } from '../../spec/fault.ts'
import { type Burst, type Fault, type Fresh, plainly, type Scenario } from '../../spec/scenario.ts'
import { isLinkFault, linkDoes } from '../text/event.ts'
import { amount, counted } from '../text/words.ts'

/** What a connector was tried with, in sentences. */
export function scenarioSentences(found: Pick<Violation, 'scenario' | 'history' | 'clock' | 'repeats'>): readonly string[] {
  const { scenario, clock: time, repeats } = found
  const { links, workers, recipients = 1, schedule } = scenario
  const of = (n: number, noun: string) => `${amount(n)} ${noun}${n === 1 ? '' : 's'}`
  return [
    `${burstsIn(scenario)}${recipients > 1 ? `, each for ${amount(recipients)} recipients` : ''}; `
      + `${of(links, 'link')}, ${of(workers, 'worker')}; ${faultsIn(found)}${calmIn(scenario)}.`,
    schedule.some((position) => position > 0)
      ? `Calls take effect out of their order: positions ${schedule.join('/')}.`
      : 'Calls take effect in the order in which they are made.',
    time === 'virtual' ? 'Virtual time; “never” means that nothing was left to happen.'
      : 'Real time; “never” means a deadline, measured from healthy runs.',
    ...(repeats ? [] : ['The same scenario does not always give the same history, so only facts are judged.']),
  ]
}

/** How the scenario was found, in a sentence. */
export function howFound({ found, seed, runs, tries }: Violation): string {
  if (found === 'once') return `Seen once, in scenario ${amount(runs)} of seed ${seed}: when the same scenario ran again, every law was kept.`
  if (found === 'in every order') return `Found in order ${amount(runs)} of all orders in which so few messages can take effect.`
  if (found === 'kept' && runs === 0) return 'Kept since it was first found.'
  if (found === 'kept') return `First found in scenario ${amount(runs)} of seed ${seed}, and kept since.`
  if (tries === 0) return `Found in scenario ${amount(runs)} of seed ${seed}, and left as it was drawn.`
  return `Found in scenario ${amount(runs)} of seed ${seed}; shrunk in ${amount(tries)} more, not proved smallest.`
}

/**
 * Which parts matter, in sentences: that one does is only said where every law was kept without it, and would be again. What is
 * not known is said too.
 */
export function whatMatters(found: Violation): readonly string[] {
  const { lacking, repeats, clock, scenario } = found
  if (lacking === undefined) return ['Which parts of it matter was not tried.']
  const [needed, spare, open] = (['kept', 'broken', 'not known'] as const).map((is) => lacking.filter(({ outcome }) => outcome === is))
  if (lacking.length === 0)
    return [scenario.stream.length === 1 && scenario.stream[0]!.count === 1 ? 'There is nothing to leave out.'
      : 'It has too many parts to try which of them matter.']
  if (!repeats || clock === 'real')
    return [
      `Left out one by one, ${amount(needed!.length)} of ${counted(lacking.length, 'parts')} made a difference, in one run each: that may be `
        + 'chance.',
    ]
  const named = (parts: readonly Lacking[]) => parts.map((each) => withoutPart(found, each)[0]).join('; ')
  const [same, another] = [spare!.filter(({ law }) => law === found.law.name), spare!.filter(({ law }) => law !== found.law.name)]
  if (spare!.length + open!.length === 0) return ['Every part of it matters: without any one, every law is kept.', ...sizes(found, needed!)]
  return [
    ...sizes(found, needed!),
    `${needed!.length === 0 ? 'No part of it is known to matter by itself.' : `Without ${needed!.length === 1 ? 'this' : 'any one of these'}, every law is `
      + `kept: ${named(needed!)}.`}`,
    ...(same.length === 0 ? [] : [`Without ${same.length === 1 ? 'this' : 'any one of these'}, the law is broken all the same: ${named(same)}.`]),
    ...(another.length === 0 ? [] : [`Without ${another.length === 1 ? 'this' : 'any one of these'}, another law is broken instead: ${named(another)}.`]),
    ...(open!.length === 0 ? [] : [`Not known: ${named(open!)}.`]),
  ]
}

/** So few messages are no size that somebody has chosen. */
const fewMessages = 3
/** Of a burst that one message fewer makes harmless, both numbers. */
const sizes = ({ scenario }: Violation, needed: readonly Lacking[]): readonly string[] => needed.flatMap(({ part, at }) => {
  const { count } = scenario.stream[at] ?? { count: 0 }
  return part === 'message' && count > fewMessages
    ? [`With ${amount(count - 1)} of the ${burst(scenario.stream[at]!, scenario)}, every law is kept; all ${amount(count)} break one.`] : []
})

/** Which part is left out, and what happens then. */
export function withoutPart(found: Violation, left: Lacking): readonly [what: string, then: string] {
  const { scenario, law: { name } } = found
  const { stream, faults, workers } = scenario
  const one = () => burst(stream[at]!, scenario)
  const { part, at, law, says, outcome } = left
  const then = outcome === 'not known' ? says : law === null ? 'every law is kept'
    : law === name ? `the same: ${says}` : `‘${law}’ is broken: ${says}`
  switch (part) {
    case 'message': return [`${stream[at]!.count === 1 ? `the ${one().slice(2)}` : `one message of ${one()}`}${which(stream.map((each) => burst(each, scenario)), at)}`, then]
    case 'kind': return [`what is ‘${stream[at]!.kind}’ in ${burst(plainly(stream[at]!), scenario)}`, then]
    case 'fault': return [`the fault ‘${faultIn(faults[at]!, scenario)}’${whichFault(scenario, at)}`, then]
    case 'workers': return [`one of ${workers} workers`, then]
    case 'recipients': return [`one of ${scenario.recipients ?? 1} recipients`, then]
    case 'fresh': return [`the ${fresh(scenario, [scenario.calm![at]!])}`, then]
    case 'order': return ['the order of calls: they take effect as they are made', then]
  }
}

/** Which one it is, where several are called alike. */
function which(names: readonly string[], at: number): string {
  const alike = names.flatMap((name, i) => (name === names[at] ? [i] : []))
  return alike.length === 1 ? '' : `, number ${amount(alike.indexOf(at) + 1)} of ${amount(alike.length)} alike`
}

/** Of those that are the same, none has a number. */
function whichFault(scenario: Scenario, at: number): string {
  const { faults } = scenario
  const alike = faults.filter((each) => isSame(each, faults[at]!)).length
  const names = faults.map((each) => faultIn(each, scenario))
  return alike > 1 && alike === names.filter((name) => name === names[at]).length ? `, one of ${amount(alike)} alike` : which(names, at)
}

/** The number of a link in a scenario that has fewer: they are counted round and round. */
const linkOf = (number: number, { links }: Scenario) => amount(((number - 1) % links) + 1)
const burst = ({ count, kind, link, only }: Burst, scenario: Scenario) => {
  const recipients = Math.min(scenario.recipients ?? 1, scenario.links)
  const alone = only === undefined || recipients === 1 ? '' : ` (${kind} over link ${linkOf(link + (only - 1) % recipients, scenario)} alone)`
  return `${amount(count)} ${kind} message${count === 1 ? '' : 's'} for link ${linkOf(link, scenario)}${alone}`
}

/** Fresh messages that came together, those that are alike as one burst. */
function fresh(scenario: Scenario, messages: readonly Fresh[]): string {
  const bursts = new Map<string, Burst>()
  for (const { kind, link } of messages) {
    const key = `${kind} ${link}`
    bursts.set(key, { count: (bursts.get(key)?.count ?? 0) + 1, kind, link })
  }
  return `fresh ${[...bursts.values()].map((each) => burst(each, scenario)).join(', ')}`
}

/** The fresh messages that came, where they are not those of every trial. */
function calmIn(scenario: Scenario): string {
  const [soon, later] = ([false, true] as const).map((is) => (scenario.calm ?? []).filter((each) => (each.later ?? false) === is))
  return `${soon!.length > 0 ? `; then ${fresh(scenario, soon!)}` : ''}${later!.length > 0 ? `; ten minutes later ${fresh(scenario, later!)}` : ''}`
}

/** The faults that came about, in their order, each with when. One that cannot happen to a connector is none. */
function faultsIn({ scenario, history }: Pick<Violation, 'scenario' | 'history'>): string {
  const left = history.map(({ what }) => what)
  // Of one that took its process with it, only the end may be known.
  const came = scenario.faults.filter(({ what }) => {
    const at = left.indexOf(what)
    if (at >= 0) left.splice(at, 1)
    return at >= 0 || history.length === 1
  })
  if (came.length === 0) return 'no faults'
  return inARow(came, isSame).map(([fault, times]) => `${faultIn(fault, scenario)}, ${times > 1 ? `${amount(times)} times ` : ''}`
    + `${fault.after === 0 ? 'at the start' : `after ${amount(fault.after)} turn${fault.after === 1 ? '' : 's'}`}`).join('; ')
}

/** Many that are the same in a row are told of as one. */
const burstsIn = (scenario: Scenario) => inARow(scenario.stream, isAlike).flatMap(([each, times]) => {
  const one = burst(each, scenario)
  return times < manyBursts ? Array<string>(times).fill(one) : [`${amount(times)} times ${one}`]
}).join(', ')
const manyBursts = 3

/** Those that are the same in a row as one, and how many of it there are. */
function inARow<T>(all: readonly T[], is: (a: T, b: T) => boolean): readonly (readonly [T, number])[] {
  const rows: [T, number][] = []
  for (const each of all) {
    const last = rows.at(-1)
    if (last && is(last[0], each)) last[1]++
    else rows.push([each, 1])
  }
  return rows
}

const isAlike = (a: Burst, b: Burst) => a.count === b.count && a.kind === b.kind && a.link === b.link

const isSame = (a: Fault, b: Fault) => a.what === b.what && a.on === b.on && a.after === b.after

function faultIn({ what, on }: Fault, scenario: Scenario): string {
  if (isLinkFault(what)) return `link ${linkOf(on, scenario)} ${linkDoes[what]}`
  // What says how much, says so: one that lets an hour pass is another than one that lets a moment pass.
  if (what === 'time passes') return `${amount(lettingPass({ what, on }))} ms pass`
  if (what === 'clock goes back') return `the date goes back ${amount(goingBack(on))} ms`
  if (what === 'workers change') return `workers change to ${amount(workersFor(on))}`
  return what
}
