/** Steps a second through the claim race with fast-check driving: our walks, and its own commands. */
import { build } from '../../engine/model/build.ts'
import { speed } from '../../engine/speed/speed.ts'
import { walk, type WalkOptions } from '../../engine/walk/walk.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { noneTwice } from '../../spec/laws.ts'
import { inTurn, many, medianOf, type Section, times } from '../measure.ts'
import { fastCheck } from '../peer.ts'
import { Adds, Delivers, raceOf, Sees, Takes } from '../peers/commands.ts'
import { raceScope } from './throughput.ts'

interface Walked {
  readonly steps: number
  readonly seconds: number
}
const workers = 4
const messages = 6
const length = 40

/** Processor time of this process and all its threads: fast-check has none. */
function timed(work: () => number): Walked {
  const before = process.cpuUsage()
  const steps = work()
  const { user, system } = process.cpuUsage(before)
  return { steps, seconds: (user + system) / 1e6 }
}

export async function walks(rounds: number, runs: number): Promise<Section> {
  const fc = await fastCheck()
  const machine = build(claimQueue, 'fixed', raceScope(workers, messages), { fresh: false })
  const stream = Array.from({ length: messages }, () => ({ count: 1 }))
  const schedules = fc.array(fc.nat(31), { minLength: length, maxLength: length })
  const walked = (options: WalkOptions) => timed(() => {
    let steps = 0
    fc.assert(fc.property(schedules, (schedule: number[]) => {
      const { steps: taken, broken } = walk(machine, { stream, faults: [], schedule }, { speed, ...options })
      steps += taken
      return broken === null
    }), { numRuns: runs })
    return steps
  })
  const commands = fc.commands([
    fc.tuple(fc.integer({ min: 0, max: workers - 1 }), fc.integer({ min: 1, max: messages }))
      .map(([w, m]: [number, number]) => new Sees(w, m)),
    fc.integer({ min: 0, max: workers - 1 }).map((w: number) => new Adds(w)), fc.constant(new Takes()), fc.constant(new Delivers()),
  ], { maxCommands: length, size: 'max' })
  const results = await inTurn(rounds, {
    'walk, held to every law': async () => walked({}),
    'walk, held to the law that the commands check': async () => walked({ laws: [noneTwice] }),
    'fc.commands': async () => timed(() => {
      let steps = 0
      fc.assert(fc.property(commands, (chosen: unknown) => {
        const real = raceOf(workers, messages)
        fc.modelRun(() => ({ model: raceOf(workers, messages), real }), chosen)
        steps += real.steps
      }), { numRuns: runs })
      return steps
    }),
  })
  const rate = (name: keyof typeof results) => medianOf(results[name]!, ({ steps, seconds }) => steps / seconds)
  return {
    title: 'Steps of a walk a second',
    says: [`The claim race, ${workers} workers and ${messages} messages, ${length} choices a walk, ${many(runs)} walks, drawn by fast-check. `
      + 'A walk goes on fairly when its choices are used up, until nothing is owed; commands stop there, and skip those that cannot be run.'],
    columns: ['', 'steps a second', 'ours is faster by'],
    rows: Object.keys(results).map((name) =>
      [name, many(rate(name)), name === 'fc.commands' ? times(rate('walk, held to the law that the commands check') / rate(name)) : '']),
  }
}
