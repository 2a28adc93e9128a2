/** Connectors that send to the wrong link, or are wrong about several recipients. */
import type { Connector } from '../../../spec/connector.ts'
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
