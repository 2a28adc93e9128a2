/**
 * The source of a search by several threads: what each of them does with some states, and what is left to one.
 *
 * Any thread takes a few states, finds their successors, and drops those that are known by now: it reads the table, and
 * writes nothing there. What remains are candidates, in the order of moves. The first thread enters them, one lot of
 * states after another, so that every state gets the number that it would have got from one thread alone.
 */
import {
  batch, type Call, canProgress, canTime, decisionSources, differs, each, hash, recentOf, type Rules, tag, type Words,
} from './inner-loop.ts'
import type { Loop } from './machine.ts'

/** Numbers of a candidate after its words: the state it comes from, its hash, and what it is. */
export const beside = 3
export const isState = 0
/** A move that is not decided: the rule must be asked. */
export const isMove = 1
/** A state that no decision holds for: its rules must be asked. */
export const isWhole = 2

/** What a lot says of itself, from `lotAt` on in the numbers that all threads share. */
export const lot = { state: 0, from: 1, to: 2, candidates: 3, transitions: 4, wholes: 5 } as const
export const lotSize = 8
export const free = 0
export const issued = 1
export const taken = 2
export const done = 3
/** The numbers before the lots: states entered, a signal, and which arrays. */
export const shared = { states: 0, signal: 1, arrays: 2 } as const
export const lotAt = (i: number) => 8 + i * lotSize

/** A transition to a candidate of the same batch, before it is known which: below all other numbers. */
const inBatch = 2 ** 30

/**
 * What a thread met in an earlier lot it need not meet again, for it takes lots in order; but of what was a candidate
 * there it does not know the index.
 *
 * `generate(lot, from, to, base, room, known)`: candidates go to `out`, and with edges every transition to `refs` and
 * `bys`: the index of a state, or `~` the number of a candidate.
 */
export function generator({ words, quick }: Rules, loops: readonly Loop[], keeps: boolean): string {
  const decided = quick!.decisions.loops
  const functions: string[] = []
  const calls = decided.flatMap((moves, r) =>
    decisionSources(moves, words, keeps, (move) => `by[z] = ${move}; ask[z++] = ${isMove}; asked++`).map((source, i): Call => {
      functions.push(`function some${r}_${i}(z) { ${source} return z }`)
      return { owed: loops[r]!.rule.owed, name: `some${r}_${i}` }
    }))
  const K = words.length
  return `
    let asked = 0, count = 0, wholes = 0, transitions = 0, opened = 0
    const mask = table.length - 1
    ${functions.join('\n')}
    ${sift(words, keeps)}
    ${each(words, (k) => `R${k}.fill(words[${k}])`)}
    function generate(lot, from, to, base, room, known) {
      count = wholes = transitions = 0
      let z = 0
      for (let at = from; at < to; at++) {
        const j = at * ${K}; ${each(words, (k) => `S[${k}] = words[j + ${k}]`)}
        const begins = z
        if ((${differs(words, quick!.bits)}) === 0) {
          let before = z, kinds = 0
          asked = 0
          ${calls.map(({ name, owed }, i) => `z = ${name}(z)${owed === calls[i + 1]?.owed ? '' : `; ${told(owed)}`}`).join('; ')}
          can[at] = kinds
        } else { by[z] = 0; ask[z++] = ${isWhole}; wholes++; can[at] = 0 }
        ${keeps ? 'first[at] = z - begins' : ''}
        for (let i = begins; i < z; i++) source[i] = at
        if (z >= ${batch}) { sift(z, base, room, known); z = 0 }
      }
      sift(z, base, room, known)
      ${keeps ? `while (opened > 0) { const r = open[--opened]; if (RW[r] < 0) { ${each(words, (k) => `R${k}[r] = words[${k}]`)}; RW[r] = 0 } }` : ''}
      ctl[lot + ${lot.candidates}] = count; ctl[lot + ${lot.transitions}] = transitions; ctl[lot + ${lot.wholes}] = wholes
    }`
}

const told = (owed: Call['owed']) =>
  `${owed === 'progress' || owed === 'timer' ? `if (z - asked !== before) kinds |= ${owed === 'progress' ? canProgress : canTime}; ` : ''}before = z - asked`

/** Entries that were made after the lot was issued are not looked at: another thread may be writing them. */
const sift = (words: Words, keeps: boolean): string => {
  const K = words.length
  const W = K + beside
  return `
  function sift(m, base, room, known) {
    let s = 0, p = 0, x = 0
    for (let i = 0; i < m; i++) {
      const a = ask[i]
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; ${hash(words)}
      const r = h & ${recentOf(words) - 1}, differs = a | ${each(words, (k) => `(R${k}[r] ^ w${k})`, ' | ')}, isNew = (differs | -differs) >> 31
      ${keeps ? `bys[room + transitions + i] = by[i]; where[i] = (RW[r] & ~isNew) | ((~p - ${inBatch}) & isNew); lately[p] = a === 0 ? r : -1` : ''}
      if (a === 0) { ${each(words, (k) => `R${k}[r] = w${k}`)}; ${keeps ? 'RW[r] = where[i]' : ''} }
      else { ask[i] = 0; moved[p] = by[i] }
      ${each(words, (k) => `S${k}[p] = w${k}`)}; source[p] = source[i]; kind[p] = a; H[p] = h; p -= isNew
    }
    for (let i = 0; i < p; i++) s |= table[H[i] & mask]
    for (let i = 0; i < p; i++) {
      const h = H[i], e = table[h & mask]
      if (e !== 0 && ((e ^ h) & ${tag}) === 0) s |= words[((e & ${~tag}) - 1) * ${K}]
    }
    dregs[0] ^= s
    for (let i = 0; i < p; i++) {
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; const h = H[i]
      let slot = h & mask, e = table[slot], at = -1
      for (; e !== 0; e = table[slot = (slot + 1) & mask]) {
        if (((e ^ h) & ${tag}) === 0) {
          const index = (e & ${~tag}) - 1, j = index * ${K}
          if (index < known && ${each(words, (k) => `words[j + ${k}] === w${k}`, ' && ')}) { at = index; break }
        }
      }
      if (kind[i] !== 0 || e === 0) {
        const o = (base + count) * ${W}, a = kind[i]
        ${each(words, (k) => `out[o + ${k}] = w${k}`)}; out[o + ${K}] = source[i]; out[o + ${K + 1}] = a === ${isMove} ? moved[i] : h; out[o + ${K + 2}] = a
        ${keeps ? 'at = ~count; const r = lately[i]; if (r >= 0) open[opened++] = r' : ''}
        count++
      }
      ${keeps ? `index[i] = at; const r = lately[i]; if (r >= 0 && RW[r] === ~i - ${inBatch}) RW[r] = at` : ''}
    }
    ${keeps ? `for (let i = 0; i < m; i++) { const at = where[i]; refs[room + transitions + i] = at < -${inBatch} ? index[~(at + ${inBatch})] : at }` : ''}
    transitions += m
  }`
}

/**
 * What another thread does: takes lots that were issued, the earliest first, until it is told of other arrays. If it
 * fails, it gives its lot back.
 */
export const helping = (lots: number): string => `
  const work = (arrays) => {
    for (;;) {
      const signal = Atomics.load(ctl, ${shared.signal})
      if (Atomics.load(ctl, ${shared.arrays}) !== arrays) return
      let next = -1
      for (let i = 0; i < ${lots}; i++) {
        const at = ${lotAt(0)} + i * ${lotSize}
        if (Atomics.load(ctl, at) === ${issued} && (next < 0 || ctl[at + ${lot.from}] < ctl[next + ${lot.from}])) next = at
      }
      if (next < 0) Atomics.wait(ctl, ${shared.signal}, signal)
      else if (Atomics.compareExchange(ctl, next, ${issued}, ${taken}) === ${issued}) {
        const i = (next - ${lotAt(0)}) / ${lotSize}
        let state = ${issued}
        try {
          generate(next, ctl[next + ${lot.from}], ctl[next + ${lot.to}], i * capacity, i * capacity, Atomics.load(ctl, ${shared.states}))
          state = ${done}
        } finally {
          Atomics.store(ctl, next, state)
          Atomics.notify(ctl, next)
        }
      }
    }
  }`
