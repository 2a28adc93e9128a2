/** Connectors that send to the wrong link, or are wrong about several recipients. */
import { type Connector, type Message, outcomeOf, type World } from '../../../spec/connector.ts'
import { again, inProcess, linkOf, noop, pause, sendTo, tries } from '../sending.ts'

/** The link of the message in hand is a field of the connector: looked up, it is overwritten by the next message before it is used. */
export const currentLinkRace: Connector = {
  name: 'sends over the link of the message after it', guarantee: 'at-least-once', links: [2, 3],
  start(w) {
    const found = new Map<string, string>()
    let route = ''
    return {
      async take(m) {
        route = m.link
        if (!found.has(m.address)) {
          await pause(20)
          found.set(m.address, m.link)
        }
        await sendTo(w, route, m.content)
      },
    }
  },
}

/** Refused for now twice, a message goes over the link of another: it is recorded where it does not belong. */
export const misroute: Connector = {
  name: 'fails over to the link of another', guarantee: 'at-least-once', links: [2, 3],
  start: (w) => ({
    take(m) {
      const own = linkOf(w, m)
      const other = w.links.find((link) => link !== own)!
      return tries(() => own.send(m.content), 2, 60_000).catch((e) => {
        if (!again(e)) throw e
        return tries(() => other.send(m.content), 4, 60_000)
      })
    },
  }),
}

/** One recipient failed for now, and the message is submitted again as a whole: those who had it get it a second time. */
export const recipientsAllAgain: Connector = {
  name: 'a retry goes to every recipient', guarantee: 'at-least-once', recipients: 3, links: [2, 3], notApplicable: inProcess,
  start: (w) => ({
    take(m) {
      const settled = new Set<string>()
      const settle = (link: string, say: () => void) => {
        if (!settled.has(link)) say()
        settled.add(link)
      }
      const submit = (n: number) => {
        for (const { link } of m.recipients) {
          sendTo(w, link, m.content).then(() => settle(link, () => w.delivered(m.id, link)), (e) => {
            if (again(e) && n < 3) void pause(10_000).then(() => submit(n + 1))
            else settle(link, () => w.flag(m.id, e, link))
          })
        }
      }
      submit(1)
    },
  }),
}

/** Locks the links of a message in the order of its recipients: two that name them the other way round wait for each other for ever. */
export const lockOrderDeadlock: Connector = {
  name: 'two messages with the same recipients deadlock', guarantee: 'at-least-once', recipients: 2, links: [2, 3],
  notApplicable: inProcess,
  exempt: { 'links are independent': 'a message with two recipients is one transaction over both links' },
  start(w) {
    const tails = new Map<string, Promise<void>>()
    const lock = async (link: string) => {
      const before = tails.get(link)
      let free: () => void = noop
      tails.set(link, new Promise((go) => { free = go }))
      await before
      return free
    }
    return {
      take(m) {
        const run = async () => {
          const held: (() => void)[] = []
          for (const { link } of m.recipients) {
            held.push(await lock(link))
            await sendTo(w, link, m.content).then(() => w.delivered(m.id, link), (e) => w.flag(m.id, e, link))
          }
          for (const free of held) free()
        }
        void run()
      },
    }
  },
}

type Settle = (link: string, error?: unknown) => void

/** Right about each recipient by itself, and says its word of each once; but for one that refuses for good. */
const unlessRefused = (name: string, isRefused: (m: Message, link: string, settle: Settle, w: World) => unknown): Connector => ({
  name, guarantee: 'at-least-once', recipients: 3, links: [2, 3], notApplicable: inProcess,
  start: (w) => ({
    take(m) {
      const open = new Set(m.recipients.map(({ link }) => link))
      const settle: Settle = (link, error) => {
        if (!open.delete(link)) return
        if (error === undefined) w.delivered(m.id, link)
        else w.flag(m.id, error, link)
      }
      for (const { link } of m.recipients)
        void tries(() => sendTo(w, link, m.content)).then(() => settle(link), (error) =>
          (outcomeOf(error) === 'refused for good' ? isRefused(m, link, settle, w) : settle(link, error)))
    },
  }),
})

/** One recipient refused it, and it is flagged for all of whom nothing has been said. */
export const refusalForAll: Connector = unlessRefused('one refusal is taken for all recipients', (m, _, settle) => {
  for (const each of m.recipients) settle(each.link, 'refused')
})

/** It goes by the place among the recipients, and has the wrong one: the next is flagged. */
export const refusalOfTheNext: Connector = unlessRefused('a refusal is taken for that of the next recipient', (m, link, settle) => {
  const next = m.recipients.findIndex((each) => each.link === link) + 1
  settle(m.recipients[next % m.recipients.length]!.link, 'refused')
  settle(link, 'refused')
})

/** A refusal is like any other failure: the whole message is submitted once more, and then it is flagged for the one who refused. */
export const refusalForAllAgain: Connector = unlessRefused('one refusal, and all recipients get it again', (m, link, settle, w) => {
  for (const each of m.recipients) if (each.link !== link) void sendTo(w, each.link, m.content).then(() => settle(each.link), noop)
  settle(link, 'refused')
})

/** It is tried once an hour for whoever refused, and nobody is told. */
export const refusedForEver: Connector = unlessRefused('a recipient that refused is tried for ever', async (m, link, settle, w) => {
  for (let isDone = false; !isDone; ) {
    await pause(3_600_000)
    isDone = await sendTo(w, link, m.content).then(() => true, () => false)
  }
  settle(link)
})
