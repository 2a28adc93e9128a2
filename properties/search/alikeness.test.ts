import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/model/machine.ts'
import { type Exploration, explore } from '../../engine/search/explore.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { alike, each, fate, maybe, type Model, one, type Rule, type StepKind, upTo } from '../../spec/model.ts'
import { delivery, deliveryOrFlag } from '../../spec/verdict.ts'

/** More of it where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

/** What a rule looks at, besides who it is about: nothing, or something that may tell one thing from another. */
type Quirk = 'none' | 'its number' | 'the first worker' | 'the first message'
interface RuleRecipe {
  readonly kind: StepKind
  readonly about: 'worker' | 'message' | 'worker meets message' | 'worker drops its message'
  readonly quirk: Quirk
  /** By what it finds: 0 is nothing, and 1 to 3 stand for what it sets. */
  readonly table: number
  readonly sets: 'a' | 'b' | 'delivered' | 'flagged'
}
interface Recipe {
  readonly workers: number
  readonly areMessagesAlike: boolean
  readonly fresh: boolean
  readonly isLinked: boolean
  readonly rules: readonly RuleRecipe[]
}

const order: readonly StepKind[] = ['progress', 'timer', 'heal', 'fault']
const ruleRecipe: fc.Arbitrary<RuleRecipe> = fc.record({
  kind: fc.constantFrom<StepKind>('progress', 'progress', 'progress', 'timer', 'heal', 'fault'),
  about: fc.constantFrom('worker', 'message', 'worker meets message', 'worker drops its message'),
  quirk: fc.constantFrom<Quirk>('none', 'none', 'none', 'none', 'its number', 'the first worker', 'the first message'),
  table: fc.noBias(fc.nat(4 ** 9 - 1)),
  sets: fc.constantFrom('a', 'b', 'delivered', 'flagged'),
})
const recipe: fc.Arbitrary<Recipe> = fc.record({
  workers: fc.integer({ min: 2, max: 3 }), areMessagesAlike: fc.boolean(), fresh: fc.boolean(), isLinked: fc.boolean(),
  rules: fc.array(ruleRecipe, { minLength: 2, maxLength: 4, size: 'max' })
    .map((rules) => rules.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))),
})

type Message = { number: number; arrived: number; delivered: number; flagged: number }
type Worker = { number: number; a: number; message: Message | null }
interface Scene {
  readonly worker?: Worker
  readonly message?: Message
  readonly workers: readonly Worker[]
  readonly messages: readonly Message[]
  readonly box: { b: number }
}

function ruleOf({ kind, about, quirk, table, sets }: RuleRecipe, i: number): Rule {
  /** A rule is given whom its sentence names, and nobody else. */
  const named = (scene: Scene) => ({
    worker: about === 'message' ? undefined : scene.worker, message: about === 'worker' ? undefined : scene.message,
  })
  const found = (scene: Scene) => {
    const { worker, message } = named(scene)
    const { workers, messages, box } = scene
    const odd = quirk === 'its number' ? (worker ?? message)!.number
      : quirk === 'the first worker' ? workers[0]!.a : quirk === 'the first message' ? messages[0]!.delivered : box.b
    return (table >> (2 * (3 * (((worker?.a ?? 0) + (message?.delivered ?? 0)) % 3) + (odd % 3)))) & 3
  }
  const sentence = { worker: `worker takes turn ${i}`, message: `message takes turn ${i}` }[about as 'worker'] ?? `${about} ${i}`
  return {
    sentence, kind, ...(kind === 'fault' ? { atMost: 1 } : {}),
    when: (scene: Scene) => {
      const { worker, message } = named(scene)
      return found(scene) !== 0 && (message?.arrived ?? 1) > 0 && !(about === 'worker meets message' && worker!.message)
    },
    then: (scene: Scene) => {
      const { worker, message } = named(scene)
      const value = found(scene) - 1
      if (about === 'worker meets message') worker!.message = message!
      if (about === 'worker drops its message') worker!.message = null
      if (sets === 'b') scene.box.b = value
      else if (sets === 'a' && worker) worker.a = value
      else if (sets === 'delivered' && message) message.delivered = value
      else if (sets === 'flagged' && message) message.flagged = value % 2
    },
  }
}

function modelOf({ workers, areMessagesAlike, fresh, isLinked, rules }: Recipe): Model {
  const message = fate({ delivered: 2, flagged: 1 })
  return {
    name: 'random',
    state: {
      worker: alike(workers, { a: upTo(2), message: maybe('message') }),
      box: one({ b: upTo(2) }),
      message: areMessagesAlike ? alike(3, message) : each(3, message),
    },
    rules: rules.map(ruleOf),
    ...(fresh ? { fresh: {} } : {}),
    known: ({ box }: Scene) => ({
      due: () => (box.b === 2 ? deliveryOrFlag : delivery),
      ...(isLinked ? { anotherIsDown: () => box.b === 1 } : {}),
    }),
    facts: () => [],
  }
}

const lengths = ({ broken }: Exploration) => Object.fromEntries(broken.map(({ law, run }) => [law.name, run.moves.length]))

describe('A search of orbits, of any model that declares things alike', () => {
  it('breaks the same laws in as many steps as a search of all states, or refuses the model', () => {
    let refused = 0
    let searched = 0
    fc.assert(fc.property(recipe, (drawn) => {
      const machine = compile(modelOf(drawn))
      const starts = [machine.start([{ count: 1 }, { count: 1 }]), machine.start([{ count: 1 }])]
      const all = explore(machine, starts)
      try {
        const orbits = explore(machine, starts, { symmetry: true })
        searched++
        expect(lengths(orbits)).toEqual(lengths(all))
        for (const { run } of orbits.broken) {
          machine.load(starts[run.start]!)
          for (const move of run.moves) expect(machine.take(move)).toBe(true)
        }
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        refused++
        expect(error.message).toMatch(/declares (?:worker|message) alike, but the rule ‘.*’ tells one/)
        expect(drawn.rules.some(({ quirk }) => quirk !== 'none')).toBe(true)
      }
    }), { numRuns: isWhole ? 50 * Number(process.env['UNWEDGE_SEEDS']) : 40, seed: 3 })
    expect(searched).toBeGreaterThan(15)
    expect(refused).toBeGreaterThan(5)
  }, 600_000)
})
