/**
 * The source of a rule: its guard and effect called for one choice of whom it is about, or for all of them in a loop.
 *
 * Every rule becomes a function of its own, which V8 inlines guards and effects into; one function for all would be
 * too large for that.
 */
import { isOwed, type StepKind, type Rule, type State } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { getSource, type Place } from './layout.ts'

export interface Parts {
  readonly words: readonly string[]
  /** The kinds a sentence ranges over, in its order. */
  readonly kinds: readonly string[]
  /** The field of the first word that follows `its`, if any does. */
  readonly its: string | null
}

/** The kinds of several that a sentence names, but not as a field of who acts. */
export function kindsNamed(sentence: string, state: State): readonly string[] {
  const words = sentence.split(' ')
  const its = words.indexOf('its')
  return words.filter((word, i) => Object.hasOwn(state, word) && state[word]!.many && !(its >= 0 && i === its + 1))
}

export function partsOf(rule: Rule, state: State): Parts {
  const words = rule.sentence.split(' ')
  const its = words.indexOf('its')
  const field = its < 0 ? null : (words[its + 1] ?? null)
  const kinds = kindsNamed(rule.sentence, state)
  if (field !== null && state[words[0]!]?.fields[field]?.is !== 'maybe')
    throw new UsageError(`The rule ‘${rule.sentence}’ says ‘its ${field}’, but ${words[0]} has no field ‘${field}: maybe(…)’.`)
  return { words, kinds, its: field }
}

interface RuleSource {
  /** A function of the places of those it ranges over, and of whether to take the move. */
  readonly once: string
  /** What becomes of one choice, given the places of those it ranges over; `otherwise` when it may not happen. */
  lone(then: string, otherwise: string): string
  /** A loop over all choices; `first` is the number of the rule’s first move. */
  over(first: number, then: (move: string) => string): string
  /** What a move does to the state. */
  readonly effect: string
}

export function sourceOf(
  rule: Rule, r: number, stage: number, state: State, { kinds, its, words }: Parts, counter: Place | undefined,
): RuleSource {
  const scene = `scene${r}`
  const under = counter ? `(${getSource(`S[${counter.word}]`, counter.shift, counter.mask)}) < ${rule.atMost} && ` : ''
  const count = counter ? `S[${counter.word}] += ${(1 << counter.shift) | 0};` : ''
  const test = `${under}when${r}(${scene})`
  const effect = `then${r}(${scene}); ${count}`
  const counts = kinds.map((kind) => state[kind]!.count)
  const put = (name: string, what: string) => `${scene}[${JSON.stringify(name)}] = ${what};`
  const choose = (k: number) => `const t${k} = ${allOf(stage, kinds[k]!)}[i${k}]; ${put(kinds[k]!, `t${k}`)}`
  const actor = kinds[0] === words[0] ? 't0' : `${scene}[${JSON.stringify(words[0])}]`
  const had = (otherwise: string) => its === null ? ''
    : `const had = ${actor}.${its}; if (had === null) ${otherwise}; ${put(its, 'had')}`
  const lone = (then: string, otherwise: string) =>
    `${kinds.map((_, k) => choose(k)).join(' ')} ${had(otherwise)} if (${test}) { ${then} }`
  return {
    once: `${lone(`if (taking) { ${effect} } return true`, 'return false')} return false`,
    lone,
    over(first, then) {
      const move = kinds.reduce((sum, _, k) => `(${sum}) * ${counts[k]} + i${k}`, '0')
      let body = `if (${test}) { ${then(`(${first} + ${move})`)} }`
      for (let k = kinds.length - 1; k >= 0; k--)
        body = `for (let i${k} = 0; i${k} < ${counts[k]}; i${k}++) { ${choose(k)} ${k === 0 ? had('continue') : ''} ${body} }`
      return kinds.length === 0 && its !== null ? `do { ${had('break')} ${body} } while (false)` : `{ ${body} }`
    },
    effect,
  }
}

export const allOf = (stage: number, kind: string) => `all${stage}_${kind}`

export function* choices(counts: readonly number[]): Generator<readonly number[]> {
  const [count, ...others] = counts
  if (count === undefined) yield []
  else for (let i = 1; i <= count; i++) for (const rest of choices(others)) yield [i, ...rest]
}

interface Steps {
  take(move: number): boolean
  may(move: number): boolean
  next(from: number, to: number): number
  owed(): number
  readonly found: Int32Array
}
interface Compiled {
  readonly source: RuleSource
  readonly first: number
  readonly kind: StepKind
}

/** Single moves, by tables from a move to its rule and to whom it is about; `freshMove` is the fresh message’s, or -1. */
export function stepsOf(
  rules: readonly Compiled[], who: readonly (readonly number[])[], freshMove: number, bind: Readonly<Record<string, unknown>>,
): Steps {
  const ruleOf = new Uint16Array(who.length)
  rules.forEach(({ first }, r) => ruleOf.fill(r, first))
  if (freshMove >= 0) ruleOf[freshMove] = rules.length
  const most = Math.max(0, ...who.map(({ length }) => length))
  const places = Array.from({ length: most }, (_, k) => Uint16Array.from(who, (numbers) => (numbers[k] ?? 1) - 1))
  const parameters = places.map((_, k) => `i${k}`)
  const given = [...parameters.map((_, k) => `place${k}[move]`), 'taking'].join(', ')
  const found = new Int32Array(who.length)
  const owed = rules.flatMap(({ kind }, r) => (isOwed(kind) ? [`list${r}();`] : []))
  const text = `
    let n = 0
    ${rules.map(({ source }, r) => `function take${r}(${[...parameters, 'taking'].join(', ')}) { ${source.once} }`).join('\n')}
    ${rules.map(({ source, first }, r) => `function list${r}() { ${source.over(first, (move) => `found[n++] = ${move}`)} }`).join('\n')}
    function take${rules.length}(${[...parameters, 'taking'].join(', ')}) {
      const may = fresh.arrived === 0
      if (may && taking) fresh.arrived = 1
      return may
    }
    const takes = [${Array.from({ length: rules.length + 1 }, (_, r) => `take${r}`).join(', ')}]
    function step(move, taking) { return takes[ruleOf[move]](${given}) }
    return {
      take(move) { try { return step(move, true) } catch (error) { throw blamed(error, move) } },
      may(move) { return step(move, false) },
      next(from, to) {
        let move = from
        try { for (; move < to; move++) if (step(move, true)) return move } catch (error) { throw blamed(error, move) }
        return -1
      },
      owed() { n = 0; ${owed.join(' ')} return n }, found,
    }`
  const names = { ...bind, ruleOf, found, ...Object.fromEntries(places.map((table, k) => [`place${k}`, table])) }
  return new Function(...Object.keys(names), text)(...Object.values(names)) as Steps
}
