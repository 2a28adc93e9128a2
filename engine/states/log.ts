/** What a search has found: every state that it has seen, and where each came from. How far it may go, and what makes it fast. */
import type { Machine } from '../model/machine.ts'

/** Everything found so far. Index 0 is the first start; a state’s index also orders it by distance. */
export interface Log {
  readonly machine: Machine
  /** The words of state i lie at `i * machine.words`. */
  words: Int32Array
  states: number
  transitions: number
  /** By state: from which it was first reached; -1 for a start. */
  parents: Int32Array
  /** By state: which kinds of step can be taken from it, a bit each. */
  can: Uint8Array
  /** By distance: the index of the first state that far from a start. */
  readonly levels: number[]
  /** Kept between two compilations of the kernel: the index at which the present distance ends. */
  level: number
  /** Whether a beat ended the search before every state was seen. */
  stopped: boolean
  /** What its arrays and the table take, in bytes. */
  bytes: number
  /** The state from which on the present shortcut was taken; null without one. */
  shortSince: number | null
  /** States since then that it did not hold for. */
  slow: number
  /** States whose successors are known. */
  expanded: number
  /** Every transition, when asked for: those from state i lie from `from[i]` to `from[i + 1]`. */
  readonly edges: Edges | null
}

export interface Edges {
  from: Uint32Array
  to: Int32Array
  /** Which move. */
  by: Uint16Array
}

export interface Limits {
  /** States at which to stop with an error. */
  readonly states: number
  /** Bytes that the arrays of a search may take; unless it is said, what `memoryUnlessTold` tells. */
  readonly bytes?: number
  /** Brings the scratch state to the representative of its orbit; without it, every state counts. */
  readonly canon?: (() => void) | null
  /** Whether to go on from the loaded state; what the model says unless told otherwise. */
  readonly within?: (() => boolean) | null
  /** What makes a large search fast; it is not asked where there is a `canon`. Without it, the log is the same. */
  readonly speed?: SearchSpeed | undefined
  /** Called now and then; returning true stops the search. */
  readonly beat?: (log: Log) => boolean
}

export interface SearchSpeed {
  /**
   * A shortcut to take from now on; null to go on as before. Asked when a search begins, whenever its arrays are full, and
   * when the present shortcut does not hold for one state in sixteen.
   */
  shortcut(log: Log): Shortcut | null
}

/** The rules of a machine once more, in source that needs no view of the state. */
export interface Shortcut {
  /** The states that it holds for. */
  readonly bits: Bits
  /** By rule, in the order of the machine’s: the bodies of functions that together do what the rule does. */
  rules(writes: Writes): readonly (readonly string[])[]
}

/** By word: the bits that are known, and how they are set. */
export interface Bits {
  readonly same: Int32Array
  readonly set: Int32Array
}

/** What becomes of a move, as source of a function that finds the state in `S`, word by word. */
export interface Writes {
  /** What a move leads to: the words that it changes, and what to, as source. `word` is the source of one as it was. */
  readonly successor: (changed: ReadonlyMap<number, string>, move: number, word: (k: number) => string) => string
  /** Where the rule itself is to be asked. */
  readonly itself: (move: number) => string
}

/** What can be done in a state, as bits: a step that is owed before time passes, and one that waits for it. */
export const canProgress = 1
export const canTime = 2
/** How a move is owed, where it is: as long as it stays possible, or whenever it is possible again and again. */
export const owedWeakly = 1
export const owedStrongly = 2

/** It lies beyond the bound of what is looked at: what can be done there is not known. */
export const isBeyond = 4

/**
 * States to go on from until all are known, if from each distance to the next there are fewer by as much as there were
 * before; null while there are more and more, when nobody can tell.
 */
export function toCome({ levels, states, expanded }: Pick<Log, 'levels' | 'states' | 'expanded'>): number | null {
  const [before, last, now] = levels.slice(-3)
  if (now === undefined) return null
  const falls = (now - last!) / (last! - before!)
  if (falls >= 1) return null
  return Math.max(states - expanded, (now - last!) * falls / (1 - falls) - (expanded - now))
}

/** What a state takes beside its place in the table, and an edge, in bytes. */
export const bytesOfState = ({ machine, edges }: Pick<Log, 'machine' | 'edges'>) => 4 * machine.words + 4 + 1 + (edges ? 4 : 0)
export const bytesOfEdge = 6
/** What a log has written to, without the table. */
export const bytesIn = (log: Log) => log.states * bytesOfState(log) + (log.edges ? log.transitions * bytesOfEdge : 0)
