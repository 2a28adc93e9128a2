/** From a run, as moves, to what plays it back: every state on the way, and what else could have happened there. */
import type { Cell, Fortune, Mark, Moment, Playback, Stretch, Value } from '../../spec/evidence/suite-evidence.ts'
import type { Domain, StepKind, State } from '../../spec/model.ts'
import { along, factsOf, possibleMoves, Phrases, type Run } from './run.ts'
import { fold } from './run-length.ts'
import { get, type Place } from '../model/layout.ts'
import type { Machine } from '../model/machine.ts'
import { nameOf } from '../model/stage.ts'
import { scratch } from '../model/views.ts'

/** A step as it was taken, with every cell as it was afterwards. */
interface ToldStep {
  readonly who: string
  readonly does: string
  readonly kind: StepKind
  readonly logs: string | undefined
  /** What holds after it, and of that, what did not before. */
  readonly holds: readonly string[]
  readonly facts: readonly string[]
  readonly could: readonly number[]
  readonly marks: readonly (readonly [message: string, is: Fortune])[]
  readonly after: readonly Value[]
}

/** Follows a run from where it starts. The run must be one of the machine’s own. */
export function playback(machine: Machine, start: Int32Array, run: Run): Playback {
  const options = new Table<string>()
  const kinds: StepKind[] = []
  const readers = readersOf(machine)
  const phrases = new Phrases(machine)
  const steps: ToldStep[] = []
  const seen = new Set<string>()
  let first: readonly Value[] = []
  let before: Before | null = null
  for (const taken of along(machine, start, run.moves)) {
    const values = readers.map(({ read }) => read())
    const facts = factsOf(machine)
    if (before === null || taken === null) first = values
    else {
      const { move: { at, rule }, who, does } = taken
      const could = before.options.filter(({ move }) => move !== at).map(numberOf)
      const marks = [...newcomers(does, seen), ...fortunes(machine, before.fates)]
      const { facts: held } = before
      steps.push({
        who, does, kind: rule.kind, logs: rule.logs, could, marks, after: values, holds: facts,
        facts: facts.filter((fact) => !held.includes(fact)),
      })
    }
    before = { facts, fates: fatesOf(machine), options: possibleMoves(machine).map(optionOf) }
  }
  const end = before!.options.map(numberOf)
  const book = new Book(first)
  const stem = run.stem ?? steps.length
  const stretches = [...book.stretches(steps, 0, stem), ...book.stretches(steps, stem, steps.length)]
  return {
    actors: book.actors.all, messages: book.messages.all, texts: book.texts.all.map((text) => JSON.parse(text)),
    options: options.all.map((says, i) => ({ says, kind: kinds[i]! })),
    cells: readers.map(({ cell }) => cell), start: first, stretches, end,
  }

  function optionOf(move: number): Option {
    const { who, does } = phrases.of(move)
    return { move, says: `${who} ${does}` }
  }
  function numberOf({ move, says }: Option): number {
    const at = options.at(says)
    kinds[at] = machine.moves[move]!.rule.kind
    return at
  }
}

/** A move that may happen, in words. */
interface Option {
  readonly move: number
  readonly says: string
}
/** What is to be known of a state when a step has been taken from it. */
interface Before {
  readonly facts: readonly string[]
  readonly fates: ReturnType<typeof fatesOf>
  readonly options: readonly Option[]
}

/** Texts, each once, by their numbers. */
class Table<T extends string> {
  readonly all: T[] = []
  readonly #places = new Map<T, number>()
  at(text: T): number {
    let place = this.#places.get(text)
    if (place === undefined) this.#places.set(text, (place = this.all.push(text) - 1))
    return place
  }
}

/** Writes steps down so that nothing stands there twice. */
class Book {
  readonly actors = new Table<string>()
  readonly messages = new Table<string>()
  readonly texts = new Table<string>()
  readonly #start: readonly Value[]

  constructor(start: readonly Value[]) {
    this.#start = start
  }

  stretches(taken: readonly ToldStep[], from: number, to: number): readonly Stretch[] {
    const alike = (a: number, b: number) => {
      const [one, other] = [taken[from + a]!, taken[from + b]!]
      return one.who === other.who && one.does === other.does
    }
    const groups = fold(to - from, alike, 3).map((group) => ({ ...group, from: from + group.from }))
    return groups.flatMap(({ from: first, period, times }) => {
      if (times === 1) return this.#singly(taken, first, period)
      // The first round, or the last, may differ from the others: it is then told by itself.
      for (const [skip, drop] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
        const rounds = times - skip - drop
        const moments = rounds > 1 ? this.#round(taken, first + skip * period, period, rounds) : null
        if (moments)
          return [
            ...this.#singly(taken, first, skip * period),
            { times: rounds, moments, ...gained(taken, first + skip * period, rounds * period) },
            ...this.#singly(taken, first + (skip + rounds) * period, drop * period),
          ]
      }
      return this.#singly(taken, first, period * times)
    })
  }

  #singly(taken: readonly ToldStep[], from: number, length: number): readonly Stretch[] {
    if (length === 0) return []
    const moments = taken.slice(from, from + length).map((step, i) => {
      const before = taken[from + i - 1]?.after ?? this.#start
      return this.#moment(step, step.after.flatMap((value, cell) => (value === before[cell] ? [] : [[cell, value] as const])))
    })
    return [{ times: 1, moments }]
  }

  /** A round that stands for all: each value it sets grows by as much every time. Null when there is no such. */
  #round(taken: readonly ToldStep[], from: number, period: number, times: number): readonly Moment[] | null {
    const moments: Moment[] = []
    for (let i = 0; i < period; i++) {
      const rounds = Array.from({ length: times }, (_, k) => from + k * period + i)
      const first = taken[rounds[0]!]!
      if (rounds.some((at) => !sameBut(taken[at]!, first))) return null
      const sets: (readonly [number, Value, number?])[] = []
      for (const [cell, value] of first.after.entries()) {
        if (rounds.every((at) => taken[at]!.after[cell] === (taken[at - 1]?.after ?? this.#start)[cell])) continue
        const second = taken[rounds[1]!]!.after[cell]
        const by = typeof value === 'number' && typeof second === 'number' ? second - value : 0
        const grown = (k: number) => (typeof value === 'number' ? value + by * k : value)
        if (rounds.some((at, k) => taken[at]!.after[cell] !== grown(k))) return null
        sets.push(by === 0 ? [cell, value] : [cell, value, by])
      }
      const alike = rounds.every((at) => same(taken[at]!.facts, first.facts))
      moments.push(this.#moment(alike ? first : { ...first, facts: [] }, sets))
    }
    return moments
  }

  #moment({ who, does, kind, logs, facts, marks, could }: ToldStep, sets: NonNullable<Moment['sets']>): Moment {
    const { text, message } = this.#text(does)
    return {
      who: this.actors.at(who), text, ...(message === undefined ? {} : { message }),
      ...(kind === 'progress' ? {} : { kind }),
      ...(facts.length === 0 ? {} : { facts }), ...(logs === undefined ? {} : { logs }),
      ...(marks.length === 0 ? {} : { marks: marks.map(([name, is]): Mark => [this.messages.at(name), is]) }),
      ...(sets.length === 0 ? {} : { sets }), ...(could.length === 0 ? {} : { could }),
    }
  }

  #text(does: string): { readonly text: number; readonly message?: number } {
    const found = messageName.exec(does)
    if (!found) return { text: this.texts.at(JSON.stringify([does])) }
    const after = does.slice(found.index + found[0].length)
    return { text: this.texts.at(JSON.stringify([does.slice(0, found.index), after])), message: this.messages.at(found[0]) }
  }
}

/** What `nameOf` calls a message. */
const messageName = /\bm\d+\b/

/** The same but for what they tell: a fact with a number in it may be another each time. */
const sameBut = (one: ToldStep, other: ToldStep) => same(one.could, other.could) && same(one.marks, other.marks)
const same = (a: readonly unknown[], b: readonly unknown[]) => a.length === b.length && a.every((x, i) => String(x) === String(b[i]))

/** What stretches of steps have changed, all of them together. */
function gained(taken: readonly ToldStep[], from: number, length: number): Pick<Stretch, 'facts'> {
  const before = taken[from - 1]?.holds ?? []
  const facts = taken[from + length - 1]!.holds.filter((fact) => !before.includes(fact))
  return facts.length === 0 ? {} : { facts }
}

function newcomers(does: string, seen: Set<string>): ToldStep['marks'] {
  const name = messageName.exec(does)?.[0]
  if (name === undefined || seen.has(name)) return []
  seen.add(name)
  return [[name, 'taken']]
}

const fatesOf = (machine: Machine) => machine.messages.map(({ delivered, repeated = 0, flagged }) => ({ delivered, repeated, flagged }))

function fortunes(machine: Machine, before: Before['fates']): ToldStep['marks'] {
  return machine.messages.flatMap(({ number, arrived, delivered, repeated = 0, stripped, altered, flagged }, i) => {
    const is: Fortune | null = flagged > before[i]!.flagged ? 'flagged'
      : delivered === before[i]!.delivered ? null
      : repeated > before[i]!.repeated || (delivered > arrived && arrived > 0) ? 'delivered again'
      : altered > 0 ? 'altered' : stripped > 0 ? 'stripped' : 'delivered'
    return is ? [[nameOf('message', number), is] as const] : []
  })
}

/** A field of a thing, and how to read it in the loaded state. */
interface Reader {
  readonly cell: Cell
  readonly read: () => Value
}

/**
 * Reads every cell straight from where it lies: a run may have a hundred thousand states. What the stages of a composed
 * model have in common is read once, where it stands first.
 */
export function readersOf({ stages, model, layout }: Machine): readonly Reader[] {
  const read = new Set<readonly Place[]>()
  return stages.flatMap((stage, s) => Object.entries(stage.model.state).flatMap(([kind, { many, count, fields }]) =>
    Array.from({ length: count }, (_, i) => Object.entries(fields).flatMap(([field, domain]): readonly Reader[] => {
      const places = layout.stages[s]!.get(kind)![i]![field]!
      if (read.has(places)) return []
      read.add(places)
      const cell = { stage: model.stages ? stage.model.name : '', kind, of: many ? nameOf(kind, i + 1) : kind, field }
      return [{ cell, read: reading(domain, places, stage.model.state) }]
    })).flat()))
}

function reading(domain: Domain, places: readonly Place[], state: State): () => Value {
  const number = (place: Place) => get(scratch, place)
  const [place] = places
  if (domain.is === 'up to') return () => number(place!)
  if (domain.is === 'one of') return () => domain.words[number(place!)]!
  const names = ['', ...Array.from({ length: state[domain.kind]!.count }, (_, i) => nameOf(domain.kind, i + 1))]
  if (domain.is === 'maybe') return () => names[number(place!)]!
  if (domain.is === 'set') return () => places.flatMap((each, i) => (number(each) === 1 ? [names[i + 1]!] : [])).join(', ')
  return () => places.map((each) => names[number(each)]!).filter((name) => name !== '').join(', ')
}
