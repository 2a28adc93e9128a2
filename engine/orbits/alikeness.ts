/**
 * Whether things that are declared alike are: whichever of them is which, the same may happen next, and the same laws are
 * broken.
 *
 * It is asked of the states that a search of orbits has come to. In each, alike things are swapped in every way, as far as
 * that goes, and every rule must then lead to the same orbits as before. What is seen so is no proof for a large space; it
 * is one where all of it was looked at, for a search of orbits goes wrong first in a state that it has come to itself.
 *
 * A rule that takes the first that will do passes that, and still it is another one’s turn once two are swapped. Runs that go
 * round, or on which one is followed, need more: that each one’s turn leads to just what the other’s led to, with the two swapped.
 */
import type { ModelLaw } from '../../spec/laws.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { Machine } from '../model/machine.ts'
import { OutOfDomain, scratch } from '../model/views.ts'
import { UsageError } from '../usage-error.ts'
import { type Orbits, type Swap, swapsOf } from './symmetry.ts'

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
export function checkAlike(reached: Reached, orbits: Orbits, laws: readonly ModelLaw[]): void {
  const { machine } = reached
  const asked = askable(machine, laws)
  lookAround(reached, (state) => answersIn(machine, state, orbits, asked), (before, after, { kind }) => {
    const differs = before.findIndex(({ answer }, i) => answer !== after[i]!.answer)
    if (differs >= 0) throw toldApart(machine, kind, before[differs]!.asked)
    return true
  })
}

/** Whether each of them is the other in all it does, as far as is seen there. */
export function areExchangeable(reached: Reached, laws: readonly ModelLaw[]): boolean {
  const { machine } = reached
  const asked = askable(machine, laws)
  const exchanged = new Map(swapsOf(machine).map((swap) => [nameOf(swap), exchange(machine, asked, swap)]))
  let are = true
  lookAround(reached, (state) => turnsIn(machine, state, asked), (before, after, swap) => {
    are &&= exchanged.get(nameOf(swap))!(before).every((turn, i) => turn === after[i])
    return are
  })
  return are
}

const nameOf = ({ kind, first }: Swap) => `${kind} ${first}`

const askable = (machine: Machine, laws: readonly ModelLaw[]) =>
  laws.filter(({ when }) => when !== 'recovers').map((law) => machine.ask(law))

/**
 * Looks at states and those that they are a swap away from, and compares what each of both says, for as long as it is not told to
 * stop. Of an orbit no state is looked at twice.
 */
function lookAround<T>(
  { machine, words, states }: Reached, ask: (state: Int32Array) => T, goesOn: (before: T, after: T, swap: Swap) => boolean,
): void {
  const swaps = swapsOf(machine)
  let left = mostLooks
  let stride = 1
  for (let state = 0; state < states && left > 0; state += stride) {
    const looked = lookAt(words.slice(state * machine.words, (state + 1) * machine.words))
    if (looked === null) return
    left -= looked
    if (stride === 1 && left < mostLooks / 2) stride = Math.max(1, Math.ceil((states - state) / (left / mostOfOrbit)))
  }

  /** How many states of its orbit were looked at; null to stop. */
  function lookAt(first: Int32Array): number | null {
    const seen = new Map([[first.join(), { state: first, said: ask(first) }]])
    for (const { state, said } of seen.values())
      for (const swap of swaps) {
        if (seen.size === mostOfOrbit) return seen.size
        machine.load(state)
        swap.swap()
        const other = machine.save()
        const key = other.join()
        const before = seen.get(key)
        const after = before ?? { state: other, said: ask(other) }
        if (!goesOn(said, after.said, swap)) return null
        if (!before) seen.set(key, after)
      }
    return seen.size
  }
}

const toldApart = ({ model }: Machine, kind: string, by: string) =>
  new UsageError(`${model.name} declares ${kind} alike, but ${by} tells one ${kind} from another: declare it with each(…), or let nothing turn on which one it is.`)

/** What a state says to a rule or a law, whoever it is about. */
interface StateAnswer {
  readonly asked: string
  /** The orbits that a rule leads to; how many a law is broken for. */
  readonly answer: string
}

function answersIn(machine: Machine, state: Int32Array, { canon }: Orbits, laws: readonly AskedLaw[]): readonly StateAnswer[] {
  const rules = machine.loops.map(({ rule, moves }): StateAnswer => {
    const reached = new Set<string>()
    for (const { at } of moves) {
      const turn = turnOf(machine, state, at)
      if (turn === notNow) continue
      if (turn !== outOfDomain) canon()
      reached.add(turn === outOfDomain ? outOfDomain : scratch.subarray(0, machine.words).join())
    }
    return { asked: `the rule ‘${rule.sentence}’`, answer: [...reached].sort().join(' ') }
  })
  return [...rules, ...laws.map((asked): StateAnswer => ({ asked: `the law ‘${asked.law.name}’`, answer: answerTo(machine, state, asked) }))]
}

const notNow = 'not now'
const outOfDomain = 'out of its domain'

/** Takes a move from a state; says so where it does not lead anywhere. */
function turnOf(machine: Machine, state: ArrayLike<number>, move: number): typeof notNow | typeof outOfDomain | null {
  machine.load(state)
  try {
    return machine.take(move) ? null : notNow
  } catch (error) {
    if (!(error instanceof OutOfDomain)) throw error
    return outOfDomain
  }
}

/** Of how many it is so, of how many it ought to be, and after how many steps it no longer is. */
function answerTo(machine: Machine, state: Int32Array, asked: AskedLaw): string {
  const all = asked.subjects.map((_, i) => i + 1)
  machine.load(state)
  const [broken, due] = [all.filter((subject) => !asked.holds(subject)).length, all.filter((subject) => asked.begins(subject)).length]
  const steps = asked.law.when === 'every step' ? all.filter((subject) => breaksByStep(machine, state, asked, subject)).length : 0
  return [broken, due, steps].join()
}

/** The same of each of those that it may be about: the very state that each move leads to, and whether each law is kept. */
function turnsIn(machine: Machine, state: Int32Array, laws: readonly AskedLaw[]): readonly string[] {
  const turns = machine.moves.map(({ at }) => turnOf(machine, state, at) ?? machine.save().join())
  machine.load(state)
  return [...turns, ...laws.flatMap((asked) => asked.subjects.map((_, i) => `${asked.holds(i + 1)} ${asked.begins(i + 1)}`))]
}

/** What is to be found of each once two are swapped, from what was found of each before. */
function exchange(machine: Machine, laws: readonly AskedLaw[], { kind, first, swap }: Swap) {
  const moves = machine.loops.flatMap((loop, l) => loop.moves.map(({ who }) => ({ of: l, kinds: loop.parts.kinds, who })))
  const all = [...moves, ...laws.flatMap(({ kinds, who }, l) => who.map((each) => ({ of: moves.length + l, kinds, who: each })))]
  const places = new Map(all.map(({ of, who }, i) => [`${of} ${who.join()}`, i]))
  const swapped = (number: number) => (number === first || number === first + 1 ? 2 * first + 1 - number : number)
  const partners = all.map(({ of, kinds, who }) =>
    places.get(`${of} ${who.map((number, k) => (kinds[k] === kind ? swapped(number) : number)).join()}`)!)
  return (turns: readonly string[]): readonly string[] => partners.map((partner, i) => {
    const turn = turns[partner]!
    if (i >= moves.length || turn === notNow || turn === outOfDomain) return turn
    machine.load(turn.split(',').map(Number))
    swap()
    return machine.save().join()
  })
}

function breaksByStep(machine: Machine, state: Int32Array, asked: AskedLaw, subject: number): boolean {
  machine.load(state)
  const before = asked.sees(subject)
  return machine.moves.some(({ at }) => turnOf(machine, state, at) === null && !asked.keeps(before, asked.sees(subject)))
}
