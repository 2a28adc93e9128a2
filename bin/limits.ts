/** What `unwedge check` says at its end of the documents’ own numbers: where each limit lies, from both sides. */
import { atRealSize } from '../engine/real.ts'
import { realNumbers } from '../models/real-numbers.ts'
import { amountOf, progress, say } from './output.ts'

/** Looks for each limit, while there is time. */
export function sayLimits(until: number): void {
  say('\nAt the real numbers:')
  for (const limit of realNumbers) {
    if (performance.now() > until) return say('  the rest was not looked at: time ran out.')
    const name = `${limit.component.name}/${limit.variant}`
    progress.show(`looking for the limit of ${name} …`)
    const found = atRealSize(limit, '')
    progress.clear()
    const threads = limit.scope['threads'] === undefined ? '' : ` (${amountOf(limit.scope['threads'], 'thread')})`
    const where = found?.threshold
    say(where
      ? `  ${name}${threads}: ${where.passes.toLocaleString('en-US')} ${where.of} pass, ${where.breaks.toLocaleString('en-US')} ${where.does}.`
      : `  ${name}${threads}: no number of ${limit.of} up to ${limit.plenty.toLocaleString('en-US')} is too many.`)
  }
}
