/**
 * A verdict is what became of a message where someone can see it: it was delivered, or it was flagged.
 *
 * There is no verdict `lost`. A lost message is one without a verdict when everything has come to rest, and
 * saying so is a law’s business. Counts, not booleans, so that a burst of 65,536 like messages is one entry. What is delivered
 * again is counted apart, by who can tell: in a burst, it does not make up for one that is lost.
 */
/** What has become of a message, or of a burst of like ones: in a model’s state, and in a connector’s history. */
export interface Fate {
  /** Copies entrusted to the connector. */
  readonly arrived: number
  /** Copies that a sink has recorded, whole or not. What a connector claims is not counted. */
  readonly delivered: number
  /** Of those, how many are of one that was delivered before; none when absent. */
  readonly repeated?: number
  /** Of those, how many came without their attachments and say so. */
  readonly stripped: number
  /** Of those, how many are not what was sent and do not say so. */
  readonly altered: number
  /** Reports of non-delivery, dead letters, rejected promises. */
  readonly flagged: number
}

/** How many of them have been delivered, each counted once. */
export const deliveredOnce = ({ delivered, repeated = 0 }: Pick<Fate, 'delivered' | 'repeated'>): number => delivered - repeated

/** What may properly become of a message, given what it is and what happened on its own way. */
export interface Due {
  readonly whole: boolean
  readonly stripped: boolean
  readonly flagged: boolean
}

export const delivery: Due = { whole: true, stripped: false, flagged: false }
export const stripping: Due = { whole: false, stripped: true, flagged: false }
export const flagging: Due = { whole: false, stripped: false, flagged: true }
export const deliveryOrFlag: Due = { whole: true, stripped: false, flagged: true }

/** What a law may know of a message besides its fate. */
export interface Circumstances<M> {
  readonly due: (message: M) => Due
  /** How many were flagged while nobody could know whether they had arrived: those may turn out delivered, too. None when absent. */
  readonly inDoubt?: (message: M) => number
  /** Its own link never failed, and another one is down. Absent where there is only one way out. */
  readonly anotherIsDown?: (message: M) => boolean
}
