/**
 * §7 The consumer.
 *
 * 1. A queue gives a message to one consumer, and hides it from the others while the lease of that one runs.
 * 2. Whoever has a message delivers it and remembers that it did, and then acknowledges it: the queue has it no more.
 * 3. A lease may run out while its consumer is only slow, and a consumer may die: then the message is given out again.
 * 4. What was delivered is not delivered again: whoever finds that it was, as it is about to deliver it, only acknowledges it.
 *    Another may have delivered it since it was fetched. What a consumer says of a message whose lease has run out counts no more.
 * 5. A message that could not be delivered is given back, and given out again. When that was once too often it is put with the dead
 *    letters, which flags it.
 * 6. No message holds up another, and whoever dies is replaced.
 *
 * Left out: the order of messages, which such a queue does not keep; a queue that loses or repeats a message by itself; how a
 * delivery and the memory of it become one step, such as one transaction or a receiver that knows what it has.
 *
 * Source: the Amazon SQS Developer Guide, on the visibility timeout and on dead-letter queues; a pending entry of a Redis stream and
 * an unacknowledged delivery of RabbitMQ are the same. It says that a message comes back once its timeout is over, and that it is
 * moved when it was received more often than is allowed. It leaves what the consumer remembers to the consumer: 2 and 4 are ours.
 * Where it allows a delivery in doubt to be repeated, this is the stricter reading, for that can be kept.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly consumers: number
  readonly messages: number
  readonly tries: number
  readonly deaths: number
  readonly expiries: number
  readonly refusals: number
}

export const sizes: Sizes<Scope> = {
  consumers: { says: 'consumers', least: 1, small: 2, most: 6 },
  messages: { says: 'messages', least: 1, small: 1, most: 8 },
  tries: { says: 'times that a message is given out', least: 1, small: 2, most: 5, chosen: 5 },
  deaths: { says: 'deaths of a consumer', least: 0, small: 1, most: 2 },
  expiries: { says: 'leases that run out', least: 0, small: 1, most: 3 },
  refusals: { says: 'times that a message is refused for now', least: 0, small: 1, most: 3 },
}
