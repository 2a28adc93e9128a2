/**
 * A search by several threads that answers as one thread would, to the number of every state.
 *
 * Other threads are given source and shared arrays, and no model: what decisions leave open is put to the rules by the
 * first thread, between two turns. So nothing has to be imported, and no other thread runs what a model says.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import {
  type Call, canProgress, canTime, compiled, decisionSources, differs, each, hash, inTurn, type Keep, type Kernel, type Rules, tooSlow,
  type Words,
} from './inner-loop.ts'
import type { Log } from './kernel.ts'
import type { Machine } from './machine.ts'
import {
  at, ctlLength, goOn, isNothing, isState, leave, member, mostThreads, nothing, roomsOf, saidBy, sharedArrays,
} from './shared-source.ts'

/** Of so many threads, those that can share a table: a power of two. */
export const sharing = (threads: number) => 2 ** Math.floor(Math.log2(Math.max(1, Math.min(threads, mostThreads))))

/** The other threads. They wait in between, and end with the search. */
export class Helpers {
  readonly threads: number
  readonly ctl = new Int32Array(new SharedArrayBuffer(4 * ctlLength))
  readonly #ports: MessagePort[] = []
  readonly #workers: Worker[] = []

  constructor(threads: number) {
    this.threads = threads
    for (let me = 1; me < threads; me++) {
      const { port1, port2 } = new MessageChannel()
      const workerData = { port: port2, ctl: this.ctl, me }
      const worker = new Worker(waiting, { eval: true, execArgv: [], workerData, transferList: [port2] })
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
    Atomics.add(this.ctl, at.arrays, 1)
    Atomics.add(this.ctl, at.signal, 1)
    Atomics.notify(this.ctl, at.signal)
  }
  /** What another thread failed with; null when none has. */
  failure(): unknown {
    if (Atomics.load(this.ctl, at.failed) === 0) return null
    return this.#ports.map((port) => receiveMessageOnPort(port)?.message).find((error) => error !== undefined) ?? null
  }
  end(): void {
    for (const worker of this.#workers) void worker.terminate()
    for (const port of this.#ports) port.close()
  }
}

const waiting = `
  const { workerData: { port, ctl, me }, receiveMessageOnPort } = require('node:worker_threads')
  try {
    for (let known = 0; ;) {
      const arrays = Atomics.load(ctl, ${at.arrays})
      if (arrays === known) { Atomics.wait(ctl, ${at.signal}, Atomics.load(ctl, ${at.signal}), 1000); continue }
      let message, latest
      while ((message = receiveMessageOnPort(port))) latest = message.message
      known = arrays
      if (latest) new Function('ctl', 'me', ...Object.keys(latest.arrays), latest.source)(ctl, me, ...Object.values(latest.arrays))
    }
  } catch (error) {
    port.postMessage(error)
    Atomics.store(ctl, ${at.failed}, 1)
    Atomics.notify(ctl, ${at.turn})
  }`

/** A kernel as `compileKernel` makes, for a log whose arrays are shared and for rules that are decided. */
export function compileShared(log: Log, rules: Rules, slots: number, full: number, keep: Keep | null, helpers: Helpers): Kernel {
  const { machine } = log
  const { threads, ctl } = helpers
  const shape = { threads, keeps: keep !== null, rules }
  const arrays = {
    ...sharedArrays(shape), table: new Int32Array(new SharedArrayBuffer(4 * slots)),
    words: log.words, parents: log.parents, can: log.can, first: log.edges?.from ?? null,
  }
  const begins = `let known = ${log.states}, kept = ${log.transitions}`
  const { declares, expands: asking } = withoutRules(rules, machine)
  helpers.tell(`${begins}\n${declares}\n${member({ ...shape, asks: true, expands: asking })}\n${following(full)}`, arrays)
  const ruleOf = Uint16Array.from({ length: machine.moves.length })
  machine.loops.forEach(({ moves }, r) => { for (const { at } of moves) ruleOf[at] = r })
  const { calls, quick, words } = rules
  const expands = `asking = at
    if ((${differs(words, quick!.bits)}) === 0) { ${inTurn(quick!.calls)} } else { slow++; ${inTurn(calls)} }`
  const bind = {
    ...rules.names, ...arrays, log, keep, ctl, me: 0, ruleOf, who: machine.moves.map(({ who }) => who.map((number) => number - 1)),
  }
  return compiled(bind, `
    let asking = 0
    ${begins}
    ${member({ ...shape, asks: false, expands })}
    ${answer(words, machine, roomsOf(rules).candidates)}
    ${leading(threads, full, keep !== null, roomsOf(rules).transitions)}`) as Kernel
}

/** What a thread without rules does with a state: moves that are not decided are questions; all of them, where nothing is. */
function withoutRules({ words, quick, room }: Rules, { loops, moves }: Machine): { declares: string; expands: string } {
  const functions: string[] = []
  const calls = quick!.decisions.loops.flatMap((decided, r) =>
    decisionSources(decided, words, true, (move) => `by[z] = ${move}; ask[z++] = 1; passed++`).map((source, i): Call => {
      functions.push(`function some${r}_${i}(z) { ${source} return z }`)
      return { owed: loops[r]!.rule.owed, name: `some${r}_${i}` }
    }))
  const told = ({ owed }: Call) => (owed === 'progress' || owed === 'timer'
    ? `if (z - passed !== before) kinds |= ${owed === 'progress' ? canProgress : canTime}; ` : '')
  return {
    declares: `
      const S = new Int32Array(${words.length}), Z = new Int32Array(${words.length}), source = new Int32Array(${room})
      const by = new Uint16Array(${room}), ask = new Uint8Array(${room}), ${each(words, (k) => `S${k} = new Int32Array(${room})`, ', ')}
      let passed = 0
      ${functions.join('\n')}`,
    expands: `passed = 0
      if ((${differs(words, quick!.bits)}) === 0) { before = z; ${calls.map((call, i) =>
        `z = ${call.name}(z)${call.owed === calls[i + 1]?.owed ? '' : `; ${told(call)}before = z - passed`}`).join('; ')} }
      else { slow++; for (let move = 0; move < ${moves.length}; move++) { by[z] = move; ask[z++] = 1 } }`,
  }
}

/** Puts the questions of all parts that count to the rules. */
const answer = (words: Words, { loops }: Machine, candidates: number): string => {
  const flag = { progress: canProgress, timer: canTime, heal: 0, fault: 0 }
  return `
  function answer(parts) {
    let x = 0
    for (let p = 0; p < parts; p++) for (let q = 0, from = p * ${candidates}; q < ctl[${saidBy('p', 'questions')}]; q++) {
      const g = from + questions[from + q], move = hashes[g]
      asking = origins[g]
      const j = asking * ${words.length}; ${each(words, (k) => `S[${k}] = Z[${k}] = words[j + ${k}]`)}
      const [${[0, 1, 2, 3].map((k) => `i${k}`).join(', ')}] = who[move]
      let z = 0, kind = 0
      switch (ruleOf[move]) { ${loops.map(({ rule, parts }, r) =>
        `case ${r}: kind = ${flag[rule.owed]}; z = lone${r}(${['0', 'move', ...parts.kinds.map((_, k) => `i${k}`)].join(', ')}); break`).join('; ')} }
      if (z === 0) { what[g] = ${isNothing}; found[g] = ${nothing}; ctl[${saidBy('p', 'transitions')}]-- }
      else {
        can[asking] |= kind
        ${each(words, (k) => `const w${k} = W${k}[g] = S${k}[0]`)}; ${hash(words)}; hashes[g] = h; what[g] = ${isState}
      }
    }
  }`
}

/** What another thread does until the arrays are full, or it is told to leave. */
const following = (full: number): string => `
  rehash()
  for (;;) {
    meet()
    if (ctl[${at.command}] === ${leave}) return
    expand(ctl[${at.parts} + me], ctl[${at.parts + 1} + me])
    meet()
    const parts = counting()
    if (questionsOf(parts) > 0) meet()
    if (known + candidatesOf(parts) > ${full}) return
    enter(parts)
    meet()
    number(parts)
    meet()
    finish()
  }`

/** Candidates of a thread in a turn: as many as stay near the processor, and are worth meeting for. */
const wanted = 10_000
const statesAtFirst = 2_048

/** The same for the first thread, which says what is next. */
const leading = (threads: number, full: number, keeps: boolean, transitions: number): string => `
  function close() { log.states = known; log.transitions = kept }
  rehash()
  return {
    start() { throw new Error('A shared search begins where another has been.') },
    run(from, limits) {
      const levels = log.levels, lengths = new Int32Array(${threads})
      let next = from, level = log.level, share = ${1 / threads}, states = ${statesAtFirst}, beats = from >>> 16
      const keepAll = () => { ${keeps ? `log.states = known
        for (let p = 0; p < ${threads}; p++) {
        const from = p * ${transitions}, end = from + lengths[p]
        if (end > from) keep(to.subarray(from, end), moves.subarray(from, end), end - from)
        lengths[p] = 0
      }` : ''} }
      const depart = () => { ctl[${at.command}] = ${leave}; meet(); keepAll(); log.level = level; close() }
      try { for (;;) {
        if (next === level) {
          if (next === known) { depart(); return next }
          levels.push(next)
          level = known
        }
        const begun = next, end = Math.min(level, next + states)
        for (let p = 1; p <= ${threads}; p++)
          ctl[${at.parts} + p] = next + Math.floor((end - next) * (share + (1 - share) * (p - 1) / ${threads - 1}))
        ctl[${at.parts}] = next
        ctl[${at.command}] = ${goOn}
        meet()
        keepAll()
        const started = performance.now()
        expand(ctl[${at.parts}], ctl[${at.parts + 1}])
        const expanded = performance.now()
        meet()
        // The first thread has more to do in between, and its part should take as long as the others’.
        share *= performance.now() - expanded > 0.03 * (expanded - started) ? 1.01 : 0.99
        share = Math.max(${0.5 / threads}, Math.min(${1.5 / threads}, share))
        const parts = counting()
        if (questionsOf(parts) > 0) { answer(parts); meet() }
        const candidates = candidatesOf(parts)
        if (known + candidates > ${full}) { log.level = level; close(); return next }
        enter(parts)
        meet()
        number(parts)
        meet()
        for (let p = 0; p < parts; p++) {
          next = ctl[${saidBy('p', 'ended')}]
          lengths[p] = ctl[${saidBy('p', 'transitions')}]
          log.slow += ctl[${saidBy('p', 'slow')}]
        }
        finish()
        if (${tooSlow('next')}) { depart(); return next }
        states = Math.max(${threads * 16}, Math.min(2 * states, Math.floor(${threads * wanted} * (next - begun) / candidates)))
        if (next >>> 16 !== beats && limits.beat !== undefined) {
          beats = next >>> 16
          log.expanded = next; close()
          if (limits.beat(log)) { depart(); log.stopped = true; return -1 }
        }
      } } catch (error) { log.expanded = asking; throw error }
    },
  }`
