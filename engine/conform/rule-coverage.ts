/** Which rules of a model a run takes, and which questions of the policy each of them asks: what a trial has exercised. */
import type { Component, Questions, Scope } from '../../spec/component.ts'
import type { ModelBurst, ModelStart } from '../../spec/evidence/counterexample.ts'
import type { RuleCoverage } from '../../spec/evidence/model-coverage.ts'
import { modelOf, scopeOf, streams } from '../model/build.ts'
import { compile, isFresh, type Machine } from '../model/machine.ts'
import { inWorld } from './vocabulary.ts'

/** A rule’s sentence; or that, a question and what was found; each in a line. */
export type RuleUse = string
const useOf = (...parts: readonly string[]): RuleUse => parts.join('\n')

/** The right model of a component, built so that it tells which questions are asked. */
export class RuleSpy {
  readonly machine: Machine
  readonly #asked = new Set<string>()

  constructor(component: Component, scope: Scope) {
    const asked = this.#asked
    const policy = component.variants.fixed as Readonly<Record<string, unknown>>
    const spied = Object.defineProperties({}, Object.fromEntries(Object.keys(component.questions as Questions).map((name) => {
      const answer = policy[name]
      const note = (found: readonly string[]) => { asked.add(useOf(name, ...found)) }
      const tell = typeof answer === 'function'
        ? { value: (...found: readonly string[]) => { note(found); return answer(...found) as unknown } }
        : { get: () => { note([]); return answer } }
      return [name, { ...tell, enumerable: true }]
    })))
    const { fresh: _, ...model } = component.model(scope, spied, modelOf)
    this.machine = compile(model as Parameters<typeof compile>[0])
  }

  /** What a move uses in the loaded state, which is the one after it then; empty where it may not be taken. */
  take(move: number): readonly RuleUse[] {
    this.#asked.clear()
    if (!this.machine.take(move)) return []
    const { sentence } = this.machine.moves[move]!.rule
    return [useOf(sentence), ...[...this.#asked].map((asked) => useOf(sentence, asked))]
  }

  /** Everything that a run uses. */
  uses({ stream, begin }: ModelStart, moves: readonly number[]): ReadonlySet<RuleUse> {
    this.machine.load(this.machine.start(stream, begin))
    return new Set(moves.flatMap((move) => this.take(move)))
  }
}

/** Everything that can be used at the small scope: with any message, or only with those for which a world has words. */
function possibleUses(component: Component, hasWords: (stream: readonly ModelBurst[]) => boolean = () => true): ReadonlySet<RuleUse> {
  const scope = scopeOf(component)
  const spy = new RuleSpy(component, scope)
  const { machine } = spy
  const uses = new Set<RuleUse>()
  const starts = streams(component, scope).filter(hasWords).map((stream) => machine.start(stream))
  const seen = new Map(starts.map((state) => [state.join(), state]))
  for (const state of seen.values())
    for (const move of machine.moves) {
      if (isFresh(move)) continue
      machine.load(state)
      const used = spy.take(move.at)
      if (used.length === 0) continue
      for (const use of used) uses.add(use)
      const next = machine.save()
      const key = next.join()
      if (!seen.has(key)) seen.set(key, next)
    }
  return uses
}

/** Why a rule takes place with no message that a world has; null where it may, or where the component has no words at all. */
function unspoken(component: Component): (rule: string) => string | null {
  const scope = scopeOf(component)
  const hasWords = (stream: readonly ModelBurst[]) =>
    stream.every(({ count: _, ...fields }) => inWorld(component, fields, scope) !== null)
  if (!component.words || streams(component, scope).every(hasWords)) return () => null
  const uses = possibleUses(component, hasWords)
  return (rule) => (uses.has(rule) ? null : 'no message of a world is like those with which it takes place')
}

/** The rules in the order of the model, with how many histories used each; `why` says why one cannot be used, where that is known. */
export function coverageOf(
  component: Component, counts: ReadonlyMap<RuleUse, number>, why: (rule: string) => string | null,
): readonly RuleCoverage[] {
  const possible = [...new Set([...possibleUses(component), ...counts.keys()])].sort().map((use) => use.split('\n'))
  const policy = component.variants.fixed as Readonly<Record<string, unknown>>
  const answer = (question: string, found: readonly string[]) => {
    const given = policy[question]
    return String(typeof given === 'function' ? given(...found) : given)
  }
  const whyNot = unspoken(component)
  const sentences = new Set(new RuleSpy(component, scopeOf(component)).machine.loops.map(({ rule }) => rule.sentence))
  return [...sentences].filter((sentence) => possible.some(([first]) => first === sentence)).map((sentence) => ({
    rule: sentence, histories: counts.get(sentence) ?? 0,
    answers: possible.filter(([first, question]) => first === sentence && question !== undefined).map(([, question = '', ...found]) => ({
      question, found: found.join(', '), answer: answer(question, found),
      histories: counts.get(useOf(sentence, question, ...found)) ?? 0,
    })),
    because: why(sentence) ?? (counts.has(sentence) ? null : whyNot(sentence)),
  }))
}
