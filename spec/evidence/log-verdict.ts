/** What a log shows of the laws. Plain data, and nothing on the page that is not in it. */
import type { ConnectorLaw } from '../laws.ts'
import type { LogEvent } from './log.ts'

/** What is wrong, in a word or two, by the clause that is broken. */
export const wrongs = {
  'a verdict in the end': 'lost', 'no second copy': 'doubled', 'nothing invented': 'invented', 'not misrouted': 'misrouted',
  'not altered': 'altered', 'a verdict before it is too old': 'late', 'in the order in which they were taken': 'out of order',
  'not flagged when it is known to be delivered': 'flagged though delivered', 'not delivered after it was flagged': 'delivered though flagged',
  'flagged only with a reason': 'flagged for nothing', 'one verdict': 'two verdicts', 'one verdict, claimed': 'claimed though flagged',
  'claimed only when it is recorded': 'claimed though not delivered', 'acknowledged only when it is settled': 'acknowledged too soon',
} as const
export type LogClause = keyof typeof wrongs

export interface LogFinding {
  readonly law: ConnectorLaw
  readonly clause: LogClause
  readonly message: string
  /** What happened, in a sentence. */
  readonly says: string
  /** The line at which it shows. */
  readonly line: number
  /** The lines about that message, the first and the last of them where they are many. */
  readonly lines: readonly LogLine[]
}

export interface LogLine {
  readonly line: number
  /** What stands there; of a message that had long been settled, only what became of it is known. */
  readonly event: Pick<LogEvent, 'what' | 'link' | 'attempt' | 'because'>
  readonly time: number | null
}

/** Why something cannot be said. */
export interface LogDoubt {
  readonly because: string
  /** What would settle it. */
  readonly settles: string
  /** The first line that it is about; null where there is none. */
  readonly line: number | null
}

/** How much of a log the model of a component could have done. */
export interface LogConformance {
  readonly component: string
  /** Messages that were held to it, */
  readonly messages: number
  /** and those of them that were so together with all others in hand. */
  readonly together: number
  /** Stretches for which the model has too many runs. */
  readonly tooMany: number
  /** Messages of which it was not asked, by why. */
  readonly notAsked: Readonly<Record<string, number>>
  readonly divergences: number
  /** The first line that no run of the model explains. */
  readonly divergence: {
    readonly line: number
    /** What happens there, and what would have been allowed, in a sentence. */
    readonly says: string
    readonly allowed: readonly string[]
    readonly lines: readonly LogLine[]
  } | null
}

export interface LogVerdict {
  /** What the log is called. */
  readonly log: string
  readonly verdict: 'lawful' | 'broken' | 'inconclusive'
  readonly guarantee: string
  readonly lines: number
  readonly events: number
  readonly messages: number
  readonly delivered: number
  readonly flagged: number
  readonly inHand: number
  /** How often each clause is broken. */
  readonly counts: Readonly<Partial<Record<LogClause, number>>>
  /** The first of them, of each clause. */
  readonly findings: readonly LogFinding[]
  readonly doubts: readonly LogDoubt[]
  /** Where reading ended, if that is before the end, and why. */
  readonly stopped: { readonly line: number; readonly because: string; readonly isUnreadable: boolean } | null
  /** What the log was not checked against, and why, in sentences. */
  readonly notChecked: readonly string[]
  /** Null where the log is held to no model. */
  readonly conformance: LogConformance | null
  readonly from: number | null
  readonly to: number | null
}
