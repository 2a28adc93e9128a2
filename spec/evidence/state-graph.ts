/** All states of a model and what leads from one to another, as numbers and labels. */

export interface StateGraph {
  readonly name: string
  readonly states: number
  /** The states it may start in, each with what has then been sent. */
  readonly starts: readonly { readonly state: number; readonly says: string }[]
  readonly edges: Iterable<readonly [from: number, label: string, to: number]>
  readonly transitions: number
  /** Whether nothing is owed in a state any more. */
  readonly isAtRest: (state: number) => boolean
}
