/** A published bug in a real connector: the version that has it, the one that does not, and what is known of it. */
import type { Connector } from '../connector.ts'
import type { LawName } from '../laws.ts'

export interface Trial {
  /** Its number in the table. */
  readonly row: number
  readonly buggy: Connector
  readonly fixed: Connector
  /** The laws that it breaks. */
  readonly laws: readonly LawName[]
  /** The smallest trigger that is known, in words, and how many messages and faults it takes. */
  readonly trigger: string
  readonly smallest: number
  readonly published: string
  /** What it is tried under that a user might not have. */
  readonly limits?: string
  /** Whether a scenario takes so long that it is in the table, and has no page in the gallery. */
  readonly isSlow?: boolean
}

/** A version that is current and breaks a law all the same. */
export interface Finding {
  readonly connector: Connector
  readonly laws: readonly LawName[]
  readonly what: string
  /** Its page, in `reports/findings`, to send to the maintainers of the package. */
  readonly page: string
  /** What a script on that page imports, and the name under which it is installed here. */
  readonly imports: Readonly<Record<string, string>>
  /** As of a published bug. */
  readonly isSlow?: boolean
}
