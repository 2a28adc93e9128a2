/** §5: every interchange of the catalogue as a connector, which asks its policy where the model does. */
import { interchange } from '../../models/interchange.ts'
import { type Connector, type Message, outcomeOf } from '../../spec/connector.ts'
import { Inlet, pause, pauseBetween } from './inlet.ts'

/** Times that a message that is refused for now is submitted again. */
const tries = 3

/** Milliseconds that a thread takes for something urgent. */
const urgentTakes = 5_000

/** Something urgent of its own always waits: a world sends none. */
interface Busy {
  readonly isBusy?: true
}

/** Threads that each fetch a message, submit it over a session of its own, and go on to the next. */
function interchangeWith(variant: string, { isBusy, ...more }: Partial<Connector> & Busy = {}): Connector {
  const policy = interchange.variants[variant]!
  return {
    ...more,
    name: `interchange/${variant}`,
    guarantee: 'exactly-once',
    component: 'interchange',
    links: [1, 1],
    burst: 1_000,
    start(world) {
      const { send, delivered, flag } = world
      const inlet = new Inlet(world, policy.leaves)
      const inHand = new Set<Message>()

      /** How it was refused; undefined where it was taken, or where nobody knows. */
      const submit = async (message: Message, tried: number) => {
        try {
          await inlet.out(message, () => send(message.content))
          return { how: undefined, error: undefined }
        } catch (error) {
          const outcome = outcomeOf(error)
          const how = outcome === 'refused for good' ? 'for good' as const
            : outcome === 'dropped after' ? undefined : tried < tries ? 'for now' as const : 'for now, once too often' as const
          return { how, error }
        }
      }
      const settle = (message: Message, error: unknown) => {
        // What was flagged as the service stopped has had its verdict.
        if (!inHand.delete(message)) return
        inlet.leave(message)
        if (error === undefined) delivered(message.id)
        else flag(message.id, error)
      }

      const work = async (message: Message): Promise<'done' | 'gone'> => {
        inHand.add(message)
        if (isBusy) do await pause(urgentTakes); while (policy.next === 'what is urgent')
        for (let tried = 0; ; tried++) {
          const { how, error } = await submit(message, tried)
          if (how === undefined) {
            settle(message, error)
            return 'done'
          }
          switch (policy.refused(how)) {
            case 'submitted again':
              await pause(pauseBetween)
              break
            case 'flagged':
              settle(message, error)
              return policy.thread === 'takes the next' ? 'done' : 'gone'
            case 'put back at the tail':
              await pause(pauseBetween)
              inHand.delete(message)
              inlet.putBack(message)
              return 'done'
            case 'dropped':
              inHand.delete(message)
              inlet.leave(message)
              return 'done'
          }
        }
      }

      inlet.employ(world.workers, work, policy.order === 'the latest' ? inlet.latest : inlet.first)
      return {
        take: inlet.take,
        async stop(within: number) {
          if (policy.restart === 'they wait again') return inlet.stop(within)
          for (const message of inHand) settle(message, new Error('the service restarts'))
          return inlet.stop(0)
        },
      }
    },
  }
}

export const fixed = interchangeWith('fixed')
export const asShipped = interchangeWith('asShipped')
export const requeuesAtTheTail = interchangeWith('requeuesAtTheTail')
export const givesUpSilently = interchangeWith('givesUpSilently')
export const retriesTransientsForEver = interchangeWith('retriesTransientsForEver')
export const flagsButKeepsTheThread = interchangeWith('flagsButKeepsTheThread')
export const flagsOnRestart = interchangeWith('flagsOnRestart')
export const resubmitsAfterRestart = interchangeWith('resubmitsAfterRestart')
export const starvesTheOthers = interchangeWith('starvesTheOthers', { isBusy: true })
export const latestFirst = interchangeWith('latestFirst', { order: 'per link', workers: [1, 1] })

/** Right ones of the same kind as these two. */
export const takesTurns = interchangeWith('fixed', { isBusy: true })
export const keepsTheOrder = interchangeWith('fixed', { order: 'per link', workers: [1, 1] })
