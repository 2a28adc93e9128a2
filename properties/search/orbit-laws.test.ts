/** Every kind of law is answered over orbits as over all states: as many steps, by a real run. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alike, begins, type Exploration, explore, lawsOver, maybe, type Model, one, type OwnLaw, type Rule, rulesOver, setOf,
  type StepKind, strongly, upTo,
} from '../../api/model.ts'
import { twoPhases } from '../../bench/published/commitment.ts'
import { startsOf } from '../../engine/model/build.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { replay } from '../../engine/run/replay.ts'
import { possibleMoves } from '../../engine/run/run.ts'

/** More of it where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const draws = isWhole ? 1_500 : 25

interface RuleRecipe {
  readonly kind: StepKind
  readonly isStrong: boolean
  readonly about: 'worker' | 'box' | 'box drops its worker' | 'box takes worker'
  /** By what it finds, 0 for nothing, or what it sets. */
  readonly table: number
}
interface Recipe {
  readonly workers: number
  readonly begins: readonly number[]
  readonly rules: readonly RuleRecipe[]
  readonly good: number
  readonly due: number
}

const order: readonly StepKind[] = ['progress', 'timer', 'choice', 'heal', 'fault']
const recipe: fc.Arbitrary<Recipe> = fc.record({
  workers: fc.integer({ min: 2, max: 3 }), begins: fc.subarray([0, 1, 2], { minLength: 1 }),
  rules: fc.array(fc.record({
    kind: fc.constantFrom<StepKind>('progress', 'progress', 'progress', 'timer', 'choice', 'heal'), isStrong: fc.boolean(),
    about: fc.constantFrom<RuleRecipe['about']>('worker', 'worker', 'box', 'box drops its worker', 'box takes worker'),
    table: fc.noBias(fc.nat(4 ** 9 - 1)),
  }), { minLength: 2, maxLength: 4, size: 'max' }).map((rules) => rules.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))),
  good: fc.nat(2), due: fc.nat(2),
})

type Worker = { a: number }
type Scene = { worker: Worker; workers: readonly Worker[]; box: { b: number; worker: Worker | null } }

function ruleOf({ kind, isStrong, about, table }: RuleRecipe, i: number): Rule {
  const of = (scene: Scene): Worker | null => (about === 'box' ? null : scene.worker)
  const found = (scene: Scene) => (table >> (2 * (3 * (of(scene)?.a ?? 0) + scene.box.b))) & 3
  const rule: Rule = {
    sentence: `${about === 'worker' || about === 'box' ? `${about} takes turn` : about} ${i}`, kind,
    when: (scene: Scene) => found(scene) > 0 && (about !== 'box takes worker' || scene.box.worker === null),
    then: (scene: Scene) => {
      const value = found(scene) - 1
      const worker = of(scene)
      if (about === 'box takes worker') scene.box.worker = worker
      if (about === 'box drops its worker') scene.box.worker = null
      if (worker) worker.a = value
      else scene.box.b = value
    },
  }
  return isStrong ? strongly(rule) : rule
}

function modelOf({ workers, begins: values, rules, good, due }: Recipe): Model {
  const state = {
    worker: alike(workers, { a: begins(upTo(2), ...(values as [number])) }), box: one({ b: upTo(2), worker: maybe('worker') }),
  }
  const { always, everyStep, inTheEnd, eventually, leadsTo, canBeReached, canAlwaysBeReached } = lawsOver(state)
  const isGood = ({ worker }: { readonly worker: Worker }) => worker.a === good
  const all = ({ workers: each }: { readonly workers: readonly Worker[] }) => each.some(({ a }) => a === good)
  const [one1, every] = ['Of each worker in turn.', 'Of all of them.'] as const
  const laws: readonly OwnLaw[] = [
    always('always 1', one1, (scene) => scene.worker.a !== good || scene.box.b !== due), always('always', every, all),
    everyStep('steps 1', one1, ({ worker }) => worker.a, (before, after) => before !== good || after !== due),
    inTheEnd('end 1', one1, isGood), inTheEnd('end', every, all), eventually('once 1', one1, isGood), eventually('once', every, all),
    leadsTo('leads 1', one1, ({ worker, box }) => worker.a === due && box.worker !== worker, isGood),
    leadsTo('leads', every, ({ box }) => box.b === due, all), canBeReached('can 1', one1, isGood), canBeReached('can', every, all),
    canAlwaysBeReached('may 1', one1, isGood), canAlwaysBeReached('may', every, all),
  ]
  return { name: 'drawn', state, rules: rules.map(ruleOf), laws }
}

const lengths = ({ broken }: Exploration) =>
  Object.fromEntries(broken.map(({ law, run, shortest }) => [law.name, [run.moves.length, shortest]]))

/** Goes along each run that was found, and asks whether it breaks the law for whom it is said to. */
function follow(machine: Machine, starts: ReturnType<typeof startsOf>, { broken }: Exploration): void {
  for (const { law, run, subject, since } of broken) {
    if (law.when === 'can be reached') continue
    const start = starts[run.start]!
    machine.load(start.words)
    const positions = run.moves.map((move) => {
      const position = possibleMoves(machine).indexOf(move)
      expect(machine.take(move)).toBe(true)
      return position
    })
    const again = replay(machine, start, positions, [law])
    expect([again.run.moves, again.run.stem]).toEqual([run.moves, run.stem])
    expect(again.broken!.law).toBe(law)
    const asked = machine.ask(law)
    // At rest, and at one moment, it may be broken for several.
    if (run.stem === null && law.when === 'in the end') {
      machine.load(start.words)
      for (const move of run.moves) machine.take(move)
      expect(asked.holds(subject)).toBe(false)
    } else if (run.stem === null && law.when !== 'leads to' && law.when !== 'eventually') expect(again.broken!.subject).toBe(subject)
    expect(since === undefined).toBe(law.when !== 'leads to')
  }
}

describe('A search of orbits', () => {
  it('answers laws of one’s own as a search of all states does, by runs that are real', { timeout: 240_000 }, () => {
    const seen = new Set<string>()
    fc.assert(fc.property(recipe, (made) => {
      const machine = compile(modelOf(made))
      const starts = startsOf(machine, [[]])
      const words = starts.map((start) => start.words)
      const [all, orbits] = [explore(machine, words), explore(machine, words, { symmetry: true })]
      expect(lengths(orbits)).toEqual(lengths(all))
      expect(orbits.states).toBeLessThanOrEqual(all.states)
      follow(machine, starts, orbits)
      for (const { law, run } of orbits.broken) seen.add(`${law.name}${run.stem === null ? '' : ' round'}`)
    }), { seed: 2, numRuns: draws })
    for (const name of ['steps 1', 'end 1', 'end 1 round', 'once 1 round', 'leads 1', 'leads 1 round', 'leads', 'can 1', 'may 1', 'may'])
      expect(seen).toContain(name)
  })

  it('says of one that is followed what is so of it, where the starts tell it from the others', () => {
    const state = { worker: alike(2, { a: begins(upTo(1), 0, 1) }), box: one({ had: setOf('worker') }) }
    const { choice } = rulesOver(state)
    const { canBeReached } = lawsOver(state)
    const machine = compile({
      name: 'uneven', state,
      rules: [choice('box takes worker', ({ worker }) => worker.a === 1, ({ box, worker }) => { box.had.add(worker) })],
      laws: [canBeReached('had', 'Each worker can be had.', ({ worker, box }) => box.had.has(worker))],
    })
    const start = startsOf(machine, [[]])[1]!.words
    for (const symmetry of [false, true])
      expect(explore(machine, [start], { symmetry }).broken.map(({ subject }) => subject)).toEqual([1])
  })
})

describe('A model that takes the first that will do', () => {
  const state = { worker: alike(3, { a: upTo(1) }), box: one({}) }
  const { rule } = rulesOver(state)
  const { always, inTheEnd, leadsTo } = lawsOver(state)
  const machine = compile({
    name: 'first', state,
    rules: [
      rule('box wakes somebody', ({ workers }) => workers.some(({ a }) => a === 0), ({ workers }) => {
        workers.find(({ a }) => a === 0)!.a = 1
      }),
      rule('worker sleeps', ({ worker }) => worker.a === 1, ({ worker }) => { worker.a = 0 }),
    ],
    laws: [
      always('some', 'A worker is up or not.', () => true),
      inTheEnd('up', 'Each worker is up.', ({ worker }) => worker.a === 1),
      leadsTo('wakes', 'Each worker wakes again.', ({ worker }) => worker.a === 0, ({ worker }) => worker.a === 1),
    ],
  })
  const start = machine.start([])

  it('is reduced for what orbits tell, and every state of it is visited for what becomes of one of them', () => {
    const [all, orbits] = [explore(machine, [start]), explore(machine, [start], { symmetry: true })]
    expect(all.states).toBe(8)
    expect(orbits).toMatchObject({ states: 4, beside: { round: 0, followed: 0, all: 8 } })
    expect(orbits.broken).toEqual(all.broken)
    // The first is woken before the others, always: nobody is ahead of it, and so it is not the one to follow.
    expect(orbits.broken.find(({ law }) => law.name === 'wakes')!.subject).toBe(2)
    const laws = machine.laws.filter(({ when }) => when === 'always')
    expect(explore(machine, [start], { symmetry: true, laws }).beside).toEqual({ round: 0, followed: 0, all: 0 })
  })
})

describe('Two-phase commit, in which steps go round that change nothing', () => {
  for (const [managers, states, orbits] of [[3, 288, 80], [5, 8_832, 314]] as const)
    it(`is ${orbits} orbits of ${states} states with ${managers} managers, and few are unfolded`, () => {
      const machine = compile(twoPhases({ managers }))
      const start = machine.start([])
      expect(explore(machine, [start])).toMatchObject({ states, beside: null, broken: [] })
      const reduced = explore(machine, [start], { symmetry: true })
      expect(reduced).toMatchObject({ states: orbits, broken: [] })
      expect(reduced.beside!.round).toBeLessThan(4 * orbits)
    })

  it.runIf(isWhole)('is 1,461 orbits of 1,745,408 states with 8 managers', () => {
    const machine = compile(twoPhases({ managers: 8 }))
    expect(explore(machine, [machine.start([])], { symmetry: true })).toMatchObject({ states: 1_461, broken: [] })
  })

  it('unfolds nothing for what must always hold', () => {
    const machine = compile(twoPhases({ managers: 5 }))
    const laws = machine.laws.filter(({ when }) => when === 'always')
    const { states, beside } = explore(machine, [machine.start([])], { symmetry: true, laws })
    expect({ states, beside }).toEqual({ states: 314, beside: { round: 0, followed: 0, all: 0 } })
  })
})
