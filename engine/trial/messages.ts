/** The messages of a trial. The suite keeps its own; what a connector is given is a copy. */
import { type Envelope, type EnvelopePart, manyAttachments, type Message, type MessageKind, type Recipient } from '../../spec/connector.ts'
import { addressOf, contentOf, isObject } from './content.ts'
import type { FaultyLink } from './faulty-link.ts'

/** A message has fewer attachments than this, where its connector carries them: the first has one, the second two, the third none. */
const aFew = 3

/** One to whom a message goes, and what has become of that: whether its link has recorded it, and what the connector said. */
export interface Addressee extends Recipient {
  /** What the message is for this one. */
  readonly kind: MessageKind
  isRecorded: boolean
  said: 'claimed' | 'flagged' | null
}

/** Who may give a message up. */
interface Sender {
  /** Made when somebody asks for its signal: thousands of messages never do. */
  control: AbortController | null
  /** Told when somebody asks, of one who has given up before: until then nobody can know. */
  whenAsked: (() => void) | null
  readonly id: string
  /** The ids of all messages of the world whose senders are known to have given up. */
  readonly aborted: Set<string>
}
const sender = Symbol('sender')

/** One function for all messages: with one of its own, each would be of a shape of its own, and take ten times the memory. */
const signal = {
  enumerable: true, configurable: true,
  get(this: { readonly [sender]: Sender }): AbortSignal {
    const from = this[sender]
    if (from.control) return from.control.signal
    from.control = new AbortController()
    if (from.whenAsked) giveUp(from, from.control, from.whenAsked)
    return from.control.signal
  },
}

/** Who writes a message down has not asked for its signal, and gets what JSON makes of one. */
const toJSON = {
  value(this: Message): object {
    return Object.fromEntries(Object.keys(this).map((key) => [key, key === 'signal' ? {} : this[key as keyof Message]]))
  },
}

function giveUp({ id, aborted }: Sender, control: AbortController, told: () => void): void {
  told()
  aborted.add(id)
  control.abort()
}

/** A message that is to come into being. */
export interface Arriving {
  readonly kind: MessageKind
  /** Over which it goes, to a recipient each. */
  readonly links: readonly string[]
  /** The message whose content it shares. */
  readonly twinOf?: string | undefined
  /** What it is for each of them; of its kind for all when absent. */
  readonly kinds?: readonly MessageKind[] | undefined
}

/** What it has of its world: among whom it enters itself when it is given up, and how many attachments it has at the most, of a few. */
interface Beside {
  readonly aborted?: Set<string>
  readonly mostAttachments?: number
}

/** A message on its way; it knows whether the connector has ever looked at its signal. */
export class TrialMessage {
  readonly id: string
  readonly kind: MessageKind
  readonly recipients: readonly Addressee[]
  /** The message whose content it shares; itself where it shares none. */
  readonly twinOf: string
  readonly #number: number
  readonly #mostAttachments: number
  /** Text that was made once. Whatever is an object is made anew for each hand. */
  readonly #text: string | null
  readonly #sender: Sender
  #given: Message | null = null
  /** For whom it was handed out last: of these it is that something is said where nobody is named. */
  handedFor: readonly Addressee[]

  constructor(
    number: number, { kind, links, twinOf, kinds = [] }: Arriving, { aborted = new Set(), mostAttachments = 0 }: Beside = {},
  ) {
    this.id = `m${number}`
    this.#sender = { control: null, whenAsked: null, id: this.id, aborted }
    this.kind = kind
    this.twinOf = twinOf ?? this.id
    this.#number = number
    this.#mostAttachments = mostAttachments
    this.recipients = links.map((link, i): Addressee => {
      const is = kinds[i] ?? kind
      return { link, kind: is, address: addressOf(this.id, is), isRecorded: false, said: null }
    })
    this.handedFor = this.recipients
    this.#text = isObject(kind) ? null : String(contentOf(this.twinOf, kind))
  }

  get link(): string {
    return this.recipients[0]!.link
  }

  /** Who is to get it over a link. */
  over(link: string): Addressee | undefined {
    for (const each of this.recipients) if (each.link === link) return each
    return undefined
  }

  /** What it is over a link; over one that none of its recipients is at, what it is at all. */
  kindOver(link: string): MessageKind {
    return this.over(link)?.kind ?? this.kind
  }

  /** What was sent. */
  get content(): unknown {
    return this.#text ?? contentOf(this.id, this.kind)
  }

  get attachments(): number {
    return this.kind === 'many attachments' ? manyAttachments : Math.min(this.#number % aFew, this.#mostAttachments)
  }

  get header(): string {
    return this.kind === 'new header' ? `X-Name-${this.#number}` : 'Subject'
  }

  get envelope(): Required<Envelope> {
    return { address: this.recipients[0]!.address, header: this.header, attachments: this.attachments }
  }

  /** Those of whom the connector has said nothing; all of them where it has of each. */
  #open(): readonly Addressee[] {
    if (this.recipients.length === 1) return this.recipients
    const open = this.recipients.filter(({ said }) => said === null)
    return open.length > 0 ? open : this.recipients
  }

  /** A copy, for the connector to do with as it likes: of one that it is given again, for those of whom it has said nothing. */
  handed(): Message {
    const { id, kind, content, header, attachments } = this
    this.handedFor = this.#open()
    const recipients = this.handedFor.map(({ link, address }) => ({ link, address }))
    const { link, address } = recipients[0]!
    const given = { id, kind, content, link, address, header, attachments, recipients, [sender]: this.#sender }
    return (this.#given = Object.defineProperties(given, { signal, toJSON }) as typeof given & Message)
  }

  /** The copy that was handed out last. */
  get latest(): Message {
    return this.#given ?? this.handed()
  }

  get isHeeded(): boolean {
    return this.#sender.control !== null
  }

  get isAborted(): boolean {
    return this.#sender.control?.signal.aborted ?? false
  }

  /** Its sender gives up: whoever has its signal is told now, and whoever asks for it first is told then. */
  abort(told: () => void): void {
    const { control } = this.#sender
    if (control) giveUp(this.#sender, control, told)
    else this.#sender.whenAsked = told
  }

  /** Which of the declared parts of an envelope are not what was sent, in words; empty when all are. */
  misses(parts: readonly EnvelopePart[], got: Envelope | undefined, link: string): string {
    if (parts.length === 0) return ''
    const sent = { ...this.envelope, address: this.over(link)?.address ?? this.envelope.address }
    return parts.filter((part) => got?.[part] !== sent[part])
      .map((part) => (got?.[part] === undefined ? `no ${part}` : `the ${part} ${String(got[part]).slice(0, 60)}${instead(sent[part])}`))
      .join(' and ')
  }
}

/** Of how many there were, no page says more than this; an address and a header say whose they are. */
const instead = (sent: string | number) => (typeof sent === 'number' ? ` instead of ${sent.toLocaleString('en-US')}` : '')

/** Messages with equal content: which of them is offered, nobody can tell, and one is taken for it. */
export class Twins {
  readonly #known = new Map<string, TrialMessage[]>()
  /** How many calls each was taken for. */
  readonly #calls = new Map<string, number>()

  add(message: TrialMessage): void {
    const twins = this.#known.get(message.twinOf)
    if (twins) twins.push(message)
    else this.#known.set(message.twinOf, [message])
  }

  /**
   * The one that a link is offered when it is offered that content: of those that fit what came with it, the first of which nothing is
   * recorded or said.
   */
  offered(message: TrialMessage, link: string, fits: (twin: TrialMessage) => boolean): TrialMessage {
    const twins = this.#known.get(message.twinOf)!.filter((twin) => twin.over(link) !== undefined)
    // Those with fewer calls first: a call of the other may be under way.
    const [next = message] = twins.sort((a, b) =>
      Number(fits(b)) - Number(fits(a)) || Number(isOpen(b, link)) - Number(isOpen(a, link)) || this.#callsOf(a) - this.#callsOf(b))
    this.#calls.set(next.id, this.#callsOf(next) + 1)
    return next
  }

  #callsOf({ id }: TrialMessage): number {
    return this.#calls.get(id) ?? 0
  }
}

/** Whether nothing is recorded or said of it over a link that it goes over. */
function isOpen(twin: TrialMessage, link: string): boolean {
  const addressee = twin.over(link)
  return addressee !== undefined && !addressee.isRecorded && addressee.said === null
}

/** Messages of which the connector has not said its word: how many, and whether anything keeps it from that. Thousands may wait here. */
export class Unsettled {
  readonly #messages = new Map<string, TrialMessage>()
  readonly #links: readonly FaultyLink[]
  /** Ids of messages whose senders are known to have given up, settled or not. */
  readonly aborted = new Set<string>()

  constructor(links: readonly FaultyLink[]) {
    this.#links = links
  }

  get size(): number {
    return this.#messages.size
  }

  get all(): readonly TrialMessage[] {
    return [...this.#messages.values()]
  }

  add(message: TrialMessage): void {
    this.#messages.set(message.id, message)
    this.#owe(message, 1)
  }

  delete(message: TrialMessage): void {
    if (this.#messages.delete(message.id)) this.#owe(message, -1)
  }

  /** Whether one is there that nothing keeps the connector from: its link is up, or its sender has given up. */
  get isAnyFree(): boolean {
    if (this.#links.some(({ mood, owed }) => mood === 'up' && owed > 0)) return true
    for (const id of this.aborted) {
      if (this.#messages.has(id)) return true
      this.aborted.delete(id)
    }
    return false
  }

  /** By link, and not by recipient: several may be at one. */
  #owe(message: TrialMessage, more: 1 | -1): void {
    for (const link of this.#links) if (message.over(link.name)) link.owed += more
  }
}
