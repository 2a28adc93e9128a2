/** Connectors that are wrong about one fault each, or one kind of message: what the generators must catch. */
import type { Connector, FaultName, Message, MessageKind, Running, World } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'

/** A connector that is wrong about one thing only, and the law that this breaks. */
export interface Wrong extends Partial<Connector> {
  readonly about: string
  readonly start: Connector['start']
  readonly law: LawName
  /** What else it takes to bring it about. */
  readonly with?: readonly (FaultName | MessageKind)[]
}

/** The same for one that is right about it. */
export interface Right extends Pick<Wrong, 'about' | 'start'> {}

export const never = () => new Promise<never>(() => undefined)
export const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))
const outcomeOf = (error: unknown) => (error as { outcome?: string }).outcome

/** Sends at once; `when` is asked about what fails. */
const unless = (when: (error: unknown, message: Message, world: World) => unknown) => (world: World): Running => ({
  take: (message) => world.send(message.content).catch((error: unknown) => when(error, message, world)),
})
export const failing = (outcome: string, then: (message: Message, world: World) => unknown) =>
  unless((error, message, world) => { if (outcomeOf(error) === outcome) return then(message, world); throw error })
/** Sends what passes, and does with the rest what it does. */
export const minding = (isWrong: (message: Message) => boolean, then: (message: Message, world: World) => unknown) =>
  (world: World): Running => ({
  take: (message) => (isWrong(message) ? then(message, world) : world.send(message.content)),
})
