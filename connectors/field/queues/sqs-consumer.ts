/** sqs-consumer: fetches from an SQS in memory, sends each message on, and deletes what has been sent. */
import {
  DeleteMessageBatchCommand, DeleteMessageCommand, ReceiveMessageCommand, type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs'
import { Consumer as Consumer1426 } from 'sqs-consumer-14.2.6'
import { Consumer as Consumer1428 } from 'sqs-consumer-14.2.8'
import type { Connector, World } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { answeredOnce, diesWhole, writesNothing } from '../never.ts'

interface Letter { readonly MessageId: string; readonly ReceiptHandle: string; readonly Body: string }
interface Consumer {
  on(event: 'error' | 'processing_error' | 'timeout_error', listener: (error: Error) => void): void
  on(event: 'message_processed', listener: (letter: Letter) => void): void
  start(): void
  stop(options: { abort: boolean }): void
}
interface Library { create: CreateConsumer }
type CreateConsumer = (options: {
  queueUrl: string
  batchSize: number
  handleMessageTimeout?: number
  handleMessage?: (letter: Letter) => Promise<unknown>
  handleMessageBatch?: (letters: readonly Letter[]) => Promise<unknown>
  sqs: Sqs
}) => Consumer

const seconds = 1_000
/** What has not been deleted so long after it was received is received again, */
const visibility = 30 * seconds
/** and is a dead letter once it has been received so often. */
const receives = 3

/** The queue in the cloud, which outlives its consumers: long polls, visibility timeouts, a redrive that flags. */
class Sqs {
  world: World
  readonly #letters = new Map<string, { times: number; visible: number }>()
  /** What it holds, or held: a source that starts again gives it out once more. */
  readonly #known = new Set<string>()

  constructor(world: World) {
    this.world = world
  }

  async send(command: unknown, { abortSignal }: { abortSignal: AbortSignal }): Promise<unknown> {
    abortSignal.throwIfAborted()
    if (command instanceof ReceiveMessageCommand)
      return this.#receive(command.input, abortSignal)
    if (command instanceof DeleteMessageCommand) return this.#delete(command.input.ReceiptHandle!)
    if (command instanceof DeleteMessageBatchCommand)
      return this.#deleteAll(command.input.Entries!)
    throw new TypeError('this queue does not know such a command')
  }

  /** At once when there are messages; else what there is at the end of a long poll. */
  async #receive(input: ReceiveMessageCommandInput, gone: AbortSignal): Promise<{ Messages: readonly Letter[] }> {
    const [most, wait] = [input.MaxNumberOfMessages ?? 1, (input.WaitTimeSeconds ?? 0) * seconds]
    const found = await this.#waiting(most)
    // What an answer that nobody waits for holds is visible again after a while.
    gone.throwIfAborted()
    if (found.length > 0 || wait === 0) return { Messages: found }
    await new Promise<void>((go, fail) => {
      const hangUp = () => fail(gone.reason)
      gone.addEventListener('abort', hangUp)
      setTimeout(() => { gone.removeEventListener('abort', hangUp); go() }, wait)
    })
    return { Messages: await this.#waiting(most) }
  }

  async #waiting(most: number): Promise<readonly Letter[]> {
    const again = await this.#visibleAgain(most)
    const fresh = again.length < most ? await this.world.receive(most - again.length) : []
    const first = fresh.map(({ id }) => id).filter((id) => !this.#known.has(id))
    return [...again, ...first].map((id) => {
      const times = (this.#letters.get(id)?.times ?? 0) + 1
      this.#letters.set(id, { times, visible: Date.now() + visibility })
      this.#known.add(id)
      return { MessageId: id, ReceiptHandle: id, Body: id }
    })
  }

  async #visibleAgain(most: number): Promise<readonly string[]> {
    const due = [...this.#letters].filter(([, { visible }]) => visible <= Date.now()).slice(0, most)
    const dead = due.filter(([, { times }]) => times >= receives).map(([id]) => id)
    for (const id of dead) {
      this.world.flag(id, `received ${receives} times in vain`)
      await this.#delete(id)
    }
    return due.map(([id]) => id).filter((id) => !dead.includes(id))
  }

  /** Whether it is gone its source decides: what could not be deleted it gives out again, and only that. */
  async #delete(id: string): Promise<void> {
    this.#letters.delete(id)
    try {
      await this.world.acknowledge(id)
    } catch (error) {
      this.#known.delete(id)
      throw error
    }
  }

  /** A batch never fails as a whole: the answer says of which entries it did. */
  async #deleteAll(entries: readonly { readonly Id?: string | undefined; readonly ReceiptHandle?: string | undefined }[]): Promise<object> {
    const done = await Promise.allSettled(entries.map(({ ReceiptHandle }) => this.#delete(ReceiptHandle!)))
    const of = (status: string) => entries.filter((_, i) => done[i]!.status === status).map(({ Id }) => ({ Id }))
    return { Successful: of('fulfilled'), Failed: of('rejected').map((entry) => ({ ...entry, Code: 'InternalError', SenderFault: false })) }
  }
}

function queueOf(world: World): Sqs {
  const queue = (world.disk.get('queue') as Sqs | undefined) ?? new Sqs(world)
  world.disk.set('queue', queue)
  queue.world = world
  return queue
}

type Handling = (send: (letter: Letter) => Promise<void>) => Partial<Parameters<CreateConsumer>[0]>

const inVainAfter = 20 * seconds
/** Each for itself, and in vain after twenty seconds: who hangs is received again. */
const oneByOne: Handling = (send) => ({
  handleMessageTimeout: inVainAfter,
  handleMessage: async (letter) => {
    await send(letter)
    return letter
  },
})

/** All that were received together; those that could not be sent are not deleted, and received again. */
const inBatches: Handling = (send) => ({
  handleMessageBatch: async (letters) => {
    const sent = await Promise.allSettled(letters.map(send))
    return letters.filter((_, i) => sent[i]!.status === 'fulfilled')
  },
})

const consuming = (name: string, { create }: Library, handling: Handling): Connector => ({
  name,
  guarantee: 'at-least-once',
  start(world) {
    const consumer = create({
      queueUrl: 'https://sqs.near.example/queue', batchSize: 10, sqs: queueOf(world),
      ...handling(({ MessageId }) => world.send(world.message(MessageId)!.content)),
    })
    consumer.on('message_processed', ({ MessageId }) => world.delivered(MessageId))
    for (const error of ['error', 'processing_error', 'timeout_error'] as const) consumer.on(error, world.report)
    consumer.start()
    return { stop: () => consumer.stop({ abort: true }) }
  },
  patience: 600 * seconds,
  ...(handling === oneByOne ? { timeout: inVainAfter } : {}),
  notApplicable: {
    ...diesWhole, ...writesNothing, ...answeredOnce, 'sender aborts': 'what is in the queue cannot be called back from it',
  },
  exempt: {
    'links are independent': 'one consumer serves all links, by design: it polls again when its batch is done',
  },
})

const [sqs1426, sqs1428] = [Consumer1426 as unknown as Library, Consumer1428 as unknown as Library]

export const sqsConsumer1426 = consuming('sqs-consumer 14.2.6', sqs1426, oneByOne)

export const trials: readonly Trial[] = [
  {
    row: 15, laws: ['nothing wedges', 'delivered or flagged'],
    buggy: sqsConsumer1426,
    fixed: consuming('sqs-consumer 14.2.8', sqs1428, oneByOne),
    trigger: 'receiving fails once, and so does the listener that is told: it never polls again', smallest: 3,
    published: 'bbc/sqs-consumer #771',
  },
]

export const mustPass: readonly Connector[] = [
  consuming('sqs-consumer 14.2.8, in batches', sqs1428, inBatches),
]
