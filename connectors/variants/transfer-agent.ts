/**
 * §3: every transfer agent of the catalogue as a connector, which asks its policy where the model does.
 *
 * A world has no call that asks what has become of a message, and the error of a call that was dropped says it: a sender that
 * asks reads it there, as soon as its link is there to be asked.
 */
import { match } from 'ts-pattern'
import { transferAgent } from '../../models/transfer-agent.ts'
import { type Connector, type Link, type LinkState, type Message, outcomeOf } from '../../spec/connector.ts'
import { pause, pauseBetween } from './inlet.ts'

interface Job {
  readonly message: Message
  readonly line: Line
  isSettled: boolean
  /** Runs until its time has run out. */
  clock?: NodeJS.Timeout
  isOld: boolean
  /** A sender heard nothing of what it sent of it. */
  isUnsure: boolean
  /** Lets go of whatever is waited for on its behalf. */
  letGo: () => void
  readonly givenUp: Promise<'given up'>
}

interface Line {
  readonly link: Link
  is: LinkState
  /** Whoever waits until it heals, or fails. */
  readonly heals: (() => void)[]
  readonly fails: (() => void)[]
}

/** Milliseconds for which a message for a dead link is kept. */
const expiry = 1_800_000
/** Times that a message is sent that a link which is up refuses for now. */
const mostTries = 4

function transferAgentWith(variant: string): Connector {
  const policy = transferAgent.variants[variant]!
  return {
    name: `transfer-agent/${variant}`,
    guarantee: 'exactly-once',
    component: 'transfer-agent',
    burst: 1_000,
    expiry,
    start({ links, workers, disk, delivered, flag }) {
      const lines = links.map((link): Line => ({ link, is: 'up', heals: [], fails: [] }))
      const waiting: Job[] = []
      /** Those of which a clock runs, or has run out. */
      const known = new Set<Job>()
      const idle: (() => void)[] = []
      const wake = () => {
        for (const go of idle.splice(0)) go()
      }

      const settle = (job: Job, verdict: () => void) => {
        job.isSettled = true
        disk.delete(job.message.id)
        job.letGo()
        verdict()
      }
      const stopClock = (job: Job) => {
        clearTimeout(job.clock)
        known.delete(job)
      }
      const deliver = (job: Job) => {
        if (policy.afterDelivery === 'stopped') stopClock(job)
        settle(job, () => delivered(job.message.id))
      }
      const drop = (job: Job) => {
        stopClock(job)
        settle(job, () => undefined)
      }
      const giveUp = (job: Job, why: string) => {
        stopClock(job)
        if (waiting.includes(job)) waiting.splice(waiting.indexOf(job), 1)
        settle(job, () => {
          if (!job.isUnsure || policy.inDoubt === 'flagged') flag(job.message.id, new Error(why))
        })
      }
      /** Where its time has run out, and its link is down. */
      const expire = (job: Job) => {
        if (job.isOld && job.line.is !== 'up' && policy.expires !== 'it waits on') giveUp(job, 'its time has run out')
      }
      const startClock = (job: Job) => {
        clearTimeout(job.clock)
        job.isOld = false
        job.clock = setTimeout(() => {
          job.isOld = true
          expire(job)
        }, expiry)
      }

      for (const line of lines)
        line.link.watch((now) => {
          if (now === 'up' && policy.redials === 'never') return
          line.is = now
          if (now === 'up') {
            for (const go of line.heals.splice(0)) go()
            return
          }
          for (const go of line.fails.splice(0)) go()
          if (policy.whenLinkFails === 'all of it is flagged') for (const job of [...waiting]) giveUp(job, `${line.link.name} has failed`)
          for (const job of [...known]) if (job.line === line) expire(job)
        })
      const isUp = ({ line, givenUp }: Job) =>
        (line.is === 'up' ? 'up' as const : Promise.race([new Promise<'up'>((go) => line.heals.push(() => go('up'))), givenUp]))

      /** What becomes of one call; null where the message is given up meanwhile. */
      const call = async (job: Job) => {
        const { id, content } = job.message
        disk.set(id, 'on its way')
        const sent = job.line.link.send(content).then(() => 'taken' as const, outcomeOf)
        const hangsUp = policy.whenDown === 'drops it' ? [new Promise<'refused for now'>((go) => job.line.fails.push(() => go('refused for now')))] : []
        // A call that hangs is a try that goes on: its time starts anew as well.
        const beat = policy.expires === 'flagged, but each try starts it anew' ? setInterval(() => startClock(job), pauseBetween) : undefined
        const outcome = await Promise.race([sent, job.givenUp, ...hangsUp])
        clearInterval(beat)
        if (outcome === 'refused for now') disk.delete(id)
        return outcome
      }

      /** Says what becomes of the sender. */
      const carry = async (job: Job): Promise<'free again' | 'never seen again'> => {
        for (let tried = 1; ; tried++) {
          if (policy.expires === 'flagged, but each try starts it anew') {
            startClock(job)
            // Nobody is called while the link is down, and the try counts all the same.
            while (job.line.is !== 'up') {
              if ((await Promise.race([pause(pauseBetween), job.givenUp])) === 'given up') return policy.afterGivingUp
              startClock(job)
            }
          }
          if (job.line.is !== 'up' && policy.whenDown !== 'holds the message') {
            if (policy.whenDown === 'drops it') drop(job)
            else {
              await pause(pauseBetween)
              if (!job.isSettled) waiting.unshift(job)
            }
            return 'free again'
          }
          if ((await isUp(job)) === 'given up') return policy.afterGivingUp
          const outcome = await call(job)
          if (outcome === 'given up') return policy.afterGivingUp
          if (outcome === 'taken') deliver(job)
          else if (outcome === 'refused for good' || (tried >= mostTries && job.line.is === 'up')) giveUp(job, `it is ${outcome}`)
          else if (outcome === 'refused for now') await Promise.race([pause(pauseBetween), job.givenUp])
          else if (policy.unsure === 'asks' && (await asked(job, outcome)) === 'given up')
            return policy.inDoubt === 'flagged' ? policy.afterGivingUp : 'free again'
          if (job.isSettled) return 'free again'
        }
      }

      /** Asks until it hears whether a message has arrived. */
      const asked = async (job: Job, outcome: 'dropped before' | 'dropped after' | undefined) => {
        job.isUnsure = true
        for (;;) {
          if ((await isUp(job)) === 'given up') return 'given up'
          const heard = await Promise.race([job.line.link.step('whether it has arrived'), job.givenUp])
          if (heard === 'given up') return 'given up'
          if (heard === 'taken') break
          await Promise.race([pause(1_000), job.givenUp])
        }
        job.isUnsure = false
        if (outcome === 'dropped after') deliver(job)
        else disk.delete(job.message.id)
        return outcome
      }

      const employ = async (serves: (job: Job) => boolean) => {
        for (;;) {
          const at = waiting.findIndex(serves)
          if (at < 0) await new Promise<void>((go) => idle.push(go))
          else if ((await carry(waiting.splice(at, 1)[0]!)) === 'never seen again') return
        }
      }
      match(policy.senders)
        .with('its own link', () => { for (const line of lines) void employ((job) => job.line === line) })
        .with('all links, alone', () => void employ(() => true))
        .with('all links, with others', () => { for (let i = 0; i < workers; i++) void employ(() => true) })
        .exhaustive()

      return {
        take(message) {
          if (disk.has(message.id)) return flag(message.id, new Error('it was on its way when the service died'))
          let letGo = () => {}
          const givenUp = new Promise<'given up'>((go) => { letGo = () => go('given up') })
          const line = lines.find(({ link }) => link.name === message.link)!
          const job: Job = { message, line, isSettled: false, isOld: false, isUnsure: false, letGo, givenUp }
          waiting.push(job)
          known.add(job)
          startClock(job)
          wake()
        },
      }
    },
  }
}

export const fixed = transferAgentWith('fixed')
export const asShipped = transferAgentWith('asShipped')
export const sharedSenders = transferAgentWith('sharedSenders')
export const retriesAtTheHead = transferAgentWith('retriesAtTheHead')
export const dropsOnFailure = transferAgentWith('dropsOnFailure')
export const neverExpires = transferAgentWith('neverExpires')
export const expiresAnew = transferAgentWith('expiresAnew')
export const neverRedials = transferAgentWith('neverRedials')
export const losesTheSender = transferAgentWith('losesTheSender')
export const resendsBlindly = transferAgentWith('resendsBlindly')
export const leavesTheUnsure = transferAgentWith('leavesTheUnsure')
export const flagsTheDelivered = transferAgentWith('flagsTheDelivered')
export const flagsTheNeighbours = transferAgentWith('flagsTheNeighbours')
