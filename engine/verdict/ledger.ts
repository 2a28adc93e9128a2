/** Keeps the account of every message of a history, event by event, and what was known around it. */
import type { Account, Attempt, Interruption, Moment, Surroundings } from '../../spec/account.ts'
import { type Connector, type Event, type EventName, type MessageKind, promisesOf } from '../../spec/connector.ts'
import { AllIsWell } from './all-is-well.ts'
import { areNone, down, isDown, type LinkFaults, newFaults, up, wasOutOfReach, wereThere } from './link-faults.ts'
import { grown, none, put } from './lists.ts'
import { diedWriting } from './unwritten.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Call = Mutable<Attempt>
/** An account that is being kept. */
type Open = Mutable<Account> & { attempts: readonly Call[] }

const interruptions: Readonly<Partial<Record<Event['what'], Interruption>>> = {
  'service stops': 'stop', 'service restarts': 'stop', 'service dies': 'death', 'worker dies': 'death', 'disk fails': 'disk',
  'source drops': 'source', 'acknowledging fails': 'source', 'acknowledgement is lost': 'source',
}

export class Ledger implements Surroundings {
  readonly guarantee: Surroundings['guarantee']
  readonly recovery: number
  prompt: number
  readonly expiry: number
  readonly capacity: number
  readonly slack: number
  readonly overdue: number
  readonly timeout: number
  readonly order: Surroundings['order']
  readonly strips: number
  readonly denied: Surroundings['denied']
  readonly well: AllIsWell
  isStopped = false
  /** Whether the connector is handed what it takes from here on. Otherwise it fetches it. */
  isHanded: boolean
  readonly #accounts = new Map<string, Open[]>()
  /** By the message whose content they share, and the link. */
  readonly #twins = new Map<string, Open[]>()
  readonly #all = new Set<Open>()
  readonly #trouble: readonly string[]
  readonly #calls = new Map<number, Call>()
  readonly #links = new Map<string, LinkFaults>()
  /** By link: of the messages recorded over it, the one that was taken last. */
  readonly #latest = new Map<string, Account>()
  /** Accounts with no word of the connector yet. */
  readonly #inHand = new Set<Open>()
  /** Messages of which one of these is, whatever the number of its recipients. */
  #messagesInHand = 0
  readonly #gone = new Set<number>()
  readonly #last = new Map<EventName, number>()
  #life = 1
  #endsAsTold = false
  #at = -1

  constructor(connector: Connector, patience: number, { isHanded, denied }: { readonly isHanded: boolean } & Pick<Surroundings, 'denied'>) {
    const { recovery, expiry, capacity, slack, order, strips, timeout, trouble } = promisesOf(connector, patience)
    this.guarantee = connector.guarantee
    this.recovery = recovery
    this.prompt = connector.clock === 'real' ? Math.max(recovery, 1_000) : recovery
    this.expiry = expiry
    this.capacity = capacity
    this.slack = slack
    // Of real time a machine may be busy elsewhere, whenever it is.
    this.overdue = connector.clock === 'real' ? Infinity : slack
    this.order = order
    this.strips = strips
    this.denied = denied
    this.timeout = timeout ?? Infinity
    this.isHanded = isHanded
    this.#trouble = trouble
    this.well = new AllIsWell(connector)
  }

  get accounts(): Iterable<Account> {
    return this.#all
  }

  /**
   * Takes in the next event, whose number may be given. The accounts that it is about: where no link is said, those of all recipients
   * of a message.
   */
  see(event: Event, at = this.#at + 1): readonly Account[] {
    this.#at = at
    const { what, message, link, time } = event
    this.#lives(event)
    this.well.see(event)
    if (message === undefined) this.#last.set(what, time)
    if (link !== undefined) this.#strikes(event, link)
    if (what === 'healed') for (const faults of this.#links.values()) up(faults, time)
    const by = interruptions[what]
    if (by)
      for (const account of this.#inHand)
        // One that waits at the source is in nobody's hand.
        if (account.isHanded || account.fetched.length > 0) account.interrupted = grown(account.interrupted, { ...this.#moment(event), by })
    if (message === undefined) return []
    if (what === 'taken' || what === 'fresh') return [this.#opened(event, message, link ?? '')]
    const accounts = this.of(message, link)
    for (const account of accounts) this.#enter(account, event)
    return accounts
  }

  /** The accounts of a message: of each of its recipients, or of the one over a link. */
  of(message: string, link?: string): readonly Open[] {
    const all = this.#accounts.get(message) ?? []
    if (link === undefined || all.length < 2) return all
    return [all.find((account) => account.link === link) ?? all[0]!]
  }

  /** Forgets a message that is done with, and every call with it: nothing more is asked about it. */
  forget(message: string): void {
    for (const account of this.#accounts.get(message) ?? []) {
      this.#all.delete(account)
      this.#letGo(account)
      this.#twins.delete(`${account.twinOf} ${account.link}`)
      for (const call of account.attempts) {
        this.#calls.delete(call.number)
        this.#links.get(call.link)?.unanswered.delete(call)
      }
      const faults = this.#links.get(account.link)
      if (faults && areNone(faults)) this.#links.delete(account.link)
    }
    this.#accounts.delete(message)
  }

  /** One recipient of it, of whom nothing was known until now, is reached over this link. */
  address(message: string, link: string): void {
    const accounts = this.#accounts.get(message) ?? []
    const account = accounts.find((each) => each.link === '')
    if (!account || accounts.some((each) => each.link === link)) return
    const alike = this.#twins.get(`${account.twinOf} `)!
    alike.splice(alike.indexOf(account), 1)
    account.link = link
    this.#twins.set(`${account.twinOf} ${link}`, [account])
  }

  hadTrouble(link: string, from: number, now: Moment): boolean {
    return wereThere(this.#faultsOf(link), from, now, this)
  }

  mayFailFast(link: string, from: number, now: Moment): boolean {
    return this.#faultsOf(link).counted >= from || this.hadTrouble(link, from, now)
  }

  isAnotherDown(link: string): boolean {
    return [...this.#links].some(([name, faults]) => name !== link && isDown(faults))
  }

  wasOutOfReach(link: string, from: number, now: Moment): boolean {
    return wasOutOfReach(this.#faultsOf(link), from, now, this)
  }

  readonly lastOf = (what: EventName) => this.#last.get(what) ?? -Infinity
  readonly isOver = (life: number) => this.#gone.has(life)
  readonly isOneOfSeveral = ({ message }: Account) => this.of(message).length > 1

  twins(account: Account): readonly Account[] {
    return isKnownApart(account) ? [account] : this.#twins.get(`${account.twinOf} ${account.link}`)!
  }

  /** Of several with equal content nobody can tell which is recorded: it may be the last, and those after it wait for the first. */
  overtakenBy(account: Account): Account | null {
    const latest = this.#latest.get(account.link)
    return latest && latest.taken.at > this.twins(account).at(-1)!.taken.at ? latest : null
  }

  /** As many of those with equal content count as recorded as have been, from the first. */
  #passes(account: Account, link: string): void {
    const twins = this.twins(account)
    const passed = twins[twins.filter(({ recorded }) => recorded.length > 0).length - 1]!
    if (passed.taken.at > (this.#latest.get(link)?.taken.at ?? -1)) this.#latest.set(link, passed)
  }

  #moment({ time, life = 1 }: Event): Moment {
    return { at: this.#at, time, life }
  }

  #lives({ what, time, since }: Event): void {
    if (what === 'service stops' || what === 'service restarts') this.isStopped = true
    if (what === 'has stopped' || what === 'service dies') this.#endsAsTold = true
    if (since !== undefined) diedWriting(this.#all, since)
    if (what !== 'starts again') return
    if (this.#endsAsTold) this.#over(time)
    this.#endsAsTold = this.isStopped = false
    this.#life++
  }

  /** Every life until now is over. Nobody waits for the answers to their calls any more; they were slow until then. */
  #over(time: number): void {
    for (let life = 1; life <= this.#life; life++) this.#gone.add(life)
    for (const faults of this.#links.values()) {
      for (const { offered } of faults.unanswered) if (time - offered.time >= this.slack) faults.over = time
      faults.unanswered.clear()
    }
  }

  #strikes(event: Event, link: string): void {
    const { what, time, attempt, message, detail } = event
    const faults = this.#faultsOf(link)
    // A step towards a message is a call as well: a link that keeps it waiting is at fault.
    if (what === 'steps' && attempt !== undefined) this.#called(attempt, link, this.#moment(event), true)
    if (what === 'link refuses' || what === 'link hangs') down(faults, time)
    else if (what === 'link heals') up(faults, time)
    else if (what === 'dropped') faults.over = time
    else if (this.#trouble.includes(`${what} ${detail}`)) faults.counted = time
    if (what !== 'dropped' && what !== 'answered' && what !== 'refused') return
    const call = this.#calls.get(attempt ?? 0)
    if (!call || !faults.unanswered.delete(call)) return
    if (time - call.offered.time >= (message === undefined ? this.slack : 1)) faults.over = time
  }

  #faultsOf(link: string): LinkFaults {
    let faults = this.#links.get(link)
    if (!faults) this.#links.set(link, (faults = newFaults()))
    return faults
  }

  #opened(event: Event, message: string, link: string): Account {
    const [kind, twinOf = message] = event.detail === undefined ? plain : event.detail.split(' of ') as [MessageKind, string?]
    // One for several recipients is taken once.
    const other = this.#accounts.get(message)?.[0]
    const account: Open = {
      message, kind, link, twinOf, isFresh: event.what === 'fresh', taken: this.#moment(event),
      inHand: other?.inHand ?? this.#messagesInHand, isHanded: this.isHanded,
      attempts: none, recorded: none, flags: none, claims: none, givenAgain: none, fetched: none, acknowledged: none, aborted: null,
      interrupted: this.isStopped ? [{ ...this.#moment(event), by: 'stop' }] : none,
    }
    this.#all.add(account)
    this.#inHand.add(account)
    if (!other) this.#messagesInHand++
    put(this.#accounts, message, account)
    if (!isKnownApart(account)) put(this.#twins, `${twinOf} ${link}`, account)
    return account
  }

  #enter(account: Open, event: Event): void {
    const { what, attempt: number = 0, link = '', detail = '' } = event
    const now = this.#moment(event)
    switch (what) {
      case 'offered': return void this.#made(account, number, link, now, detail === 'comes in')
      case 'recorded': case 'recorded stripped': case 'recorded altered': {
        const as = what === 'recorded' ? 'whole' : what === 'recorded stripped' ? 'stripped' : 'altered'
        const call = this.#answered(account, number, link, now)
        account.recorded = grown(account.recorded, { at: now.at, time: now.time, life: now.life, link, attempt: call ?? null, as, detail })
        if (event.told !== false) this.#told(call, link, now, true)
        if (account.acknowledged.length > 0) this.#letGo(account)
        if (this.order === 'per link') this.#passes(account, link)
        return
      }
      case 'answered': return this.#told(this.#calls.get(number), link, now, true)
      case 'refused': case 'dropped': return this.#told(this.#answered(account, number, link, now), link, now, false)
      case 'flagged': account.flags = grown(account.flags, now); return this.#letGo(account)
      case 'claims delivered': account.claims = grown(account.claims, now); return this.#letGo(account)
      // What the connector puts back itself is no excuse of its.
      case 'given again': if (detail === '') account.givenAgain = grown(account.givenAgain, now); return
      case 'fetched': account.fetched = grown(account.fetched, now); return
      // What is acknowledged before it is settled is in the connector's hand alone.
      case 'acknowledged':
        account.acknowledged = grown(account.acknowledged, event.told === false ? { ...now, isLost: true } : now)
        if (account.recorded.length + account.flags.length > 0) this.#letGo(account)
        return
      case 'sender aborts': account.aborted = now; return
    }
  }

  /** The call that is answered. One that did not wait for its turn was made when it was answered. */
  #answered(account: Open, number: number, link: string, now: Moment): Call | undefined {
    return this.#calls.get(number) ?? (number > 0 ? this.#made(account, number, link, now) : undefined)
  }

  /** It is in the connector’s hand no longer; and its message is not, where none of its recipients is left. */
  #letGo(account: Open): void {
    if (!this.#inHand.delete(account)) return
    if (!this.#accounts.get(account.message)!.some((each) => this.#inHand.has(each))) this.#messagesInHand--
  }

  #made(account: Open, number: number, link: string, now: Moment, isFromSink = false): Call {
    const call = this.#called(number, link, now, isFromSink)
    account.attempts = grown(account.attempts, call)
    return call
  }

  #called(number: number, link: string, offered: Moment, isFromSink: boolean): Call {
    const call: Call = { number, life: offered.life, link, isFromSink, offered, told: null }
    this.#calls.set(number, call)
    this.#faultsOf(link).unanswered.add(call)
    return call
  }

  #told(call: Call | undefined, link: string, { at, time }: Moment, isTaken: boolean): void {
    if (!call || call.told) return
    call.told = { at, time, isTaken }
    const faults = this.#faultsOf(link)
    faults.unanswered.delete(call)
    // Whoever made it had given it up by then, or may have, where it does not say when it does.
    if (time - call.offered.time >= (this.timeout === Infinity ? this.slack : this.timeout)) faults.over = time
  }
}

/** Whether no other is taken for it: it has content, and a recipient, of its own. */
const isKnownApart = ({ kind, link }: Account) => kind !== 'twin' && link !== ''
const plain: readonly [MessageKind, string?] = ['plain']
