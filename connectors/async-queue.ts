/** async.queue: workers that post synchronously, and report each message’s end through its callback. */
import { createRequire } from 'node:module'
import type { Connector, Message } from '../spec/connector.ts'
import type { Trial } from '../spec/evidence/field-trial.ts'

type Done = (error?: unknown) => void
export interface PostingAsync {
  queue(worker: (message: Message, done: Done) => void, concurrency: number): { push(message: Message, done: Done): void }
}

export const posting = (name: string, async: PostingAsync): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ sendNow, workers }) {
    const queue = async.queue((message, done) => {
      try {
        sendNow(message.content)
      } catch (error) {
        return done(error)
      }
      done()
    }, workers)
    return {
      take: (message) => new Promise<void>((delivered, flagged) =>
        queue.push(message, (error) => (error ? flagged(error) : delivered()))),
    }
  },
  neverGiven: { list: 'a list is pushed as several messages: that is how this queue takes a batch' },
})

const load = createRequire(import.meta.url) as (name: string) => PostingAsync

export const async022 = posting('async.queue 0.2.2', load('async-0.2.2'))
export const async023 = posting('async.queue 0.2.3', load('async-0.2.3'))

export const trials: readonly Trial[] = [
  {
    row: 11, buggy: async022, fixed: async023, laws: ['honest'],
    trigger: 'a message whose worker fails before it returns: the failure is reported as success', smallest: 1,
    published: 'caolan/async #228',
  },
]
