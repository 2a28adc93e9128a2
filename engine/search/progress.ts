/** How much of a search is still to come, as far as anybody can tell. */

/**
 * States to go on from until all are known, if from each distance to the next there are fewer by as much as there were
 * before; null while there are more and more, when nobody can tell.
 */
export function toCome(levels: readonly number[], states: number, expanded: number): number | null {
  const [before, last, now] = levels.slice(-3)
  if (now === undefined) return null
  const falls = (now - last!) / (last! - before!)
  if (falls >= 1) return null
  return Math.max(states - expanded, (now - last!) * falls / (1 - falls) - (expanded - now))
}
