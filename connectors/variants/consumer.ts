/**
 * §7: every consumer of the catalogue as a connector, which asks its policy where the model does.
 *
 * The queue is the source of the world, and what a consumer remembers is on its disk. What was handed to the link, the link
 * answers for, whoever has died: a message that is given out again meanwhile waits for that answer.
 */
import { consumer } from '../../models/consumer.ts'
import { type Connector, type Message, outcomeOf } from '../../spec/connector.ts'
import { pause } from './inlet.ts'

interface Worker {
  isAlive: boolean
  message: Message | null
}

/** How often a message is given out at the most; and milliseconds until it is given out again, and between two looks for one. */
const mostGiven = 4
const pauseBetween = 10_000
const betweenLooks = 5_000
/** Milliseconds from a delivery until it is remembered, by who does that some time after. */
const afterwards = 1_000

function consumerWith(variant: string): Connector {
  const policy = consumer.variants[variant]!
  return {
    name: `consumer/${variant}`,
    guarantee: 'exactly-once',
    component: 'consumer',
    links: [1, 1],
    burst: 500,
    start({ workers, send, receive, acknowledge, refuse, delivered, flag, disk, storage }) {
      const given = new Map<string, number>()
      /** Calls that are under way, and who made them. */
      const calls = new Map<string, { readonly error: Promise<unknown>; readonly by: Worker }>()
      const quietly = (done: Promise<unknown>) => done.catch(() => undefined)
      /** What has been acknowledged, and is to be tried again all the same. */
      const kept: Message[] = []
      const giveBack = async (message: Message) => {
        if (policy.acknowledges === 'as it is fetched') kept.push(message)
        else await quietly(refuse(message.id))
      }
      /** To look something up takes a call, and so does writing it down. */
      const lookUp = async (id: string) => {
        const asItIsFetched = disk.get(id)
        await quietly(storage.read(id))
        if (policy.looksUp === 'as it delivers') return disk.get(id)
        // By the time that it delivers the message, what it has seen is old.
        await pause(afterwards)
        return asItIsFetched
      }
      const remember = async (id: string) => {
        disk.set(id, 'settled')
        await quietly(storage.write(id, 'settled'))
      }

      /** Undefined once it is delivered; otherwise why it is not. */
      const deliver = async ({ id, content }: Message): Promise<unknown> => {
        disk.set(id, 'on its way')
        try {
          await send(content)
          delivered(id)
          if (policy.remembers === 'some time after') disk.delete(id)
          else disk.set(id, 'settled')
          return undefined
        } catch (error) {
          disk.delete(id)
          return error
        } finally {
          calls.delete(id)
        }
      }

      /** What was not delivered, and was given out so often. */
      const fail = async (worker: Worker, message: Message, error: unknown) => {
        const { id } = message
        const becomes = outcomeOf(error) === 'dropped after' ? 'dead letter'
          : policy.failed(given.get(id)! < mostGiven ? 'not yet too often' : 'once too often')
        if (becomes === 'given back') {
          await pause(pauseBetween)
          return worker.isAlive ? giveBack(message) : undefined
        }
        if (becomes === 'dead letter') {
          flag(id, error)
          disk.set(id, 'settled')
        }
        return quietly(refuse(id, { requeue: false }))
      }

      const handle = async (worker: Worker, message: Message) => {
        const { id } = message
        const found = policy.looksUp !== 'never' ? await lookUp(id) : undefined
        if (!worker.isAlive) return
        if (found === 'settled') return quietly(acknowledge(id))
        if (found === 'on its way' && !calls.has(id)) {
          disk.set(id, 'settled')
          flag(id, new Error('it was on its way when the service ended'))
          return quietly(acknowledge(id))
        }
        if (policy.remembers === 'before it') await remember(id)
        if (!worker.isAlive) return
        const before = policy.looksUp === 'as it delivers' ? calls.get(id) : undefined
        const call = before ?? { error: deliver(message), by: worker }
        calls.set(id, call)
        const error = await call.error
        if (!worker.isAlive) return
        // Of those who have it, the one that called goes on with it, if that is still there.
        if (error !== undefined) return call.by === worker || !call.by.isAlive ? fail(worker, message, error) : undefined
        if (policy.remembers === 'some time after') {
          await pause(afterwards)
          if (!worker.isAlive) return
          await remember(id)
        }
        return quietly(acknowledge(id))
      }

      const work = async (worker: Worker) => {
        while (worker.isAlive) {
          const [message = kept.shift()] = await receive(1).catch(() => [])
          // Another is to have the time to fetch what somebody looked up too soon.
          if (!message) await pause(policy.looksUp === 'as it fetches' ? afterwards / 2 : betweenLooks)
          else {
            worker.message = message
            given.set(message.id, (given.get(message.id) ?? 0) + 1)
            if (policy.acknowledges === 'as it is fetched') await quietly(acknowledge(message.id))
            if (worker.isAlive) await handle(worker, message)
            else await quietly(refuse(message.id))
            worker.message = null
          }
        }
      }
      const hired = (): Worker => {
        const worker: Worker = { isAlive: true, message: null }
        void work(worker)
        return worker
      }
      const pool = Array.from({ length: workers }, hired)
      return {
        kill(number) {
          const dead = pool[number - 1]!
          if (!dead.isAlive) return
          dead.isAlive = false
          if (dead.message && policy.afterDeath === 'given out again') void quietly(refuse(dead.message.id))
          if (policy.replaces === 'yes') pool[number - 1] = hired()
        },
      }
    },
  }
}

export const fixed = consumerWith('fixed')
export const acknowledgesFirst = consumerWith('acknowledgesFirst')
export const remembersBefore = consumerWith('remembersBefore')
export const remembersAfterwards = consumerWith('remembersAfterwards')
export const looksNothingUp = consumerWith('looksNothingUp')
export const looksUpTooSoon = consumerWith('looksUpTooSoon')
export const retriesForEver = consumerWith('retriesForEver')
export const deadLettersAtOnce = consumerWith('deadLettersAtOnce')
export const dropsThePoison = consumerWith('dropsThePoison')
export const hidesAfterDeath = consumerWith('hidesAfterDeath')
export const neverReplaces = consumerWith('neverReplaces')
