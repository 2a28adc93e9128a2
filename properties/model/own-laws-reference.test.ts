/** Laws of one’s own on small drawn graphs, against what is found by looking at every set of states that a run could stay in for ever. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explore, lawsOver, type Model, one, type Rule, type StepKind, strongly, upTo } from '../../api/model.ts'
import { compile } from '../../engine/model/machine.ts'
import { replay } from '../../engine/run/replay.ts'
import { possibleMoves } from '../../engine/run/run.ts'

/** More of it where the whole suite has time. */
const runs = process.env['UNWEDGE_SEEDS'] === undefined ? 250 : 3_000

const places = 5
interface RuleRecipe {
  readonly kind: StepKind
  readonly isStrong: boolean
  /** By place, where it leads; one that is too great leads nowhere. */
  readonly leads: readonly number[]
}
interface Recipe {
  readonly rules: readonly RuleRecipe[]
  /** The places where what a law asks for is so, and where it becomes due. */
  readonly good: readonly number[]
  readonly due: readonly number[]
}

const order: readonly StepKind[] = ['progress', 'timer', 'choice', 'heal', 'fault']
const some = fc.subarray(Array.from({ length: places }, (_, place) => place))
const recipe: fc.Arbitrary<Recipe> = fc.record({
  rules: fc.array(fc.record({
    kind: fc.constantFrom<StepKind>('progress', 'progress', 'progress', 'timer', 'choice', 'heal'), isStrong: fc.boolean(),
    leads: fc.array(fc.nat(2 * places), { minLength: places, maxLength: places }),
  }), { minLength: 2, maxLength: 5, size: 'max' }).map((rules) => rules.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))),
  good: some, due: some,
})

const isOwed = ({ kind }: RuleRecipe) => kind === 'progress' || kind === 'timer'
const state = { token: one({ at: upTo(places - 1) }) }
type Scene = { token: { at: number } }
function modelOf({ rules, good, due }: Recipe): Model {
  const { always, inTheEnd, eventually, leadsTo, canBeReached, canAlwaysBeReached, everyStep } = lawsOver(state)
  const isGood = ({ token }: Scene) => good.includes(token.at)
  return {
    name: 'drawn', state,
    rules: rules.map(({ kind, isStrong, leads }, i): Rule => {
      const rule: Rule = {
        sentence: `token goes by ${i}`, kind, when: ({ token }: Scene) => leads[token.at]! < places,
        then: ({ token }: Scene) => { token.at = leads[token.at]! },
      }
      return isStrong ? strongly(rule) : rule
    }),
    laws: [
      always('always', 'It is so.', isGood), inTheEnd('in the end', 'It is so.', isGood), eventually('eventually', 'It is so.', isGood),
      leadsTo('leads to', 'It leads there.', ({ token }) => due.includes(token.at), isGood), canBeReached('can be', 'It can be.', isGood),
      canAlwaysBeReached('can always be', 'It can be.', isGood),
      everyStep('steps', 'It is kept.', isGood, (before, after) => !before || after),
    ],
  }
}

/** The names of the laws that are broken, found without any of our ways to find them. */
function brokenIn({ rules, good, due }: Recipe): readonly string[] {
  const steps = (from: number) => rules.flatMap(({ leads }, r) => (leads[from]! < places ? [{ r, to: leads[from]! }] : []))
  const reach = (begin: readonly number[], may: (place: number) => boolean, by: (r: number) => boolean = () => true) => {
    const seen = new Set(begin.filter(may))
    for (const place of seen) for (const { r, to } of steps(place)) if (by(r) && may(to)) seen.add(to)
    return seen
  }
  const isBad = (place: number) => !good.includes(place)
  const isRest = (place: number) => steps(place).every(({ r }) => !isOwed(rules[r]!))
  /** Whether a fair run can stay for ever in just these places. */
  const isHome = (set: readonly number[]) => {
    const inside = set.flatMap((from) => steps(from).filter(({ to }) => set.includes(to)))
    if (inside.length === 0 || !set.every((from) => {
      const there = reach([from], (place) => set.includes(place))
      return set.every((to) => there.has(to)) && (set.length > 1 || steps(from).some(({ to }) => to === from))
    })) return false
    return rules.every((rule, r) => {
      if (!isOwed(rule) || inside.some((step) => step.r === r)) return true
      const possible = set.filter((place) => steps(place).some((step) => step.r === r))
      return rule.isStrong ? possible.length === 0 : possible.length < set.length
    })
  }
  const everywhere = Array.from({ length: places }, (_, place) => place)
  const sets = Array.from({ length: 2 ** places - 1 }, (_, i) => everywhere.filter((place) => (i + 1) & (1 << place)))
  const canStay = (from: Set<number>) =>
    [...from].some(isRest) || sets.some((set) => set.every((place) => from.has(place)) && isHome(set))
  const all = reach([0], () => true)
  const bad = [...all].filter(isBad)
  const helps = (r: number) => rules[r]!.kind !== 'fault'
  return [
    ...(bad.length > 0 ? ['always'] : []),
    ...(canStay(new Set(bad)) ? ['in the end'] : []),
    ...(canStay(reach([0], isBad)) ? ['eventually'] : []),
    ...(canStay(reach(bad.filter((place) => due.includes(place)), isBad)) ? ['leads to'] : []),
    ...(bad.length === all.size ? ['can be'] : []),
    ...([...all].some((place) => [...reach([place], () => true, helps)].every(isBad)) ? ['can always be'] : []),
    ...([...all].some((place) => !isBad(place) && steps(place).some(({ to }) => isBad(to))) ? ['steps'] : []),
  ]
}

describe('Laws of one’s own', () => {
  it('are broken on drawn graphs where a run could break them for ever, and every run shown breaks its law', { timeout: 240_000 }, () => {
    const seen = new Set<string>()
    fc.assert(fc.property(recipe, (made) => {
      const machine = compile(modelOf(made))
      const start = machine.start([])
      const { broken } = explore(machine, [start])
      expect(broken.map(({ law }) => law.name)).toEqual(brokenIn(made))
      for (const { law, run, subject, since } of broken) {
        seen.add(law.name)
        if (law.when === 'can be reached') continue
        machine.load(start)
        const positions = run.moves.map((move) => {
          const position = possibleMoves(machine).indexOf(move)
          machine.take(move)
          return position
        })
        const again = replay(machine, { stream: [] }, positions, [law])
        expect(again.broken).toEqual({ law, subject, ...(since === undefined ? {} : { since }) })
        expect(again.run).toEqual({ start: 0, moves: run.moves, stem: run.stem })
      }
    }), { seed: 1, numRuns: runs })
    expect(seen.size).toBe(7)
  })
})
