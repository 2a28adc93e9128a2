/**
 * §2: every claim queue of the catalogue as a connector, which asks its policy where the model does.
 *
 * Workers look through the notifications and add messages to the queue; a dispatcher, which runs in the process of the first
 * worker, takes them from there and hands them to the link. What a link has been handed, it answers for, whoever has died.
 */
import { match } from 'ts-pattern'
import { claimQueue } from '../../models/claim-queue.ts'
import type { Connector, Message } from '../../spec/connector.ts'
import { patiently, pause } from './inlet.ts'

interface Worker {
  isAlive: boolean
}
interface Dispatcher extends Worker {
  message: Message | null
}

/** Milliseconds after which the dispatcher’s claim on a message is looked at, and a worker looks again by itself. */
const lease = 2_000
const betweenLooks = 600_000
/** Messages that a bounded memory holds. */
const few = 1

/** Whoever waits for it goes on when it is rung, or some time after. */
function bell() {
  let waiting: (() => void)[] = []
  return {
    rung: () => Promise.race([new Promise<void>((go) => waiting.push(go)), pause(betweenLooks)]),
    ring() {
      const all = waiting
      waiting = []
      for (const go of all) go()
    },
  }
}

function claimQueueWith(variant: string): Connector {
  const policy = claimQueue.variants[variant]!
  return {
    name: `claim-queue/${variant}`,
    guarantee: 'exactly-once',
    component: 'claim-queue',
    links: [1, 1],
    burst: 200,
    start({ workers, send, storage, disk, delivered, flag }) {
      const notifications: Message[] = []
      /** The messages that are known to have been added, and those of them that have been answered. */
      const added = new Set<string>()
      const answered = new Set<string>()
      const queue: Message[] = []
      const looking = bell()
      const dispatching = bell()
      const is = ({ id }: Message) => (added.has(id) ? 'added' : 'open')
      /** Whatever is opened takes a call, and others may come meanwhile. What cannot be read is opened all the same. */
      const open = ({ id }: Message) => storage.read(id).catch(() => undefined)

      const add = (message: Message) => {
        added.add(message.id)
        queue.push(message)
        forget()
        dispatching.ring()
      }
      /** What has no answer yet is not forgotten. */
      const forget = () => {
        const oldest = [...added].find((id) => answered.has(id))
        if (policy.remembers === 'the latest few' && added.size > few && oldest !== undefined) added.delete(oldest)
      }
      const openAgain = ({ id }: Message) => {
        added.delete(id)
        looking.ring()
      }

      const look = async (worker: Worker) => {
        for (let at = 0; worker.isAlive; at++) {
          const seen = notifications[at]
          if (!seen) {
            await looking.rung()
            at = -1
            continue
          }
          if (policy.looksAt(is(seen)) === 'no') continue
          await open(seen)
          if (!worker.isAlive) return
          match(policy.adds(is(seen)))
            .with('adds it', () => add(seen))
            .with('gives it up', () => undefined)
            .with('flags it', () => flag(seen.id, new Error('another worker has added it')))
            .exhaustive()
        }
      }

      const hand = async (message: Message) => {
        const { id, content } = message
        const timer = setTimeout(() => { if (policy.whenSlow === 'open again') openAgain(message) }, lease)
        disk.set(id, 'handed over')
        const failed = await patiently(() => send(content))
        clearTimeout(timer)
        answered.add(id)
        forget()
        if (failed === undefined) delivered(id)
        else flag(id, failed)
      }

      const dispatch = async (dispatcher: Dispatcher) => {
        while (dispatcher.isAlive) {
          dispatcher.message = queue.shift() ?? null
          if (!dispatcher.message) await dispatching.rung()
          else {
            await open(dispatcher.message)
            if (!dispatcher.isAlive) return
            const handed = hand(dispatcher.message)
            dispatcher.message = null
            await handed
          }
        }
      }

      const started = <W extends Worker>(worker: W, work: (worker: W) => Promise<void>): W => {
        void work(worker)
        return worker
      }
      const pool = Array.from({ length: workers }, () => started<Worker>({ isAlive: true }, look))
      let dispatcher = started<Dispatcher>({ isAlive: true, message: null }, dispatch)
      return {
        take(message) {
          if (disk.has(message.id)) return flag(message.id, new Error('it was handed over before the service died'))
          notifications.push(message)
          looking.ring()
        },
        kill(number) {
          pool[number - 1]!.isAlive = false
          if (policy.replaces === 'yes') pool[number - 1] = started<Worker>({ isAlive: true }, look)
          if (number > 1) return
          dispatcher.isAlive = false
          if (dispatcher.message && policy.afterDeath === 'open again') openAgain(dispatcher.message)
          dispatcher = started<Dispatcher>({ isAlive: true, message: null }, dispatch)
        },
      }
    },
  }
}

export const fixed = claimQueueWith('fixed')
export const asShipped = claimQueueWith('asShipped')
export const claimsBlindly = claimQueueWith('claimsBlindly')
export const keepsDeadNames = claimQueueWith('keepsDeadNames')
export const leaseTooShort = claimQueueWith('leaseTooShort')
export const forgetsWhatItSent = claimQueueWith('forgetsWhatItSent')
export const neverReplaces = claimQueueWith('neverReplaces')
export const flagsTheOvertaken = claimQueueWith('flagsTheOvertaken')
