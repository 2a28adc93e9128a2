/** Where a list repeats itself: alone or in groups, as runs. */

interface Group {
  readonly from: number
  /** How many elements make one group, */
  readonly period: number
  /** and how often it stands there. */
  readonly times: number
}

const longestPeriod = 6

/** Cuts a list of so many elements into groups, greedily: what repeats at least `enough` times is one. */
export function fold(length: number, same: (a: number, b: number) => boolean, enough: number): readonly Group[] {
  const groups: Group[] = []
  for (let from = 0; from < length; ) {
    let best: Group = { from, period: 1, times: 1 }
    for (let period = 1; period <= longestPeriod; period++) {
      let times = 1
      while (alike(from, from + times * period, period)) times++
      if (times >= enough && times * period > best.times * best.period) best = { from, period, times }
    }
    groups.push(best)
    from += best.period * best.times
  }
  return groups

  function alike(a: number, b: number, period: number): boolean {
    if (b + period > length) return false
    for (let i = 0; i < period; i++) if (!same(a + i, b + i)) return false
    return true
  }
}
