/**
 * A search by several threads that answers as one thread would, to the number of every state.
 *
 * Every thread builds the machine for itself, from the module that its component is in, and has the rules compiled from
 * the same source; arrays are shared. The first thread says what is next, and keeps the log.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { compiled, type Keep, type Kernel, type Rules, tooSlow } from '../search/kernel-source.ts'
import type { Log } from '../search/kernel.ts'
import type { Origin } from '../model/machine.ts'
import { at, ctlLength, goOn, leave, member, mostThreads, roomsOf, saidBy, sharedArrays } from './parallel-source.ts'

/** Of so many threads, those that can share a table: a power of two. */
export const sharable = (threads: number) => 2 ** Math.floor(Math.log2(Math.max(1, Math.min(threads, mostThreads))))

/** A thread reads TypeScript only once it has been told how. */
const begins = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register()
  return import(${JSON.stringify(new URL('./parallel-thread.ts', import.meta.url).href)})
})`

/** What another thread begins with. */
export interface Post {
  readonly port: MessagePort
  readonly ctl: Int32Array
  readonly me: number
  readonly origin: Origin
}
/** What it is told then, each time that arrays have been replaced. */
export interface Order {
  /** The source of the rules, and of what is done with them. */
  readonly rules: string
  readonly source: string
  readonly arrays: Readonly<Record<string, unknown>>
}

/** The other threads. They take a while to be ready, wait in between, and end with the search. */
export class Helpers {
  readonly threads: number
  readonly ctl = new Int32Array(new SharedArrayBuffer(4 * ctlLength))
  readonly #ports: MessagePort[] = []
  readonly #workers: Worker[] = []

  constructor(threads: number, origin: Origin) {
    this.threads = threads
    for (let me = 1; me < threads; me++) {
      const { port1, port2 } = new MessageChannel()
      const workerData: Post = { port: port2, ctl: this.ctl, me, origin }
      const worker = new Worker(begins, { eval: true, workerData, transferList: [port2], execArgv: [] })
      worker.on('error', () => undefined)
      worker.unref()
      port1.unref()
      this.#ports.push(port1)
      this.#workers.push(worker)
    }
  }
  readonly isReady = () => Atomics.load(this.ctl, at.ready) === this.threads - 1
  /** Waits until they are ready, or one of them has failed. */
  wait(): void {
    const { ctl } = this
    while (!this.isReady() && Atomics.load(ctl, at.failed) === 0) Atomics.wait(ctl, at.ready, Atomics.load(ctl, at.ready), 100)
  }
  tell(told: Order): void {
    for (const port of this.#ports) port.postMessage(told)
    Atomics.add(this.ctl, at.arrays, 1)
    Atomics.add(this.ctl, at.signal, 1)
    Atomics.notify(this.ctl, at.signal)
  }
  /** What another thread has failed with; null when none has. */
  failure(): unknown {
    if (Atomics.load(this.ctl, at.failed) === 0) return null
    return this.#ports.map((port) => receiveMessageOnPort(port)?.message).find((error) => error !== undefined) ?? null
  }
  end(): void {
    for (const worker of this.#workers) void worker.terminate()
    for (const port of this.#ports) port.close()
  }
}

/** A kernel as `compileKernel` makes, for a log whose arrays are shared. */
export function compileShared(log: Log, rules: Rules, slots: number, full: number, keep: Keep | null, helpers: Helpers): Kernel {
  const { threads, ctl } = helpers
  const shape = { threads, keeps: keep !== null, rules }
  const arrays = {
    ...sharedArrays(shape), table: new Int32Array(new SharedArrayBuffer(4 * slots)),
    words: log.words, parents: log.parents, can: log.can, first: log.edges?.from ?? null,
  }
  const source = `let known = ${log.states}, kept = ${log.transitions}\n${member(shape)}`
  helpers.tell({ rules: rules.text, source: `${source}\n${following(full)}`, arrays })
  const names = { ...rules.names, ...arrays, log, keep, ctl, me: 0 }
  return compiled(names, `${source}\n${leading(threads, full, keep !== null, roomsOf(rules).transitions)}`) as Kernel
}

/** What another thread does until the arrays are full, or it is told to leave. */
const following = (full: number): string => `
  rehash()
  for (;;) {
    meet()
    if (ctl[${at.command}] === ${leave}) return
    try { expand(ctl[${at.parts} + me], ctl[${at.parts + 1} + me]) }
    catch { ctl[${saidBy('me', 'ended')}] = asking; ctl[${saidBy('me', 'broke')}] = 1; ctl[${saidBy('me', 'candidates')}] = 0 }
    meet()
    const parts = counting()
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
        ctl[${at.parts}] = next
        for (let p = 1; p <= ${threads}; p++)
          ctl[${at.parts} + p] = next + Math.floor((end - next) * (share + (1 - share) * (p - 1) / ${threads - 1}))
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
        const parts = counting(), last = parts - 1
        // The first state at which a rule fails is taken again here, so that it fails here.
        if (ctl[${saidBy('last', 'broke')}] !== 0) { const at = ctl[${saidBy('last', 'ended')}]; expand(at, at + 1) }
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
