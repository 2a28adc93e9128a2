/** How a search grows with workers, messages and limits: ours beside Spin’s, on the same states. */
import type { Scope } from '../../spec/component.ts'
import { many, medianOf, type Section, seconds, times } from '../measure.ts'
import { contest, race, type Work, workOf } from './throughput.ts'

/** By workers and messages, those that Spin is done with in ten seconds; with about how many states. */
const races: readonly (readonly [workers: number, messages: number, about: number])[] = [
  [2, 2, 102], [2, 3, 692], [2, 4, 4_592], [2, 5, 31_872], [2, 6, 240_256],
  [3, 2, 354], [3, 3, 3_290], [3, 4, 27_952], [3, 5, 238_032], [3, 6, 2_135_968],
  [4, 2, 1_146], [4, 3, 14_456], [4, 4, 156_056], [4, 5, 1_620_192],
]
const limits: readonly (readonly [component: string, changes: Scope, about: number, depth?: number])[] = [
  ...[[30, 276_138], [60, 516_258], [125, 1_036_518], [250, 2_037_018]].map(([limit, about]) =>
    ['gateway', { messages: 8, limit: limit!, attachments: limit! + 1, restarts: 2_000 }, about!, 600_000] as const),
  ...[[1, 551_624], [2, 1_448_912], [3, 2_197_352], [4, 2_464_640]].map(([entries, about]) =>
    ['property-cache', { messages: 8, sessions: 5, entries: entries!, restarts: 3, burst: 1 }, about!] as const),
]

export async function growth(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const works: readonly (readonly [name: string, work: Work])[] = [
    ...races.filter(([, , about]) => !quick || about < 5_000).map(([workers, messages, about]) =>
      [`claim race, ${workers} workers, ${messages} messages`, race(workers, messages, about)] as const),
    ...limits.filter(() => !quick).map((asked) =>
      [`${asked[0]}, ${asked[0] === 'gateway' ? `a limit of ${asked[1]['limit']}` : `${asked[1]['entries']} entries`}`, workOf(asked)] as const),
  ]
  const rows: (readonly string[])[] = []
  for (const [name, work] of works) {
    const results = await contest(work, rounds, spin, false)
    const [ours, theirs] = [results['unwedge']!, results['Spin, depth first']]
    const whole = medianOf(ours, ({ cost }) => cost.wall)
    const search = medianOf(ours, ({ clock }) => clock)
    const peer = theirs ? medianOf(theirs, ({ clock }) => clock) : Number.NaN
    rows.push([name, many(ours[0]!.states), seconds(search), seconds(whole), seconds(peer), times(peer / search), times(peer / whole)])
  }
  return {
    title: 'How it grows: workers, messages and limits',
    says: ['As above, but by the clock, and on the same counts. Ours is the search alone, in a new process where V8 has yet to compile it, and then that '
      + 'whole process, which takes as long to start at every size; Spin’s is the verifier, depth first, compiled beforehand.'],
    columns: ['', 'states', 'our search', 'our process', 'Spin, depth first', 'our search is faster by', 'our process by'],
    rows,
  }
}
