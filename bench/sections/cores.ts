/** One thread and two on the same searches, by the clock: what a second core is worth. */
import { inTurn, many, measured, medianOf, type Section, seconds, times } from '../measure.ts'
import { race, searchCommand, type Work, workOf, largeOthers } from './throughput.ts'

interface Searched {
  readonly states: number
  readonly transitions: number
  /** Seconds of processor time of the search, and by the clock. */
  readonly search: number
  readonly clock: number
  readonly bytes: number
}

async function searched({ component, scope, stream }: Work, threads: number): Promise<Searched> {
  const args = ['--import', 'tsx', searchCommand, component, 'fixed', JSON.stringify(scope), JSON.stringify(stream), String(threads)]
  const { bytes, output } = await measured(process.execPath, args)
  return { ...JSON.parse(output), bytes }
}

export async function cores(rounds: number, quick: boolean): Promise<Section> {
  const works = quick ? [race(4, 5, 1_620_192)] : [race(4, 6, 17_217_472), ...largeOthers.map(workOf)]
  const rows: (readonly string[])[] = []
  for (const work of works) {
    const results = await inTurn(rounds, { one: () => searched(work, 1), two: () => searched(work, 2) })
    const [one, two] = [results['one']!, results['two']!]
    const counts = new Set([...one, ...two].map(({ states, transitions }) => `${states} states, ${transitions} transitions`))
    if (counts.size > 1) throw new Error(`${work.component}: one thread and two do not agree: ${[...counts].join(' and ')}.`)
    const clock = (all: readonly Searched[]) => medianOf(all, (each) => each.clock)
    const row = (all: readonly Searched[]) => [
      seconds(clock(all)), seconds(medianOf(all, ({ search }) => search)), medianOf(all, ({ bytes, states }) => bytes / states).toFixed(1),
    ]
    rows.push([`${work.component}, ${many(one[0]!.states)} states: one thread`, ...row(one), ''])
    rows.push([`${work.component}: two threads`, ...row(two), times(clock(one) / clock(two))])
  }
  return {
    title: 'One thread and two',
    says: ['The searches above, without the start of Node, by the clock: so on an idle machine only. Two threads number every '
      + 'state as one does. The second one starts while the first is at work, and has its rules to read.'],
    columns: ['', 'clock', 'processor', 'bytes a state', 'two are faster by'],
    rows,
  }
}
