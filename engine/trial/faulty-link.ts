/** One way out of a trial: what is offered to it, and what becomes of that. */
import type { LinkState, MessageKind, Outcome } from '../../spec/connector.ts'

/** What a link will do with what is offered next. */
type Mood = 'up' | 'link refuses' | 'link hangs'
const onceFaults = [
  'link drops before', 'link drops after', 'link is late', 'link answers out of order', 'link answers twice', 'link loses answer',
  'link never answers',
] as const
type Once = (typeof onceFaults)[number]
/** What becomes of an offer: an outcome at once, or recorded and answered later or never, or nothing at all. */
type Fortune = Outcome | 'hangs' | 'late' | 'out of order' | 'answer lost' | 'no answer'

/** What it asks about a message. */
interface Offered {
  readonly id: string
  readonly kindOver: (link: string) => MessageKind
}

export class FaultyLink {
  readonly name: string
  mood: Mood = 'up'
  /** How many messages go over it of which the connector has not said its word. */
  owed = 0
  readonly #once: Once[] = []
  /** Calls that it will not answer until it heals. */
  #hanging: (() => void)[] = []
  readonly #offers = new Map<string, number>()
  readonly #watchers: ((now: LinkState) => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  strike(what: 'link refuses' | 'link hangs' | 'link heals' | Once): void {
    if (what === 'link heals') this.heal()
    else if (what === 'link refuses' || what === 'link hangs') this.#turn(what)
    else this.#once.push(what)
  }

  /** Up again; whoever hung is told that the link was lost. */
  heal(): void {
    this.#once.length = 0
    this.#turn('up')
    for (const letGo of this.#hanging.splice(0)) letGo()
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
  answer(message: Offered | undefined, canRepeat: boolean): Fortune {
    if (this.mood === 'link hangs') return 'hangs'
    if (this.mood === 'link refuses') return 'refused for now'
    const kind = message?.kindOver(this.name)
    if (kind === 'refused') return 'refused for good'
    if (message && kind === 'busy') {
      const offers = (this.#offers.get(message.id) ?? 0) + 1
      this.#offers.set(message.id, offers)
      if (offers <= 2) return 'refused for now'
    }
    const once = this.#once.shift()
    return once === undefined || (once === 'link answers twice' && !canRepeat) ? 'taken' : fortunes[once]
  }

  /** What becomes of a step towards an offer. What is said out of order, twice or never is only what was offered. */
  stepped(): 'taken' | 'refused for now' | 'dropped before' | 'hangs' | 'late' | 'no answer' {
    if (this.mood === 'link hangs') return 'hangs'
    if (this.mood === 'link refuses') return 'refused for now'
    const once = this.#once[0]
    if (once === undefined || onlyOffers.has(once)) return 'taken'
    this.#once.shift()
    return once === 'link is late' ? 'late' : once === 'link never answers' ? 'no answer' : 'dropped before'
  }

  /** Resolves when the link heals. */
  untilHealed(): Promise<void> {
    return new Promise((letGo) => this.#hanging.push(letGo))
  }
}

/** What a link does to the answer alone. */
const onlyOffers: ReadonlySet<Once> = new Set(['link answers out of order', 'link answers twice', 'link loses answer'])

const fortunes = {
  'link drops before': 'dropped before', 'link drops after': 'dropped after', 'link is late': 'late',
  'link answers out of order': 'out of order', 'link answers twice': 'taken, said twice', 'link loses answer': 'answer lost',
  'link never answers': 'no answer',
} as const satisfies Record<Once, Fortune>

const states: Readonly<Record<Mood, LinkState>> = { up: 'up', 'link refuses': 'refuses', 'link hangs': 'hangs' }
