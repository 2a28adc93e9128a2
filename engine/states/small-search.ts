/** The same log as the kernel’s, of few states: before a kernel is compiled, they are all known. */
import type { Machine } from '../model/machine.ts'
import type { Log } from './log.ts'

/** So many states are sooner gone through without a kernel. */
const fewStates = 400

/** Every state that can be reached from one while `within` holds; null where there are more than a few. */
export function fewFrom(machine: Machine, start: Int32Array, within: () => boolean): Log | null {
  const found = [start]
  const numbers = new Map([[start.join(), 0]])
  const parents = [-1]
  const [from, to, by]: [number[], number[], number[]] = [[], [], []]
  for (let state = 0; state < found.length; state++) {
    from.push(to.length)
    machine.load(found[state]!)
    if (!within()) continue
    for (const { at } of machine.moves) {
      machine.load(found[state]!)
      if (!machine.take(at)) continue
      const next = machine.save()
      const key = next.join()
      let number = numbers.get(key)
      if (number === undefined) {
        if (found.length === fewStates) return null
        numbers.set(key, (number = found.push(next) - 1))
        parents.push(state)
      }
      to.push(number)
      by.push(at)
    }
  }
  const words = new Int32Array(found.length * machine.words)
  found.forEach((each, i) => words.set(each, i * machine.words))
  return {
    machine, words, states: found.length, transitions: to.length, parents: Int32Array.from(parents), can: new Uint8Array(found.length),
    levels: [0], level: 0, stopped: false, bytes: 0, shortSince: null, slow: 0, expanded: found.length,
    edges: { from: Uint32Array.from([...from, to.length]), to: Int32Array.from(to), by: Uint16Array.from(by) },
  }
}
