/**
 * The source of the kernel: expanding states one after another, and telling new ones from those seen before.
 *
 * Every rule is a function of its own, or V8 would run out of what it is willing to inline. Successors are collected
 * and looked up a batch at a time. About half of them were met a moment ago, and a small cache knows; for the others,
 * all places of the table are read first, then all states they lead to, so that the cache misses overlap. An entry of
 * the table is a state’s index, from 1, and four bits of its hash, so that few entries are followed in vain.
 */
import type { Owed } from '../spec/model.ts'
import type { Limits, Log } from './kernel.ts'
import type { Machine } from './machine.ts'

export const canProgress = 1
export const canTime = 2

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
const compiled = (names: Readonly<Record<string, unknown>>, text: string): unknown =>
  new Function(...Object.keys(names), `${text}\n//# sourceURL=unwedge-kernel-${++sources}.js`)(...Object.values(names))

/** The rules of a machine and the successors they collect: compiled once, whatever becomes of the other arrays. */
export interface Rules {
  readonly words: Words
  /** Functions and arrays, by the names that the kernel calls them. */
  readonly names: Readonly<Record<string, unknown>>
  readonly count: number
  readonly whenFull: (flush: () => void) => void
}

export function compileRules({ words: length, loops, bind }: Machine, canon: (() => void) | null, keeps: boolean): Rules {
  const words = Array.from({ length }, (_, k) => k)
  const integers = () => new Int32Array(batch)
  const arrays = {
    Z: new Int32Array(length + 3), source: integers(), by: new Uint16Array(batch),
    ...Object.fromEntries(words.map((k) => [`S${k}`, integers()])),
  }
  const rules = loops.map(({ source, owed }, r) => {
    const loop = source.replace(/EMIT\((.*?)\) \}/g, (_, move: string) => `${emit(words, move, owed, canon !== null, keeps)} }`)
    return `function rule${r}() { ${loop} }`
  })
  const names = loops.map((_, r) => `rule${r}`)
  const text = `let flush; ${rules.join('\n')}\nreturn { ${[...names, 'whenFull(does) { flush = does }'].join(', ')} }`
  const { whenFull, ...functions } = compiled({ ...bind, ...arrays, canon }, text) as Pick<Rules, 'whenFull'>
  return { words, names: { S: bind['S'], ...arrays, ...functions }, count: names.length, whenFull }
}

/** A kernel for the arrays that a log has now, with a new table; it gives up when so many states are known. */
export function compileKernel(log: Log, { words, names, count, whenFull }: Rules, slots: number, full: number, keep: Keep | null): Kernel {
  const integers = () => new Int32Array(batch)
  const recent = () => new Int32Array(recentOf(words))
  const bind = {
    ...names, whenFull, log, keep, table: new Int32Array(slots), words: log.words, parents: log.parents, can: log.can,
    first: log.edges?.from, H: integers(), to: integers(), where: integers(), lately: integers(), index: integers(),
    RW: recent(), ...Object.fromEntries(words.map((k) => [`R${k}`, recent()])),
  }
  return compiled(bind, `
    const mask = table.length - 1
    let n = log.states, transitions = log.transitions, sink = 0
    ${flush(words, keep !== null)}
    ${rehash(words)}
    ${run(words, count, full, keep !== null)}`) as Kernel
}

type Words = readonly number[]
const each = (words: Words, line: (k: number) => string, between = '; ') => words.map(line).join(between)
const tag = -(2 ** (32 - tagBits))

/** Z holds the number of successors collected, the state they come from, what kinds of step it can take, and its words. */
function emit(words: Words, move: string, owed: Owed, hasCanon: boolean, keeps: boolean): string {
  const kind = owed === 'progress' ? canProgress : owed === 'timer' ? canTime : 0
  return `{
    ${hasCanon ? 'canon()' : ''}
    const z = Z[0]; ${each(words, (k) => `S${k}[z] = S[${k}]`)}; source[z] = Z[1]; ${keeps ? `by[z] = ${move};` : ''} Z[2] |= ${kind}
    ${each(words, (k) => `S[${k}] = Z[${k + 3}]`)}; if ((Z[0] = z + 1) === ${batch}) flush()
  }`
}

/** Declares `h`, all 32 bits of which depend on every word; uses `x`. */
const hash = (words: Words): string =>
  `let h = ${each(words, (k) => (k === 0 ? 'Math.imul(w0, 0x9E3779B1)' : `(x = Math.imul(w${k} ^ (w${k} >>> 15), ${odd(k)}), x ^ (x >>> 13))`), ' ^ ')}
    h = Math.imul(h ^ (h >>> 15), 0x85EBCA6B); h ^= h >>> 13; h = Math.imul(h, 0x27D4EB2F); h ^= h >>> 16`

/** A different odd multiplier for each word. */
const odd = (k: number) => `${(Math.imul(k + 1, 0x9e3779b1) ^ 0x5bd1e995) | 1}`

/** `sink` is never read: it keeps the readings that only warm the cache. */
const flush = (words: Words, keeps: boolean): string => `
  function flush() {
    const m = Z[0], isStart = source[0] < 0
    let s = 0, p = 0, x = 0
    for (let i = 0; i < m; i++) {
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; ${hash(words)}
      const r = h & ${recentOf(words) - 1}, differs = ${each(words, (k) => `(R${k}[r] ^ w${k})`, ' | ')}, isNew = (differs | -differs) >> 31
      ${keeps ? 'where[i] = RW[r] = (RW[r] & ~isNew) | (~p & isNew); lately[p] = r' : ''}
      ${each(words, (k) => `R${k}[r] = w${k}; S${k}[p] = w${k}`)}; source[p] = source[i]; H[p] = h; p -= isNew
    }
    for (let i = 0; i < p; i++) s |= table[H[i] & mask]
    for (let i = 0; i < p; i++) {
      const h = H[i], e = table[h & mask]
      if (e !== 0 && ((e ^ h) & ${tag}) === 0) s |= words[((e & ${~tag}) - 1) * ${words.length}]
    }
    sink ^= s
    let c = n
    for (let i = 0; i < p; i++) {
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; const h = H[i]
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
      ${keeps ? `const r = lately[i], at = (e & ${~tag}) - 1; index[i] = at; if (RW[r] === ~i) RW[r] = at` : ''}
    }
    ${keeps ? 'for (let i = 0; i < m; i++) { const at = where[i]; to[i] = at < 0 ? index[~at] : at } if (!isStart) keep(to, by, m)' : ''}
    n = c; transitions += m; Z[0] = 0
  }`

/** Puts every state known into the table; and the first into the cache, in every place, so that none holds a state unmet. */
const rehash = (words: Words): string => `
  function rehash() {
    let s = 0, x = 0
    for (let i = 0; i < n; ) {
      const m = Math.min(${batch}, n - i)
      for (let b = 0; b < m; b++) {
        const j = (i + b) * ${words.length}; ${each(words, (k) => `const w${k} = words[j + ${k}]`)}; ${hash(words)}
        H[b] = h; s |= table[h & mask]
      }
      for (let b = 0; b < m; b++) {
        const h = H[b]; let slot = h & mask
        while (table[slot] !== 0) slot = (slot + 1) & mask
        table[slot] = ++i | (h & ${tag})
      }
    }
    sink ^= s
    ${each(words, (k) => `R${k}.fill(words[${k}])`)}; RW.fill(0)
  }`

const run = (words: Words, rules: number, full: number, keeps: boolean): string => `
  function close() { log.states = n; log.transitions = transitions }
  whenFull(flush)
  rehash()
  return {
    start(state) {
      if (n > 0) { ${each(words, (k) => `S${k}[0] = state[${k}]`)}; source[0] = -1; Z[0] = 1; flush() }
      else { ${each(words, (k) => `words[${k}] = state[${k}]`)}; parents[0] = -1; n = 1; rehash() }
      transitions = 0; close()
    },
    run(from, limits) {
      const levels = log.levels
      let at = from, level = levels.length > 1 || from > 0 ? log.level : n
      try { for (;;) {
        if (n >= ${full}) { flush(); log.level = level; close(); return at }
        if (at === level) { flush(); if (at === n) { close(); return at } levels.push(at); level = n }
        ${keeps ? 'first[at] = transitions + Z[0]' : ''}
        const j = at * ${words.length}; ${each(words, (k) => `S[${k}] = Z[${k + 3}] = words[j + ${k}]`)}
        Z[1] = at; Z[2] = 0
        ${Array.from({ length: rules }, (_, r) => `rule${r}()`).join('; ')}
        can[at] = Z[2]
        at++
        if ((at & 0xFFFF) === 0 && limits.beat !== undefined) {
          log.expanded = at; close()
          if (limits.beat(log)) { flush(); close(); log.stopped = true; return -1 }
        }
      } } catch (error) { log.expanded = at; throw error }
    },
  }`
