/**
 * The log of Postfix, as syslog or its own postlogd writes it. A message is known by its queue id, and each of its recipients is a link.
 * It is taken when the queue manager has it, delivered where `status=sent`, and flagged when a report of it is on its way.
 */
import type { LogEvent } from '../../spec/evidence/log.ts'
import type { LogMap } from './log-map.ts'

const line = /^(?:([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)|(\d{4}-\d\d-\d\dT\S+)) \S+ [\w.-]*postfix[\w./-]*\/([\w-]+)\[\d+\]: (.*)$/
const about = /^([0-9A-Za-z]{6,}): (.*)$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const attempted = /^to=<(.*?)>, .*?\bstatus=([a-z-]+) \((.*)\)$/
/** The far side may have it, and nobody knows. */
const isUnknown = /may be sent more than once|while sending end of data/

/** A message in its queue. */
interface Queued {
  sender: string | null
  /** Recipients of whom its sender is to be told. */
  readonly refused: string[]
  isExpired: boolean
}

/** `year` is that of its last line, where lines have none. */
export function postfixMap(year: number, month: number): LogMap {
  const queue = new Map<string, Queued>()
  let now = { year: 0, month: 0 }
  const timeOf = ([, name, day, hours, minutes, seconds, whole]: RegExpMatchArray): number => {
    if (whole !== undefined) return Date.parse(whole)
    const at = months.indexOf(name!)
    // The first line is of this year, unless that is yet to come; a year begins where a month of its beginning follows one of its end.
    if (now.year === 0) now = { year: at > month ? year - 1 : year, month: at }
    else if (at < now.month - 6) now = { year: now.year + 1, month: at }
    else now = { ...now, month: Math.max(at, now.month) }
    return new Date(now.year, at, Number(day), Number(hours), Number(minutes), Number(seconds)).getTime()
  }
  return {
    isText: true, skew: 1_000,
    silentOn: [
      'What is lost between the SMTP session and the queue manager, and what is refused in the session: no queue id stands for it.',
      'Misrouting and altered content: the log has no more than the recipient, and calls with a message are known by their end.',
      'Whether ‘status=sent’ is true: it is the word of the far side, or of the transport (‘discard’ says it too).',
    ],
    eventsIn(text) {
      const found = line.exec(text)
      if (!found) return []
      const [time, daemon, said] = [timeOf(found), found[7]!, found[8]!]
      if (Number.isNaN(time)) return []
      if (daemon === 'master') return ofMaster(said, time)
      const [, id, rest] = about.exec(said) ?? []
      return id === undefined ? [] : ofMessage(queue, daemon, copied(id), rest!, time)
    },
  }
}

const ofMaster = (said: string, time: number): readonly LogEvent[] =>
  (said.startsWith('daemon started') ? [{ what: 'started', time }]
    : said.startsWith('terminating on signal') ? [{ what: 'stopped', time }] : [])

function ofMessage(queue: Map<string, Queued>, daemon: string, id: string, rest: string, time: number): readonly LogEvent[] {
  const message = { message: id, time }
  const queued = queue.get(id)
  if (daemon === 'cleanup') {
    if (/^(?:resent-)?message-id=/.test(rest)) queue.set(id, { sender: null, refused: [], isExpired: false })
    else if (/^(?:milter-)?discard:/.test(rest)) queue.delete(id)
    return []
  }
  if (rest === 'removed') {
    queue.delete(id)
    const isByHand = daemon === 'postsuper'
    return [...(isByHand ? [{ what: 'flagged', because: 'removed by hand', ...message } as const] : []), { what: 'removed', ...message }]
  }
  if (daemon === 'qmgr') {
    const active = /^from=<(.*?)>, size=\d+, nrcpt=(\d+) \(queue active\)/.exec(rest)
    // What came before the log began may have recipients that are done with.
    if (active && queued) {
      const isNew = queued.sender === null
      queued.sender = copied(active[1]!)
      return isNew ? [{ what: 'taken', recipients: Number(active[2]), ...message }] : []
    }
    if (!queued || !/, status=(?:force-)?expired, /.test(rest)) return []
    queued.isExpired = true
    return queued.sender === '' ? [{ what: 'flagged', because: 'expired, and it has no sender', ...message }] : []
  }
  if (/^(?:sender|postmaster) non-delivery notification: /.test(rest)) {
    const told = queued?.refused.splice(0) ?? []
    const flagged = { what: 'flagged', because: 'non-delivery notification', ...message } as const
    return [...told.map((link) => ({ ...flagged, link })), ...(queued?.isExpired ? [flagged] : [])]
  }
  const [, to, status, because] = attempted.exec(rest) ?? []
  return to === undefined ? [] : ofAttempt(queued, { ...message, link: copied(to) || '<>', because: copied(because!) }, status!)
}

function ofAttempt(queued: Queued | undefined, tried: Omit<LogEvent, 'what'>, status: string): readonly LogEvent[] {
  const { because, ...delivered } = tried
  if (status === 'sent' || status === 'deliverable') return [{ what: 'accepted', ...delivered }]
  if (status === 'deferred') return [{ what: isUnknown.test(because!) ? 'lost' : 'refused', ...tried }]
  if (status !== 'bounced' && status !== 'undeliverable') return []
  const refused: LogEvent = { what: 'refused', permanent: true, ...tried }
  // Of what has no sender, nobody is told.
  if (queued?.sender === '' || status === 'undeliverable') return [refused, { what: 'flagged', ...tried, because: 'it has no sender' }]
  queued?.refused.push(tried.link!)
  return [refused]
}

/** A text of its own: a part of the line would keep the line in memory. */
const copied = (text: string) => (text.length < 13 ? text : Buffer.from(text).toString())
