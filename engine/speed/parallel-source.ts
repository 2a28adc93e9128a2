/**
 * The source of a search by several threads: what each of them does with its part of some states.
 *
 * In turns, each of which ends when all threads have done theirs. First every thread takes a part of the states and looks
 * up what they lead to, reading the table only; what it does not find there it notes as candidates, in the order of states
 * and moves. Then each enters those candidates of all threads, in that order, whose hash is its own. Then each numbers what
 * was new among the candidates that it noted itself, and at last tells the table. Who enters a state is a matter of its
 * hash, and its number one of order: neither depends on how many threads there are, or on which is faster.
 */
import { batch, each, expands, hash, recentOf, type Rules, tag, type Words } from '../search/kernel-source.ts'

/** Numbers that all threads read in `ctl`: the first of the bounds of their parts is at `parts`. */
export const at = { arrays: 0, signal: 1, met: 2, turn: 3, failed: 4, command: 5, ready: 6, parts: 7 } as const
export const [goOn, leave] = [1, 2]
export const mostThreads = 8
/**
 * What a thread says of its part: candidates, transitions, the first state that it did not come to, whether that broke a
 * rule, states without a decision; and from `fresh` on, of the candidates of each thread, how many it entered.
 */
export const says = { candidates: 0, transitions: 1, ended: 2, broke: 3, slow: 4, fresh: 5 } as const
const block = says.fresh + mostThreads
const blocks = at.parts + mostThreads + 1
export const ctlLength = blocks + mostThreads * block
/** Where a thread says something, as source. */
export const saidBy = (thread: string, what: keyof typeof says) => `${blocks + says[what]} + ${block} * ${thread}`

/** Candidates and transitions after which a thread takes no further state in a turn. */
const manyCandidates = 2 ** 17
const manyTransitions = 2 ** 19
export const roomsOf = ({ room }: Rules) => ({ candidates: manyCandidates + room, transitions: manyTransitions + room })

export const lost = 'Another thread of the search has failed.'
/** How often to look whether all have met, before going to sleep. */
const looks = 20_000

export interface Member {
  readonly threads: number
  readonly keeps: boolean
  readonly rules: Rules
}

/** The arrays of candidates and transitions that threads share, by name; each thread has its own part of them. */
export function sharedArrays({ threads, keeps, rules }: Member) {
  const { candidates, transitions } = roomsOf(rules)
  const numbers = (length: number) => new Int32Array(new SharedArrayBuffer(4 * threads * length))
  const names = [...rules.words.map((k) => `W${k}`), 'hashes', 'origins', 'found', 'numbered']
  return {
    ...Object.fromEntries(names.map((name) => [name, numbers(candidates)])),
    to: numbers(keeps ? transitions : 0), moves: new Uint16Array(new SharedArrayBuffer(2 * threads * (keeps ? transitions : 0))),
  }
}

/** What a thread does; it is called `me`, and begins with the states and transitions that are `known` and `kept`. */
export function member({ threads, keeps, rules }: Member): string {
  const { words } = rules
  const { candidates, transitions } = roomsOf(rules)
  const integers = (length: number) => `new Int32Array(${length})`
  const sum = (what: keyof typeof says) =>
    `(parts) => { let sum = 0; for (let p = 0; p < parts; p++) sum += ctl[${saidBy('p', what)}]; return sum }`
  return `
    const base = me * ${candidates}, lane = me * ${transitions}
    const size = table.length / ${threads}, corner = me * size, mask = size - 1, whole = table.length - 1
    const list = ${integers(threads * candidates)}, fresh = ${integers(threads * candidates)}, slots = ${integers(threads * candidates)}
    const H = ${integers(rules.room)}, sinks = ${integers(1)}, R = ${integers(recentOf(words))}
    const ${each(words, (k) => `R${k} = ${integers(recentOf(words))}`, ', ')}
    ${keeps ? `const where = ${integers(rules.room)}, lately = ${integers(rules.room)}, index = ${integers(rules.room)}
    const refs = ${integers(transitions)}, by0 = new Uint16Array(${transitions})
    const places = ${integers(candidates)}, many = ${integers(transitions)}` : ''}
    let count = 0, taken = 0, slow = 0, asking = 0, entered = 0, begun = 0, ended = 0, offset = 0, isDropped = false
    const shift = 31 - Math.clz32(size), isMine = (h) => ((((h >>> shift) ^ me) & ${threads - 1}) - 1) >>> 31
    const candidatesOf = ${sum('candidates')}, transitionsOf = ${sum('transitions')}
    ${meet(threads)}
    ${rehash(threads, words, candidates)}
    ${sift(words, keeps)}
    ${expand(rules, keeps)}
    /** Parts that count: all, up to the first whose thread did not come to its end. */
    function counting() {
      let p = 0
      while (p < ${threads - 1} && ctl[${saidBy('p', 'ended')}] === ctl[${at.parts + 1} + p]) p++
      return p + 1
    }
    ${enter(threads, words, candidates)}
    ${number(threads, words)}
    ${finish(keeps)}`
}

const meet = (threads: number) => `
  function meet() {
    const turn = Atomics.load(ctl, ${at.turn})
    if (Atomics.add(ctl, ${at.met}, 1) === ${threads - 1}) {
      Atomics.store(ctl, ${at.met}, 0)
      Atomics.add(ctl, ${at.turn}, 1)
      Atomics.notify(ctl, ${at.turn})
      return
    }
    for (let i = 0; i < ${looks}; i++) if (Atomics.load(ctl, ${at.turn}) !== turn) return
    while (Atomics.load(ctl, ${at.turn}) === turn) {
      if (Atomics.load(ctl, ${at.failed}) !== 0) throw new Error('${lost}')
      Atomics.wait(ctl, ${at.turn}, turn, 1000)
    }
  }`

/** Puts the states that are known into the table, each thread its own; each hashes as many. Forgets what was met lately. */
const rehash = (threads: number, words: Words, candidates: number): string => `
  function reset() { ${each(words, (k) => `R${k}.fill(words[${k}])`)}; R.fill(0) }
  function rehash() {
    let s = 0, x = 0
    // Memory that is first read and then written to is given twice, and the second time every thread is interrupted.
    table.fill(0, corner, corner + size)
    for (let from = 0; from < known; from += ${threads * manyCandidates}) {
      const begin = from + me * ${manyCandidates}, end = Math.min(known, begin + ${manyCandidates})
      for (let i = begin; i < end; i++) {
        const j = i * ${words.length}; ${each(words, (k) => `const w${k} = words[j + ${k}]`)}; ${hash(words)}
        hashes[base + i - begin] = h
      }
      meet()
      for (let p = 0; p < ${threads}; p++) {
        const begin = p * ${candidates}, start = from + p * ${manyCandidates} - begin
        const end = Math.min(begin + ${manyCandidates}, known - start)
        let m = 0
        for (let g = begin; g < end; g++) { list[m] = g; m += isMine(hashes[g]) }
        for (let b = 0; b < m; b += ${batch}) {
          const end = Math.min(b + ${batch}, m)
          for (let i = b; i < end; i++) s |= table[corner + (hashes[list[i]] & mask)]
          for (let i = b; i < end; i++) {
            const g = list[i], h = hashes[g]; let slot = h & mask
            while (table[corner + slot] !== 0) slot = (slot + 1) & mask
            table[corner + slot] = (start + g + 1) | (h & ${tag})
          }
        }
      }
      meet()
    }
    sinks[0] ^= s
    reset()
  }`

/** A transition to a state of the same batch, before it is known which: below all other numbers. */
const inBatch = 2 ** 30

/** Looks up the successors of a batch, but for those that were met lately, and notes the others as candidates. */
const sift = (words: Words, keeps: boolean): string => {
  const K = words.length
  return `
  function sift(m) {
    let s = 0, p = 0, x = 0
    for (let i = 0; i < m; i++) {
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; ${hash(words)}
      const r = h & ${recentOf(words) - 1}, differs = ${each(words, (k) => `(R${k}[r] ^ w${k})`, ' | ')}, isNew = (differs | -differs) >> 31
      ${keeps ? `by0[taken + i] = by[i]; where[i] = (R[r] & ~isNew) | ((~p - ${inBatch}) & isNew); lately[p] = r` : ''}
      ${each(words, (k) => `R${k}[r] = w${k}`)}; ${keeps ? 'R[r] = where[i]' : ''}
      ${each(words, (k) => `S${k}[p] = w${k}`)}; source[p] = source[i]; H[p] = h; p -= isNew
    }
    for (let i = 0; i < p; i++) s |= table[H[i] & whole]
    for (let i = 0; i < p; i++) {
      const h = H[i], e = table[h & whole]
      if (e !== 0 && ((e ^ h) & ${tag}) === 0) s |= words[((e & ${~tag}) - 1) * ${K}]
    }
    sinks[0] ^= s
    for (let i = 0; i < p; i++) {
      ${each(words, (k) => `const w${k} = S${k}[i]`)}; const h = H[i]
      let slot = h & whole, e = 0, at = -1
      while ((e = table[slot]) !== 0) {
        if (((e ^ h) & ${tag}) === 0) {
          const index = (e & ${~tag}) - 1, j = index * ${K}
          if (${each(words, (k) => `words[j + ${k}] === w${k}`, ' && ')}) { at = index; break }
        }
        slot = (slot & ~mask) | ((slot + 1) & mask)
      }
      if (e === 0) {
        const g = base + count
        ${each(words, (k) => `W${k}[g] = w${k}`)}; hashes[g] = h; origins[g] = source[i]
        at = ~count
        ${keeps ? 'places[count] = lately[i]' : ''}
        count++
      }
      ${keeps ? `index[i] = at; const r = lately[i]; if (R[r] === ~i - ${inBatch}) R[r] = at` : ''}
    }
    ${keeps ? `for (let i = 0; i < m; i++) { const at = where[i]; refs[taken + i] = at < -${inBatch} ? index[~(at + ${inBatch})] : at }` : ''}
    taken += m
  }`
}

const expand = (rules: Rules, keeps: boolean): string => `
  function expand(from, end) {
    count = taken = slow = 0
    let z = 0, at = from
    for (; at < end && count < ${manyCandidates} && taken < ${manyTransitions}; ) {
      const j = at * ${rules.words.length}; ${each(rules.words, (k) => `S[${k}] = Z[${k}] = words[j + ${k}]`)}
      const begins = z
      let before = z, kinds = 0
      asking = at
      ${expands(rules, 'slow++')}
      can[at] = kinds
      ${keeps ? 'many[at - from] = z - begins' : ''}
      for (let i = begins; i < z; i++) source[i] = at
      at++
      if (z >= ${batch}) { sift(z); z = 0 }
    }
    sift(z)
    begun = from
    ended = at
    ctl[${saidBy('me', 'candidates')}] = count; ctl[${saidBy('me', 'transitions')}] = taken
    ctl[${saidBy('me', 'ended')}] = at; ctl[${saidBy('me', 'broke')}] = 0; ctl[${saidBy('me', 'slow')}] = slow
  }`

/** A state not known before is in the table by its place among those that this thread entered, until all have numbers. */
const enter = (threads: number, words: Words, candidates: number): string => {
  return `
  function enter(parts) {
    let s = 0
    for (let p = 0; p < ${threads}; p++) {
      const before = entered, from = p * ${candidates}, end = p < parts ? from + ctl[${saidBy('p', 'candidates')}] : from
      let m = 0
      for (let g = from; g < end; g++) { list[m] = g; m += isMine(hashes[g]) }
      for (let b = 0; b < m; b += ${batch}) {
        const end = Math.min(b + ${batch}, m)
        for (let i = b; i < end; i++) s |= table[corner + (hashes[list[i]] & mask)]
        for (let i = b; i < end; i++) {
          const g = list[i], h = hashes[g]; ${each(words, (k) => `const w${k} = W${k}[g]`)}
          let slot = h & mask, at = ~g, e = 0
          while ((e = table[corner + slot]) !== 0) {
            if (((e ^ h) & ${tag}) === 0) {
              const n = (e & ${~tag}) - 1
              // A state known before would have been found at once.
              if (n >= known) {
                const f = fresh[n - known]
                if (${each(words, (k) => `W${k}[f] === w${k}`, ' && ')}) { at = ~f; break }
              }
            }
            slot = (slot + 1) & mask
          }
          if (e === 0) { table[corner + slot] = (known + entered + 1) | (h & ${tag}); slots[entered] = corner + slot; fresh[entered++] = g }
          found[g] = at
        }
      }
      ctl[${saidBy('me', 'fresh')} + p] = entered - before
    }
    sinks[0] ^= s
  }`
}

const number = (threads: number, words: Words): string => `
  const freshOf = (p) => { let sum = 0; for (let o = 0; o < ${threads}; o++) sum += ctl[${saidBy('o', 'fresh')} + p]; return sum }
  function number(parts) {
    let next = known, news = 0
    for (let p = 0; p < me; p++) next += freshOf(p)
    isDropped = me >= parts
    if (!isDropped) {
      for (let g = base, end = base + count; g < end; g++) { const x = found[g] ^ ~g; list[news] = g; news += ~(x | -x) >>> 31 }
      for (let i = 0; i < news; i++) {
        const g = list[i], j = next * ${words.length}
        ${each(words, (k) => `words[j + ${k}] = W${k}[g]`)}; parents[next] = origins[g]; numbered[g] = next++
      }
    }
    offset = kept + transitionsOf(Math.min(me, parts))
    for (let p = 0; p < parts; p++) known += freshOf(p)
    kept += transitionsOf(parts)
  }`

/** Tells the table and the transitions which numbers were given. What a part held that did not count was never met. */
const finish = (keeps: boolean): string => `
  const numberOf = (g) => { const f = found[g]; return f < 0 ? numbered[~f] : f }
  function finish() {
    for (let i = 0; i < entered; i++) { const slot = slots[i]; table[slot] = (table[slot] & ${tag}) | (numbered[fresh[i]] + 1) }
    entered = 0
    if (isDropped) reset()
    ${keeps ? `else {
      for (let c = 0; c < count; c++) { const r = places[c]; if (R[r] === ~c) R[r] = numberOf(base + c) }
      let t = 0
      for (let state = begun; state < ended; state++) {
        first[state] = offset + t
        for (const after = t + many[state - begun]; t < after; t++) {
          const ref = refs[t]
          to[lane + t] = ref >= 0 ? ref : numberOf(base + ~ref)
          moves[lane + t] = by0[t]
        }
      }
    }` : ''}
    count = 0
    begun = ended
    isDropped = false
  }`
