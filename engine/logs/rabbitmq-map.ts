/**
 * What the tracing plugin of RabbitMQ logs as JSON: `published`, with the queues that a message is routed to, and `received`, when it is
 * given to a consumer. The broker is the connector, and each queue a link.
 */
import { createHash } from 'node:crypto'
import type { LogEvent } from '../../spec/evidence/log.ts'
import { NoEvent, timeOf } from './log-event.ts'
import type { LogMap } from './log-map.ts'

interface Traced {
  readonly type?: unknown
  readonly timestamp?: unknown
  readonly vhost?: unknown
  readonly queue?: unknown
  readonly routed_queues?: unknown
  readonly payload?: unknown
  readonly properties?: {
    readonly message_id?: unknown
    readonly headers?: { readonly 'x-death'?: readonly { readonly queue?: unknown; readonly reason?: unknown }[] }
  }
}

export const rabbitmqMap: LogMap = {
  isText: false, skew: 1_000,
  silentOn: [
    'Second copies: the trace does not say whether a message is given out again because its consumer gave it back. --guarantee '
      + 'exactly-once shows each that is.',
    'What consumers do with it: acknowledgements are not traced. ‘Delivered’ is given to a consumer.',
    'What is routed to no queue, and what the broker said to the publisher: confirms and returns are not traced.',
  ],
  eventsIn(line) {
    const traced = read(line)
    const { type, properties, payload, vhost } = traced
    if (type !== 'published' && type !== 'received') throw new NoEvent('its "type" is neither "published" nor "received": the trace is to be one of format JSON')
    const id = properties?.message_id
    if (typeof id !== 'string' || id === '') throw new NoEvent('it has no "message_id" among its properties: publish each message with one of its own')
    const within = vhost === '/' || typeof vhost !== 'string' ? '' : `${vhost}:`
    const content = typeof payload === 'string' ? createHash('sha256').update(payload).digest('base64url') : ''
    const about = { time: timeOf(isoOf(traced.timestamp)), message: `${within}${id}` }
    const queue = (name: unknown) => `${within}${String(name)}`
    if (type === 'published')
      return names(traced.routed_queues).map((name) => ({ what: 'taken', ...about, link: queue(name), content }))
    const link = queue(traced.queue)
    return [
      ...died(properties?.headers?.['x-death'], queue).flatMap((dead): readonly LogEvent[] => [
        { what: 'flagged', ...about, ...dead, isSeenAgain: true }, { what: 'taken', ...about, link, content, isSeenAgain: true },
      ]),
      { what: 'given again', ...about }, { what: 'sent', ...about, link }, { what: 'delivered', ...about, link, content },
    ]
  },
}

function read(line: string): Traced {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Traced
  } catch {
    // As what is no object.
  }
  throw new NoEvent('it is no JSON object: the trace is to be one of format JSON')
}

const names = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Older versions write `2026-11-28 6:05:09:012`. */
function isoOf(time: unknown): unknown {
  const [, date, hours, rest, milliseconds] = /^(\d{4}-\d\d-\d\d) +(\d{1,2}):(\d\d:\d\d):(\d{3})$/.exec(String(time)) ?? []
  return date === undefined ? time : `${date}T${hours!.padStart(2, '0')}:${rest}.${milliseconds}Z`
}

/** The queue that it was dead-lettered from last, where that is known. */
function died(deaths: unknown, queue: (name: unknown) => string): readonly { readonly link: string; readonly because: string }[] {
  const [last] = names(deaths) as readonly { readonly queue?: unknown; readonly reason?: unknown }[]
  return last?.queue === undefined ? [] : [{ link: queue(last.queue), because: `dead-lettered: ${String(last.reason)}` }]
}
