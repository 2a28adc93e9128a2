/**
 * Every order of effects, where there are few enough: two workers, two messages, one link and two, and no faults.
 *
 * Schedules are tried depth first: each run says how many could have had each turn, and the next run differs from it
 * at the last turn that could have gone to somebody else.
 */
import { type Connector, type History, rangesOf } from '../../spec/connector.ts'
import type { Burst, Scenario } from '../../spec/scenario.ts'
import { realNow } from '../real-time.ts'
import { unlessInconclusive } from '../inconclusive.ts'
import { judge } from '../verdict/judge.ts'
import { type BrokenLaw, Unrepeatable } from './shrink.ts'
import type { Runner } from './runner.ts'

export interface Orders {
  readonly workers: number
  readonly messages: number
  readonly tried: number
  /** Whether these are all there are. */
  readonly all: boolean
  /** Why they are not, if they are not; empty otherwise. */
  readonly because: string
  readonly broken: BrokenLaw | null
}

interface OrdersOptions {
  readonly runner: Runner
  /** Orders after which to give up; 2,000 unless told otherwise. */
  readonly most?: number
  readonly seconds?: number
  readonly onHistory?: (scenario: Scenario, history: History) => void
}

/** Longer than any of these runs is: past a schedule’s end, whoever waits goes on together. */
const longest = 400

/**
 * Tries every order of two messages, and of three and four where these are few enough too. What is told is of the most
 * messages of which all were tried. Throws `Unrepeatable` where an order breaks a law once, and not again.
 */
export async function everyOrder(connector: Connector, given: OrdersOptions): Promise<Orders> {
  const { most = 2_000, seconds = Infinity, ...options } = given
  const until = realNow() + seconds * 1000
  let left = most
  let told: Orders | null = null
  for (const messages of [2, 3, 4]) {
    const found = await ordersOf(connector, messages, { ...options, most: left, until })
    if (told && !found.all && !found.broken) return told
    if (!found.all) return found
    told = found
    left -= found.tried
  }
  return told!
}

interface Level extends Pick<OrdersOptions, 'runner' | 'onHistory'> {
  readonly most: number
  readonly until: number
}

async function ordersOf(connector: Connector, messages: number, { runner, onHistory, most, until }: Level): Promise<Orders> {
  const grounds = groundsFor(connector, messages)
  let tried = 0
  const found = (because: string, broken: BrokenLaw | null = null): Orders =>
    ({ workers: grounds[0]!.workers, messages, tried, all: because === '' && broken === null, because, broken })
  for (const ground of grounds)
    for (let positions: readonly number[] | null = []; positions; ) {
      if (tried === most) return found(`there are more than ${most.toLocaleString('en-US')}`)
      if (realNow() > until) return found('time was over')
      const choices: number[] = []
      const scenario = { ...ground, schedule: padded(positions) }
      const history = await runner(scenario, { onChoice: (count) => choices.push(count) })
      if (history.some(({ what }) => what === 'misused')) return found('it returns no connector')
      tried++
      onHistory?.(scenario, history)
      const broken = await brokenIn(connector, scenario, history, runner)
      if (broken) return found('', broken)
      if (choices.length > longest) return found(`a run takes more than ${longest} turns`)
      if (positions.some((position, turn) => position >= (choices[turn] ?? 0)))
        return found('the same schedule does not always give the same run')
      positions = after(positions, choices)
    }
  return found('')
}

const padded = (positions: readonly number[]) => [...positions, ...Array.from({ length: longest - positions.length }, () => 0)]

/** The next schedule, depth first; null after the last. */
function after(positions: readonly number[], choices: readonly number[]): readonly number[] | null {
  const at = (turn: number) => positions[turn] ?? 0
  for (let turn = choices.length - 1; turn >= 0; turn--)
    if (at(turn) + 1 < choices[turn]!) return [...choices.slice(0, turn).map((_, i) => at(i)), at(turn) + 1]
  return null
}

/** Messages over one link, and by turns over two, as far as the connector can be given these. */
function groundsFor(connector: Connector, messages: number): readonly Scenario[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers] } = rangesOf(connector)
  const workers = Math.max(leastWorkers, Math.min(2, mostWorkers))
  const over = (links: number): readonly Burst[] =>
    Array.from({ length: messages }, (_, i) => ({ count: 1, kind: 'plain', link: (i % links) + 1 }))
  const numbers = [...(leastLinks === 1 ? [1] : []), ...(mostLinks > 1 ? [Math.max(2, leastLinks)] : [])]
  return numbers.map((links) => ({ workers, links, stream: over(Math.min(2, links)), faults: [], schedule: [] }))
}

/** What an order broke, under the shortest schedule that gives it. Throws `Unrepeatable` where no second run shows it. */
async function brokenIn(connector: Connector, scenario: Scenario, history: History, runner: Runner): Promise<BrokenLaw | null> {
  const judgement = judge(connector, history)
  if (!judgement) return null
  const short = { ...scenario, schedule: scenario.schedule.slice(0, scenario.schedule.findLastIndex((position) => position > 0) + 1) }
  const seen = { ...judgement, scenario, history, tries: 0 }
  let other: BrokenLaw | null = null
  for (const each of [short, scenario]) {
    // Where time is over there is no second run: what was seen stands.
    const again = await unlessInconclusive(runner(each, { full: true }), () => null)
    if (again === null) return seen
    const still = judge(connector, again)
    const shown = still && { ...still, scenario: each, history: again, tries: 0 }
    if (shown?.law === judgement.law) return shown
    other ??= shown
  }
  if (other) return other
  throw new Unrepeatable(connector, seen)
}
