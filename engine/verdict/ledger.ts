/** Keeps the account of every message of a history, event by event, and what was known around it. */
import type { Account, Attempt, Interruption, Moment, Recording, Surroundings } from '../../spec/account.ts'
import { type Connector, type Event, type MessageKind, promisesOf } from '../../spec/connector.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Call = Mutable<Attempt>
/** An account that is being kept, with the lists that grow. */
interface Open extends Mutable<Account> {
  readonly attempts: Call[]
  readonly recorded: Recording[]
  readonly flags: Moment[]
  readonly claims: Moment[]
  readonly givenAgain: Moment[]
  readonly fetched: Moment[]
  readonly acknowledged: Moment[]
  readonly interrupted: (Moment & { readonly by: Interruption })[]
}

/** What has been done to a link. */
interface LinkFaults {
  /** When each fault was over. */
  readonly over: number[]
  isDown: boolean
  /** Calls that it has not answered yet. */
  readonly unanswered: Set<Call>
}

const interruptions: Readonly<Partial<Record<Event['what'], Interruption>>> = {
  'service stops': 'stop', 'service restarts': 'stop', 'service dies': 'death', 'worker dies': 'death', 'disk fails': 'disk',
  'source drops': 'source', 'acknowledging fails': 'source', 'acknowledgement is lost': 'source',
}

export class Ledger implements Surroundings {
  readonly guarantee: Surroundings['guarantee']
  readonly recovery: number
  readonly prompt: number
  readonly expiry: number
  readonly capacity: number
  readonly slack: number
  readonly timeout: number
  readonly order: Surroundings['order']
  readonly strips: number
  readonly denied: Surroundings['denied']
  isStopped = false
  readonly #handed: boolean
  readonly #accounts = new Map<string, Open[]>()
  /** By the message whose content they share, and the link. */
  readonly #twins = new Map<string, Open[]>()
  readonly #all: Open[] = []
  readonly #calls = new Map<number, Call>()
  readonly #links = new Map<string, LinkFaults>()
  /** By link: of the messages recorded over it, the one that was taken last. */
  readonly #latest = new Map<string, Account>()
  /** Accounts with no word of the connector yet. */
  readonly #inHand = new Set<Open>()
  /** Messages of which one of these is, whatever the number of its recipients. */
  #messagesInHand = 0
  readonly #gone = new Set<number>()
  #life = 1
  #endsAsTold = false
  #at = -1

  constructor(connector: Connector, patience: number, { isHanded, denied }: { readonly isHanded: boolean } & Pick<Surroundings, 'denied'>) {
    const { recovery, expiry, capacity, slack, order, strips, timeout } = promisesOf(connector, patience)
    this.guarantee = connector.guarantee
    this.recovery = recovery
    this.prompt = connector.clock === 'real' ? Math.max(recovery, 1_000) : recovery
    this.expiry = expiry
    this.capacity = capacity
    this.slack = slack
    this.order = order
    this.strips = strips
    this.denied = denied
    this.timeout = timeout ?? Infinity
    this.#handed = isHanded
  }

  get accounts(): readonly Account[] {
    return this.#all
  }

  /** Takes in the next event. The accounts that it is about: where no link is said, those of all recipients of a message. */
  see(event: Event): readonly Account[] {
    this.#at++
    const { what, message, link, time } = event
    this.#lives(event)
    if (link !== undefined) this.#strikes(event, link)
    if (what === 'healed') for (const faults of this.#links.values()) up(faults, time)
    const by = interruptions[what]
    if (by)
      for (const account of this.#inHand)
        // One that waits at the source is in nobody's hand.
        if (account.isHanded || account.fetched.length > 0) account.interrupted.push({ ...this.#moment(event), by })
    if (message === undefined) return []
    if (what === 'taken' || what === 'fresh') return [this.#opened(event, message, link ?? '')]
    const accounts = this.#accountsOf(message, link)
    for (const account of accounts) this.#enter(account, event)
    return accounts
  }

  hadTrouble(link: string, from: number, now: Moment): boolean {
    const { isDown, over, unanswered } = this.#faultsOf(link)
    return isDown || over.some((end) => end >= from)
      || [...unanswered].some(({ offered: { time } }) => time + this.timeout >= from && now.time - time >= this.slack)
  }

  isAnotherDown(link: string): boolean {
    return [...this.#links].some(([name, { isDown }]) => name !== link && isDown)
  }

  isOver(life: number): boolean {
    return this.#gone.has(life)
  }

  twins({ twinOf, link }: Account): readonly Account[] {
    return this.#twins.get(`${twinOf} ${link}`)!
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

  #lives({ what, time }: Event): void {
    if (what === 'service stops' || what === 'service restarts') this.isStopped = true
    if (what === 'has stopped' || what === 'service dies') this.#endsAsTold = true
    if (what !== 'starts again') return
    if (this.#endsAsTold) this.#over(time)
    this.#endsAsTold = this.isStopped = false
    this.#life++
  }

  /** Every life until now is over. Nobody waits for the answers to their calls any more; they were slow until then. */
  #over(time: number): void {
    for (let life = 1; life <= this.#life; life++) this.#gone.add(life)
    for (const { unanswered, over } of this.#links.values()) {
      for (const { offered } of unanswered) if (time - offered.time >= this.slack) over.push(time)
      unanswered.clear()
    }
  }

  #strikes(event: Event, link: string): void {
    const { what, time, attempt, message } = event
    const faults = this.#faultsOf(link)
    // A step towards a message is a call as well: a link that keeps it waiting is at fault.
    if (what === 'steps' && attempt !== undefined) this.#called(attempt, link, this.#moment(event), true)
    if (what === 'link refuses' || what === 'link hangs') faults.isDown = true
    else if (what === 'link heals') up(faults, time)
    else if (what === 'dropped') faults.over.push(time)
    if (what !== 'dropped' && what !== 'answered' && what !== 'refused') return
    const call = this.#calls.get(attempt ?? 0)
    const least = message === undefined ? this.slack : 1
    if (!call || !faults.unanswered.delete(call)) return
    if (time - call.offered.time >= least) faults.over.push(time)
  }

  #faultsOf(link: string): LinkFaults {
    let faults = this.#links.get(link)
    if (!faults) this.#links.set(link, (faults = { over: [], isDown: false, unanswered: new Set() }))
    return faults
  }

  #opened(event: Event, message: string, link: string): Account {
    const [kind, twinOf = message] = (event.detail ?? 'plain').split(' of ') as [MessageKind, string?]
    // One for several recipients is taken once.
    const other = this.#accounts.get(message)?.[0]
    const account: Open = {
      message, kind, link, twinOf, isFresh: event.what === 'fresh', taken: this.#moment(event),
      inHand: other?.inHand ?? this.#messagesInHand, isHanded: this.#handed,
      attempts: [], recorded: [], flags: [], claims: [], givenAgain: [], fetched: [], acknowledged: [], aborted: null,
      interrupted: this.isStopped ? [{ ...this.#moment(event), by: 'stop' }] : [],
    }
    this.#all.push(account)
    this.#inHand.add(account)
    if (!other) this.#messagesInHand++
    for (const [all, key] of [[this.#accounts, message], [this.#twins, `${twinOf} ${link}`]] as const) {
      const known = all.get(key)
      if (known) known.push(account)
      else all.set(key, [account])
    }
    return account
  }

  #accountsOf(message: string, link: string | undefined): readonly Open[] {
    const all = this.#accounts.get(message) ?? []
    if (link === undefined || all.length < 2) return all
    return [all.find((account) => account.link === link) ?? all[0]!]
  }

  #enter(account: Open, event: Event): void {
    const { what, attempt: number = 0, link = '', detail = '' } = event
    const now = this.#moment(event)
    switch (what) {
      case 'offered': return void this.#made(account, number, link, now, detail === 'comes in')
      case 'recorded': case 'recorded stripped': case 'recorded altered': {
        const as = what === 'recorded' ? 'whole' : what === 'recorded stripped' ? 'stripped' : 'altered'
        const call = this.#answered(account, number, link, now)
        account.recorded.push({ at: now.at, time: now.time, life: now.life, link, attempt: call ?? null, as, detail })
        if (event.told !== false) this.#told(call, link, now, true)
        if (account.acknowledged.length > 0) this.#letGo(account)
        if (this.order === 'per link') this.#passes(account, link)
        return
      }
      case 'answered': return this.#told(this.#calls.get(number), link, now, true)
      case 'refused': case 'dropped': return this.#told(this.#answered(account, number, link, now), link, now, false)
      case 'flagged': account.flags.push(now); return this.#letGo(account)
      case 'claims delivered': account.claims.push(now); return this.#letGo(account)
      // What the connector puts back itself is no excuse of its.
      case 'given again': return void (detail === '' && account.givenAgain.push(now))
      case 'fetched': return void account.fetched.push(now)
      // What is acknowledged before it is settled is in the connector's hand alone.
      case 'acknowledged':
        account.acknowledged.push(now)
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
    account.attempts.push(call)
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
    this.#faultsOf(link).unanswered.delete(call)
  }
}

function up(faults: LinkFaults, time: number): void {
  if (faults.isDown) faults.over.push(time)
  faults.isDown = false
}
