/** A real connector’s history as it is played back: where each link and each message stands after every event. */
import type { Event, EventName } from '../../spec/connector.ts'
import type { Cell, Fortune, Moment, Playback, Value } from '../../spec/evidence/suite-evidence.ts'
import type { StepKind } from '../../spec/model.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { isLinkFault, linkDoes, wordsFor } from '../text/event.ts'

/** With more messages than this, a state counts them, and names only the one that is accused. */
export const mostNamed = 12

export function violationPlayback(found: Pick<Violation, 'connector' | 'history' | 'message'>): Playback {
  const { connector, history, message: accused } = found
  const words = wordsFor(found)
  const [actors, messages, texts] = [new Table([connector]), new Table(), new Table()]
  for (const { message } of history) if (message !== undefined) messages.at(message)
  const state = new State(history, messages.all, accused)
  const moments = history.map((event): Moment => {
    const { lane, text } = words(event)
    const name = event.message ?? ''
    const [before, after] = split(text, name)
    const is = fortune(event, state)
    const sets = state.take(event)
    const number = name === '' ? -1 : messages.at(name)
    return {
      who: actors.at(lane ?? ''), text: texts.at(JSON.stringify(after === null ? [before] : [before, after])),
      ...(after === null ? {} : { message: number }), time: event.time,
      ...(lane === null ? { kind: across[event.what] ?? 'fault' } : {}),
      ...(is === null || number < 0 ? {} : { marks: [[number, is]] }), ...(sets.length === 0 ? {} : { sets }),
    }
  })
  return {
    actors: actors.all, messages: messages.all, texts: texts.all.map((text) => JSON.parse(text)), options: [], end: [],
    cells: state.cells, start: state.start, stretches: [{ times: 1, moments }],
  }
}

/** Events across the lanes that are not faults. */
const across: Readonly<Partial<Record<EventName, StepKind>>> = {
  'at rest': 'timer', 'an hour later': 'timer', end: 'timer', calm: 'timer', 'time passes': 'timer', 'gave up': 'timer', healed: 'heal',
  'link heals': 'heal', fresh: 'heal', 'given again': 'progress', 'starts again': 'heal',
}

/** A text before and after the name in it; the name may be anything at all. */
function split(text: string, name: string): readonly [before: string, after: string | null] {
  const at = name === '' ? -1 : text.indexOf(name)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + name.length)]
}

function fortune({ what, message = '', link = '' }: Event, state: State): Fortune | null {
  if (what === 'recorded') return state.isRecorded(message, link) ? 'delivered again' : 'delivered'
  if (what === 'recorded altered') return 'altered'
  if (what === 'recorded stripped') return 'stripped'
  if (what === 'fresh') return 'taken'
  if (what === 'thrown away') return 'lost'
  if (what === 'taken' || what === 'flagged' || what === 'dropped') return what
  return null
}

class Table {
  readonly all: string[] = []
  readonly #places = new Map<string, number>()
  constructor(first: readonly string[] = []) {
    for (const text of first) this.at(text)
  }
  at(text: string): number {
    let place = this.#places.get(text)
    if (place === undefined) this.#places.set(text, (place = this.all.push(text) - 1))
    return place
  }
}

/** What stands of a message after an event about it. */
const standing: Readonly<Partial<Record<EventName, string>>> = {
  taken: 'taken', fresh: 'taken', fetched: 'fetched', 'given again': 'given again', offered: 'offered', recorded: 'recorded',
  'recorded altered': 'recorded, altered', 'recorded stripped': 'recorded, stripped', acknowledged: 'acknowledged',
  'thrown away': 'thrown away',
  refused: 'refused', dropped: 'dropped', 'claims delivered': 'said to be delivered', flagged: 'flagged', 'sender aborts': 'aborted',
}
const counted: readonly EventName[] = ['taken', 'offered', 'recorded', 'refused', 'dropped', 'claims delivered', 'flagged']

class State {
  readonly cells: Cell[] = []
  readonly start: Value[] = []
  readonly #places = new Map<string, number>()
  readonly #counts = new Map<string, number>()
  readonly #recorded = new Set<string>()
  /** Of a message with several recipients, the links over which it goes: it stands at each of them. */
  readonly #recipients = new Map<string, ReadonlySet<string>>()

  constructor(history: Violation['history'], messages: readonly string[], accused: string | null) {
    for (const link of new Set(history.flatMap(({ link: name }) => name ?? []))) this.#add('link', link, 'is', 'up')
    for (const { what, message, link } of history)
      if (what === 'taken' && message !== undefined && link !== undefined)
        this.#recipients.set(message, new Set([...(this.#recipients.get(message) ?? []), link]))
    for (const key of new Set(history.flatMap(({ onDisk = [] }) => onDisk))) this.#add('disk', 'disk', key, '')
    const named = messages.length <= mostNamed ? messages : accused === null ? [] : [accused]
    if (messages.length > mostNamed) for (const what of counted) this.#add('message', 'messages', what, 0)
    for (const message of named) for (const name of this.#standings(message)) this.#add('message', name, 'is', '')
  }
  #add(kind: string, of: string, field: string, value: Value): void {
    this.#places.set(`${kind} ${of} ${field}`, this.cells.push({ stage: '', kind, of, field }) - 1)
    this.start.push(value)
  }

  isRecorded(message: string, link: string): boolean {
    return this.#recorded.has(this.#standings(message, link).join())
  }

  /** Which cells an event sets. */
  take({ what, message = '', link = '', onDisk, holds = [] }: Event): NonNullable<Moment['sets']> {
    const place = this.#standings(message, link).join()
    const twice = what === 'recorded' && this.#recorded.has(place)
    if (what === 'recorded' || what === 'recorded altered') this.#recorded.add(place)
    const set = (name: string, value: Value) => {
      const cell = this.#places.get(name)
      return cell === undefined ? [] : [[cell, value] as const]
    }
    // What a disk holds is seen where a worker dies and where the connector starts again, and not in between.
    if (onDisk !== undefined)
      return this.cells.flatMap(({ kind, field }) => (kind === 'disk' ? set(`disk disk ${field}`, holds[onDisk.indexOf(field)] ?? '') : []))
    if (what === 'healed') return this.cells.flatMap(({ kind, of }) => (kind === 'link' ? set(`link ${of} is`, 'up') : []))
    if (isLinkFault(what)) return set(`link ${link} is`, what === 'link heals' ? 'up' : linkDoes[what])
    const count = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, count)
    const stands = standing[what]
    return [
      ...set(`message messages ${what}`, count),
      ...(stands === undefined ? [] : this.#standings(message, link).flatMap((name) =>
        set(`message ${name} is`, twice ? 'recorded again' : stands))),
    ]
  }

  /** What a message is called where it stands: by its name, or, with several recipients, for each of those that an event is about. */
  #standings(message: string, link = ''): readonly string[] {
    const links = [...(this.#recipients.get(message) ?? [])]
    return links.length < 2 ? [message] : (links.includes(link) ? [link] : links).map((each) => `${message} over ${each}`)
  }
}
