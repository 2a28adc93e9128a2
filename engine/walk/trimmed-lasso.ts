/** Runs into a cycle, without the rounds that a walk took to recognise it. */
import type { ModelStart } from '../../spec/evidence/counterexample.ts'
import type { Run } from '../run/run.ts'
import type { Machine } from '../model/machine.ts'

/** Cuts out what a walk did to recognise a cycle: rounds taken before the one that is shown. */
export function trimmed(machine: Machine, { stream, begin }: ModelStart, run: Run): Run {
  if (run.stem === null || run.moves.length > 20_000) return run
  machine.load(machine.start(stream, begin))
  const keys = [machine.save().join()]
  for (const move of run.moves) {
    machine.take(move)
    keys.push(machine.save().join())
  }
  const cycle = run.moves.slice(run.stem)
  const round = keys.slice(run.stem, -1)
  for (let at = 0; at <= run.stem; at++) {
    const enters = round.indexOf(keys[at]!)
    if (enters < 0) continue
    const turned = [...cycle.slice(enters), ...cycle.slice(0, enters)]
    return { start: run.start, moves: [...run.moves.slice(0, at), ...oneRound(turned, keys[at]!)], stem: at }
  }
  return run

  /** A cycle of states and turns may hold the cycle of states several times. */
  function oneRound(turned: readonly number[], home: string): readonly number[] {
    machine.load(machine.start(stream, begin))
    const all = [...run.moves.slice(0, keys.indexOf(home))]
    for (const move of all) machine.take(move)
    for (const period of turned.keys()) {
      machine.take(turned[period]!)
      const length = period + 1
      if (machine.save().join() === home && turned.length % length === 0 && turned.every((move, i) => move === turned[i % length]))
        return turned.slice(0, length)
    }
    return turned
  }
}
