/**
 * A search by several threads that answers as one thread would, to the number of every state.
 *
 * Other threads are given source and shared arrays, and no model: what decisions leave open is put back to the rules by
 * the first thread, in its turn. So nothing has to be imported, and no other thread runs what a model says.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import {
  batch, type Call, canProgress, canTime, compiled, each, hash, type Keep, type Kernel, recentOf, rehash, type Rules, tag, type Words,
} from './inner-loop.ts'
import type { Log } from './kernel.ts'
import type { Machine } from './machine.ts'
import {
  beside, done, free, generator, helping, isMove, issued, isState, lot, lotAt, lotSize, shared, taken,
} from './shared-source.ts'

/** Lots that may be under way, for each thread. */
const lotsEach = 4
/** States in a lot at the most, and successors. */
const mostInLot = 1_024
const mostCandidates = 2 ** 16

/** The other threads. They wait in between, and end with the search. */
export class Helpers {
  readonly lots: number
  readonly ctl: Int32Array
  readonly #ports: MessagePort[] = []
  readonly #workers: Worker[] = []

  constructor(count: number) {
    this.lots = lotsEach * (count + 1)
    this.ctl = new Int32Array(new SharedArrayBuffer(4 * lotAt(this.lots)))
    for (let i = 0; i < count; i++) {
      const { port1, port2 } = new MessageChannel()
      const worker = new Worker(waiting, { eval: true, execArgv: [], workerData: { port: port2, ctl: this.ctl }, transferList: [port2] })
      worker.on('error', () => undefined)
      worker.unref()
      port1.unref()
      this.#ports.push(port1)
      this.#workers.push(worker)
    }
  }
  /** Gives them arrays and what to do with them. */
  tell(source: string, arrays: Readonly<Record<string, unknown>>): void {
    for (const port of this.#ports) port.postMessage({ source, arrays })
    Atomics.add(this.ctl, shared.arrays, 1)
    this.signal()
  }
  signal(): void {
    Atomics.add(this.ctl, shared.signal, 1)
    Atomics.notify(this.ctl, shared.signal)
  }
  end(): void {
    for (const worker of this.#workers) void worker.terminate()
    for (const port of this.#ports) port.close()
  }
}

const waiting = `
  const { workerData: { port, ctl }, receiveMessageOnPort } = require('node:worker_threads')
  for (let known = 0; ;) {
    const arrays = Atomics.load(ctl, ${shared.arrays})
    if (arrays === known) { Atomics.wait(ctl, ${shared.signal}, Atomics.load(ctl, ${shared.signal}), 1000); continue }
    let message, latest
    while ((message = receiveMessageOnPort(port))) latest = message.message
    known = arrays
    if (latest) new Function('ctl', ...Object.keys(latest.arrays), latest.source)(ctl, ...Object.values(latest.arrays))(arrays)
  }`

/** The arrays that each thread has of its own. */
const own = (words: Words, room: number, capacity: number): Readonly<Record<string, string>> => {
  const integers = `new Int32Array(${room})`
  const recent = `new Int32Array(${recentOf(words)})`
  return {
    ask: `new Uint8Array(${room})`, kind: `new Uint8Array(${room})`, dregs: 'new Int32Array(1)',
    open: `new Int32Array(${capacity})`, H: integers, moved: integers, index: integers, where: integers, lately: integers, RW: recent,
    ...Object.fromEntries(words.map((k) => [`R${k}`, recent])),
  }
}
const alsoOwn = (words: Words, room: number): Readonly<Record<string, string>> => ({
  S: `new Int32Array(${words.length})`, source: `new Int32Array(${room})`, by: `new Uint16Array(${room})`,
  ...Object.fromEntries(words.map((k) => [`S${k}`, `new Int32Array(${room})`])),
})
const declared = (arrays: Readonly<Record<string, string>>) =>
  `const ${Object.entries(arrays).map(([name, made]) => `${name} = ${made}`).join(', ')}`

/** A kernel as `compileKernel` makes, for a log whose arrays are shared and for rules that are decided. */
export function compileShared(log: Log, rules: Rules, slots: number, full: number, keep: Keep | null, helpers: Helpers): Kernel {
  const { machine } = log
  const { words, room, names, calls } = rules
  const moves = machine.moves.length
  const inLot = Math.max(16, Math.min(mostInLot, Math.floor(mostCandidates / moves)))
  const capacity = inLot * moves
  const numbers = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))
  const all = {
    table: numbers(slots), words: log.words, can: log.can, first: log.edges?.from ?? null,
    out: numbers(helpers.lots * capacity * (words.length + beside)),
    refs: keep && numbers(helpers.lots * capacity), bys: keep && new Uint16Array(new SharedArrayBuffer(2 * helpers.lots * capacity)),
  }
  const generates = generator(rules, machine.loops, keep !== null)
  helpers.tell(`${declared({ ...alsoOwn(words, room), ...own(words, room, capacity) })}
    const capacity = ${capacity}
    ${generates}
    ${helping(helpers.lots)}
    return work`, all)
  const { ctl } = helpers
  const ruleOf = Uint16Array.from({ length: moves })
  machine.loops.forEach(({ moves }, r) => { for (const { at } of moves) ruleOf[at] = r })
  const bind = {
    ...names, ...all, log, keep, ctl, helpers, ruleOf, parents: log.parents, resolved: new Int32Array(capacity),
    toKept: new Int32Array(4096), byKept: new Uint16Array(4096), who: machine.moves.map(({ who }) => who.map((number) => number - 1)),
  }
  return compiled(bind, `
    ${declared(own(words, room, capacity))}
    const mask = table.length - 1
    let n = log.states, transitions = log.transitions, sink = 0, asking = 0
    const generate = (() => { ${generates}; return generate })()
    ${rehash(words)}
    ${entering(words, machine, calls)}
    ${commit(words, keep !== null)}
    ${running({ lots: helpers.lots, inLot, capacity, full, moves })}`) as Kernel
}

/** Enters a state, or finds it; and asks the rules what decisions left open. */
const entering = (words: Words, { loops }: Machine, calls: readonly Call[]): string => {
  const K = words.length
  const flag = { progress: canProgress, timer: canTime, heal: 0, fault: 0 }
  return `
  function enter(h, from, ${each(words, (k) => `w${k}`, ', ')}) {
    let slot = h & mask, e = 0
    while ((e = table[slot]) !== 0) {
      if (((e ^ h) & ${tag}) === 0) {
        const j = ((e & ${~tag}) - 1) * ${K}
        if (${each(words, (k) => `words[j + ${k}] === w${k}`, ' && ')}) return (e & ${~tag}) - 1
      }
      slot = (slot + 1) & mask
    }
    const j = n * ${K}
    ${each(words, (k) => `words[j + ${k}] = w${k}`)}; parents[n] = from; table[slot] = (n + 1) | (h & ${tag})
    return n++
  }
  function successor(i, from) {
    let x = 0
    ${each(words, (k) => `const w${k} = S${k}[i]`)}; ${hash(words)}
    return enter(h, from, ${each(words, (k) => `w${k}`, ', ')})
  }
  function load(state) { asking = state; const j = state * ${K}; ${each(words, (k) => `S[${k}] = Z[${k}] = words[j + ${k}]`)} }
  function askMove(state, move) {
    load(state)
    const [${[0, 1, 2, 3].map((k) => `i${k}`).join(', ')}] = who[move]
    let z = 0, kind = 0
    switch (ruleOf[move]) { ${loops.map(({ rule, parts }, r) =>
      `case ${r}: kind = ${flag[rule.owed]}; z = lone${r}(${['0', 'move', ...parts.kinds.map((_, k) => `i${k}`)].join(', ')}); break`).join('; ')} }
    if (z === 0) { transitions--; return -1 }
    can[state] |= kind
    return successor(0, state)
  }
  function askState(state) {
    load(state)
    let z = 0, before = 0, kinds = 0
    ${calls.map(({ name, owed }) => `z = ${name}(z); if (z !== before) { kinds |= ${flag[owed]}; before = z }`).join('; ')}
    can[state] = kinds
    const found = { to: [], by: [] }
    for (let i = 0; i < z; i++) { found.to.push(successor(i, state)); found.by.push(by[i]) }
    transitions += z - 1
    log.slow++
    return found
  }`
}

/** Enters the candidates of a lot, and keeps its transitions, in the order of states and moves. */
const commit = (words: Words, keeps: boolean): string => {
  const K = words.length
  const W = K + beside
  return `
  let wholes = []
  function commit(at, base) {
    const count = ctl[at + ${lot.candidates}]
    let s = 0
    ${keeps ? 'let t = transitions' : ''}
    transitions += ctl[at + ${lot.transitions}]
    for (let begin = 0; begin < count; begin += ${batch}) {
      const end = Math.min(begin + ${batch}, count)
      for (let c = begin; c < end; c++) s |= table[out[(base + c) * ${W} + ${K + 1}] & mask]
      for (let c = begin; c < end; c++) {
        const o = (base + c) * ${W}, kind = out[o + ${K + 2}], from = out[o + ${K}]
        let to = -1
        if (kind === ${isState}) to = enter(out[o + ${K + 1}], from, ${each(words, (k) => `out[o + ${k}]`, ', ')})
        else if (kind === ${isMove}) to = askMove(from, out[o + ${K + 1}])
        else { wholes.push(askState(from)); to = -1 - wholes.length }
        ${keeps ? 'resolved[c] = to' : ''}
      }
    }
    sink ^= s
    ${keeps ? `
    let kept = 0, r = base
    for (let state = ctl[at + ${lot.from}]; state < ctl[at + ${lot.to}]; state++) {
      const after = r + first[state]
      first[state] = t
      for (; r < after; r++) {
        const ref = refs[r], to = ref >= 0 ? ref : resolved[~ref]
        if (to >= 0) { toKept[kept] = to; byKept[kept++] = bys[r]; t++ }
        else if (to < -1) {
          const found = wholes[-2 - to]
          keep(toKept, byKept, kept)
          kept = 0
          keep(Int32Array.from(found.to), Uint16Array.from(found.by), found.to.length)
          t += found.to.length
        }
        if (kept === toKept.length) { keep(toKept, byKept, kept); kept = 0 }
      }
    }
    keep(toKept, byKept, kept)` : ''}
    wholes = []
  }`
}

interface Sizes {
  readonly lots: number
  readonly inLot: number
  readonly capacity: number
  readonly full: number
  readonly moves: number
}
const running = ({ lots, inLot, capacity, full, moves }: Sizes): string => `
  function close() { log.states = n; log.transitions = transitions }
  rehash()
  const place = (i) => ${lotAt(0)} + (i % ${lots}) * ${lotSize}
  const base = (i) => (i % ${lots}) * ${capacity}
  return {
    start() { throw new Error('A shared search begins where another has been.') },
    run(from, limits) {
      const levels = log.levels
      let at = from, next = from, level = log.level, head = 0, tail = 0, beats = at >>> 16
      Atomics.store(ctl, ${shared.states}, n)
      const leave = () => {
        for (; head < tail; head++) {
          const lot = place(head)
          if (Atomics.compareExchange(ctl, lot, ${issued}, ${free}) === ${issued}) continue
          while (Atomics.load(ctl, lot) === ${taken}) Atomics.wait(ctl, lot, ${taken}, 1000)
          Atomics.store(ctl, lot, ${free})
        }
        log.level = level
        close()
      }
      const make = (i) => {
        const lot = place(i)
        if (Atomics.compareExchange(ctl, lot, ${issued}, ${taken}) !== ${issued}) return false
        generate(lot, ctl[lot + ${lot.from}], ctl[lot + ${lot.to}], base(i), base(i), n)
        Atomics.store(ctl, lot, ${done})
        return true
      }
      try { for (;;) {
        if (next < level && tail - head < ${lots}) {
          const size = Math.max(16, Math.min(${inLot}, Math.ceil((level - next) / ${lots})))
          while (next < level && tail - head < ${lots}) {
            const lot = place(tail++)
            ctl[lot + ${lot.from}] = next
            ctl[lot + ${lot.to}] = next = Math.min(next + size, level)
            Atomics.store(ctl, lot, ${issued})
          }
          helpers.signal()
        }
        if (head === tail) {
          if (at === n) { log.level = level; close(); return at }
          levels.push(at); level = n
          continue
        }
        const lot = place(head)
        if (Atomics.load(ctl, lot) === ${done}) {
          if (n + ctl[lot + ${lot.candidates}] + ctl[lot + ${lot.wholes}] * ${moves} > ${full}) { leave(); return at }
          commit(lot, base(head))
          Atomics.store(ctl, ${shared.states}, n)
          at = ctl[lot + ${lot.to}]
          Atomics.store(ctl, lot, ${free})
          head++
          if (at >>> 16 !== beats && limits.beat !== undefined) {
            beats = at >>> 16
            log.expanded = at; close()
            if (limits.beat(log)) { leave(); log.stopped = true; return -1 }
          }
          continue
        }
        let i = head
        while (i < tail && !make(i)) i++
        if (i === tail && Atomics.load(ctl, lot) === ${taken}) Atomics.wait(ctl, lot, ${taken}, 1000)
      } } catch (error) { leave(); log.expanded = asking; throw error }
    },
  }`
