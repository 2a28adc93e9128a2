/**
 * An outbox on a disk: what it takes is written down first, and outlives a crash.
 *
 * It promises exactly once. Before a message goes out, its row says so. A row that says so after a crash may have been sent
 * or not, and nobody can know: it is flagged, and not sent again. Who prefers a second copy to a flag sends it again, and
 * promises `at-least-once`.
 */
import type { Connector } from '../api/unwedge.ts'

const tries = 5
const pauseBetween = 10_000
const longestStop = 30_000

interface Row {
  readonly content: unknown
  readonly isOut: boolean
}

const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

export const outbox: Connector = {
  name: 'an outbox on a disk',
  guarantee: 'exactly-once',

  start({ send, disk, delivered, flag }) {
    // A disk holds anything, and this one holds what is written here.
    const rows = disk as Map<string, Row>
    const inHand = new Set<Promise<void>>()
    let isStopped = false

    /** The row goes when the message has its verdict: an outbox that keeps its rows fills the disk. */
    const settle = (id: string, verdict: () => void) => {
      rows.delete(id)
      verdict()
    }

    const deliver = async (id: string, content: unknown) => {
      for (let tried = 1; !isStopped; tried++) {
        rows.set(id, { content, isOut: true })
        try {
          await send(content)
          return settle(id, () => delivered(id))
        } catch (error) {
          // Only what was refused is surely not there. After any other failure it may be, and is not sent again.
          if (!isForNow(error) || tried === tries) return settle(id, () => flag(id, error))
        }
        rows.set(id, { content, isOut: false })
        await pause(pauseBetween)
      }
    }
    const begin = (id: string, content: unknown) => {
      const work = deliver(id, content).finally(() => inHand.delete(work))
      inHand.add(work)
    }

    for (const [id, { content, isOut }] of [...rows])
      if (isOut) settle(id, () => flag(id, new Error('it was on its way when the service died')))
      else begin(id, content)

    return {
      take({ id, content }) {
        // After a crash the sender gives it again what it has already.
        if (rows.has(id)) return
        if (isStopped) return flag(id, new Error('the service has stopped'))
        begin(id, content)
      },

      // What waits for its next try stays on the disk for the next start; what is out gets a while to be answered.
      async stop() {
        isStopped = true
        await Promise.race([Promise.all(inHand), pause(longestStop)])
      },
    }
  },
}

const isForNow = (error: unknown) => error instanceof Error && 'outcome' in error && error.outcome === 'refused for now'
