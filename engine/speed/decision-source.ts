/**
 * The source of decisions: nested comparisons of bits, and for each successor its words.
 *
 * The moves of a rule stand one after another, in their order. What several of them ask first is asked once, so that a
 * field is compared with what it may hold, and not with it for each message or worker in turn.
 */
import { type Decision, type Fork, type Leaf, never } from './decision-tree.ts'
import { lengthOf } from './symbolic-trace.ts'

export interface Decided {
  readonly move: number
  readonly decision: Decision
}
/** How a successor is told: its words by number, where they differ from those of the state. */
interface Emits {
  readonly successor: (words: ReadonlyMap<number, string>, move: number) => string
  /** What asks the rule itself. */
  readonly itself: (move: number) => string
}

/** What is known at a place in the source: by question, the answers it may still have. */
type Known = ReadonlyMap<string, readonly number[]>

export function sourceOfDecisions(moves: readonly Decided[], emits: Emits): string {
  let names = 0
  return sequence(moves, new Map())

  function sequence(all: readonly Decided[], known: Known): string {
    const moves = all.map(({ move, decision }) => ({ move, decision: narrowed(decision, known) }))
      .filter(({ decision }) => decision !== never)
    const [first] = moves
    if (!first) return ''
    const { decision, move } = first
    if (decision.is === 'fork') {
      let end = 1
      while (end < moves.length && asks(moves[end]!.decision, decision)) end++
      return `${fork(decision, moves.slice(0, end), known)}\n${sequence(moves.slice(end), known)}`
    }
    return `${decision.is === 'leaf' ? emits.successor(wordsOf(decision), move) : emits.itself(move)}\n${sequence(moves.slice(1), known)}`
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
    const otherwise = isSure ? '' : moves.map(({ move }) => emits.itself(move)).join('; ')
    return `const ${name} = ${ask.source(`w${ask.word}`)}\n${chain(name, branches, otherwise, isSure)}`
  }
}

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
  const [empty, full] = [true, false].map((wanted) => all.filter(({ body }) => (body.trim() === '') === wanted))
  if (full!.length > 3 && full!.every(({ values }) => values.length < 8)) {
    const cases = [...full!, ...(isSure ? [] : empty!)].map(({ values, body }) =>
      `${values.map((value) => `case ${value}:`).join(' ')} { ${body} break }`)
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
function wordsOf({ writes, steps }: Leaf): ReadonlyMap<number, string> {
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
    const kept = clear === 0 ? `w${word}` : `(w${word} & ${~clear})`
    const changed = set === 0 ? kept : `(${kept} | ${set})`
    return [word, add === 0 ? changed : `((${changed} + ${add}) | 0)`]
  }))
  for (const { queue, number } of steps) {
    const { word, shift, width, bits } = queue
    const w = sources.get(word) ?? `w${word}`
    const all = `((w${word} >>> ${shift}) & ${bits})`
    sources.set(word, number === null ? `(${w} ^ ((${all} ^ (${all} >>> ${width})) << ${shift}))`
      : `(${w} | (${number} << (${shift} + (${lengthOf(queue, `w${word}`)} | 0) * ${width})))`)
  }
  return sources
}
