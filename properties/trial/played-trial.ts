/** Trials of connectors that a test scripts, and what happened in them. */
import { trial } from '../../engine/trial/trial.ts'
import type { Connector, History, Running, World } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { written } from '../verdict/hand-made-history.ts'

export type Scripted = Omit<Partial<Connector>, 'start'> & { readonly start: (world: World, starts: number) => Running | Promise<Running> }

const plain: Scenario = { workers: 2, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }

/** Faults as `0 link hangs; 2 service dies 3`: after so many turns, what, and on which, 1 where nothing is said. */
export const faults = (text: string): readonly Fault[] => text.split(';').map((one) => {
  const [, after, what, on = '1'] = /^\s*(\d+) (.*?)(?: (\d+))?\s*$/.exec(one)!
  return { after: Number(after), what: what as Fault['what'], on: Number(on) }
})

export function played(
  { start, ...promised }: Scripted, scenario: Partial<Scenario> = {}, options: Parameters<typeof trial>[2] = {},
): Promise<History> {
  let starts = 0
  const connector: Connector = {
    name: 'one that a test plays', guarantee: 'at-least-once', ...promised, start: (world) => start(world, ++starts),
  }
  return trial(connector, { ...plain, ...scenario }, options)
}

/** Events from one of a kind to one of another, as `handMade` reads them: `link 1` and `plain` are left out, and times that go on. */
export function told(history: History, { from = '', to = '' }: { readonly from?: string; readonly to?: string } = {}): string {
  const [first, last] = [history.findIndex(({ what }) => what === from), history.findIndex(({ what }) => what === to)]
  const [begin, end] = [Math.max(0, first), last < 0 ? history.length : last]
  const lines = written(history)
  return lines.slice(begin, end).map((line, i) => {
    const time = history[begin + i]!.time
    const words = line.replace(/(?<=m\d+) over 1\b| \(plain\)/g, '')
    return time === (history[begin + i - 1]?.time ?? 0) ? words : `${time}: ${words}`
  }).join('; ')
}

/** The storm alone: everything until all is healed. */
export const storm = (history: History): string => told(history, { to: 'healed' })
/** What came of healing, without the messages of the calm. */
export function aftermath(history: History): string {
  const healed = history.slice(history.findIndex(({ what }) => what === 'healed'))
  return told(healed.filter(({ message }) => message === undefined || !isFresh(history, message)))
}

const isFresh = (history: History, id: string | undefined) => history.some(({ what, message }) => what === 'fresh' && message === id)

/** One that hands over what it takes at once. */
export const sending = (more: (world: World, starts: number) => Partial<Running> = () => ({})) =>
  (world: World, starts: number): Running => ({ take: ({ content }) => world.send(content), ...more(world, starts) })
