/** Gathers what there is to show of a counterexample, and of a whole run of the suite. */
import type { Attribute, Component } from '../../spec/component.ts'
import type { Counterexample, ModelStart } from '../../spec/evidence/counterexample.ts'
import type { Beside, BesideRow, ExplainedCounterexample, Threshold, Without } from '../../spec/evidence/suite-evidence.ts'
import type { ModelLaw } from '../../spec/laws.ts'
import { isOwed } from '../../spec/model.ts'
import { lawIn } from '../model/asked-law.ts'
import { build } from '../model/build.ts'
import { answersOf } from './answers.ts'
import { fold } from './run-length.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import { nameOf } from '../model/stage.ts'
import { playback, readersOf } from './playback.ts'
import { replay } from './replay.ts'
import { along, Phrases } from './run.ts'
import { breaks, outcomeFor, type Rerun, rerun } from './rerun.ts'
import { parseSchedule } from './schedule-text.ts'

/** Everything that a reader may ask of a counterexample. The components are those that a composed one is made of. */
export function explained(found: Counterexample, components: readonly Component[]): ExplainedCounterexample {
  return new Inquiry(found, components).shown()
}

/** Steps to leave out, times steps of the run: more than this would take too long, and is not tried. */
const mostWork = 6_000_000

class Inquiry {
  readonly #found: Counterexample
  readonly #components: readonly Component[]
  readonly #component: Component
  readonly #machine: Machine
  readonly #law: ModelLaw
  readonly #moves: readonly number[]
  /** Whom the law is broken for, from 1 in the order in which it is asked: the number of a message. */
  readonly #subject: number

  constructor(found: Counterexample, components: readonly Component[]) {
    this.#found = found
    this.#components = components
    const component = components.find(({ name }) => name === found.component)
    if (!component) throw new Error(`There is no component ‘${found.component}’ to ask about its counterexample.`)
    this.#component = component
    this.#machine = build(component, found.variant, found.scope)
    this.#law = this.#machine.laws.find(({ name }) => name === found.law.name)!
    this.#moves = replay(this.#machine, found, parseSchedule(found.schedule), []).run.moves
    this.#subject = 1 + this.#machine.ask(this.#law).subjects.indexOf(found.about)
  }

  shown(): ExplainedCounterexample {
    const { stream, begin, stem, variant } = this.#found
    return {
      found: this.#found,
      playback: playback(this.#machine, this.#machine.start(stream, begin), { start: 0, moves: this.#moves, stem }),
      without: [...this.#withLess(), ...this.#without()],
      answers: answersOf(this.#component, variant, this.#components),
      beside: variant === 'fixed' ? null : this.#beside(),
    }
  }

  /** Leaves out each step in its turn; of steps that repeat, those of the last round. */
  #without(): readonly Without[] {
    const said = this.#phrases(this.#machine, this.#moves)
    const { stem } = this.#found
    const cut = stem ?? said.length
    const groups = [
      ...fold(cut, (a, b) => said[a] === said[b], 3),
      ...fold(said.length - cut, (a, b) => said[cut + a] === said[cut + b], 3).map((group) => ({ ...group, from: cut + group.from })),
    ]
    const steps = groups.flatMap(({ from, period, times }) =>
      Array.from({ length: period }, (_, i) => ({ at: from + (times - 1) * period + i, times })))
    if (steps.length * said.length > mostWork) return []
    return steps.flatMap(({ at, times }): readonly Without[] => {
      const move = this.#moves[at]!
      // The law asks what becomes of the fresh message: there is nothing to say without it.
      if (this.#law.when === 'recovers' && isFresh(this.#machine.moves[move]!)) return []
      const run = rerun(this.#machine, this.#found, this.#moves.toSpliced(at, 1), this.#law)
      const count = (all: readonly number[]) => all.filter((other) => other === move).length
      const later = count(run.moves) >= count(this.#moves)
      return [{ step: at + 1, what: said[at]!, times, later, ...this.#outcome(run, this.#found) }]
    })
  }

  #outcome(run: Rerun, from: ModelStart): Pick<Without, 'law' | 'says'> {
    if (!run.settled) return { law: 'not settled', says: 'it does not come to rest' }
    const end = this.#machine.save()
    const isBroken = breaks(this.#machine, from, run, this.#law)
    this.#machine.load(end)
    const says = outcomeFor(this.#machine, this.#law, this.#subject, isBroken)
    return { law: isBroken ? 'broken' : 'kept', says }
  }

  /** Takes one away from each number of what was sent, and makes quiet what is not, one at a time. */
  #withLess(): readonly Without[] {
    const attributes: Readonly<Record<string, Attribute>> = this.#component.attributes(this.#found.scope)
    return this.#found.stream.flatMap((burst, i) => Object.entries(burst).flatMap(([field, value]): readonly Without[] => {
      const less = field === 'count' ? burst.count - 1 : lessOf(attributes[field]!, value)
      // Without the message there is nothing to say of it.
      if (less === null || (less === 0 && field === 'count' && i + 1 === this.#subject)) return []
      const from = { stream: this.#found.stream.with(i, { ...burst, [field]: less }), begin: this.#found.begin }
      const run = rerun(this.#machine, from, this.#moves, this.#law)
      const { law, says } = this.#outcome(run, from)
      const name = nameOf('message', i + 1)
      const of = field === 'count' ? `messages like ${name}` : attributes[field]!.says
      const limit = law === 'kept' && typeof less === 'number' && less > 0 ? { limit: { of, passes: less, breaks: less + 1 } } : {}
      return [{ step: 0, what: sent(name, field, less, of), times: 1, law, says, later: false, ...limit }]
    }))
  }

  /** The fixed variant, given the same messages and, as far as it can take them, the same steps. */
  #beside(): Beside {
    const { scope, stem } = this.#found
    const fixed = build(this.#component, 'fixed', scope)
    const asked = this.#moves.map((move) => this.#sameMove(fixed, move))
    const [from, law] = [this.#startOf(fixed), lawIn(fixed, this.#law)]
    const run = rerun(fixed, from, asked, law)
    const end = fixed.save()
    const isBroken = breaks(fixed, from, run, law)
    fixed.load(end)
    const says = outcomeFor(fixed, law, this.#subject, isBroken)
    const here = this.#phrases(this.#machine, this.#moves)
    const there = this.#phrases(fixed, run.moves)
    const rows: Pick<BesideRow, 'here' | 'there'>[] = here.map((step, i) =>
      ({ here: step, there: run.places[i] === null ? null : there[run.places[i]!]! }))
    const taken = run.places.filter((place) => place !== null).length
    for (const step of there.slice(taken)) rows.push({ here: null, there: step })
    const { at, instead } = this.#parting(fixed, asked)
    const cuts = [0, ...(stem === null ? [] : [stem]), here.length, rows.length]
    return { rows: cuts.slice(1).flatMap((to, i) => foldedRows(rows.slice(cuts[i], to), cuts[i]!)), partsAt: at, instead, says }
  }

  /** The same beginning of another variant, whose state may be another. */
  #startOf({ initialStates }: Machine): Required<ModelStart> {
    const { stream, begin } = this.#found
    return { stream, begin: begin % initialStates }
  }

  #sameMove(other: Machine, move: number): number | null {
    const { rule, who, stage } = this.#machine.moves[move]!
    return other.moves.find((its) =>
      its.stage === stage && its.rule.sentence === rule.sentence && its.who.join() === who.join())?.at ?? null
  }

  /** The first step that the fixed variant cannot take, or after which it is in another state. */
  #parting(fixed: Machine, asked: readonly (number | null)[]): { readonly at: number | null; readonly instead: readonly string[] } {
    const { stream, begin } = this.#found
    let here = this.#machine.start(stream, begin)
    let there = fixed.start(stream, this.#startOf(fixed).begin)
    const [ours, theirs] = [readersOf(this.#machine), readersOf(fixed)]
    const phrases = new Phrases(this.#machine)
    for (const [i, move] of this.#moves.entries()) {
      this.#machine.load(here)
      const { who } = phrases.of(move)
      this.#machine.take(move)
      here = this.#machine.save()
      const values = ours.map(({ read }) => read())
      fixed.load(there)
      if (asked[i] === null || !fixed.may(asked[i]!)) return { at: i + 1, instead: insteadOf(fixed, who) }
      fixed.take(asked[i]!)
      there = fixed.save()
      if (ours.length === theirs.length && theirs.some(({ read }, cell) => read() !== values[cell])) return { at: i + 1, instead: [] }
    }
    return { at: null, instead: [] }
  }

  #phrases(machine: Machine, moves: readonly number[]): readonly string[] {
    const { stream, begin } = this.#startOf(machine)
    return [...along(machine, machine.start(stream, begin), moves)].flatMap((taken) => (taken ? [`${taken.who} ${taken.does}`] : []))
  }
}

/** One fewer, or the quiet value; null when there is no less. What counts from 1 is a thing’s number, and no amount. */
function lessOf({ small }: Attribute, value: string | number): string | number | null {
  const [quiet] = small
  if (value === quiet) return null
  return typeof value === 'number' ? (quiet === 0 ? value - 1 : null) : quiet!
}

function sent(name: string, field: string, less: string | number, of: string): string {
  if (field !== 'count') return `${name} with ${of} ${less.toLocaleString('en-US')}`
  return less === 0 ? `no ${name}` : `${less.toLocaleString('en-US')} of ${name}`
}

/** The limits that counterexamples have come upon, each once. */
export function thresholdsOf(pages: readonly ExplainedCounterexample[]): readonly Threshold[] {
  const all = pages.flatMap(({ found: { component, variant, law, threshold }, without }) => [
    ...(threshold ? [{ component, variant, ...threshold, isFull: true }] : []),
    ...without.flatMap(({ limit }) => (limit && !threshold ? [{
      component, variant, ...limit, does: `break “${law.name}”`, isFull: false,
    }] : [])),
  ])
  const merged = new Map<string, Threshold>()
  for (const limit of all) {
    const key = JSON.stringify({ ...limit, does: '' })
    const before = merged.get(key)
    merged.set(key, before ? { ...limit, does: `${before.does} and ${limit.does.replace(/^break /, '')}` } : limit)
  }
  return [...merged.values()]
}

/** What somebody may do in the loaded state; what anybody may, if that is nothing. */
function insteadOf(machine: Machine, who: string): readonly string[] {
  const owed = machine.moves.filter(({ rule, at }) => isOwed(rule.kind) && machine.may(at))
  const all = owed.map(({ at }) => machine.phrase(at))
  const own = all.filter((phrase) => phrase.who === who)
  return (own.length > 0 ? own : all).map((phrase) => `${phrase.who} ${phrase.does}`)
}

function foldedRows(rows: readonly Pick<BesideRow, 'here' | 'there'>[], before: number): readonly BesideRow[] {
  const same = (a: number, b: number) => rows[a]!.here === rows[b]!.here && rows[a]!.there === rows[b]!.there
  return fold(rows.length, same, 3).flatMap(({ from, period, times }) =>
    rows.slice(from, from + period).map((row, i) => ({ step: row.here === null ? null : before + from + i + 1, ...row, times })))
}
