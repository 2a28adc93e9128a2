/**
 * A model made ready to run: its state packed into words, its rules compiled to one function.
 *
 * Everything a reader needs is here, and nothing that knows a particular model: which rules may happen in the
 * loaded state, taking one, and a state as plain data for pages and laws.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { type Circumstances, delivery, type Fate } from '../../spec/verdict.ts'
import { laws as fiveLaws, type ModelLaw } from '../../spec/laws.ts'
import { each, fate, type Model, type Rule, type State, type StepKind } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { arrivals } from './arrivals.ts'
import { type AskedLaw, ofMessages, ofState } from './asked-law.ts'
import { InitialStates } from './initial-states.ts'
import { checkDeclared, checkMoves, kindsInOrder } from './declaration.ts'
import { type Layout, layout, type Place, type StagePlaces } from './layout.ts'
import { allOf, choices, type Parts, partsOf, sourceOf, stepsOf } from './rule-source.ts'
import { type Plain, plainFacts, plainState } from './plain-state.ts'
import { type MessageView, nameOf, type Stage } from './stage.ts'
import { OutOfDomain, scratch, type View, type Views, views } from './views.ts'

/** One rule with one choice of whom it is about: what a schedule picks. */
export interface Move {
  readonly rule: Rule
  /** Its position among all moves. */
  readonly at: number
  /** Which stage of a composed model makes it. */
  readonly stage: number
  /** The numbers, from 1, of those it ranges over. */
  readonly who: readonly number[]
}

/** A rule as source, given what is to become of a move that was made. */
export interface Loop {
  readonly rule: Rule
  readonly stage: number
  readonly parts: Parts
  /** How often it has happened, where that is limited. */
  readonly counter: Place | undefined
  readonly moves: readonly Move[]
  /** Over all its moves; each is named by its number, as source. `before` comes between its guard and its effect. */
  over(made: (move: string) => string, before?: string): string
  /** One of them, given the places of those it is about: `i0`, `i1` and so on. Returns `z` where it may not happen. */
  lone(made: string, before?: string): string
}

export interface Machine {
  readonly model: Model
  readonly layout: Layout
  /** Words in a state. */
  readonly words: number
  readonly moves: readonly Move[]
  /** Moves lie in the order of these kinds: where those of each one end. */
  readonly ends: Readonly<Record<StepKind, number>>
  /** From where the first stage takes them to where the last delivers. */
  readonly messages: readonly MessageView[]
  readonly known: Circumstances<MessageView>
  readonly stages: readonly Stage[]
  /** The laws that it is held to: the five where it has messages, and its own. */
  readonly laws: readonly ModelLaw[]
  /** A law, ready to be asked of the loaded state. */
  ask(law: ModelLaw): AskedLaw
  /** How many ways there are to begin with a stream, and whether a state is one that the model wants to begin in. */
  readonly initialStates: number
  isStart(): boolean
  /** Whether a run is followed from the loaded state on; null where every one is. */
  readonly within: (() => boolean) | null
  /** The words of the state in which a stream has arrived and nothing has happened, in one of the ways to begin, from 0. */
  start(stream: readonly ModelBurst[], begin?: number): Int32Array
  load(words: ArrayLike<number>, at?: number): void
  save(): Int32Array
  /** Takes a move if it may happen in the loaded state; says whether it did. */
  take(move: number): boolean
  /** Whether a move may happen in the loaded state. Leaves the state as it is. */
  may(move: number): boolean
  /** Takes the first of the moves in a range that may happen in the loaded state, and says which it was; -1 when none may. */
  next(from: number, to: number): number
  /** How many moves that are owed may happen in the loaded state; they are in `found`, in their order. */
  owed(): number
  readonly found: Int32Array
  /** The loaded state as plain data, one entry a stage. */
  plain(): readonly Plain[]
  /** What there is to tell of the loaded state; of a model that does not say, at the start only what is not as it always begins. */
  facts(isStart?: boolean): readonly string[]
  /** What a page prints of a move about to be taken: who, and what it does. */
  phrase(move: number): { readonly who: string; readonly does: string }
  /** The rules, in the order of their moves; the fresh message’s comes last. */
  readonly loops: readonly Loop[]
  /** What the sources name. */
  readonly bind: Readonly<Record<string, unknown>>
}

/** The rule by which a fresh message reaches a component. Not owed: the world may never send it. */
const sends: Rule = {
  sentence: 'world sends a fresh message', kind: 'heal',
  when: ({ message }: { message: Fate }) => message.arrived === 0,
  then: ({ message }: { message: { arrived: number } }) => { message.arrived = 1 },
}
export const isFresh = (move: Move) => move.rule === sends

/** Compiles a model. Throws `UsageError` when its state cannot be packed, or a rule names somebody who is not declared. */
export function compile(model: Model): Machine {
  const models = model.stages ?? [model]
  checkDeclared(model.name, models)
  const entries = entriesOf(models)
  const countsOf = ({ kinds }: Parts, stage: number) => kinds.map((kind) => models[stage]!.state[kind]!.count)
  const parts = entries.map(({ rule, stage }) => partsOf(rule, models[stage]!.state))
  const chosen = parts.map((each, r) => countsOf(each, entries[r]!.stage))
  const movesOf = (counts: readonly number[]) => counts.reduce((product, count) => product * count, 1)
  checkMoves(model.name, chosen.reduce((sum, counts) => sum + movesOf(counts), model.fresh ? 1 : 0))
  const limited = entries.filter(({ rule }) => rule.atMost !== undefined)
  const lies = layout(model.name, models.map(({ state }) => state), limited.map(({ rule }) => rule.atMost!))
  const seen = models.map(({ state }, s) => views(state, lies.stages[s]!))
  const stages = models.map((stage, s): Stage => ({
    model: stage,
    messages: (seen[s]!.things.get('message') ?? []) as MessageView[],
    known: (stage.known?.(seen[s]!.world as never) ?? { due: () => delivery }) as Circumstances<MessageView>,
  }))
  const messages = model.stages ? endToEnd(lies) : stages[0]!.messages
  const known = model.stages ? together(stages) : stages[0]!.known
  const fresh = model.fresh && messages.at(-1)
  const laws = [...(model.stages || hasFates(model.state) ? fiveLaws : []), ...(model.laws ?? [])]
  const asked = new Map<ModelLaw, AskedLaw>()

  /** Says which rule would have set what a field cannot hold. */
  const blamed = (error: unknown, move: number): unknown => {
    if (error instanceof OutOfDomain)
      error.message += `. The rule ‘${moves[move]!.rule.sentence}’ of ${model.name} would set it: guard it, or widen the domain.`
    return error
  }
  const wrote = (loop: number): never => {
    throw new UsageError(`${model.name}: the guard of ‘${loops[loop]!.rule.sentence}’ changes the state. A guard only asks: what is to change, the effect changes.`)
  }
  const bind: Record<string, unknown> = { S: scratch, fresh, blamed, wrote }
  seen.forEach(({ things }, s) => {
    for (const [kind, all] of things) bind[allOf(s, kind)] = all
  })
  const moves: Move[] = []
  const compiled = entries.map(({ rule, stage }, r) => {
    const { state } = models[stage]!
    const { kinds, its } = parts[r]!
    bind[`scene${r}`] = seen[stage]!.newScene(`${models[stage]!.name}: the rule ‘${rule.sentence}’`, [...kinds, ...(its === null ? [] : [its])])
    bind[`when${r}`] = rule.when
    bind[`then${r}`] = rule.then
    const first = moves.length
    for (const who of choices(chosen[r]!)) moves.push({ rule, stage, at: moves.length, who })
    const counter = lies.counters[limited.findIndex((entry) => entry.rule === rule && entry.stage === stage)]
    return { parts: parts[r]!, first, counter, source: sourceOf(rule, r, stage, state, parts[r]!, counter) }
  })
  const entryOf = moves.map((move) => entries.findIndex(({ rule, stage }) => rule === move.rule && stage === move.stage))
  const freshMove = moves.length
  if (fresh) moves.push({ rule: sends, stage: 0, at: freshMove, who: [messages.length] })

  const upTo = (kind: number) =>
    moves.filter((move) => !isFresh(move) && kindsInOrder.indexOf(move.rule.kind) <= kind).length
  const ends = Object.fromEntries(kindsInOrder.map((kind, k) => [kind, upTo(k)])) as Record<StepKind, number>
  const taken = compiled.map(({ source, first }, r) => ({ source, first, kind: entries[r]!.rule.kind }))
  const steps = stepsOf(taken, moves.map(({ who }) => who), fresh ? freshMove : -1, bind)
  const loops = compiled.map(({ source, first, parts, counter }, r): Loop => ({
    ...entries[r]!, parts, counter, moves: moves.slice(first, compiled[r + 1]?.first ?? freshMove),
    over: (made, before = '') => source.over(first, (move) => `${before} ${source.effect} ${made(move)}`),
    lone: (made, before = '') => source.lone(`${before} ${source.effect} ${made}`, 'return z'),
  }))
  if (fresh) {
    const sent = (made: string) => `if (fresh.arrived === 0) { fresh.arrived = 1; ${made} }`
    const parts = { words: [], kinds: ['message'], its: null }
    const over = (made: (move: string) => string) => sent(made(String(freshMove)))
    loops.push({ rule: sends, stage: 0, parts, counter: undefined, moves: [moves[freshMove]!], over, lone: sent })
  }

  const arrives = arrivals(stages, lies)
  const initialStates = new InitialStates(models.map(({ state }) => state), lies)
  const machine: Machine = {
    model, layout: lies, words: lies.words, moves, ends, messages, known, stages, laws,
    ask(law) {
      let ready = asked.get(law)
      if (!ready) asked.set(law, (ready = 'own' in law ? ofState(law, model, seen[0]!) : ofMessages(law, messages, known)))
      return ready
    },
    initialStates: initialStates.count,
    isStart: () => model.starts?.(seen[0]!.world as never) ?? true,
    within: model.within ? () => model.within!(seen[0]!.world as never) : null,
    start(stream, begin = 0) {
      const room = messages.length - (fresh ? 1 : 0)
      if (stream.length > room)
        throw new UsageError(`${model.name} has room for ${room} bursts of messages; the stream has ${stream.length}.`)
      if (!Number.isInteger(begin) || begin < 0 || begin >= initialStates.count)
        throw new UsageError(`${model.name} begins in ${initialStates.count.toLocaleString('en-US')} ways, and there is no ${begin}: they are counted from 0.`)
      scratch.fill(0, 0, lies.words)
      initialStates.put(begin)
      for (let i = 0; i < stream.length; i++) arrives(i, stream[i]!)
      if (fresh) arrives(messages.length - 1, model.fresh!)
      return machine.save()
    },
    load(words, at = 0) {
      for (let i = 0; i < lies.words; i++) scratch[i] = words[at + i]!
    },
    save: () => scratch.slice(0, lies.words),
    take: steps.take,
    may: steps.may,
    next: steps.next,
    owed: steps.owed,
    found: steps.found,
    plain: () => models.map(({ state }, s) => plainState(state, seen[s]!)),
    facts: (isStart = false) => [...new Set(models.flatMap((stage, s) =>
      stage.facts?.(seen[s]!.world as never) ?? plainFacts(stage.state, seen[s]!, !isStart)))],
    phrase(move) {
      const { who, stage } = moves[move]!
      if (move === freshMove) return { who: 'world', does: `sends ${nameOf('message', messages.length)}, a fresh message` }
      return phrased(compiled[entryOf[move]!]!.parts, who, models[stage]!.state, seen[stage]!)
    },
    loops, bind,
  }
  return machine
}

interface StagedRule {
  readonly rule: Rule
  readonly stage: number
}

/** Whether messages carry what the five laws ask of them. */
const hasFates = (state: State) => Object.keys(fate({})).every((field) => state['message']?.fields[field])

/** Progress first, then time, then choices, then heals, then faults. */
function entriesOf(models: readonly Model[]): readonly StagedRule[] {
  const all = models.flatMap(({ rules }, stage) => rules.map((rule) => ({ rule, stage })))
  return kindsInOrder.flatMap((kind) => all.filter(({ rule }) => rule.kind === kind && rule.atMost !== 0))
}

/** A composed model’s messages: arrived where the first stage takes them, delivered where the last puts them. */
function endToEnd({ stages }: Layout): readonly MessageView[] {
  const first = stages[0]!.get('message')!
  const last = stages.at(-1)!.get('message')!
  const again = last.every((fields) => fields['repeated']) ? { repeated: 0 } : {}
  const places: StagePlaces = new Map([['message', first.map((fields, i) => ({
    arrived: fields['arrived']!, delivered: last[i]!['delivered']!, ...('repeated' in again ? { repeated: last[i]!['repeated']! } : {}),
    stripped: fields['stripped']!, altered: fields['altered']!, flagged: fields['flagged']!,
  }))]])
  return views({ message: each(first.length, fate(again)) }, places).things.get('message') as MessageView[]
}

/** What is due end to end is what every stage allows; a flag is due if any of them may give one. */
function together(stages: readonly Stage[]): Circumstances<MessageView> {
  const at = (stage: Stage, m: MessageView) => stage.messages[m.number - 1]!
  return {
    due(m) {
      const dues = stages.map((stage) => stage.known.due(at(stage, m)))
      return {
        whole: dues.every(({ whole }) => whole),
        stripped: dues.some(({ stripped }) => stripped) && dues.every(({ whole, stripped }) => whole || stripped),
        flagged: dues.some(({ flagged }) => flagged),
      }
    },
    inDoubt: (m) => stages.reduce((sum, stage) => sum + (stage.known.inDoubt?.(at(stage, m)) ?? 0), 0),
    anotherIsDown: (m) => stages.some((stage) => at(stage, m).arrived > 0 && (stage.known.anotherIsDown?.(at(stage, m)) ?? false)),
  }
}

/** `worker sees message`, of worker 1 and message 2: who is `worker 1`, and what it does is `sees m2`. */
function phrased({ words, kinds, its }: Parts, who: readonly number[], state: State, { things }: Views) {
  const numbers = new Map(kinds.map((kind, k) => [kind, who[k]!]))
  const actor = words[0]!
  const does = words.flatMap((word, i) => {
    if (i === 0 || word === 'its') return []
    if (words[i - 1] !== 'its') return numbers.has(word) && state[word]?.many ? [nameOf(word, numbers.get(word)!)] : [word]
    const had = things.get(actor)![(numbers.get(actor) ?? 1) - 1]![its!] as View | null
    const domain = state[actor]!.fields[its!]!
    return had && domain.is === 'maybe' ? [nameOf(domain.kind, had.number)] : [word]
  })
  return { who: state[actor]?.many ? nameOf(actor, numbers.get(actor)!) : actor, does: does.join(' ') }
}
