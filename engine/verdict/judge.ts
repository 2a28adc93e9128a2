/** Holds a history to the laws, clause by clause. */
import type { Account } from '../../spec/account.ts'
import { type Clause, clauses, type OtherClause } from '../../spec/clauses.ts'
import type { Connector, Event, History } from '../../spec/connector.ts'
import { type ConnectorLaw, deliveredOrFlagged, honest, nothingWedges } from '../../spec/laws.ts'
import { Ledger } from './ledger.ts'

export interface Judgement {
  readonly law: ConnectorLaw
  /** Which clause of the law, by its name. */
  readonly clause: string
  /** The message it is about, if it is about one. */
  readonly message: string | null
  /** The event at which it shows; the last one for what never happens. */
  readonly at: number
  /** What happened, in a sentence. */
  readonly says: string
}

interface JudgeOptions {
  /** Milliseconds that healthy work may take, on the real clock. */
  readonly patience?: number
  /** Milliseconds that a fresh message takes here by itself, on the real clock: it may take so much longer. None unless told otherwise. */
  readonly healthy?: number
  /** A predicate of `spec/excuses.ts` that does not count: to see whether a connector needs it. None unless told otherwise. */
  readonly denied?: object
}

/** The first clause that a history breaks, of the laws that apply; null when it breaks none, and where nothing is there to break one. */
export function judge(
  connector: Connector, history: History, { patience = 1_000, healthy = 0, denied }: JudgeOptions = {},
): Judgement | null {
  if (history.some(({ what }) => what === 'misused')) return null
  const isHanded = !history.some(({ what }) => what === 'fetched')
  const ledger = new Ledger(connector, connector.patience ?? patience, { isHanded, denied: denied ?? null })
  if (connector.clock === 'real') ledger.prompt += healthy
  const trying = new Trying(connector, history, ledger)
  for (const event of history) {
    trying.see(event)
    // Whatever comes after the first is not told of.
    if (trying.first) break
  }
  return trying.first
}

type When = Clause['at']
const whens: Readonly<Partial<Record<Event['what'], When>>> = {
  recorded: 'recorded', 'recorded stripped': 'recorded', 'recorded altered': 'recorded', flagged: 'flagged',
  'claims delivered': 'claimed', acknowledged: 'acknowledged',
}
const clausesAt = (when: When) => clauses.filter(({ at }) => at === when)
const byWhen: Readonly<Record<When, readonly Clause[]>> = {
  recorded: clausesAt('recorded'), flagged: clausesAt('flagged'), claimed: clausesAt('claimed'),
  acknowledged: clausesAt('acknowledged'), rest: clauses.filter(({ at }) => at === 'rest' || at === 'rest or later'),
  'rest or later': clausesAt('rest or later'), end: clausesAt('end'),
}

class Trying {
  first: Judgement | null = null
  readonly #connector: Connector
  readonly #ledger: Ledger
  readonly #most: number
  #at = -1
  #wasHealed = false

  constructor(connector: Connector, history: History, ledger: Ledger) {
    this.#connector = connector
    this.#most = history.length - 1
    this.#ledger = ledger
  }

  see(event: Event): void {
    this.#at++
    const accounts = this.#ledger.see(event)
    const { what, link, detail = '' } = event
    const when = whens[what]
    if (when && !(when === 'acknowledged' && detail === 'on disk')) for (const account of accounts) this.#hold(when, account, event)
    if (what === 'recorded something never sent')
      this.#breakAnother(honest, 'nothing invented', `${link} records ‘${detail}’, which nobody sent.`)
    if (what === 'crashed') this.#breakAnother(nothingWedges, 'it does not crash', `It crashes: ${detail}.`)
    if (what === 'healed') this.#wasHealed = true
    if (what === 'at rest' && !this.#wasHealed) this.#holdAll('rest', event)
    if (what === 'an hour later') this.#holdAll('rest or later', event)
    if (what === 'livelock') this.#goesOn(event)
    // When the calm begins, all has been at rest: what has no verdict by then would wait for the next message to come.
    if (what === 'calm' && this.#connector.clock !== 'real') this.#holdAll('end', event)
    // What never happens is known at the very end alone: nothing comes after that could be it.
    if (what === 'end' && this.#at === this.#most) this.#holdAll('end', event)
  }

  #goesOn(event: Event): void {
    for (const account of this.#ledger.accounts)
      if (account.recorded.length + account.flags.length === 0 && !account.isFresh) {
        this.#break(deliveredOrFlagged, 'a verdict in the end', account.message, `It goes on for ever, and ${account.message} has no verdict.`)
        break
      }
    this.#breakAnother(nothingWedges, 'it does not go on for ever',
      `Everything is healed, ${event.detail ?? 'much time'} later it is still at work, and nothing new has come in: it goes on for ever.`)
  }

  #holdAll(when: When, event: Event): void {
    for (const account of this.#ledger.accounts) this.#hold(when, account, event)
  }

  #hold(when: When, account: Account, { time, life = 1 }: Event): void {
    const now = { at: this.#at, time, life, wasHealed: this.#wasHealed, ...(when === 'rest or later' ? { goesOn: true as const } : {}) }
    for (const { law, name, broken } of byWhen[when]) {
      const says = broken(account, this.#ledger, now)
      if (says !== null) this.#break(law, name, account.message, says)
    }
  }

  #breakAnother(law: ConnectorLaw, clause: OtherClause, says: string): void {
    this.#break(law, clause, null, says)
  }

  #break(law: ConnectorLaw, clause: string, message: string | null, says: string): void {
    if (this.first || this.#connector.exempt?.[law.name] !== undefined) return
    this.first = { law, clause, message, at: this.#at, says }
  }
}
