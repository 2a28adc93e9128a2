/**
 * A connector that is held to a model of one’s own: it says that it is the pager of `examples/pager.ts`.
 *
 * `npx unwedge check examples/pager-desk.ts` gives it what that model is given, and asks of every small history whether the pager
 * could have done the same. `--verbose` has what has been exercised of it.
 */
import type { Connector } from '../api/unwedge.ts'

const calls = 3
const untilTheNext = 60_000

export const pagerDesk: Connector = {
  name: 'a pager’s desk',
  // Nobody can tell whether a call that was cut off was heard.
  guarantee: 'at-least-once',
  component: 'pager.ts#pager',
  // One alarm at a time, and one line out.
  links: [1, 1],
  workers: [1, 1],

  start({ send }) {
    let last: Promise<unknown> = Promise.resolve()
    const callOut = async (content: unknown): Promise<void> => {
      for (let call = 1; ; call++)
        try {
          return await send(content)
        } catch (error) {
          if (call === calls) throw error
          await new Promise((go) => setTimeout(go, untilTheNext))
        }
    }
    return {
      take: ({ content }) => {
        const mine = last.then(() => callOut(content))
        last = mine.catch(() => undefined)
        return mine
      },
    }
  },
}
