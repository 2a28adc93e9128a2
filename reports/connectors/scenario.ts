/** A scenario in sentences: what it consists of, how it was found, and what each part of it is needed for. */
import type { Lacking, Violation } from '../../spec/evidence/violation.ts'
import type { Burst, Fault } from '../../spec/scenario.ts'
import { amount } from '../text/words.ts'

/** What a connector was tried with, in sentences. */
export function scenarioSentences({ scenario, clock: time, repeats }: Violation): readonly string[] {
  const of = (n: number, noun: string) => `${amount(n)} ${noun}${n === 1 ? '' : 's'}`
  return [
    `${scenario.stream.map(burst).join(', ')}; ${of(scenario.links, 'link')}, ${of(scenario.workers, 'worker')}; ${faultsIn(scenario.faults)}.`,
    scenario.schedule.some((position) => position > 0)
      ? `Calls take effect out of their order: positions ${scenario.schedule.join('/')}.`
      : 'Calls take effect in the order in which they are made.',
    time === 'virtual' ? 'Virtual time; “never” means that nothing was left to happen.'
      : 'Real time; “never” means a deadline, measured from healthy runs.',
    ...(repeats ? [] : ['The same scenario does not always give the same history, so only facts are judged.']),
  ]
}

/** How the scenario was found, in a sentence. */
export function howFound({ found, seed, runs, tries }: Violation): string {
  if (found === 'in every order') return `Found in order ${amount(runs)} of all orders in which so few messages can take effect.`
  if (found === 'kept' && runs === 0) return 'Kept since it was first found.'
  if (found === 'kept') return `First found in scenario ${amount(runs)} of seed ${seed}, and kept since.`
  return `Found in scenario ${amount(runs)} of seed ${seed}; shrunk in ${amount(tries)} more, not proved smallest.`
}

/** Whether every part matters: without any one of them, every law is kept. */
export const isAllNeeded = ({ lacking = [] }: Violation) => lacking.length > 0 && lacking.every(({ law }) => law === null)
export const allNeeded = 'Every part of it matters: without any one, every law is kept.'

/** Which part is left out, and what happens then. */
export function withoutPart(found: Violation, left: Lacking): readonly [what: string, then: string] {
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
