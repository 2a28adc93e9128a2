/** What tests of a search compare, and how they have it take a shortcut at once. */
import type { Log, SearchSpeed, Shortcut } from '../../engine/states/log.ts'

/** A shortcut to be taken from the first state on. */
export const atOnce = (shortcut: Shortcut): SearchSpeed => ({ shortcut: ({ shortSince }) => (shortSince === null ? shortcut : null) })

/** All that a log says, short enough to compare. */
export function digest({ words, states, transitions, parents, can, levels, edges, machine }: Log) {
  const sum = (array: ArrayLike<number> | undefined, length: number) => {
    let hash = 0
    for (let i = 0; array && i < length; i++) hash = (Math.imul(hash, 31) + array[i]!) | 0
    return hash
  }
  return {
    states, transitions, levels, words: sum(words, states * machine.words), parents: sum(parents, states), can: sum(can, states),
    from: sum(edges?.from, states + 1), to: sum(edges?.to, transitions), by: sum(edges?.by, transitions),
  }
}
