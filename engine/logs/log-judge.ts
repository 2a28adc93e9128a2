/**
 * Holds a log to the clauses of the laws, line by line. What is settled leaves memory but for 24 bytes: they are enough to see it
 * delivered once more. Nothing is accused for what is not in the log, unless whoever judges it says that it would be there.
 */
import type { Account } from '../../spec/account.ts'
import { type Clause, clauses } from '../../spec/clauses.ts'
import type { Connector, Event } from '../../spec/connector.ts'
import { excused, lastGiven, lossExcuses } from '../../spec/excuses.ts'
import { type ConnectorLaw, deliveredOrFlagged, honest } from '../../spec/laws.ts'
import { type LogClause, type LogVerdict, wrongs } from '../../spec/evidence/log-verdict.ts'
import { aboutNoMessage, type LogEvent, type LogPromises } from '../../spec/evidence/log.ts'
import { Ledger } from '../verdict/ledger.ts'
import { ConnectorLives } from './connector-lives.ts'
import { LogFindings } from './log-findings.ts'
import { hasVerdict, LogMemory } from './log-memory.ts'
import { Call, MessageInHand } from './message-in-hand.ts'
import { SettledMessages } from './settled-messages.ts'

/** Clauses that a log can break: the others ask for a moment of rest, for a fresh stream, or how long what is late was kept from it. */
const at = (when: Clause['at']) => clauses.filter((clause) => clause.at === when && Object.hasOwn(wrongs, clause.name))
const byMoment = { recorded: at('recorded'), flagged: at('flagged'), claimed: at('claimed'), acknowledged: at('acknowledged') }
const tooOld = clauses.find(({ name }) => name === 'a verdict before it is too old')!

export class LogJudge {
  readonly #promises: LogPromises
  readonly #ledger: Ledger
  readonly #found: LogFindings
  readonly #memory: LogMemory
  readonly #lives: ConnectorLives
  #line = 0
  #now = 0
  #from: number | null = null
  #drained = 0

  constructor(promises: LogPromises, silentOn: readonly string[] = [], settled = new SettledMessages()) {
    this.#promises = promises
    const { guarantee, order, recovery, expiry } = promises
    // Only what it promises is read from it.
    const connector: Connector = { name: 'log', guarantee, order, recovery, expiry, start: () => ({}) }
    this.#ledger = new Ledger(connector, 0, { isHanded: true, denied: null })
    this.#found = new LogFindings(promises, silentOn)
    this.#memory = new LogMemory(this.#ledger, settled)
    this.#lives = new ConnectorLives((what, more) => this.#feed(what, more))
  }

  /** Bytes that are kept for settled messages, and messages that are kept whole. */
  get kept(): { readonly bytes: number; readonly open: number } {
    return { bytes: this.#memory.bytes, open: this.#memory.size }
  }

  /** Sees a line that the map has no event for. */
  passesOver(line: number, text: string): void {
    this.#found.passesOver(line, text)
  }

  /** How far time went back, where that is further than a log may: nothing after it is read. */
  isBack({ time }: LogEvent): number {
    return this.#from !== null && time < this.#now - this.#promises.skew ? this.#now - time : 0
  }

  see(line: number, event: LogEvent): void {
    this.#line = line
    this.#now = this.#from === null ? event.time : Math.max(this.#now, event.time)
    this.#from ??= event.time
    this.#found.count('events')
    if (event.what === 'drained') this.#drained = line
    if (aboutNoMessage.has(event.what)) return this.#lives.see(event, this.#found.counts.messages > 0)
    const known = this.#memory.inHand(event.message!, this.#moment())
    const message = event.what === 'taken' ? this.#taken(known, event)
      : known ?? (event.what === 'fetched' ? this.#taken(undefined, event) : undefined)
    if (!message) return known ? undefined : this.#stranger(event)
    if (event.what !== 'taken' || !event.isSeenAgain || message !== known) message.saw(line, event, event.time)
    this.#enter(message, event, message !== known)
    this.#memory.settle(message, this.#lives.life)
  }

  /** The verdict on what was read; `isWhole` where nothing was left unread. */
  end(log: string, lines: number, stopped: LogVerdict['stopped'], conformance: LogVerdict['conformance'] = null): LogVerdict {
    const isWhole = stopped === null
    let inHand = 0
    for (const message of this.#memory.messages) {
      const accounts = this.#accountsOf(message).filter((account) => !hasVerdict(account))
      if (accounts.length > 0) inHand++
      for (const account of accounts) if (isWhole) this.#unsettled(message, account)
    }
    if (this.#memory.hasForgotten) this.#found.doubt('forgotten', null)
    return this.#found.verdict({ log, lines, stopped, inHand, conformance, from: this.#from, to: this.#from === null ? null : this.#now })
  }

  /** A message without a verdict, when the log is over. */
  #unsettled(message: MessageInHand, account: Account): void {
    if (message.isDoubtful) return
    const { patience, until } = this.#promises
    const { taken } = account
    const waited = this.#now - taken.time
    const old = tooOld.broken(account, this.#ledger, { ...this.#moment(), wasHealed: true })
    if (old !== null) return this.#found.add(message, { law: tooOld.law, clause: 'a verdict before it is too old', says: old, line: taken.at })
    if (until !== null && taken.time >= until) return
    const why = taken.at < this.#drained ? `the source is drained at line ${amount(this.#drained)}`
      : until !== null ? 'it was taken before the time that was named' : patience !== null && waited >= patience ? `the log goes on for ${amount(waited)} ms` : null
    if (why === null) return this.#found.doubt('in hand', taken.at)
    if (this.#mayBeLost(account)) return
    this.#found.add(message, {
      law: deliveredOrFlagged, clause: 'a verdict in the end', line: taken.at,
      says: `${message.id} is taken${forLink(account)}, ${why}, and it is neither delivered nor flagged.`,
    })
  }

  #mayBeLost(account: Account): boolean {
    return this.#promises.guarantee === 'at-most-once' && excused(lossExcuses, this.#ledger, account, this.#ledger, this.#moment())
  }

  #moment() {
    return { at: this.#line, time: this.#now, life: this.#lives.life }
  }

  #feed(what: Event['what'], more: Partial<Event> = {}, line = this.#line): readonly Account[] {
    return this.#ledger.see({ what, time: this.#now, life: this.#lives.life, ...more }, line)
  }

  #accountsOf({ id }: MessageInHand): readonly Account[] {
    return this.#ledger.of(id)
  }

  /** A message comes in, or one more of its recipients is named. What is known already, and is to be new, is in doubt. */
  #taken(known: MessageInHand | undefined, event: LogEvent): MessageInHand | undefined {
    const { message: id = '', link = '', kind, recipients = 1, isSeenAgain, content, what } = event
    if (known && !known.isRemoved) {
      const isOther = link !== '' && this.#accountsOf(known).every((account) => account.link !== link && account.link !== '')
      if (!isOther && isSeenAgain) return known
      if (!isOther) {
        known.isDoubtful = true
        this.#found.doubt('taken twice', this.#line)
        return known
      }
    }
    if (known?.isRemoved) this.#memory.forget(known)
    const message = known && !known.isRemoved ? known : new MessageInHand(id)
    if (message !== known) this.#found.count('messages')
    this.#memory.add(message)
    this.#ledger.isHanded = what !== 'fetched'
    for (let i = 0; i < recipients; i++) this.#feed('taken', { message: id, link, ...(kind === undefined ? {} : { detail: kind }) })
    message.isKindKnown = kind !== undefined
    if (content !== undefined) (message.contents ??= new Map()).set(link, content)
    return message
  }

  /** An event about a message that this log never saw taken. */
  #stranger(event: LogEvent): void {
    const { message = '', what, link } = event
    if (what === 'removed') return
    if (this.#promises.begins === 'running') return this.#found.count('older')
    if (this.#promises.begins === null) return this.#found.doubt('never taken', this.#line)
    if (what !== 'delivered' && what !== 'accepted') return
    const message_ = new MessageInHand(message)
    message_.saw(this.#line, event, event.time)
    this.#found.add(message_, {
      law: honest, clause: 'nothing invented', line: this.#line,
      says: `${message} is ${what}${link === undefined ? '' : ` by ${link}`}, and this log, which begins with nothing in hand, never saw it taken.`,
    })
  }

  #enter(message: MessageInHand, event: LogEvent, isNew: boolean): void {
    const { what, link, because } = event
    const { id } = message
    const over = link === undefined ? {} : { link }
    if (link !== undefined && what !== 'taken') this.#ledger.address(id, link)
    switch (what) {
      case 'sent': this.#called(message, event); return
      case 'accepted': case 'refused': case 'lost': return this.#answered(message, event)
      case 'delivered': return this.#delivered(message, event)
      case 'claimed': return this.#hold('claimed', message, this.#feed('claims delivered', { message: id, ...over }))
      case 'flagged': return this.#flagged(message, event)
      case 'given again': this.#feed('given again', { message: id }); return
      case 'aborted': this.#feed('sender aborts', { message: id }); return
      case 'fetched':
        for (const account of this.#ledger.of(id)) account.isHanded = false
        if (!isNew && this.#accountsOf(message).some(({ fetched }) => fetched.length > 0)) this.#feed('given again', { message: id })
        this.#feed('fetched', { message: id })
        return
      case 'acknowledged': {
        const accounts = this.#feed('acknowledged', { message: id })
        return because === 'on disk' ? undefined : this.#hold('acknowledged', message, accounts)
      }
      case 'removed': return this.#removed(message)
    }
  }

  /** Who is done with a message forgets it: what has no verdict by then has none in the end. */
  #removed(message: MessageInHand): void {
    message.isRemoved = true
    for (const account of this.#accountsOf(message)) {
      if (hasVerdict(account) || this.#mayBeLost(account)) continue
      this.#add(message, deliveredOrFlagged, 'a verdict in the end',
        `${message.id}${forLink(account)} is removed, and is neither delivered nor flagged.`)
    }
  }

  #called(message: MessageInHand, { link: said, attempt }: LogEvent): Call {
    const link = said ?? this.#accountsOf(message)[0]?.link ?? ''
    const call = new Call(this.#memory.nextCall(), attempt ?? null, link, this.#lives.life)
    message.calls.push(call)
    this.#feed('offered', { message: message.id, link, attempt: call.number })
    return call
  }

  #answered(message: MessageInHand, event: LogEvent): void {
    const { what } = event
    if (message.isAnswered(event)) return
    const call = message.waiting(event, this.#lives.life) ?? this.#called(message, event)
    call.isAnswered = true
    const about = { message: message.id, link: call.link, attempt: call.number }
    if (what === 'refused') this.#feed('refused', about)
    else if (what === 'lost') this.#feed('dropped', about)
    else if (call.isCounted) this.#feed('answered', about)
    else {
      call.isCounted = true
      this.#recorded(message, event, this.#feed('recorded', about))
    }
  }

  #delivered(message: MessageInHand, event: LogEvent): void {
    const { link } = event
    const call = message.recorded(event)
    if (call) call.isSeen = true
    const isAltered = this.#isAltered(message, event)
    if (call?.isCounted) {
      if (isAltered) this.#add(message, honest, 'not altered', `${message.id} is recorded with other content than it was taken with.`)
      return
    }
    if (call) call.isCounted = true
    const over = link ?? call?.link ?? this.#accountsOf(message)[0]?.link ?? ''
    const accounts = this.#feed(isAltered ? 'recorded altered' : 'recorded', {
      message: message.id, link: over, told: false, ...(call ? { attempt: call.number } : {}),
      ...(isAltered ? { detail: (event.content ?? '').slice(0, 200) } : {}),
    })
    this.#recorded(message, event, accounts)
  }

  #isAltered({ contents }: MessageInHand, { content, link = '' }: LogEvent): boolean {
    const sent = contents?.get(link) ?? contents?.get('') ?? (contents?.size === 1 ? [...contents.values()][0] : undefined)
    return content !== undefined && sent !== undefined && content !== sent
  }

  #recorded(message: MessageInHand, event: LogEvent, accounts: readonly Account[]): void {
    this.#found.count('delivered')
    this.#hold('recorded', message, accounts)
    for (const account of accounts) if (account.recorded.length + account.flags.length === 1) this.#isLate(message, account, event)
  }

  /** Without a link, a flag is about each recipient that has no verdict; where all have one, about all of them. */
  #flagged(message: MessageInHand, event: LogEvent): void {
    const all = this.#accountsOf(message)
    if (event.isSeenAgain && all.some((account) => account.link === event.link && hasVerdict(account))) return
    const bare = all.filter((account) => !hasVerdict(account))
    const links = event.link !== undefined || all.length < 2 ? [event.link] : (bare.length > 0 ? bare : all).map(({ link }) => link)
    message.isExplained = event.because !== undefined
    for (const link of links) {
      const accounts = this.#feed('flagged', { message: message.id, ...(link === undefined ? {} : { link }) })
      this.#found.count('flagged')
      this.#hold('flagged', message, accounts)
      for (const account of accounts) if (account.recorded.length + account.flags.length === 1) this.#isLate(message, account, event)
    }
  }

  #isLate(message: MessageInHand, account: Account, { what }: LogEvent): void {
    const took = this.#now - lastGiven(account).time
    if (took < this.#promises.expiry + this.#ledger.slack) return
    this.#add(message, tooOld.law, 'a verdict before it is too old',
      `${message.id} is ${what} after ${amount(took)} ms: the declared expiry is ${amount(this.#promises.expiry)} ms.`)
  }

  #hold(when: keyof typeof byMoment, message: MessageInHand, accounts: readonly Account[]): void {
    const now = { ...this.#moment(), wasHealed: false }
    for (const account of accounts)
      for (const { law, name, broken } of byMoment[when]) {
        // What is wrong with a message, a log that does not say its kind need not show.
        if (name === 'flagged only with a reason' && (!message.isKindKnown || message.isExplained)) continue
        const says = broken(account, this.#ledger, now)
        if (says !== null) this.#add(message, law, name as LogClause, says)
      }
  }

  #add(message: MessageInHand, law: ConnectorLaw, clause: LogClause, says: string): void {
    if (!message.isDoubtful) this.#found.add(message, { law, clause, says, line: this.#line })
  }
}

const amount = (n: number) => n.toLocaleString('en-US')
const forLink = ({ link }: Account) => (link === '' ? '' : ` for ${link}`)
