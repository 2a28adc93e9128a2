/** What is seen of a run at each look, in words that a model’s run and a connector’s history have in common. */
import type { Fate } from '../../spec/verdict.ts'
import type { Look, Probe } from './probe.ts'

/** For each look, a word for each message, or one for the whole. */
export type Reading = Readonly<Record<Look, readonly Word[]>>

/** The worst first. `settled` is said of a message that may be delivered or flagged, `any` of one that may wait too. */
const words = [
  'unknown', 'twice', 'changed', 'both', 'none', 'for ever', 'overtaken', 'flagged', 'settled', 'delivered', 'rests', 'in order', 'any',
] as const
type Word = (typeof words)[number]

/** What became of the message at a place in a probe’s stream. */
export function wordFor({ delivered, flagged, altered, stripped }: Fate, at: number, { eitherIsRight, bothMayBe }: Probe): Word {
  if (delivered > 1 || (delivered === 0 && flagged > 1)) return 'twice'
  if (delivered + flagged === 0) return 'none'
  if (altered > 0) return 'changed'
  const isBoth = delivered > 0 && flagged > 0 && !bothMayBe
  if (eitherIsRight[at]!) return isBoth ? 'both' : 'settled'
  if (stripped > 0) return 'changed'
  return isBoth ? 'both' : flagged > 0 ? 'flagged' : 'delivered'
}

/** Whether one came through before another that was taken before it: of each, in that order, when it did; nothing where it never did. */
export function orderOf(came: readonly (number | undefined)[]): 'overtaken' | 'in order' {
  const isOvertaken = came.some((at, i) => at !== undefined && came.slice(0, i).some((before) => before === undefined || before > at))
  return isOvertaken ? 'overtaken' : 'in order'
}

/** A run that goes on for ever is cut off: nothing is known of what would come after it. */
export function endless({ prompt, rest }: Pick<Reading, 'prompt' | 'rest'>): Reading {
  const unknown = rest.map((): Word => 'unknown')
  return { prompt, rest, healed: unknown, late: unknown, ends: ['for ever'], fresh: ['unknown'], order: ['unknown'] }
}

/**
 * The answer to a probe, as text: of several readings the worst of each word, and of like messages the worst of them, for which
 * of those meets what hangs on who is quicker.
 */
export function answerFrom(readings: readonly Reading[], { looks, likes, eitherIsRight }: Probe): string {
  return looks.map((look) => {
    const worst = readings[0]![look].map((_, i): Word =>
      // Promptly, nothing is expected of a message that may wait.
      look === 'prompt' && eitherIsRight[i] ? 'any' : worstOf(readings.map((reading) => reading[look][i]!)))
    const ofKinds = worst.length < likes.length ? worst
      : [...new Set(likes)].map((like) => worstOf(worst.filter((_, i) => likes[i] === like)))
    return `${look}: ${ofKinds.join(', ')}`
  }).join('; ')
}

const worstOf = (all: readonly Word[]) => all.reduce((a, b) => (words.indexOf(b) < words.indexOf(a) ? b : a))
