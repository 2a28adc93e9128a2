/**
 * Whether things that are declared alike are: whichever of them is which, the same may happen next, and the same laws are
 * broken.
 *
 * It is asked of the states that a search of orbits has come to. In each, alike things are swapped in every way, as far as
 * that goes, and every rule must then lead to the same orbits as before. What is seen so is no proof for a large space; it
 * is one where all of it was looked at, for a search of orbits goes wrong first in a state that it has come to itself.
 */
import type { ModelLaw } from '../../spec/laws.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { Machine } from '../model/machine.ts'
import { OutOfDomain, scratch } from '../model/views.ts'
import { UsageError } from '../usage-error.ts'
import { type Orbits, swapsOf } from './symmetry.ts'

/** So many states with things swapped are looked at, half of them nearest a start and half spread over the others, */
const mostLooks = 4_000
/** and of each orbit so many at the most: all that there are of three and three. */
const mostOfOrbit = 36

/** States that a search of orbits has come to. */
interface Reached {
  readonly machine: Machine
  readonly words: Int32Array
  readonly states: number
}

/** Throws `UsageError` where one of them shows that alike things are not. */
export function checkAlike({ machine, words, states }: Reached, orbits: Orbits, laws: readonly ModelLaw[]): void {
  const swaps = swapsOf(machine)
  let left = mostLooks
  let stride = 1
  for (let state = 0; state < states && left > 0; state += stride) {
    left -= lookAt(state * machine.words)
    if (stride === 1 && left < mostLooks / 2) stride = Math.max(1, Math.ceil((states - state) / (left / mostOfOrbit)))
  }

  /** Looks at the states of one orbit, each a swap away from one before; says how many there were. */
  function lookAt(at: number): number {
    const first = words.slice(at, at + machine.words)
    const whole = answersIn(machine, first, orbits, laws)
    const seen = new Map<string, Int32Array>([[first.join(), first]])
    for (const state of seen.values())
      for (const { kind, swap } of swaps) {
        if (seen.size === mostOfOrbit) return seen.size
        machine.load(state)
        swap()
        const other = machine.save()
        const key = other.join()
        if (seen.has(key)) continue
        const swapped = answersIn(machine, other, orbits, laws)
        const differs = whole.findIndex(({ answer }, i) => answer !== swapped[i]!.answer)
        if (differs >= 0) throw toldApart(machine, kind, whole[differs]!.asked)
        seen.set(key, other)
      }
    return seen.size
  }
}

const toldApart = ({ model }: Machine, kind: string, by: string) =>
  new UsageError(`${model.name} declares ${kind} alike, but ${by} tells one ${kind} from another: declare it with each(…), or let nothing turn on which one it is.`)

/** What a state says to a rule or a law. */
interface StateAnswer {
  readonly asked: string
  /** The orbits that a rule leads to; how many messages break a law. */
  readonly answer: string
}

function answersIn(machine: Machine, state: Int32Array, { canon }: Orbits, laws: readonly ModelLaw[]): readonly StateAnswer[] {
  const rules = machine.loops.map(({ rule, moves }): StateAnswer => {
    const reached = new Set<string>()
    for (const { at } of moves) {
      machine.load(state)
      try {
        if (!machine.take(at)) continue
      } catch (error) {
        if (!(error instanceof OutOfDomain)) throw error
        reached.add('out of its domain')
        continue
      }
      canon()
      reached.add(scratch.subarray(0, machine.words).join())
    }
    return { asked: `the rule ‘${rule.sentence}’`, answer: [...reached].sort().join(' ') }
  })
  return [...rules, ...laws.filter(({ when }) => when !== 'recovers').map((law): StateAnswer =>
    ({ asked: `the law ‘${law.name}’`, answer: answerTo(machine, state, law) }))]
}

/** Of how many it is so, of how many it ought to be, and after how many steps it no longer is. */
function answerTo(machine: Machine, state: Int32Array, law: ModelLaw): string {
  const asked = machine.ask(law)
  const all = asked.subjects.map((_, i) => i + 1)
  machine.load(state)
  const [broken, due] = [all.filter((subject) => !asked.holds(subject)).length, all.filter((subject) => asked.begins(subject)).length]
  const steps = law.when === 'every step' ? all.filter((subject) => breaksByStep(machine, state, asked, subject)).length : 0
  return [broken, due, steps].join()
}

function breaksByStep(machine: Machine, state: Int32Array, asked: AskedLaw, subject: number): boolean {
  machine.load(state)
  const before = asked.sees(subject)
  return machine.moves.some(({ at }) => {
    machine.load(state)
    try {
      return machine.take(at) && !asked.keeps(before, asked.sees(subject))
    } catch (error) {
      if (!(error instanceof OutOfDomain)) throw error
      return false
    }
  })
}
