/**
 * The source of the kernel: expanding states one after another, and telling new ones from those seen before.
 *
 * Every rule is a function of its own, or V8 would run out of what it is willing to inline. A large search may be given a
 * shortcut, which takes a state to its successors by comparing bits, for as long as the bits that were the same in all
 * states before still are; a state where they are not goes by the rules as they are written. Successors are collected
 * and looked up a batch at a time. About half of them were met a moment ago, and a small cache knows; for the others,
 * all places of the table are read first, then all states they lead to, so that the cache misses overlap. An entry of
 * the table is a state’s index, from 1, and four bits of its hash, so that few entries are followed in vain.
 */
import { isOwed, type StepKind } from '../../spec/model.ts'
import type { Machine } from '../model/machine.ts'
import { type Bits, canProgress, canTime, isBeyond, type Limits, type Log, type Shortcut, type Writes } from './log.ts'

/** Successors looked up together. */
export const batch = 256
/** States that are known to have been met lately: as many as stay near the processor. */
const recentOf = ({ length }: Words) => Math.max(256, 2 ** Math.floor(Math.log2(8192 / length)))
const tagBits = 4
export const mostStates = 2 ** (32 - tagBits)

export interface Kernel {
  start(words: Int32Array): void
  /** Expands states from one index on. The index of the first not expanded; -1 when told to stop. */
  run(from: number, limits: Limits): number
}

type Keep = (to: Int32Array, by: Uint16Array, length: number) => void

let sources = 0
export const compiled = (names: Readonly<Record<string, unknown>>, text: string): unknown =>
  new Function(...Object.keys(names), `${text}\n//# sourceURL=unwedge-kernel-${++sources}.js`)(...Object.values(names))

/** The rules of a machine and the successors they collect: compiled once, whatever becomes of the other arrays. */
interface Rules {
  readonly words: Words
  /** Successors that there is room for: a batch, and what one state can add to it. */
  readonly room: number
  /** Its functions and arrays, by the names that the kernel calls them. */
  readonly names: Readonly<Record<string, unknown>>
  /** The rules as they are written: functions in the order of moves. */
  readonly calls: readonly Call[]
  /** The shortcut, for states whose known bits are these. */
  readonly quick: { readonly calls: readonly Call[]; readonly bits: Bits } | null
}
interface Call {
  readonly kind: StepKind
  readonly name: string
}

export function compileRules(machine: Machine, canon: (() => void) | null, keeps: boolean, shortcut: Shortcut | null): Rules {
  const words = Array.from({ length: machine.words }, (_, k) => k)
  const made = (move: string) => collect(words, move, canon !== null, keeps)
  /** A guard that has changed the state would spoil what comes after it. */
  const unwritten = (r: number) => `${isChanged(words)} wrote(${r});`
  const functions = machine.loops.map(({ over }, r) => `function rule${r}(z) { ${over(made, unwritten(r))} ${unwritten(r)} return z }`)
  const calls = machine.loops.map(({ rule }, r): Call => ({ kind: rule.kind, name: `rule${r}` }))
  const ruleOf = machine.loops.flatMap(({ moves }, r) => moves.map(() => r))
  const writes: Writes = {
    itself: (move) => `z = lone${ruleOf[move]}(${['z', move, ...machine.moves[move]!.who.map((number) => number - 1)].join(', ')})`,
    successor: (changed, move, word) =>
      `${each(words, (k) => `next${k}[z] = ${changed.get(k) ?? word(k)}`)}; ${keeps ? `by[z] = ${move};` : ''} z++`,
  }
  const quick = (shortcut?.rules(writes) ?? []).flatMap((bodies, r) => {
    const { rule, lone, parts } = machine.loops[r]!
    functions.push(`function lone${r}(${['z', 'move', ...parts.kinds.map((_, k) => `i${k}`)].join(', ')}) { ${lone(made('move'), unwritten(r))} return z }`)
    return bodies.map((body, i): Call => {
      functions.push(`function quick${r}_${i}(z) { ${body}; return z }`)
      return { kind: rule.kind, name: `quick${r}_${i}` }
    })
  })
  const text = `${functions.join('\n')}\nreturn { ${[...calls, ...quick].map(({ name }) => name).join(', ')} }`
  return {
    words, room: roomFor(machine), calls, names: bound(machine, text, canon),
    quick: shortcut && { calls: quick, bits: shortcut.bits },
  }
}

const roomFor = ({ moves }: Machine) => batch + moves.length

/**
 * The functions of rules that a source has, and the arrays that they write successors to, `z` of them so far: their words to
 * `next0`, `next1` and so on, the move to `by`. `here` has the words of the state they come from, `source` its index.
 */
function bound(machine: Machine, text: string, canon: (() => void) | null): Readonly<Record<string, unknown>> {
  const room = roomFor(machine)
  const successors = Array.from({ length: machine.words }, (_, k) => [`next${k}`, new Int32Array(room)])
  const arrays = {
    here: new Int32Array(machine.words), source: new Int32Array(room), by: new Uint16Array(room), ...Object.fromEntries(successors),
  }
  return { S: machine.bind['S'], ...arrays, ...compiled({ ...machine.bind, ...arrays, canon }, text) as Readonly<Record<string, unknown>> }
}

/** A kernel for the arrays that a log has now, with a new table; it gives up when so many states are known. */
export function compileKernel(
  log: Log, rules: Rules, slots: number, full: number, keep: Keep | null, within: (() => boolean) | null,
): Kernel {
  const { words, room, names } = rules
  const integers = () => new Int32Array(room)
  const recent = () => new Int32Array(recentOf(words))
  const bind = {
    ...names, log, keep, within, table: new Int32Array(slots), words: log.words, parents: log.parents, can: log.can,
    first: log.edges?.from, hashes: integers(), to: integers(), where: integers(), lately: integers(), index: integers(),
    recentAt: recent(), ...Object.fromEntries(words.map((k) => [`recent${k}`, recent()])),
  }
  return compiled(bind, `
    const mask = table.length - 1
    let n = log.states, transitions = log.transitions, sink = 0
    ${flush(words, keep !== null)}
    ${rehash(words)}
    ${run(rules, full, keep !== null, within !== null)}`) as Kernel
}

type Words = readonly number[]
const each = (words: Words, line: (k: number) => string, between = '; ') => words.map(line).join(between)
const tag = -(2 ** (32 - tagBits))

/** Collects the state in `S`, and puts back the one it comes from, which is in `here`. */
const collect = (words: Words, move: string, hasCanon: boolean, keeps: boolean): string => `
  ${hasCanon ? 'canon()' : ''}
  ${each(words, (k) => `next${k}[z] = S[${k}]; S[${k}] = here[${k}]`)}; ${keeps ? `by[z] = ${move};` : ''} z++`

/** What goes before a statement that is only for a state that is no longer the one in `here`. */
const isChanged = (words: Words): string => words.length <= 8
  ? `if (${each(words, (k) => `S[${k}] !== here[${k}]`, ' || ')})` : `for (let k = 0; k < ${words.length}; k++) if (S[k] !== here[k])`

/** Declares `h`, all 32 bits of which depend on every word; uses `x`. */
const hash = (words: Words): string =>
  `let h = ${each(words, (k) => (k === 0 ? 'Math.imul(w0, 0x9E3779B1)' : `(x = Math.imul(w${k} ^ (w${k} >>> 15), ${odd(k)}), x ^ (x >>> 13))`), ' ^ ')}
    h = Math.imul(h ^ (h >>> 15), 0x85EBCA6B); h ^= h >>> 13; h = Math.imul(h, 0x27D4EB2F); h ^= h >>> 16`

/** A different odd multiplier for each word. */
const odd = (k: number) => `${(Math.imul(k + 1, 0x9e3779b1) ^ 0x5bd1e995) | 1}`

/**
 * Looks up the first `m` successors, and numbers those that were not seen before. First the ones that were met lately drop
 * out, and the others close up: there are `p` of them. Then the table is read for all of these, and the state that it names
 * for each, so that the misses overlap; `sink` keeps what was read from being optimised away. Then each is looked up.
 *
 * With edges kept, `to` is where each leads. `where` has that for one met lately; while that has no number yet, or for any
 * other, it is the complement of a place among the `p`, of which `index` has the numbers.
 */
const flush = (words: Words, keeps: boolean): string => `
  function flush(m) {
    const isStart = source[0] < 0
    let s = 0, p = 0, x = 0
    for (let i = 0; i < m; i++) {
      ${each(words, (k) => `const w${k} = next${k}[i]`)}; ${hash(words)}
      const r = h & ${recentOf(words) - 1}, differs = ${each(words, (k) => `(recent${k}[r] ^ w${k})`, ' | ')}
      const isNew = (differs | -differs) >> 31
      ${keeps ? 'where[i] = recentAt[r] = (recentAt[r] & ~isNew) | (~p & isNew); lately[p] = r' : ''}
      ${each(words, (k) => `recent${k}[r] = w${k}; next${k}[p] = w${k}`)}; source[p] = source[i]; hashes[p] = h; p -= isNew
    }
    for (let i = 0; i < p; i++) s |= table[hashes[i] & mask]
    for (let i = 0; i < p; i++) {
      const h = hashes[i], e = table[h & mask]
      if (e !== 0 && ((e ^ h) & ${tag}) === 0) s |= words[((e & ${~tag}) - 1) * ${words.length}]
    }
    sink ^= s
    let c = n
    for (let i = 0; i < p; i++) {
      ${each(words, (k) => `const w${k} = next${k}[i]`)}; const h = hashes[i]
      let slot = h & mask, e
      while ((e = table[slot]) !== 0) {
        if (((e ^ h) & ${tag}) === 0) {
          const j = ((e & ${~tag}) - 1) * ${words.length}
          if (${each(words, (k) => `words[j + ${k}] === w${k}`, ' && ')}) break
        }
        slot = (slot + 1) & mask
      }
      if (e === 0) {
        const j = c * ${words.length}
        ${each(words, (k) => `words[j + ${k}] = w${k}`)}; parents[c] = source[i]; table[slot] = e = ++c | (h & ${tag})
      }
      ${keeps ? `const r = lately[i], at = (e & ${~tag}) - 1; index[i] = at; if (recentAt[r] === ~i) recentAt[r] = at` : ''}
    }
    ${keeps ? 'for (let i = 0; i < m; i++) { const at = where[i]; to[i] = at < 0 ? index[~at] : at }' : ''}
    n = c; transitions += m
    ${keeps ? 'if (!isStart) { log.states = n; keep(to, by, m) }' : ''}
  }`

/** Puts every state known into the table; and the first into the cache, in every place, so that none holds a state unmet. */
const rehash = (words: Words): string => `
  function rehash() {
    let s = 0, x = 0
    for (let i = 0; i < n; ) {
      const m = Math.min(${batch}, n - i)
      for (let b = 0; b < m; b++) {
        const j = (i + b) * ${words.length}; ${each(words, (k) => `const w${k} = words[j + ${k}]`)}; ${hash(words)}
        hashes[b] = h; s |= table[h & mask]
      }
      for (let b = 0; b < m; b++) {
        const h = hashes[b]; let slot = h & mask
        while (table[slot] !== 0) slot = (slot + 1) & mask
        table[slot] = ++i | (h & ${tag})
      }
    }
    sink ^= s
    ${each(words, (k) => `recent${k}.fill(words[${k}])`)}; recentAt.fill(0)
  }`

const run = (rules: Rules, full: number, keeps: boolean, isBounded: boolean): string => {
  const { words, quick } = rules
  return `
  function close() { log.states = n; log.transitions = transitions }
  rehash()
  return {
    start(state) {
      if (n > 0) { ${each(words, (k) => `next${k}[0] = state[${k}]`)}; source[0] = -1; flush(1) }
      else { ${each(words, (k) => `words[${k}] = state[${k}]`)}; parents[0] = -1; n = 1; rehash() }
      transitions = 0; close()
    },
    run(from, limits) {
      const levels = log.levels
      let at = from, level = levels.length > 1 || from > 0 ? log.level : n, z = 0
      try { for (;;) {
        if (n >= ${full}) { flush(z); log.level = level; close(); return at }
        if (at === level) { flush(z); z = 0; if (at === n) { close(); return at } levels.push(at); level = n }
        ${keeps ? 'first[at] = transitions + z' : ''}
        const j = at * ${words.length}; ${each(words, (k) => `S[${k}] = here[${k}] = words[j + ${k}]`)}
        const begins = z
        let before = z, kinds = 0
        ${isBounded ? `if (!within()) kinds = ${isBeyond}; else {` : ''} ${expands(rules)} ${isBounded ? '}' : ''}
        can[at] = kinds
        for (let i = begins; i < z; i++) source[i] = at
        at++
        if (z >= ${batch}) { flush(z); z = 0 }
        if ((at & 0xFFFF) !== 0) continue
        if (${quick ? tooSlow : 'false'}) { flush(z); log.level = level; close(); return at }
        if (limits.beat !== undefined) {
          log.expanded = at; close()
          if (limits.beat(log)) { flush(z); close(); log.stopped = true; return -1 }
        }
      } } catch (error) { log.expanded = at; throw error }
    },
  }`
}

/** What becomes of the state in S and here: more successors at `z`, and in `kinds` what it can do. */
const expands = ({ words, calls, quick }: Rules): string => (quick
  ? `if ((${differs(words, quick.bits)}) === 0) { ${inTurn(quick.calls)} } else { log.slow++; ${inTurn(calls)} }` : inTurn(calls))

/** Whether a shortcut no longer fits what is found: the same as the search then asks, but not for a few. */
const tooSlow = 'log.slow > 4096 && log.slow * 16 > at - log.shortSince'

export const differs = (words: Words, { same, set }: Bits) =>
  each(words, (k) => `((S[${k}] ^ ${set[k]}) & ${same[k]})`, ' | ')

const inTurn = (calls: readonly Call[]) =>
  calls.map(({ name, kind }, i) => `z = ${name}(z)${kind === calls[i + 1]?.kind ? '' : `; ${marksKind(kind)}; before = z`}`).join('; ')

/** Whether a kind of step that is owed may happen shows in whether there are more successors than before. */
const marksKind = (kind: StepKind) =>
  (isOwed(kind) ? `if (z !== before) kinds |= ${kind === 'progress' ? canProgress : canTime}` : '')
