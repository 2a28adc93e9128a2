/** nats 2.9, before there was `consume()`: one who fetches what is there, and when that is handed on fetches again. */
import { createRequire } from 'node:module'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { batch, type Connect, consuming, type Given, stream } from './consumer.ts'
import { missing } from './server.ts'

export const unreachable = async (): Promise<string | null> => missing()

interface Message {
  readonly seq: number
  readonly data: Uint8Array
  /** How often it was given out, in spite of its name. */
  readonly info: { readonly redeliveryCount: number }
  nak(milliseconds: number): void
  ackAck(): Promise<boolean>
}
interface Nats {
  connect(options: object): Promise<{
    jetstream(): { fetch(stream: string, consumer: string, options: object): AsyncIterable<Message> }
    jetstreamManager(): Promise<unknown>
    close(): Promise<unknown>
  }>
}

/** How long a fetch waits for messages, and one that was in vain for the next, in milliseconds. */
const expires = 200
const pause = 10

/** It has no time limit of its own for a message. */
const within = (message: Message): Given['ackAck'] => ({ timeout }) =>
  Promise.race([message.ackAck(), new Promise((go) => setTimeout(go, timeout))])

const fetching = ({ connect }: Nats): Connect => async (port, consumers, comes) => {
  const client = await connect({ port, maxReconnectAttempts: -1, reconnectTimeWait: 400, reconnectJitter: 0 })
  // It asks something of the server: only then does it hear the answer to an acknowledgement.
  await client.jetstreamManager()
  let isStopped = false
  const fetch = async (name: string) => {
    while (!isStopped)
      try {
        for await (const message of client.jetstream().fetch(stream, name, { batch, expires })) {
          const { seq, data, info: { redeliveryCount: times } } = message
          comes({ seq, data, times, nak: (milliseconds) => message.nak(milliseconds), ackAck: within(message) })
        }
      } catch {
        await new Promise((go) => setTimeout(go, pause))
      }
  }
  for (const name of consumers) void fetch(name)
  return {
    stop() { isStopped = true },
    close() {
      isStopped = true
      return client.close()
    },
  }
}

const load = createRequire(import.meta.url)
const fetched = (version: string) => consuming(`nats ${version}`, fetching(load(`nats-${version}`) as Nats))

export const nats290 = fetched('2.9.0')
export const nats292 = fetched('2.9.2')

/** To be tried only where `unreachable` says null. */
export const trials: readonly Trial[] = [{
  row: 22, buggy: nats290, fixed: nats292, laws: ['nothing wedges', 'delivered or flagged'],
  trigger: 'the connection is lost while a fetch is under way: nobody hears of that, and the process ends',
  smallest: 2, published: 'nats-io/nats.deno #416, #417',
}]
