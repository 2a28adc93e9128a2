import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ModelViolation, explore } from '../../engine/search/explore.ts'
import { TooManyStates } from '../../engine/states/memory-budget.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { OutOfDomain } from '../../engine/model/views.ts'
import { type Law, laws } from '../../spec/laws.ts'
import { type Circumstances, delivery, deliveryOrFlag, type Fate, flagging, stripping } from '../../spec/verdict.ts'
import { each, fate, type Model, one, type Rule, rulesOver, type StepKind, upTo } from '../../spec/model.ts'
import {
  breaks, type Graph, graphOf, helping, isAtRest, isDoomed, type Naive, owedBy, type PlainMessage, type PlainState, shortest, transitionsOf,
} from './naive.ts'

type Spot = 'a' | 'b' | keyof Fate
type Box = { a: number; b: number }

/** A rule as a table: from what it finds in two spots to what it puts in some, or to nothing. */
interface RuleRecipe {
  readonly kind: StepKind
  readonly atMost: number
  /** It ranges over the messages, or is about the box alone. */
  readonly each: boolean
  readonly ofTaken: boolean
  /** It never leaves everything as it is. */
  readonly moves: boolean
  readonly looks: readonly [number, number]
  /** Nine entries of two bits: 0 is nothing, and 1 to 3 stand for 0 to 2. */
  readonly table: number
  readonly sets: readonly number[]
}
/** A machine as plain data, for the engine and for the reference to build each in its own way. */
interface Recipe {
  readonly most: Readonly<Record<Spot, number>>
  readonly rules: readonly RuleRecipe[]
  readonly fresh: boolean
  readonly dues: readonly number[]
  /** At which `b` a link is down that is not the message’s own; none when there is no such value. */
  readonly downAt: number | null
  /** Whose own it is not: the first message, the second, or neither. */
  readonly downFor: readonly number[]
  /** How many messages have arrived at each start. */
  readonly starts: readonly number[]
}

const lookable: readonly Spot[] = ['a', 'b', 'delivered', 'flagged', 'arrived']
const settable: readonly Spot[] = ['a', 'b', 'delivered', 'delivered', 'flagged', 'stripped', 'altered', 'repeated']
const dues = [delivery, deliveryOrFlag, flagging, stripping]
const order: readonly StepKind[] = ['progress', 'timer', 'heal', 'fault']

const ruleRecipe: fc.Arbitrary<RuleRecipe> = fc.record({
  kind: fc.constantFrom<StepKind>('progress', 'progress', 'progress', 'timer', 'heal', 'fault'),
  atMost: fc.integer({ min: 1, max: 2 }),
  each: fc.boolean(),
  ofTaken: fc.boolean(),
  moves: fc.constantFrom(true, true, false),
  looks: fc.tuple(fc.nat(4), fc.nat(4)),
  table: fc.noBias(fc.nat(4 ** 9 - 1)),
  sets: fc.array(fc.nat(7), { minLength: 1, maxLength: 2 }),
})
const recipe: fc.Arbitrary<Recipe> = fc.record({
  most: fc.record({
    a: fc.integer({ min: 1, max: 2 }), b: fc.integer({ min: 0, max: 2 }), arrived: fc.constant(1),
    delivered: fc.integer({ min: 1, max: 2 }), flagged: fc.nat(1),
    stripped: fc.constantFrom(0, 0, 1), altered: fc.constantFrom(0, 0, 0, 1), repeated: fc.constantFrom(0, 0, 0, 1),
  }),
  rules: fc.array(ruleRecipe, { minLength: 2, maxLength: 5, size: 'max' })
    .map((rules) => rules.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))),
  fresh: fc.boolean(),
  dues: fc.array(fc.nat(3), { minLength: 2, maxLength: 2 }),
  downAt: fc.constantFrom(null, 0, 1),
  downFor: fc.constantFrom([1], [2], [1, 2]),
  starts: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }),
  // The second message is the fresh one, where there is one.
}).map((drawn) => ({ ...drawn, starts: drawn.starts.map((arrived) => (drawn.fresh ? arrived % 2 : arrived)) }))

const spotsOf = ({ each }: RuleRecipe, all: readonly Spot[], chosen: readonly number[]) =>
  chosen.map((i) => all[each ? i : i % 2]!)

/** What goes where. */
type Putting = readonly [spot: Spot, value: number]
/** What a rule puts where, given what is in the spots; null when it may not happen. */
function puts(rule: RuleRecipe, most: Recipe['most'], read: (spot: Spot) => number): readonly Putting[] | null {
  if (rule.each && rule.ofTaken && read('arrived') === 0) return null
  const [x, y] = spotsOf(rule, lookable, rule.looks).map(read)
  const entry = (rule.table >> (2 * (3 * x! + y!))) & 3
  if (entry === 0) return null
  const puttings = spotsOf(rule, settable, rule.sets)
    .map((spot, i): Putting => [spot, (entry - 1 + i) % (most[spot] + 1)])
  return rule.moves && puttings.every(([spot, value]) => read(spot) === value) ? null : puttings
}

type Scene = { readonly box: Box; readonly message: { -readonly [F in keyof Fate]-?: number } }

function machineOf({ most, rules, fresh, dues: due, downAt, downFor }: Recipe): Machine {
  const { a, b, ...fates } = most
  const model: Model = {
    name: 'random',
    state: { box: one({ a: upTo(a), b: upTo(b) }), message: each(2, fate(fates)) },
    rules: rules.map((rule, i): Rule => {
      const puttings = (scene: Scene) =>
        puts(rule, most, (spot) => (spot === 'a' || spot === 'b' ? scene.box[spot] : scene.message[spot]))
      return {
        sentence: rule.each ? `message takes turn ${i}` : `box takes turn ${i}`,
        kind: rule.kind,
        ...(rule.kind === 'fault' ? { atMost: rule.atMost } : {}),
        when: (scene: Scene) => puttings(scene) !== null,
        then: (scene: Scene) => {
          for (const [spot, value] of puttings(scene)!)
            if (spot === 'a' || spot === 'b') scene.box[spot] = value
            else scene.message[spot] = value
        },
      }
    }),
    ...(fresh ? { fresh: {} } : {}),
    known: ({ box }: { box: Box }): Circumstances<PlainMessage> => ({
      due: ({ number }) => dues[due[number - 1]!]!,
      ...(downAt === null ? {} : { anotherIsDown: ({ number }) => box.b === downAt && downFor.includes(number) }),
    }),
    facts: () => [],
  }
  return compile(model)
}

interface State extends PlainState {
  readonly box: Box
  /** By rule: how often it has happened, where that is limited. */
  readonly used: readonly number[]
}

function naiveOf({ most, rules, fresh, dues: due, downAt, downFor, starts }: Recipe): Naive<State> {
  const turn = (r: number, m: number) => (state: State): State | null => {
    const rule = rules[r]!
    const message = state.messages[m]!
    if (rule.kind === 'fault' && state.used[r]! >= rule.atMost) return null
    const changes = puts(rule, most, (spot) => (spot === 'a' || spot === 'b' ? state.box[spot] : message[spot]!))
    if (changes === null) return null
    const box = { ...state.box }
    const changed: { -readonly [F in keyof PlainMessage]: PlainMessage[F] } = { ...message }
    for (const [spot, value] of changes)
      if (spot === 'a' || spot === 'b') box[spot] = value
      else changed[spot] = value
    return {
      box,
      messages: state.messages.with(m, changed),
      used: rule.kind === 'fault' ? state.used.with(r, state.used[r]! + 1) : state.used,
    }
  }
  const send = (state: State): State | null => {
    const fresh = state.messages[1]!
    return fresh.arrived > 0 ? null : { ...state, messages: state.messages.with(1, { ...fresh, arrived: 1 }) }
  }
  return {
    starts: starts.map((arrived) => ({
      box: { a: 0, b: 0 },
      messages: [1, 2].map((number) =>
        ({ number, arrived: number <= arrived ? 1 : 0, delivered: 0, repeated: 0, stripped: 0, altered: 0, flagged: 0 })),
      used: rules.map(() => 0),
    })),
    steps: [
      ...rules.flatMap((rule, r) =>
        (rule.each ? [0, 1] : [0]).map((m) => ({ kind: rule.kind, sends: false, take: turn(r, m) }))),
      ...(fresh ? [{ kind: 'heal' as const, sends: true, take: send }] : []),
    ],
    known: ({ box }) => ({
      due: ({ number }) => dues[due[number - 1]!]!,
      ...(downAt === null ? {} : { anotherIsDown: ({ number }) => box.b === downAt && downFor.includes(number) }),
    }),
  }
}

const explored = (made: Recipe) => {
  const machine = machineOf(made)
  return explore(machine, made.starts.map((arrived) => machine.start(Array.from({ length: arrived }, () => ({ count: 1 })))))
}

/** What is wrong with a run that is said to break a law, gone through step by step; null when nothing is. */
function wrongWith(graph: Graph<State>, { law: broken, run, subject }: ModelViolation): string | null {
  const law = broken as Law
  const { nodes, steps } = graph
  const visited = [run.start]
  for (const move of run.moves) visited.push(nodes[visited.at(-1)!]!.next[move]!)
  if (visited.includes(-1)) return 'a step cannot be taken'
  const last = visited.at(-1)!
  const bad = (node: number) => {
    const { state } = nodes[node]!
    if (law.when === 'recovers') return isDoomed(graph, node) && state.messages[1]!.arrived > 0 && subject === 2
    if (law.when === 'always') return !law.holds(state.messages[subject - 1]!, graph.known(state))
    return breaks(graph, law, node, subject - 1)
  }
  if (!bad(last)) return 'its last state keeps the law'
  if (law.when === 'always') return run.stem === null ? null : 'it goes round'
  const owed = law.when === 'recovers' ? helping(graph) : owedBy(graph, law)
  if (run.stem === null) return isAtRest(graph, owed, last) ? null : 'a step is owed in its last state'
  const cycle = visited.slice(run.stem)
  if (cycle[0] !== last) return 'its cycle does not close'
  if (!cycle.every(bad)) return 'its cycle goes through a state that keeps the law'
  const taken = run.moves.slice(run.stem)
  const cheated = steps.findIndex((_, step) =>
    owed[step] && !taken.includes(step) && cycle.every((node) => nodes[node]!.next[step]! >= 0))
  if (cheated >= 0) return `step ${cheated} is owed all the way round and never taken`
  const idle = law.when === 'before time passes' && taken.some((step) => steps[step]!.kind === 'timer')
  return idle ? 'time passes on its cycle' : null
}

/** Many more machines where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('explore, on random machines', () => {
  it('counts, breaks laws and finds the shortest runs as the naive explorer does', () => {
    const seen: Record<string, number> = {}
    fc.assert(fc.property(recipe, (made) => {
      const { states, transitions, depth, broken } = explored(made)
      const graph = graphOf(naiveOf(made))
      const lengths = (length: (law: Law) => number | null) =>
        Object.fromEntries(laws.map((law) => [law.name, length(law)]))
      expect({
        states, transitions, depth,
        ...lengths((law) => broken.find((one) => one.law === law)?.run.moves.length ?? null),
        nearer: broken.map(({ nearer }) => nearer),
        shortest: broken.every(({ shortest }) => shortest),
        wrong: broken.map((one) => wrongWith(graph, one)).filter((wrong) => wrong !== null),
      }).toEqual({
        states: graph.nodes.length,
        transitions: transitionsOf(graph),
        depth: Math.max(...graph.nodes.map(({ distance }) => distance)),
        ...lengths((law) => shortest(graph, law)),
        nearer: broken.map(({ run: { moves } }) =>
          graph.nodes.filter(({ distance }) => distance < moves.length).length),
        shortest: true,
        wrong: [],
      })
      for (const { law, run } of broken) {
        const round = run.stem === null ? 0 : run.moves.length - run.stem
        const how = `${law.name}: ${round === 0 ? 'a run' : round > 2 ? 'a long lasso' : 'a lasso'}`
        seen[how] = (seen[how] ?? 0) + 1
      }
    }), { numRuns: isWhole ? 12_000 : 400, seed: 5 })
    // What never came up was never compared.
    const often = Object.keys(seen).filter((how) => seen[how]! >= (isWhole ? 10 : 1))
    expect(often).toEqual(expect.arrayContaining([
      'delivered or flagged: a lasso', 'delivered or flagged: a long lasso', 'delivered or flagged: a run',
      'honest: a run',
      'links are independent: a lasso', 'links are independent: a run',
      'none twice: a run',
      'nothing wedges: a lasso', 'nothing wedges: a long lasso', 'nothing wedges: a run',
    ]))
  }, 900_000)

  it('answers the same when asked again', () => {
    fc.assert(fc.property(recipe, (made) => {
      const [first, second] = [explored(made), explored(made)].map(({ machine: _, ...answer }) => answer)
      expect(second).toEqual(first)
    }), { numRuns: isWhole ? 100 : 30, seed: 5 })
  })
})

describe('explore, when it cannot go on', () => {
  const state = { hand: one({ at: upTo(5), far: upTo(90_000) }) }
  const { rule } = rulesOver(state)
  const exploring = (name: string, rules: readonly Rule[], states?: number, bytes?: number) => () => {
    const machine = compile({ name, state, rules, known: () => ({ due: () => delivery }), facts: () => [] })
    return explore(machine, [machine.start([])], { laws: [], limits: { ...(states && { states }), ...(bytes && { bytes }) } })
  }

  it('names the model and the number of states, and says to narrow the scope', () => {
    const walks = [rule('hand walks', ({ hand }) => hand.far < 90_000, ({ hand }) => { hand.far++ })]
    expect(exploring('long walk', walks, 1000)).toThrow(TooManyStates)
    expect(exploring('long walk', walks, 90_000))
      .toThrow(/long walk has over 90,000 states at this scope, .* narrow the scope/)
    expect(exploring('long walk', walks, 90_001)().states).toBe(90_001)
  })

  it('takes no more memory than it may', () => {
    const walks = [rule('hand walks', ({ hand }) => hand.far < 90_000, ({ hand }) => { hand.far++ })]
    expect(exploring('long walk', walks, 90_001, 2 ** 20))
      .toThrow(/long walk has over [\d,]+ states at this scope, [\d,]+ steps deep so far, and more would take over 1 MB: narrow the scope/)
    expect(exploring('long walk', walks, 90_001, 2 ** 25)().states).toBe(90_001)
  })

  it('names the thing, the field, the value, the rule and the step that broke a domain', () => {
    const counts = [
      rule('hand rests', () => true, () => undefined),
      rule('hand counts', () => true, ({ hand }) => { hand.at++ }),
    ]
    expect(exploring('high count', counts)).toThrow(OutOfDomain)
    expect(exploring('high count', counts))
      .toThrow(/hand 1’s at cannot be 6: it may be a whole number from 0 to 5.*‘hand counts’ of high count.*step 6/)
  })
})
