/** Holds a history to the laws: the same five, read off what the world recorded. */
import type { Connector, Event, History } from '../../spec/connector.ts'
import { deliveredOrFlagged, honest, type Law, linksAreIndependent, laws, noneTwice, nothingWedges } from '../../spec/laws.ts'
import { type Circumstances, delivery, deliveryOrFlag, type Due, type Fate, flagging } from '../../spec/verdict.ts'

export interface Judgement {
  readonly law: Law
  /** The message it is about, if it is about one. */
  readonly message: string | null
  /** The event at which it shows; the last one for what never happens. */
  readonly at: number
  /** What happened, in a sentence. */
  readonly says: string
}

/** The first law, in their order, that a history breaks; null when it breaks none. */
export function judge(connector: Connector, history: History): Judgement | null {
  const found = laws.flatMap((law) => {
    if (connector.exempt?.[law.name] !== undefined) return []
    const broken = brokenLaw(connector, history, law)
    return broken ? [broken] : []
  })
  return found.sort((a, b) => a.at - b.at)[0] ?? null
}

function brokenLaw(connector: Connector, history: History, law: Law): Judgement | null {
  if (law === noneTwice) return twice(connector, history)
  if (law === honest) return dishonest(history)
  if (law === linksAreIndependent) return blocked(history)
  if (law === deliveredOrFlagged) return lost(connector, history)
  if (law === nothingWedges) return wedged(history)
  return null
}

/** What is known of one message after so many events: its fate, as the laws read it, and what was done on its way. */
interface Standing extends Fate {
  readonly claimed: number
  /** Its own link was disturbed, or it was aborted, or the service stopped. */
  readonly disturbed: boolean
  /** Its sender has lost interest, and the connector listens for that. */
  readonly aborted: boolean
  /** A copy may have been recorded without the connector knowing. */
  readonly unsure: boolean
  readonly kind: string
  readonly link: string
  readonly refusedForGood: boolean
  /** It was given again, or the service was stopped or restarted with it in hand: it may have its say twice. */
  readonly restarted: boolean
}

type Mutable = { -readonly [K in keyof Standing]: Standing[K] }

/** Where every message stands, event by event. */
class Standings {
  readonly #all = new Map<string, Mutable>()
  readonly #disturbed = new Set<string>()
  readonly #unsure = new Set<string>()
  /** Links whose answers may still be outstanding when something else happens to them. */
  readonly #behind = new Set<string>()
  #stopped = false
  #told = false

  /** Where every message stands after the first so many events. */
  static after(history: History, until = history.length): ReadonlyMap<string, Standing> {
    const standings = new Standings()
    for (const event of history.slice(0, until)) standings.see(event)
    return standings.#all
  }

  /** Takes in the next event. The standing of the message it is about, if it is about one. */
  see({ what, message: id, link, detail }: Event): Standing | undefined {
    if ((what === 'taken' || what === 'fresh') && id !== undefined) this.#all.set(id, this.#opened(what === 'fresh', link ?? '', detail))
    if (what.startsWith('link ') && !harmless.has(what) && link !== undefined) this.#strike(what, link)
    if (what === 'dropped' && id === undefined && link !== undefined) this.#strike(what, link)
    if (what === 'link answers out of order' && link !== undefined) {
      this.#behind.add(link)
      if (this.#disturbed.has(link)) this.#strike(what, link)
    }
    if (what === 'service stops' || what === 'service restarts' || what === 'time passes') {
      if (what !== 'time passes') this.#stopped = true
      for (const each of this.#all.values()) {
        each.disturbed = each.unsure = true
        each.restarted ||= what !== 'time passes'
      }
    }
    // One that did not tell when it had stopped may still be at work beside its successor.
    if (what === 'has stopped' || what === 'service dies') this.#told = true
    if (what === 'starts again') {
      this.#stopped &&= !this.#told
      this.#told = false
    }
    // Died with messages in hand: those that had their verdict are over and done with.
    if (what === 'service dies' || what === 'worker dies')
      for (const each of this.#all.values())
        if (each.claimed + each.flagged === 0) {
          each.disturbed = true
          each.unsure ||= what === 'worker dies'
        }
    const message = id === undefined ? undefined : this.#all.get(id)
    if (!message) return undefined
    if (what === 'given again') message.disturbed = message.unsure = message.restarted = true
    if (what === 'sender aborts') message.disturbed = message.aborted = true
    if (what === 'recorded' || what === 'recorded altered') message.delivered++
    if (what === 'recorded altered') message.altered++
    if (what === 'flagged') message.flagged++
    if (what === 'claims delivered') message.claimed++
    if (what === 'refused' && detail === 'for good') message.refusedForGood = true
    return message
  }

  #opened(fresh: boolean, link: string, kind = 'plain'): Mutable {
    return {
      arrived: 1, delivered: 0, stripped: 0, altered: 0, flagged: 0, claimed: 0,
      kind, link, refusedForGood: false, restarted: false, aborted: false,
      disturbed: !fresh && (this.#stopped || this.#disturbed.has(link)),
      unsure: !fresh && (this.#stopped || this.#unsure.has(link)),
    }
  }

  #strike(what: string, link: string): void {
    this.#disturbed.add(link)
    if (unanswering.has(what) || this.#behind.has(link)) this.#unsure.add(link)
    for (const message of this.#all.values())
      if (message.link === link) {
        message.disturbed = true
        if (this.#unsure.has(link)) message.unsure = true
      }
  }
}

/** What may keep an answer from a connector whose message has been recorded. */
const unanswering: ReadonlySet<string> = new Set(['link drops after', 'link is late', 'link hangs'])
/** What is done to a link and is no excuse for anything. */
const harmless: ReadonlySet<string> = new Set(['link heals', 'link answers out of order', 'link answers twice'])

/** What may become of a message: flagged where something was wrong with it or its way, whole where nothing was. */
function dueOf({ kind, disturbed, refusedForGood }: Standing): Due {
  if (kind === 'refused' && refusedForGood) return flagging
  return (kind === 'plain' || kind === 'new header') && !disturbed ? delivery : deliveryOrFlag
}

const indexOf = (history: History, what: Event['what']) => {
  const at = history.findIndex((event) => event.what === what)
  return at < 0 ? history.length : at
}

function twice({ guarantee }: Connector, history: History): Judgement | null {
  const standings = new Standings()
  for (const [at, event] of history.entries()) {
    const standing = standings.see(event)
    if (event.what !== 'recorded' && event.what !== 'recorded altered') continue
    if (!standing || standing.delivered < 2 || (guarantee === 'at-least-once' && standing.unsure)) continue
    if (noneTwice.when === 'always' && !noneTwice.holds(standing, dues))
      return { law: noneTwice, message: event.message!, at, says: `${event.message} is recorded by ${event.link} a second time.` }
  }
  return null
}

function dishonest(history: History): Judgement | null {
  const standings = new Standings()
  for (const [at, event] of history.entries()) {
    const says = untruth(event, standings.see(event))
    if (says !== null) return { law: honest, message: event.message ?? null, at, says }
  }
  return null
}

/** What is not true about an event, given where its message stands; null when it is an honest one. */
function untruth({ what, message, link, detail }: Event, standing: Standing | undefined): string | null {
  if (what === 'recorded something never sent') return `${link} records ‘${detail}’, which nobody sent.`
  if (!standing || !judged.has(what)) return null
  if (what === 'settles again' && !standing.restarted)
    return `${message} is ${standing.flagged > 0 ? 'flagged' : 'said to be delivered'}, and is then settled again, the other way.`
  if (what === 'claims delivered' && standing.delivered === 0) return `${message} is claimed to be delivered, and no link has recorded it.`
  if (honest.when !== 'always' || honest.holds(standing, dues)) return null
  if (standing.altered > 0) return `${message}${sentAs(standing)} is recorded as ‘${detail}’, which is not what was sent.`
  return `${message} is flagged, though it is healthy and nothing happened to its link.`
}
const sentAs = ({ kind }: Standing) => (kind === 'plain' ? '' : `, of the kind ‘${kind}’,`)
const dues: Circumstances<Standing> = { due: dueOf }
const judged = new Set<Event['what']>(['recorded', 'recorded altered', 'claims delivered', 'flagged', 'settles again'])

/** At rest with a link down: messages for a link that nothing ever happened to have their verdict. */
function blocked(history: History): Judgement | null {
  const at = indexOf(history, 'at rest')
  const down = new Set<string>()
  for (const event of history.slice(0, at)) {
    if ((event.what === 'link refuses' || event.what === 'link hangs') && event.link !== undefined) down.add(event.link)
    if (event.what === 'link heals' && event.link !== undefined) down.delete(event.link)
  }
  if (down.size === 0 || linksAreIndependent.when !== 'before time passes') return null
  const known: Circumstances<Standing> = { due: dueOf, anotherIsDown: ({ disturbed, link }) => !disturbed && !down.has(link) }
  for (const [id, standing] of Standings.after(history, at))
    if (!linksAreIndependent.holds(standing, known))
      return { law: linksAreIndependent, message: id, at, says: `${[...down].join(' and ')} is down, and ${id} for ${standing.link} has no verdict.` }
  return null
}

/**
 * Healed, and at rest again: every message that was taken has its verdict. One that was aborted has it before anything
 * is healed: giving up waits for no link.
 */
function lost({ guarantee }: Connector, history: History): Judgement | null {
  const end = indexOf(history, 'fresh')
  const rest = indexOf(history, 'at rest')
  if (deliveredOrFlagged.when !== 'in the end') return null
  const cycle = indexOf(history, 'livelock')
  if (cycle < history.length) {
    for (const [id, standing] of Standings.after(history))
      if (!(guarantee === 'at-most-once' && standing.disturbed) && !deliveredOrFlagged.holds(standing, dues))
        return { law: deliveredOrFlagged, message: id, at: cycle, says: `It goes on for ever, and ${id} has no verdict.` }
    return null
  }
  if (indexOf(history, 'healed') === history.length) return null
  for (const [id, standing] of Standings.after(history, rest))
    if (standing.aborted && guarantee !== 'at-most-once' && !deliveredOrFlagged.holds(standing, { due: dueOf }))
      return { law: deliveredOrFlagged, message: id, at: rest, says: `Everything is at rest, and ${id}, which its sender has aborted, has no verdict.` }
  const at = history.slice(0, end).findLastIndex(({ what }) => what !== 'starts again')
  for (const [id, standing] of Standings.after(history, end)) {
    if (guarantee === 'at-most-once' && standing.disturbed) continue
    if (!deliveredOrFlagged.holds(standing, { due: dueOf }))
      return { law: deliveredOrFlagged, message: id, at: Math.max(0, at), says: `Everything is healed and at rest, and ${id} has no verdict.` }
  }
  return null
}

/** The fresh messages got through, and nothing broke down. */
function wedged(history: History): Judgement | null {
  const broke = indexOf(history, 'crashed')
  if (broke < history.length)
    return { law: nothingWedges, message: null, at: broke, says: `It crashes: ${history[broke]!.detail}.` }
  const cycle = indexOf(history, 'livelock')
  if (cycle < history.length)
    return { law: nothingWedges, message: null, at: cycle, says: `It was given ${history[cycle]!.detail} and wants more: it goes on for ever.` }
  const all = Standings.after(history)
  for (const event of history) {
    if (event.what !== 'fresh' || all.get(event.message!)!.delivered > 0) continue
    const flagged = history.findIndex(({ what, message }) => what === 'flagged' && message === event.message)
    const says = `${event.message}, sent fresh over ${event.link} after everything was healed, is not delivered.`
    return { law: nothingWedges, message: event.message!, at: flagged < 0 ? history.length - 1 : flagged, says }
  }
  return null
}
