/**
 * §9: every spool of the catalogue as a connector, which asks its policy where the model does.
 *
 * The sender is the source of the world. What is fetched from it is written to the disk in two halves and acknowledged, and then sent
 * to each of its recipients, whoever else is waited for. What was not acknowledged is given out again.
 */
import { spool } from '../../models/spool.ts'
import { type Connector, type Message, outcomeOf } from '../../spec/connector.ts'
import { pause, pauseBetween } from './inlet.ts'

/** What is on the disk of a message: what of it is written, and how it stands with each recipient, by the name of the link. */
interface Row {
  readonly message: Message
  content: unknown
  isInPart: boolean
  readonly is: Map<string, 'waiting' | 'on its way' | 'delivered' | 'settled'>
}

/** Milliseconds for which it is written, and from then until it is sent; and between two looks for another. */
const writing = 1_000
const untilSent = 1_000
const betweenLooks = 5_000
const mostTries = 2

const half = (content: unknown): unknown => (typeof content === 'string' ? content.slice(0, content.length / 2) : content)

function spoolWith(variant: string): Connector {
  const policy = spool.variants[variant]!
  return {
    name: `spool/${variant}`,
    guarantee: 'exactly-once',
    component: 'spool',
    links: [1, 2],
    recipients: 2,
    workers: [1, 1],
    burst: 1_000,
    start({ links, disk, receive, acknowledge, delivered, flag }) {
      // A disk holds anything, and this one holds what is written here.
      const rows = disk as Map<string, Row>
      const most = policy.patience === 'once' ? 1 : mostTries
      let isStopped = false
      const linkOf = (name: string) => links.find((link) => link.name === name)!
      const settle = ({ message, is }: Row, to: string, error?: unknown) => {
        is.set(to, error === undefined ? 'delivered' : 'settled')
        if (error === undefined) delivered(message.id, to)
        else flag(message.id, error, to)
      }

      const giveUp = (row: Row, to: string, error: unknown) => {
        row.is.set(to, 'settled')
        if (policy.givenUp === 'flagged') settle(row, to, error)
        if (policy.givenUp === 'flagged for all of them') for (const each of row.is.keys()) settle(row, each, error)
      }

      /** Tries for one recipient until its message is settled, or nobody is to try again. */
      const carry = async (row: Row, to: string): Promise<void> => {
        for (let tried = 1; row.is.get(to) === 'waiting'; tried++) {
          row.is.set(to, 'on its way')
          const error = await linkOf(to).send(row.content).then(() => undefined, (failed: unknown) => failed)
          const outcome = error === undefined ? undefined : outcomeOf(error)
          if (outcome === 'refused for good' && policy.refused !== 'that one') {
            row.is.set(to, 'settled')
            if (policy.refused === 'all of them') for (const each of row.is.keys()) settle(row, each, error)
            return
          }
          const mayTryAgain = outcome === 'refused for now' || outcome === 'dropped before'
          if (!mayTryAgain) return settle(row, to, error)
          if (tried >= most && policy.givenUp !== 'tried again') return giveUp(row, to, error)
          if (policy.retries === 'nobody') return void row.is.set(to, 'settled')
          row.is.set(to, 'waiting')
          await pause(pauseBetween)
          if (policy.retries === 'all of them') for (const [each, is] of row.is) if (is === 'delivered') sendAgain(row, each)
        }
      }
      const sendAgain = (row: Row, to: string) => {
        row.is.set(to, 'waiting')
        void carry(row, to)
      }
      const carryAll = (row: Row) => {
        for (const to of row.is.keys()) void carry(row, to)
      }

      /** What cannot be acknowledged is given out again. */
      const acknowledged = ({ id }: Message) => acknowledge(id).catch(() => undefined)
      const write = async (message: Message): Promise<void> => {
        const is = new Map(message.recipients.map(({ link }) => [link, 'waiting' as const]))
        const row: Row = { message, content: half(message.content), isInPart: true, is }
        rows.set(message.id, row)
        await pause(writing)
        row.content = message.content
        row.isInPart = false
        void pause(untilSent).then(() => carryAll(row))
      }
      const keep = async (message: Message): Promise<void> => {
        const had = rows.get(message.id)
        const isKnown = had !== undefined && !had.isInPart && policy.known === 'acknowledged'
        if (policy.acknowledges === 'as it comes') {
          await acknowledged(message)
          await pause(writing)
        }
        if (!isKnown) await write(message)
        if (policy.acknowledges === 'once it is written') await acknowledged(message)
      }
      const work = async () => {
        while (!isStopped) {
          const [message] = await receive(1).catch(() => [])
          if (message) await keep(message)
          else await pause(betweenLooks)
        }
      }

      for (const [id, row] of [...rows]) {
        if (row.isInPart && policy.torn === 'it stops there') isStopped = true
        else if (row.isInPart && policy.torn === 'thrown away') rows.delete(id)
        else {
          row.isInPart = false
          for (const [to, is] of row.is)
            if (is === 'on its way') settle(row, to, new Error('it was on its way when the service ended'))
          carryAll(row)
        }
      }

      void work()
      return {}
    },
  }
}

export const fixed = spoolWith('fixed')
export const triesAllAgain = spoolWith('triesAllAgain')
export const forgetsTheBusy = spoolWith('forgetsTheBusy')
export const givesUpAtOnce = spoolWith('givesUpAtOnce')
export const givesUpForAll = spoolWith('givesUpForAll')
export const givesUpSilently = spoolWith('givesUpSilently')
export const triesForEver = spoolWith('triesForEver')
export const flagsAllOfThem = spoolWith('flagsAllOfThem')
export const forgetsTheRefused = spoolWith('forgetsTheRefused')
export const acknowledgesFirst = spoolWith('acknowledgesFirst')
export const keepsItOnceMore = spoolWith('keepsItOnceMore')
export const readsTheTorn = spoolWith('readsTheTorn')
export const stopsAtTheTorn = spoolWith('stopsAtTheTorn')
