/**
 * A queue for each link.
 *
 * Messages for one link go out one after another, in the order in which they came. A link that hangs keeps its own queue
 * waiting, and no other.
 */
import type { Connector } from '../api/unwedge.ts'

export const queuePerLink: Connector = {
  name: 'a queue per link',
  guarantee: 'at-least-once',

  start({ links }) {
    const queues = new Map(links.map((link) => [link.name, { link, last: Promise.resolve() }]))
    let isStopped = false

    return {
      take({ link, content }) {
        // What `take` throws or rejects with is the reason of a flag.
        if (isStopped) throw new Error('the service has stopped')
        const queue = queues.get(link)!
        const sent = queue.last.then(() => queue.link.send(content))
        // A message that fails is flagged, and the next one goes out all the same.
        queue.last = sent.catch(() => undefined)
        return sent
      },

      // It takes nothing new, and has stopped when what it has in hand is settled.
      async stop() {
        isStopped = true
        await Promise.all([...queues.values()].map(({ last }) => last))
      },
    }
  },
}
