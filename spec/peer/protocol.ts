/**
 * The lines that the suite and a connector in another program send each other: `spec/peer/protocol.md` says what they mean, and
 * `spec/peer/protocol.schema.json` what is in them. One line is one JSON object.
 */
import type { Connector } from '../connector.ts'
import type { Envelope, Message } from '../message.ts'
import type { LinkState, Outcome } from '../world.ts'

/** The version of the protocol that this suite speaks. */
export const peerProtocol = 1

/** What a program may be able to do, besides sending. */
export const peerAbilities = ['take', 'stop', 'kill', 'scale'] as const
export type PeerAbility = (typeof peerAbilities)[number]
/** What it may ask to be told of. */
export const peerInterests = ['aborts', 'link states'] as const

/** What a program is told. All but the first also have `date`: milliseconds since 1970, by its clock. */
export type ToPeer =
  | { readonly type: 'hello'; readonly protocols: readonly number[]; readonly suite: string }
  | {
    readonly type: 'start'; readonly workers: number; readonly links: readonly string[]; readonly clock: 'virtual' | 'real'
    readonly disk: Readonly<Record<string, unknown>>
  }
  | { readonly type: 'take'; readonly message: Omit<Message, 'signal'> }
  | { readonly type: 'abort'; readonly id: string }
  | { readonly type: 'link'; readonly link: string; readonly now: LinkState }
  /** Of a `send`. */
  | { readonly type: 'answer'; readonly call: number; readonly outcome: Outcome }
  /** Of any other call. */
  | { readonly type: 'answer'; readonly call: number; readonly outcome: 'done'; readonly value: unknown }
  | { readonly type: 'answer'; readonly call: number; readonly outcome: 'failed'; readonly why: string }
  | { readonly type: 'fired'; readonly timer: number }
  | { readonly type: 'stop'; readonly within: number }
  | { readonly type: 'kill'; readonly worker: number }
  | { readonly type: 'scale'; readonly workers: number }
  | { readonly type: 'end' }
  /** Virtual time only: the lines before it are all that there is for now. */
  | { readonly type: 'turn'; readonly turn: number }

/** What a program says. */
export type FromPeer =
  | {
    readonly type: 'hello'; readonly protocol: number; readonly connector: Omit<Connector, 'start'>
    /** `take` alone where it is absent. */
    readonly can?: readonly PeerAbility[]
    readonly hears?: readonly (typeof peerInterests)[number][]
    /** `one`: each scenario wants a process of its own. `many` where it is absent. */
    readonly scenarios?: 'one' | 'many'
  }
  | { readonly type: 'started' | 'stopped' | 'ended' }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'done'; readonly turn: number }
  | { readonly type: 'send'; readonly call: number; readonly content: unknown; readonly link?: string; readonly envelope?: Envelope }
  | { readonly type: 'delivered'; readonly id: string; readonly link?: string }
  | { readonly type: 'flag'; readonly id: string; readonly reason: string; readonly link?: string }
  | { readonly type: 'report'; readonly error: string }
  | { readonly type: 'timer'; readonly timer: number; readonly after: number }
  | { readonly type: 'cancel'; readonly timer: number }
  | { readonly type: 'keep'; readonly key: string; readonly value: unknown }
  | { readonly type: 'forget'; readonly key: string }
  | { readonly type: 'receive'; readonly call: number; readonly most: number }
  | { readonly type: 'acknowledge'; readonly call: number; readonly id: string; readonly upTo?: boolean }
  | { readonly type: 'refuse'; readonly call: number; readonly id: string; readonly requeue?: boolean }
  | { readonly type: 'read' | 'remove'; readonly call: number; readonly key: string }
  | { readonly type: 'write'; readonly call: number; readonly key: string; readonly value: unknown }
  | { readonly type: 'keys'; readonly call: number }
