/** One way out of a trial: what is offered to it, and what becomes of that. */
import type { LinkState, Message, Outcome } from '../../spec/connector.ts'

/** What a link will do with what is offered next. */
type Mood = 'up' | 'link refuses' | 'link hangs'
type Once =
  | 'link drops before' | 'link drops after' | 'link is late' | 'link answers out of order' | 'link answers twice'

/** A call to a link that the link will not answer until it heals. */
interface Hanging {
  readonly letGo: () => void
}

export class FaultyLink {
  readonly name: string
  mood: Mood = 'up'
  /** Whether anything has ever been done to it. */
  disturbed = false
  readonly #once: Once[] = []
  readonly #hanging: Hanging[] = []
  readonly #offers = new Map<string, number>()
  readonly #watchers: ((now: LinkState) => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  strike(what: Exclude<Mood, 'up'> | Once | 'link heals'): void {
    if (what === 'link heals') return this.heal()
    this.disturbed = true
    if (what === 'link refuses' || what === 'link hangs') this.#turn(what)
    else this.#once.push(what)
  }

  /** Up again; whoever hung is told that the link was lost. */
  heal(): void {
    this.#once.length = 0
    this.#turn('up')
    for (const { letGo } of this.#hanging.splice(0)) letGo()
  }

  /** Tells how it stands, now and at every change. */
  watch(change: (now: LinkState) => void): void {
    this.#watchers.push(change)
    change(states[this.mood])
  }

  #turn(mood: Mood): void {
    const changes = mood !== this.mood
    this.mood = mood
    if (changes) for (const change of this.#watchers) change(states[mood])
  }

  /** What becomes of an offer, settled at once but for a link that hangs. Not every answer can be given twice. */
  answer(message: Message | undefined, canRepeat: boolean): Outcome | 'hangs' | 'late' | 'out of order' {
    if (this.mood === 'link hangs') return 'hangs'
    if (this.mood === 'link refuses') return 'refused for now'
    if (message?.kind === 'refused') return 'refused for good'
    if (message?.kind === 'busy') {
      const offers = (this.#offers.get(message.id) ?? 0) + 1
      this.#offers.set(message.id, offers)
      if (offers <= 2) return 'refused for now'
    }
    const once = this.#once.shift()
    return once === undefined || (once === 'link answers twice' && !canRepeat) ? 'taken' : answers[once]
  }

  /** What becomes of a step towards an offer. What is said out of order or twice is only what was offered. */
  stepped(): 'taken' | 'refused for now' | 'dropped before' | 'hangs' | 'late' {
    if (this.mood === 'link hangs') return 'hangs'
    if (this.mood === 'link refuses') return 'refused for now'
    const once = this.#once[0]
    if (once === undefined || once === 'link answers out of order' || once === 'link answers twice') return 'taken'
    this.#once.shift()
    return once === 'link is late' ? 'late' : 'dropped before'
  }

  /** Resolves when the link heals. */
  untilHealed(): Promise<void> {
    return new Promise((letGo) => this.#hanging.push({ letGo }))
  }
}

const answers = {
  'link drops before': 'dropped before', 'link drops after': 'dropped after', 'link is late': 'late',
  'link answers out of order': 'out of order', 'link answers twice': 'taken, said twice',
} as const satisfies Record<Once, Outcome | 'late' | 'out of order'>

const states: Readonly<Record<Mood, LinkState>> = { up: 'up', 'link refuses': 'refuses', 'link hangs': 'hangs' }
