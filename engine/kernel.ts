/**
 * The inner loop of `explore`: every state once, nearest first.
 *
 * States are packed words in one append-only log, which is also the queue; an open-addressing table finds the ones
 * seen before; 256 successors are looked up together, so that their cache misses overlap. The source is generated
 * and compiled afresh whenever an array is replaced, because V8 specialises code to the arrays it first met.
 */
import type { Machine } from './machine.ts'
import { OutOfDomain } from './views.ts'

/** Everything found so far. Index 0 is the first start; a state’s index also orders it by distance. */
export interface Log {
  readonly machine: Machine
  /** The words of state i lie at `i * machine.words`. */
  words: Int32Array
  states: number
  transitions: number
  /** By state: from which it was first reached; -1 for a start. */
  parents: Int32Array
  /** By state: which kinds of step can be taken from it, a bit each. */
  can: Uint8Array
  /** By distance: the index of the first state that far from a start. */
  readonly levels: number[]
  /** Kept between two compilations of the kernel: the index at which the present distance ends. */
  level: number
  /** Whether a beat ended the search before every state was seen. */
  stopped: boolean
  /** States whose successors are known. */
  expanded: number
  /** Every transition, when asked for: those from state i lie from `from[i]` to `from[i + 1]`. */
  readonly edges: Edges | null
}

export interface Edges {
  from: Uint32Array
  to: Int32Array
  /** Which move. */
  by: Uint16Array
}

export const canProgress = 1
export const canTime = 2

export interface Limits {
  /** States at which to stop with an error. */
  readonly states: number
  /** Brings the scratch state to the representative of its orbit; without it, every state counts. */
  readonly canon?: (() => void) | null
  /** Called now and then; returning true stops the search. */
  readonly beat?: (log: Log) => boolean
}

export class TooManyStates extends Error {}

const batch = 256
const firstBits = 12

/** Visits every state reachable from the starts. Stops early when the beat says so. */
export function fill(machine: Machine, starts: readonly Int32Array[], keepEdges: boolean, limits: Limits): Log {
  let bits = firstBits
  const K = machine.words
  const room = () => 2 ** bits / 2
  while (room() <= starts.length + batch + machine.moves.length) bits += 2
  const log: Log = {
    machine, words: new Int32Array(room() * K), states: 0, transitions: 0,
    parents: new Int32Array(room()), can: new Uint8Array(room()), levels: [], level: 0, stopped: false, expanded: 0,
    edges: keepEdges ? { from: new Uint32Array(room() + 1), to: new Int32Array(1024), by: new Uint16Array(1024) } : null,
  }
  let done = 0
  for (;;) {
    const inner = compileKernel(log, 2 ** bits, limits.canon ?? null)
    if (done === 0) for (const start of starts) inner.start(start)
    if (done === 0) log.levels.push(0)
    try {
      done = inner.run(done, limits)
    } catch (error) {
      if (error instanceof OutOfDomain) error.message += blame(log)
      throw error
    }
    if (done < 0) break
    if (log.states > limits.states)
      throw new TooManyStates(`${machine.model.name} has over ${limits.states.toLocaleString('en-US')} states at this scope, ${(log.levels.length - 1).toLocaleString('en-US')} steps deep so far: narrow the scope, or raise the limit of states.`)
    if (done >= log.states) break
    bits += 2
    log.words = grown(log.words, room() * K)
    log.parents = grown(log.parents, room())
    log.can = grown(log.can, room())
    if (log.edges) log.edges.from = grown(log.edges.from, room() + 1)
  }
  if (log.edges) log.edges.from[log.states] = log.transitions
  return log
}

/** Which rule broke a domain, and how far from a start: found by taking every move again from the state at fault. */
function blame({ machine, words, parents, expanded }: Log): string {
  let step = 1
  for (let state = expanded; parents[state]! >= 0; state = parents[state]!) step++
  for (const { at, rule } of machine.moves) {
    machine.load(words, expanded * machine.words)
    try {
      machine.take(at)
    } catch {
      return `. The rule ‘${rule.sentence}’ of ${machine.model.name} would set it, as step ${step} of a run: guard it, or widen the domain.`
    }
  }
  return ''
}

function grown<A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(array: A, length: number): A {
  const larger = new (array.constructor as new (length: number) => A)(length)
  larger.set(array)
  return larger
}

let kernels = 0

interface Kernel {
  start(words: Int32Array): void
  /** Expands states from one index on. The index of the first not expanded; -1 when told to stop. */
  run(from: number, limits: Limits): number
}

function compileKernel(log: Log, slots: number, canon: (() => void) | null): Kernel {
  const { machine } = log
  const K = machine.words
  const words = Array.from({ length: K }, (_, k) => k)
  const each = (line: (k: number) => string, between = '; ') => words.map(line).join(between)
  const owed = Uint8Array.from(machine.moves, ({ rule }) => (rule.owed === 'progress' ? canProgress : rule.owed === 'timer' ? canTime : 0))
  const hash = `let h = ${each((k) => (k === 0 ? 'Math.imul(w0, 0x9E3779B1)' : `(h${k} = Math.imul(w${k} ^ (w${k} >>> 15), ${odd(k)}), h${k} ^ (h${k} >>> 13))`), ' ^ ')};
    h = Math.imul(h ^ (h >>> 15), 0x85EBCA6B); h ^= h >>> 13; h = Math.imul(h, 0x27D4EB2F); h = (h ^ (h >>> 16)) & mask`
  const temporaries = K > 1 ? `let ${words.slice(1).map((k) => `h${k}`).join(', ')};` : ''
  const emit = `{ ${canon ? 'canon(); ' : ''}${each((k) => `S${k}[bn] = S[${k}]`)}; source[bn] = at; ${log.edges ? 'by[bn] = $1;' : ''} kinds |= owed[$1]; ${each((k) => `S[${k}] = b${k}`)}; if (++bn === ${batch}) flush() }`
  const text = `
    const mask = table.length - 1
    let bn = 0, n = log.states, transitions = log.transitions, sink = 0, kinds = 0
    ${each((k) => `const S${k} = new Int32Array(${batch})`)}
    const H = new Int32Array(${batch}), source = new Int32Array(${batch}), by = new Uint16Array(${batch}), found = new Int32Array(${batch})
    function flush() {
      ${temporaries}
      const m = bn; let s = 0
      for (let i = 0; i < m; i++) { ${each((k) => `const w${k} = S${k}[i]`)}; ${hash}; H[i] = h; s |= table[h] }
      for (let i = 0; i < m; i++) { const e = table[H[i]]; if (e !== 0) s |= words[(e - 1) * ${K}] }
      sink ^= s
      let c = n
      for (let i = 0; i < m; i++) {
        ${each((k) => `const w${k} = S${k}[i]`)}; let h = H[i], e
        while ((e = table[h]) !== 0) { const j = (e - 1) * ${K}; if (${each((k) => `words[j + ${k}] === w${k}`, ' && ')}) break; h = (h + 1) & mask }
        if (e === 0) { const j = c * ${K}; ${each((k) => `words[j + ${k}] = w${k}`)}; parents[c] = source[i]; table[h] = ++c; e = c }
        ${log.edges ? 'found[i] = e - 1' : ''}
      }
      n = c; ${log.edges ? 'if (source[0] >= 0) keep(found, by, m);' : ''} transitions += m; bn = 0
    }
    function rehash() {
      ${temporaries}
      for (let i = 0; i < n; i++) { const j = i * ${K}; ${each((k) => `const w${k} = words[j + ${k}]`)}; ${hash}; while (table[h] !== 0) h = (h + 1) & mask; table[h] = i + 1 }
    }
    function close() { log.states = n; log.transitions = transitions }
    rehash()
    return {
      start(state) { ${each((k) => `S${k}[0] = state[${k}]`)}; source[0] = -1; bn = 1; flush(); transitions = 0; close() },
      run(from, limits) {
        const levels = log.levels
        let at = from, level = levels.length > 1 || from > 0 ? log.level : n
        const full = table.length / 2 - ${batch} - ${machine.moves.length}
        try { for (;;) {
          if (n >= full) { flush(); log.level = level; close(); return at }
          if (at === level) { flush(); if (at === n) { close(); return at } levels.push(at); level = n }
          ${log.edges ? 'first[at] = transitions + bn;' : ''}
          const j = at * ${K}; ${each((k) => `const b${k} = words[j + ${k}]`)}
          ${each((k) => `S[${k}] = b${k}`)}
          kinds = 0
          ${machine.loop.source.replace(/EMIT\((.*?)\) \}/g, (_, move: string) => `${emit.replaceAll('$1', move)} }`)}
          can[at] = kinds
          at++
          if ((at & 0xFFFF) === 0 && limits.beat !== undefined) {
            log.expanded = at; close()
            if (limits.beat(log)) { flush(); close(); log.stopped = true; return -1 }
          }
        } } catch (error) { log.expanded = at; throw error }
      },
    }
    //# sourceURL=unwedge-kernel-${++kernels}.js`
  const bind = {
    ...machine.loop.bind, log, owed, canon, keep: keeper(log), words: log.words, parents: log.parents, can: log.can,
    first: log.edges?.from, table: new Int32Array(slots),
  }
  return new Function(...Object.keys(bind), text)(...Object.values(bind)) as Kernel
}

/** A different odd multiplier for each word. */
const odd = (k: number) => `${(Math.imul(k + 1, 0x9e3779b1) ^ 0x5bd1e995) | 1}`

/** Appends a batch of edges. */
function keeper(log: Log) {
  const { edges } = log
  let at = log.transitions
  return (to: Int32Array, by: Uint16Array, length: number): void => {
    if (!edges) return
    if (at + length > edges.to.length) {
      edges.to = grown(edges.to, edges.to.length * 2)
      edges.by = grown(edges.by, edges.by.length * 2)
    }
    edges.to.set(length === to.length ? to : to.subarray(0, length), at)
    edges.by.set(length === by.length ? by : by.subarray(0, length), at)
    at += length
  }
}
