/**
 * An inlet on a disk, and who works on what waits there: what had not left it when the service ended waits again when it
 * starts.
 *
 * A message that is on its way is marked. Where the service ends before the link has answered, nobody can know whether it
 * arrived: such a message is flagged, and not sent again.
 */
import { type Message, outcomeOf, type World } from '../../spec/connector.ts'

interface Row {
  readonly message: Message
  isOut: boolean
}

/** When a message leaves the inlet. */
type Leaves = 'as it is delivered' | 'some time after'

export const pause = (milliseconds: number) => new Promise<void>((go) => setTimeout(go, milliseconds))
/** Milliseconds from one time that an inlet is swept to the next, where messages are not removed as they are delivered; */
const sweep = 10_000
/** and from one try to the next of what is refused for now. */
export const pauseBetween = 20_000
const mostTries = 4

export class Inlet {
  /** What waits, the first to be fetched first. */
  readonly waiting = new Map<string, Message>()
  readonly #rows: Map<string, Row>
  readonly #leaves: Leaves
  readonly #inHand = new Set<Promise<unknown>>()
  #idle: (() => void)[] = []
  #isStopped = false

  constructor({ disk, flag }: World, leaves: Leaves) {
    // A disk holds anything, and this one holds what is written here.
    this.#rows = disk as Map<string, Row>
    this.#leaves = leaves
    for (const [id, { message, isOut }] of [...this.#rows]) {
      if (!isOut) this.waiting.set(id, message)
      else {
        this.#rows.delete(id)
        flag(id, new Error('it was on its way when the service ended'))
      }
    }
  }

  /** Takes a message in. After a death it is given again by its sender, and may be here already. */
  readonly take = (message: Message): void => {
    if (this.#rows.has(message.id)) return
    this.#rows.set(message.id, { message, isOut: false })
    this.waiting.set(message.id, message)
    this.wake()
  }

  readonly first = (): Message | undefined => this.waiting.values().next().value
  readonly latest = (): Message | undefined => [...this.waiting.values()].at(-1)

  /** Lets so many workers work on what `next` finds for them, each until its work says that it was its last. */
  employ(workers: number, work: (message: Message) => Promise<'done' | 'gone'>, next = this.first): void {
    const worker = async () => {
      while (!this.#isStopped) {
        const message = next()
        if (!message) await new Promise<void>((go) => this.#idle.push(go))
        else {
          this.waiting.delete(message.id)
          const done = work(message)
          this.#inHand.add(done)
          const ends = await done
          this.#inHand.delete(done)
          this.wake()
          if (ends === 'gone') return
        }
      }
    }
    for (let i = 0; i < workers; i++) void worker()
  }

  /** Whoever found nothing to do looks again. */
  wake(): void {
    for (const go of this.#idle.splice(0)) go()
  }

  /** Calls with a message that is marked meanwhile. Rejects as the call does. */
  async out<T>({ id }: Message, call: () => Promise<T>): Promise<T> {
    const row = this.#rows.get(id)!
    // What is removed some time after it was delivered is not known to be out, either.
    row.isOut = this.#leaves === 'as it is delivered'
    try {
      return await call()
    } finally {
      row.isOut = false
    }
  }

  /** The message is done with: it leaves. */
  leave({ id }: Message): void {
    if (this.#leaves === 'as it is delivered') this.#rows.delete(id)
    else setTimeout(() => this.#rows.delete(id), sweep)
  }

  /** It is fetched again, after all that waits now. */
  putBack(message: Message): void {
    this.waiting.set(message.id, message)
  }

  /** What is in hand may come to its end; what waits is on the disk. */
  readonly stop = async (within: number): Promise<void> => {
    this.#isStopped = true
    await Promise.race([Promise.all(this.#inHand), pause(within)])
  }
}

/** Tries a few times. Undefined once it is delivered; otherwise why it is not, or why nobody knows. */
export async function patiently(send: () => Promise<void>): Promise<unknown> {
  for (let tried = 1; ; tried++)
    try {
      await send()
      return undefined
    } catch (error) {
      if (tried === mostTries || !mayGoAgain(error)) return error
      await pause(pauseBetween)
    }
}

/** Only what was surely not recorded is sent again. */
const mayGoAgain = (error: unknown): boolean => ['refused for now', 'dropped before'].includes(outcomeOf(error) ?? '')
