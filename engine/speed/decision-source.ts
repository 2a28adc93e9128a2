/**
 * The source of decisions: nested comparisons of bits, and for each successor its words.
 *
 * The moves of a rule stand one after another, in their order. What several of them ask first is asked once, so that a
 * field is compared with what it may hold, and not with it for each message or worker in turn.
 */
import { type Decision, type Fork, type Leaf, never } from './decision-tree.ts'
import { lengthOf } from './symbolic-trace.ts'
import type { Writes } from '../states/log.ts'

export interface Decided {
  readonly move: number
  readonly decision: Decision
}
/** What is known at a place in the source: by question, the answers it may still have. */
type Known = ReadonlyMap<string, readonly number[]>

/** Functions larger than this, in characters, are left unoptimised by V8. */
const mostSource = 24_000

/** The bodies of as many functions as it takes; none where no move may ever happen. */
export function bodiesOf(moves: readonly Decided[], writes: Writes): readonly string[] {
  const body = bodyOf(moves, writes)
  if (body === '') return []
  if (body.length <= mostSource || moves.length < 2) return [body]
  const half = moves.length >> 1
  return [moves.slice(0, half), moves.slice(half)].flatMap((part) => bodiesOf(part, writes))
}

/** The body of one function, of which it is not asked how large it gets. */
export function bodyOf(moves: readonly Decided[], writes: Writes): string {
  const read = new Set<number>()
  let names = 0
  const text = sequence(moves, new Map())
  const words = [...read].sort((a, b) => a - b).map((k) => `w${k} = S[${k}]`)
  return text === '' ? '' : `${words.length === 0 ? '' : `const ${words.join(', ')}; `}${text}`

  /** The source of a word, which is then declared. */
  function word(k: number): string {
    read.add(k)
    return `w${k}`
  }

  function sequence(all: readonly Decided[], known: Known): string {
    const moves = all.map(({ move, decision }) => ({ move, decision: narrowed(decision, known) }))
      .filter(({ decision }) => decision !== never)
    const [first] = moves
    if (!first) return ''
    const { decision, move } = first
    if (decision.is === 'fork') {
      let end = 1
      while (end < moves.length && asks(moves[end]!.decision, decision)) end++
      return lines(fork(decision, moves.slice(0, end), known), sequence(moves.slice(end), known))
    }
    const taken = decision.is === 'leaf' ? writes.successor(wordsOf(decision, word), move, word) : writes.itself(move)
    return lines(taken, sequence(moves.slice(1), known))
  }

  function fork(first: Fork, moves: readonly Decided[], known: Known): string {
    const { ask } = first
    const values = first.groups.flatMap(({ values }) => values).sort((a, b) => a - b)
    const cases = new Map<string, number[]>()
    for (const value of values) {
      const key = moves.map(({ decision }) => (decision as Fork).groups.findIndex((group) => group.values.includes(value))).join()
      cases.set(key, [...(cases.get(key) ?? []), value])
    }
    const isSure = first.isWhole || known.has(ask.id)
    const name = `v${names++}`
    const branches = [...cases.values()].map((values) => {
      const then = moves.map(({ move, decision }) =>
        ({ move, decision: (decision as Fork).groups.find((group) => group.values.includes(values[0]!))!.then }))
      return { values, body: sequence(then, new Map([...known, [ask.id, values]])) }
    })
    const otherwise = isSure ? '' : moves.map(({ move }) => writes.itself(move)).join('; ')
    return lines(`const ${name} = ${ask.source(word(ask.word))}`, chain(name, branches, otherwise, isSure))
  }
}

const lines = (...all: readonly string[]) => all.filter((line) => line !== '').join('\n')
const asks = (decision: Decision, fork: Fork) => decision.is === 'fork' && decision.ask.id === fork.ask.id

/** What is left of a decision when some of its answers are known. */
function narrowed(decision: Decision, known: Known): Decision {
  if (decision.is !== 'fork') return decision
  const values = known.get(decision.ask.id)
  if (!values) return decision
  const groups = decision.groups.flatMap((group) => {
    const left = group.values.filter((value) => values.includes(value))
    return left.length === 0 ? [] : [{ values: left, then: group.then }]
  })
  return groups.length === 1 ? narrowed(groups[0]!.then, known) : { ...decision, groups }
}

interface Branch {
  readonly values: readonly number[]
  readonly body: string
}

function chain(name: string, all: readonly Branch[], otherwise: string, isSure: boolean): string {
  const [empty, full] = [true, false].map((wanted) => all.filter(({ body }) => (body === '') === wanted))
  if (full!.length > 3 && full!.every(({ values }) => values.length < 8)) {
    const cases = [...full!, ...(isSure ? [] : empty!)].map(({ values, body }) =>
      `${values.map((value) => `case ${value}:`).join(' ')} { ${body}; break }`)
    return `switch (${name}) { ${cases.join('\n')} ${otherwise ? `default: { ${otherwise} }` : ''} }`
  }
  if (all.length === 1 && isSure) return all[0]!.body
  const none = empty!.flatMap(({ values }) => values)
  const parts = full!.map(({ values, body }, i) =>
    (isSure && none.length === 0 && i === full!.length - 1 && i > 0 ? `{ ${body} }` : `if (${among(name, values)}) { ${body} }`))
  if (otherwise) parts.push(none.length > 0 ? `if (!(${among(name, none)})) { ${otherwise} }` : `{ ${otherwise} }`)
  return parts.join(' else ')
}

function among(name: string, given: readonly number[]): string {
  const values = [...given].sort((a, b) => a - b)
  const [least, most] = [values[0]!, values.at(-1)!]
  if (values.length === 1) return `${name} === ${least}`
  if (most - least + 1 === values.length) return least === 0 ? `${name} <= ${most}` : `${name} >= ${least} && ${name} <= ${most}`
  if (most < 32) return `(${values.reduce((mask, value) => mask | (1 << value), 0)} >>> ${name} & 1) === 1`
  return values.map((value) => `${name} === ${value}`).join(' || ')
}

/** The words of a successor, where they differ: bits cleared and set, then the differences added, then queues moved. */
function wordsOf({ writes, steps }: Leaf, source: (word: number) => string): ReadonlyMap<number, string> {
  const words = new Map<number, { clear: number; set: number; add: number }>()
  for (const { place: { word, shift, mask }, to, more } of writes) {
    if (more === 0) continue
    const change = words.get(word) ?? { clear: 0, set: 0, add: 0 }
    words.set(word, change)
    if (more !== null) change.add = (change.add + (more << shift)) | 0
    else {
      change.clear |= mask << shift
      change.set |= to! << shift
    }
  }
  const sources = new Map([...words].map(([word, { clear, set, add }]) => {
    const kept = clear === 0 ? source(word) : `(${source(word)} & ${~clear})`
    const changed = set === 0 ? kept : `(${kept} | ${set})`
    return [word, add === 0 ? changed : `((${changed} + ${add}) | 0)`]
  }))
  for (const { queue, number } of steps) {
    const { word, shift, width, bits } = queue
    const w = sources.get(word) ?? source(word)
    const all = `((${source(word)} >>> ${shift}) & ${bits})`
    sources.set(word, number === null ? `(${w} ^ ((${all} ^ (${all} >>> ${width})) << ${shift}))`
      : `(${w} | (${number} << (${shift} + (${lengthOf(queue, source(word))} | 0) * ${width})))`)
  }
  return sources
}
