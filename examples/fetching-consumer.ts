/**
 * A consumer that fetches its messages from a source, and acknowledges each when it is done with it.
 *
 * What is not acknowledged, the source gives out again: after a restart, or when acknowledging failed. So the verdict
 * comes first, then the acknowledgement, and a message that comes again is known by its id.
 */
import type { Connector, Message } from '../api/unwedge.ts'

const pollEvery = 1_000

// The global `setTimeout` is the one that a trial puts virtual time behind; that of `node:timers/promises` is not.
const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

export const fetchingConsumer: Connector = {
  name: 'a fetching consumer',
  // A restart forgets which messages were sent and not yet acknowledged: those go out a second time.
  guarantee: 'at-least-once',

  start({ workers, receive, acknowledge, send, delivered, flag, report }) {
    let isRunning = true
    const settled = new Set<string>()

    const handle = async ({ id, content }: Message) => {
      if (!settled.has(id)) {
        await send(content).then(() => delivered(id), (error: unknown) => flag(id, error))
        settled.add(id)
      }
      await acknowledge(id)
      settled.delete(id)
    }

    const work = async () => {
      while (isRunning)
        try {
          const [message] = await receive(1)
          if (message) await handle(message)
          else await pause(pollEvery)
        } catch (error) {
          // Receiving and acknowledging can fail, and so can the report of it. A worker that ends here never comes back.
          try {
            report(error)
          } catch {}
          await pause(pollEvery)
        }
    }
    for (let worker = 1; worker <= workers; worker++) void work()

    // There is no `take`: messages are put where `receive` finds them.
    return { stop: () => { isRunning = false } }
  },

  exempt: { 'links are independent': 'a worker waits for the link of its message, and all of them may wait for the same' },
}
