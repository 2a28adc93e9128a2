/** A run as moves from a start; with a cycle, its last moves go round for ever. */
export interface Run {
  /** Which of the starts. */
  readonly start: number
  readonly moves: readonly number[]
  /** How many moves come before the cycle; null for a run that ends. */
  readonly stem: number | null
}
