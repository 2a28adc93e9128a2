/**
 * Holds a log to the right model of a component: could it have given these verdicts, in this order, with what happened before each?
 *
 * A stretch of the log in which at most six messages are in hand, from when the first is taken to when the last has its verdict, is held to
 * it as a whole; in a longer one, each message by itself. That something did not happen is no evidence here: the laws see to that.
 */
import type { Component } from '../../spec/component.ts'
import type { Event, FaultName, MessageKind } from '../../spec/connector.ts'
import type { LogConformance, LogLine } from '../../spec/evidence/log-verdict.ts'
import type { LogEvent, LogPromises } from '../../spec/evidence/log.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { explain, TooManyRuns, verdictText } from '../conform/explain.ts'
import { questionOf } from '../conform/model-question.ts'
import { builderOf } from '../model/build.ts'
import type { Machine } from '../model/machine.ts'
import { UsageError } from '../usage-error.ts'

const mostMessages = 6
/** More that is known of a stretch than this, and the model would have too many runs. */
const mostEvents = 60

interface Noted {
  readonly line: LogLine
  readonly what: Event['what']
  /** Null where it is about no message; then perhaps about a link. */
  readonly about: Entry | null
  readonly link: string | null
  readonly told?: false
}

/** A message on its way over one link. */
class Entry {
  readonly id: string
  readonly link: string
  kind: MessageKind
  readonly noted: Noted[] = []
  hasVerdict = false

  constructor(id: string, link: string, kind: MessageKind) {
    this.id = id
    this.link = link
    this.kind = kind
  }
}

interface Parting {
  /** Its place among what is known. */
  readonly at: number
  readonly verdict: string
  readonly allowed: readonly string[]
}
type Answer = 'explained' | 'too many' | { readonly why: string } | Parting
type Found = NonNullable<LogConformance['divergence']>

export class ModelWatch {
  readonly #component: Component
  readonly #promises: Pick<LogPromises, 'guarantee' | 'order'>
  readonly #entries = new Map<string, Entry[]>()
  /** Those that were taken before their links were known. */
  readonly #unaddressed = new Set<string>()
  readonly #kinds = new Map<string, MessageKind>()
  readonly #down = new Set<string>()
  readonly #machines = new Map<string, Machine>()
  readonly #answers = new Map<string, Answer>()
  readonly #notAsked = new Map<string, number>()
  readonly #counts = { messages: 0, together: 0, tooMany: 0, divergences: 0 }
  #window: { readonly noted: Noted[]; readonly entries: Entry[] } | null = null
  #waiting = 0
  #isLarge = false
  #isRunning = false
  #first: Found | null = null

  constructor(component: Component, promises: Pick<LogPromises, 'guarantee' | 'order'>) {
    this.#component = component
    this.#promises = promises
  }

  /** How many messages are in memory. */
  get kept(): number {
    return this.#entries.size
  }

  see(line: number, event: LogEvent): void {
    const { what, message, link, kind, time } = event
    const at: LogLine = { line, time, event: { what, ...(link === undefined ? {} : { link }) } }
    if (message === undefined) return this.#world(at, event)
    const known = this.#entries.get(message) ?? []
    if (what === 'taken' || (what === 'fetched' && known.length === 0)) {
      if (kind !== undefined) this.#kinds.set(message, kind)
      if (link !== undefined && known.every((entry) => entry.link !== link)) this.#open(message, link, at)
      else if (link === undefined && known.length === 0) {
        this.#entries.set(message, [])
        this.#unaddressed.add(message)
      }
      return
    }
    if (!this.#entries.has(message)) return
    if (link !== undefined && this.#unaddressed.has(message) && known.every((entry) => entry.link !== link)) this.#open(message, link, at)
    const all = this.#entries.get(message)!
    for (const entry of all.filter((each) => !each.hasVerdict && (link === undefined || each.link === link))) this.#enter(entry, at, event)
    if (what === 'removed') this.#forget(message)
  }

  end(): LogConformance {
    this.#close()
    return { component: this.#component.name, ...this.#counts, notAsked: Object.fromEntries(this.#notAsked), divergence: this.#first }
  }

  #open(id: string, link: string, line: LogLine): void {
    const entry = new Entry(id, link, this.#kinds.get(id) ?? 'plain')
    this.#entries.set(id, [...(this.#entries.get(id) ?? []), entry])
    this.#waiting++
    if (!this.#isLarge) (this.#window ??= { noted: [], entries: [] }).entries.push(entry)
    this.#note({ line, what: 'taken', about: entry, link })
    if (this.#down.has(link)) this.#note({ line, what: 'link refuses', about: null, link })
    if (this.#window && this.#window.entries.length > mostMessages) this.#enlarge()
  }

  #note(noted: Noted): void {
    const { about, link } = noted
    this.#window?.noted.push(noted)
    if (about) about.noted.push(noted)
    else
      for (const entries of this.#entries.values())
        for (const entry of entries) if (!entry.hasVerdict && (link === null || entry.link === link)) entry.noted.push(noted)
  }

  /** More are in hand than the model is asked about at once: from here on, each is by itself. */
  #enlarge(): void {
    for (const entry of this.#window!.entries) if (entry.hasVerdict) this.#alone(entry)
    this.#window = null
    this.#isLarge = true
  }

  #world(line: LogLine, { what, link }: LogEvent): void {
    const struck = (fault: FaultName, on: string | null = null) => this.#note({ line, what: fault, about: null, link: on })
    if (what === 'link down' && !this.#down.has(link!)) {
      this.#down.add(link!)
      struck('link refuses', link!)
    } else if (what === 'link up') this.#down.delete(link!)
    else if (what === 'worker died') struck('worker dies')
    else if (what === 'died' || (what === 'started' && this.#isRunning)) struck('service dies')
    else if (what === 'stopped') struck('service restarts')
    if (what === 'started') this.#isRunning = true
    if (what === 'died' || what === 'stopped') this.#isRunning = false
  }

  #enter(entry: Entry, line: LogLine, { what, permanent }: LogEvent): void {
    const { link } = entry
    const note = (is: Event['what'], about: Entry | null = entry, more: { readonly told?: false } = {}) =>
      this.#note({ line, what: is, about, link, ...more })
    switch (what) {
      case 'accepted': note('recorded'); return this.#settled(entry)
      case 'delivered': note('recorded', entry, { told: false }); return this.#settled(entry)
      case 'flagged': note('flagged'); return this.#settled(entry)
      case 'removed': return this.#settled(entry)
      case 'refused':
        if (permanent) entry.kind = this.#kinds.get(entry.id) ?? 'refused'
        else if (!entry.noted.some((each) => each.what === 'link refuses')) note('link refuses', null)
        return
      case 'lost': {
        // The far side may have it or not.
        const words = Object.values(this.#component.words?.faults ?? {})
        const may = (['link drops before', 'link drops after'] as const).filter((fault) =>
          words.some(({ is, orBriefly = [] }) => [...is, ...orBriefly].includes(fault)))
        for (const fault of may.length > 0 ? may : ['link drops before'] as const) note(fault, null)
        return
      }
      case 'given again': case 'fetched': this.#note({ line, what: 'source drops', about: null, link: null }); return
      case 'aborted': return note('sender aborts')
    }
  }

  #settled(entry: Entry): void {
    entry.hasVerdict = true
    this.#waiting--
    if (this.#isLarge) this.#alone(entry)
    if (this.#waiting === 0) this.#close()
    this.#kinds.delete(entry.id)
    if (this.#isLarge || this.#waiting === 0) this.#forgetSettled(entry.id)
  }

  #forgetSettled(id: string): void {
    if (this.#entries.get(id)?.every(({ hasVerdict }) => hasVerdict)) this.#forget(id)
  }

  #forget(id: string): void {
    this.#waiting -= (this.#entries.get(id) ?? []).filter(({ hasVerdict }) => !hasVerdict).length
    this.#entries.delete(id)
    this.#kinds.delete(id)
    this.#unaddressed.delete(id)
  }

  /** All in hand have their verdicts: those of a small stretch are held to the model together. */
  #close(): void {
    const window = this.#window
    this.#window = null
    this.#isLarge = false
    if (!window) return
    const entries = window.entries.filter(({ noted }) => noted.length > 0)
    const answer = this.#asked(entries, window.noted)
    const isAsked = typeof answer === 'string' ? answer === 'explained' : 'at' in answer
    if (!isAsked) for (const entry of entries.filter((each) => each.hasVerdict)) this.#alone(entry)
    else this.#count(answer, entries, window.noted, true)
    for (const { id } of entries) this.#forgetSettled(id)
  }

  #alone(entry: Entry): void {
    this.#count(this.#asked([entry], entry.noted), [entry], entry.noted, false)
  }

  #count(answer: Answer, entries: readonly Entry[], noted: readonly Noted[], isTogether: boolean): void {
    if (answer === 'too many') return void this.#counts.tooMany++
    if (answer !== 'explained' && 'why' in answer) {
      this.#notAsked.set(answer.why, (this.#notAsked.get(answer.why) ?? 0) + entries.length)
      return
    }
    this.#counts.messages += entries.length
    if (isTogether) this.#counts.together += entries.length
    if (answer === 'explained') return
    this.#counts.divergences++
    const id = (text: string) => text.replace(/^m(\d+)/, (_, number: string) => entries[Number(number) - 1]!.id)
    const allowed = [...new Set(answer.allowed)].map(id)
    const line = noted[answer.at]!.line.line
    if (this.#first && this.#first.line <= line) return
    this.#first = {
      line, allowed, lines: noted.map((each) => each.line),
      says: `${id(answer.verdict)} here; ${this.#component.name} would have allowed: ${allowed.join('; ') || 'nothing more'}.`,
    }
  }

  /** What is the same to the model is asked once. */
  #asked(entries: readonly Entry[], noted: readonly Noted[]): Answer {
    if (noted.length > mostEvents) return { why: `more than ${mostEvents} things happen meanwhile` }
    const links = [...new Set(entries.map(({ link }) => link))]
    const told = noted.filter(({ what, link }) => what !== 'taken' && (link === null || links.includes(link)))
    const events = told.map(({ what, about, link, told: isTold }): Omit<Event, 'time'> => ({
      what, ...(about ? { message: `m${entries.indexOf(about) + 1}` } : {}),
      ...(link === null ? {} : { link: `link ${links.indexOf(link) + 1}` }), ...(isTold === false ? { told: false } : {}),
    }))
    const stream = entries.map(({ kind, link }) => ({ count: 1, kind, link: links.indexOf(link) + 1 }))
    const key = JSON.stringify([stream, events])
    const known = this.#answers.get(key) ?? this.#answer(stream, links.length, events)
    if (this.#answers.size < mostAnswers) this.#answers.set(key, known)
    return typeof known === 'string' || 'why' in known ? known : { ...known, at: noted.indexOf(told[known.at]!) }
  }

  #answer(stream: Scenario['stream'], links: number, events: readonly Omit<Event, 'time'>[]): Answer {
    const workers = this.#component.words?.workers.length ? Math.min(stream.length, mostWorkers) : 1
    // Nothing that did not happen is evidence, so the model need not be at rest in the end.
    const subject = { ...this.#promises, clock: 'real' } as const
    try {
      const history = events.map((event) => ({ ...event, time: 0 }))
      const question = questionOf(this.#component, subject, { workers, links, stream, faults: [], schedule: [] }, history)
      if (typeof question === 'string') return { why: question }
      const found = explain(this.#machineAt(question.scope), question)
      if (found.is === 'explained' || !found.verdict) return 'explained'
      return { at: found.verdict.at, verdict: verdictText(`m${found.verdict.message}`, found.verdict.verdict), allowed: found.allowed }
    } catch (error) {
      if (error instanceof TooManyRuns) return 'too many'
      if (error instanceof UsageError) return { why: `more happens than it has a size for (${error.message})` }
      throw error
    }
  }

  #machineAt(scope: Readonly<Record<string, number>>): Machine {
    const key = JSON.stringify(scope)
    let machine = this.#machines.get(key)
    if (!machine) this.#machines.set(key, machine = builderOf(this.#component, 'fixed')(scope))
    return machine
  }
}

const mostAnswers = 10_000
const mostWorkers = 3
