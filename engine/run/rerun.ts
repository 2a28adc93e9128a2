/**
 * A run once more with something changed: a step left out, a message fewer, another variant.
 *
 * The steps that can still be taken are taken, and then it goes on fairly. Unlike `retrace`, it sends the fresh message
 * where the run did, and leaves the machine in the last state, so that what became of a message can be told.
 */
import type { ModelStart } from '../../spec/evidence/counterexample.ts'
import { type ModelLaw, waitsFor } from '../../spec/laws.ts'
import type { OwnLaw } from '../../spec/model.ts'
import type { Machine } from '../model/machine.ts'
import { nameOf } from '../model/stage.ts'
import { FairScheduler } from './fairness.ts'
import { replay } from './replay.ts'
import { possibleMoves } from './run.ts'

export interface Rerun {
  /** The moves taken, those of the run first. */
  readonly moves: readonly number[]
  readonly positions: readonly number[]
  /** For each move that was asked for, its place among those taken; null when it could not be taken. */
  readonly places: readonly (number | null)[]
  /** False when it was given up before it came to rest or round. */
  readonly settled: boolean
}

/** Takes the moves that can be taken (null stands for one that there is not), and then goes on fairly. */
export function rerun(machine: Machine, { stream, begin }: ModelStart, asked: readonly (number | null)[], law: ModelLaw): Rerun {
  machine.load(machine.start(stream, begin))
  const moves: number[] = []
  const positions: number[] = []
  const take = (move: number | null) => {
    if (move === null || !machine.may(move)) return false
    positions.push(possibleMoves(machine).indexOf(move))
    moves.push(move)
    return machine.take(move)
  }
  const places = asked.map((move) => (take(move) ? moves.length - 1 : null))
  return { moves, positions, places, settled: settle(machine, asked.length, law, take) }
}

/** Goes on fairly until none of the moves that a law waits for may happen, or the state and the turn have both been there before. */
function settle(machine: Machine, length: number, law: ModelLaw, take: (move: number) => boolean): boolean {
  const next = (from: number, to: number): number => {
    for (let move = from; move < to; move++) if (take(move)) return move
    return -1
  }
  const scheduler = new FairScheduler(next, machine.ends[waitsFor(law).at(-1) ?? 'timer'])
  const seen = new Set<string>()
  const most = 2 * length + 20_000
  for (let steps = 0; steps < most; steps++) {
    const key = `${scheduler.turn}:${machine.save().join()}`
    if (seen.has(key)) return true
    seen.add(key)
    if (scheduler.go() === -1) return true
  }
  return false
}

/** Whether a rerun breaks the law. Loads other states. */
export const breaks = (machine: Machine, from: ModelStart, { positions }: Rerun, law: ModelLaw): boolean =>
  replay(machine, from, positions, [law]).broken !== null

/** What has become in the loaded state of whom a law is about, in a few words, given whether the run that led there breaks it. */
export function outcomeFor(machine: Machine, law: ModelLaw, subject: number, isBroken: boolean): string {
  if (!('own' in law)) return fateOf(machine, subject)
  const about = machine.ask(law).subjects[subject - 1] ?? ''
  const [kept, broken] = outcomes[law.when]
  return `${isBroken ? broken : kept}${about === '' ? '' : ` for ${about}`}`
}

/** What a run comes to that keeps a law of one’s own, and one that breaks it. */
const outcomes: Readonly<Record<OwnLaw['when'], readonly [kept: string, broken: string]>> = {
  always: ['it holds all the way', 'it does not hold'], 'every step': ['every step keeps it', 'a step breaks it'],
  'in the end': ['it holds in the end', 'it does not hold in the end'], eventually: ['it comes', 'it does not come'],
  'leads to': ['it comes', 'it does not come'], 'can be reached': ['it is so', 'it is not so'],
  'can always be reached': ['there is a way', 'there is no way any more'],
}

function fateOf({ messages }: Machine, number: number): string {
  const { arrived, delivered, repeated = 0, stripped, altered, flagged } = messages[number - 1]!
  const name = nameOf('message', number)
  if (arrived === 0 && delivered === 0 && flagged === 0) return `${name} is never sent`
  if (arrived > 1)
    return `of ${arrived.toLocaleString('en-US')} like ${name}, ${delivered.toLocaleString('en-US')} are delivered`
      + (repeated > 0 ? `, ${repeated.toLocaleString('en-US')} of them again,` : '')
      + (flagged > 0 ? ` and ${flagged.toLocaleString('en-US')} flagged` : '')
  const said = [
    ...(delivered > 1 ? ['delivered twice'] : delivered === 0 ? [] : altered > 0 ? ['delivered altered']
      : stripped > 0 ? ['delivered without its attachments'] : ['delivered']),
    ...(flagged > 0 ? ['flagged'] : []),
  ]
  return said.length === 0 ? `${name} has no verdict` : `${name} is ${said.join(' and ')}`
}
