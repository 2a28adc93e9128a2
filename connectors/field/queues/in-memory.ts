/** Queues in memory: async.queue given lists; p-queue with senders who lose interest, or with a time limit. */
import { createRequire } from 'node:module'
import PQueue811 from 'p-queue-8.1.1'
import PQueue900 from 'p-queue-9.0.0'
import PQueue910 from 'p-queue-9.1.0'
import PQueue911 from 'p-queue-9.1.1'
import PQueue933 from 'p-queue-9.3.3'
import type { Connector, FaultName } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { type PostingAsync, posting } from '../../async-queue.ts'
import { type Fastq, retrying } from '../../fastq.ts'
import { never } from '../never.ts'

const neverHappens: Readonly<Partial<Record<FaultName, string>>> = {
  ...never,
  'service stops': 'it is a part of its process: it has no service to stop',
  'service restarts': 'it is a part of its process: what it held dies with it, and nobody is left to ask',
}
const exempt: Connector['exempt'] = {
  'links are independent': 'one queue serves all links, by design: each worker waits for its own',
}

// --- async.queue

type Done = (error?: unknown) => void
interface Async {
  queue(worker: (content: unknown, done: Done) => void, concurrency: number): {
    push(contents: readonly unknown[], done: Done): void
  }
}

/** What is carried is the task, pushed in a list of its own: a bare list is so many tasks, says the manual. */
const listing = (name: string, async: Async): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ send, workers }) {
    const queue = async.queue((content, done) => {
      send(content).then(() => done(), done)
    }, workers)
    return {
      take: ({ content }) => new Promise<void>((delivered, flagged) =>
        queue.push([content], (error) => (error ? flagged(error) : delivered()))),
    }
  },
  notApplicable: { ...neverHappens, 'sender aborts': 'a task once pushed cannot be called back' },
  exempt,
})

const load = createRequire(import.meta.url)

export const async300 = listing('async.queue 3.0.0', load('async-3.0.0') as Async)
export const async301 = listing('async.queue 3.0.1', load('async-3.0.1') as Async)
export const async326 = listing('async.queue 3.2.6', load('async-3.2.6') as Async)

// --- p-queue

type NewPQueue = new (options: { concurrency: number; timeout?: number }) => {
  add(task: () => Promise<void>, options?: { signal: AbortSignal }): Promise<void>
}

/** A message that its sender has no more interest in is withdrawn, wherever it is by then. */
const withdrawing = (name: string, PQueue: NewPQueue): Connector => ({
  name: `${name}, withdrawing`,
  guarantee: 'at-least-once',
  start({ send, workers }) {
    const queue = new PQueue({ concurrency: workers })
    return { take: ({ content, signal }) => queue.add(() => send(content), { signal }) }
  },
  notApplicable: neverHappens,
  exempt,
})

const limit = 60_000

/** A message that takes over a minute has failed. */
const timing = (name: string, PQueue: NewPQueue): Connector => ({
  name: `${name}, with a time limit`,
  guarantee: 'at-least-once',
  start({ send, workers }) {
    const queue = new PQueue({ concurrency: workers, timeout: limit })
    return { take: ({ content }) => queue.add(() => send(content)) }
  },
  timeout: limit,
  notApplicable: { ...neverHappens, 'sender aborts': 'it is given no signal' },
  exempt,
})

export const pQueue910 = withdrawing('p-queue 9.1.0', PQueue910 as NewPQueue)
export const pQueue811 = timing('p-queue 8.1.1', PQueue811 as NewPQueue)

export const trials: readonly Trial[] = [
  {
    row: 12, buggy: async300, fixed: async301, laws: ['honest', 'none twice'],
    trigger: 'a message that is a list of two', smallest: 1, published: 'caolan/async #1645',
  },
  {
    row: 13,
    buggy: pQueue910,
    fixed: withdrawing('p-queue 9.1.1', PQueue911 as NewPQueue),
    laws: ['delivered or flagged'],
    trigger: 'a link hangs, and the message behind it is aborted while it is queued', smallest: 4,
    published: 'sindresorhus/p-queue #241',
  },
  {
    row: 14,
    buggy: pQueue811,
    fixed: timing('p-queue 9.0.0', PQueue900 as NewPQueue),
    laws: ['honest'],
    trigger: 'a message over a link that hangs, until its time is up', smallest: 2,
    published: 'sindresorhus/p-queue #206, #214, #218',
  },
]

export const mustPass: readonly Connector[] = [
  retrying('fastq 1.20.3', load('fastq-1.20.3') as Fastq),
  async326,
  posting('async.queue 3.2.6, posting', load('async-3.2.6') as PostingAsync),
  withdrawing('p-queue 9.3.3', PQueue933 as NewPQueue),
  timing('p-queue 9.3.3', PQueue933 as NewPQueue),
]
