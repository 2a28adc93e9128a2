/** One of the models that a machine runs, with its messages as the laws see them. A model that is not composed is one stage. */
import type { Circumstances, Fate } from '../../spec/verdict.ts'
import type { Model } from '../../spec/model.ts'
import type { View } from './views.ts'

export type MessageView = View & Fate

/** What pages call a thing: a message is `m1`, and anything else has its kind and number. */
export const nameOf = (kind: string, number: number) => (kind === 'message' ? `m${number}` : `${kind} ${number}`)

export interface Stage {
  readonly model: Model
  readonly messages: readonly MessageView[]
  readonly known: Circumstances<MessageView>
}
