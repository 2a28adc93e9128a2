/** What each device that is only there to be fast is worth: the same work with all of them, and with one left out. */
import { build } from '../../engine/model/build.ts'
import { speed } from '../../engine/speed/speed.ts'
import type { WalkSpeed } from '../../engine/walk/guards.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { walk } from '../../engine/walk/walk.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { type Law, laws, noneTwice } from '../../spec/laws.ts'
import { fastCheck } from '../peer.ts'
import { inTurn, many, measured, median, type Section, seconds, times } from '../measure.ts'
import { type Prey, prey } from './hunts.ts'
import { others, race, raceScope, searchCommand, type Work, workOf } from './throughput.ts'

/** Seconds of processor time, with everything and with one device left out. */
interface Both {
  readonly whole: number
  readonly without: number
}

const row = (device: string, work: string, { whole, without }: Both): readonly string[] =>
  [device, work, seconds(whole), seconds(without), times(without / whole)]

function timed(does: () => void): number {
  const before = process.cpuUsage()
  does()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** One search in a process of its own, as in the sections above. */
async function searched({ component, scope, stream }: Work, ...plain: readonly string[]): Promise<number> {
  const { output } = await measured(process.execPath, [
    '--import', 'tsx', searchCommand, component, 'fixed', JSON.stringify(scope), JSON.stringify(stream), ...plain,
  ])
  return JSON.parse(output).search
}

async function searches(work: Work, rounds: number): Promise<Both> {
  const results = await inTurn(rounds, { whole: () => searched(work), without: () => searched(work, 'plain') })
  return { whole: median(results['whole']!), without: median(results['without']!) }
}

/** Walks after which a machine’s guards are compiled. */
const enoughToLearn = 20_000

/** Walks through the claim race as in the section of walks, each contender through a machine of its own, which it has learnt. */
async function walks(held: readonly Law[], rounds: number, runs: number, without: WalkSpeed): Promise<Both> {
  const fc = await fastCheck()
  const [workers, messages, length] = [4, 6, 40]
  const stream = Array.from({ length: messages }, () => ({ count: 1 }))
  const schedules = fc.array(fc.nat(31), { minLength: length, maxLength: length })
  const contender = (speed: WalkSpeed) => {
    const machine = build(claimQueue, 'fixed', raceScope(workers, messages), { fresh: false })
    const walked = (numRuns: number) => timed(() => fc.assert(fc.property(schedules, (schedule: number[]) =>
      walk(machine, { stream, faults: [], schedule }, { laws: held, speed }).broken === null), { numRuns, seed: 1 }))
    walked(enoughToLearn)
    return async () => walked(runs)
  }
  const results = await inTurn(rounds, { whole: contender(speed), without: contender(without) })
  return { whole: median(results['whole']!), without: median(results['without']!) }
}

/** Seeds that are walked first, for V8 to compile what there is to compile. */
const warming = 5

/** Random walks to the smallest run, as in the section of them; by seed, each contender first every other time. */
function smallest({ component, variant, law, given }: Prey, seeds: number, without: WalkSpeed): Both {
  const took = { whole: [] as number[], without: [] as number[] }
  const contenders = [[took.whole, speed], [took.without, without]] as const
  for (let seed = 1 - warming; seed <= seeds; seed++)
    for (const [times, speed] of seed % 2 === 0 ? contenders : contenders.toReversed())
      times.push(timed(() => { randomWalks(component, variant, { seed, runs: 10_000, laws: [law], given, speed }) }))
  return { whole: median(took.whole.slice(warming)), without: median(took.without.slice(warming)) }
}

export async function ablation(rounds: number, quick: boolean): Promise<Section> {
  const [runs, seeds] = quick ? [2_000, 3] : [20_000, 20]
  const { guards, acceleration } = speed
  const [unguarded, unaccelerated] = [{ acceleration }, { guards }]
  const rows: (readonly string[])[] = []
  for (const work of quick ? [race(4, 5, 1_620_192)] : [race(4, 6, 17_217_472), race(4, 5, 1_620_192), ...others.map(workOf)])
    rows.push(row('decisions in a search', `${work.component}, ${many(work.about)} states`, await searches(work, rounds)))
  for (const [name, held] of [['every law', laws], ['one law', [noneTwice]]] as const)
    rows.push(row('compiled guards in walks', `claim-queue, ${name}`, await walks(held, rounds, runs, unguarded)))
  for (const [device, without] of [['compiled guards', unguarded], ['acceleration', unaccelerated]] as const)
    for (const each of prey)
      rows.push(row(`${device} to the smallest run`, `${each.component.name}/${each.variant}`, smallest(each, seeds, without)))
  return {
    title: 'What each device is worth',
    says: [
      'Processor time of the same work, with everything that `engine/speed/` hands in and with one device left out, in turn. Searches are those of the sections '
        + `race, smaller and components, without the start of Node; walks are ${many(runs)} through the claim race, once guards are compiled; the way to the `
        + `smallest run is that of hunts, the median of ${seeds} seeds.`,
      'A search looks 256 successors up together, after a small cache of states met lately. Neither can be left out without writing the kernel anew, so neither is here.',
    ],
    columns: ['', 'of', 'with it', 'without it', 'faster by'],
    rows,
  }
}
