/** The limits at full size, as `unwedge check` looks for them at its end: where each is, seen from both sides. */
import { limitSentence } from '../../reports/text/run-sentences.ts'
import { amountOf } from '../../reports/text/words.ts'
import { speed } from '../../engine/speed/speed.ts'
import { atFullSize } from '../../engine/walk/threshold.ts'
import { realNow } from '../../engine/real-time.ts'
import { catalogue } from '../../models/catalogue.ts'
import { limits } from '../../models/limits.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import { progress } from '../output/terminal.ts'

/** Looks for each limit, while there is time. `onLine` gets a line for each. Returns a page for each that was found. */
export function findLimits(until: number, onLine: (line: string) => void): readonly Counterexample[] {
  const pages: Counterexample[] = []
  for (const limit of limits) {
    if (realNow() > until) {
      onLine('  The other limits were not looked for: the time was over.')
      break
    }
    const { component, variant, scope, of, plenty } = limit
    const name = `${component.name}/${variant}`
    progress.show(`looking for the limit of ${name} …`)
    const found = atFullSize(limit, catalogue.find((entry) => entry.component === component && entry.variant === variant)!.says, speed)
    progress.clear()
    const threads = scope['threads'] === undefined ? '' : ` (${amountOf(scope['threads'], 'thread')})`
    const where = found?.threshold
    onLine(where
      ? `  ${name}${threads}: ${limitSentence(where)}.`
      : `  ${name}${threads}: no number of ${of} up to ${plenty.toLocaleString('en-US')} is too many.`)
    if (found) pages.push(found)
  }
  return pages
}
