/** What happened to a real connector, in words. */
import type { Event, EventName, FaultName, History, MessageKind } from '../../spec/connector.ts'
import { listed } from './words.ts'

type LinkFault = Extract<FaultName, `link ${string}`>

/** What each fault of a link is called in a sentence about that link. */
export const linkDoes: Readonly<Record<LinkFault, string>> = {
  'link refuses': 'refuses', 'link hangs': 'hangs', 'link drops before': 'drops before', 'link drops after': 'drops after',
  'link is late': 'is late', 'link answers out of order': 'answers out of order', 'link answers twice': 'answers twice',
  'link loses answer': 'will not answer for the next message that it records', 'link never answers': 'will never answer the next call',
  'link heals': 'heals',
}
export const isLinkFault = (what: EventName): what is LinkFault => Object.hasOwn(linkDoes, what)

const healthy: MessageKind = 'plain'

/** Who did something, or null for what goes across all lanes; and what that was. */
interface Words {
  readonly lane: string | null
  readonly text: string
}

/** In a longer history rows that are alike are folded into one: they say no more than they must. */
const fewEvents = 60

/**
 * The words for each event of a history. Where messages go over several links, each says over which it goes as it comes; and where
 * the connector is started again, what comes after that of a message from before says of which life it is: what one that is gone has
 * sent may still come.
 */
export function wordsFor({ connector, history }: { readonly connector: string; readonly history: History }): (event: Event) => Words {
  const links = new Set(history.flatMap(({ link }) => link ?? []))
  const starts = history.filter(({ what }) => what === 'starts again')
  const after = new Set(starts.length === 0 ? [] : history.slice(history.indexOf(starts[0]!)))
  const known = new Set(starts.length === 0 ? [] : history.slice(0, history.indexOf(starts.at(-1)!)).map(({ message }) => message))
  const fetched = new Set(history.flatMap(({ what, message }) => (what === 'fetched' ? [message] : [])))
  return (event) => {
    // What was fetched goes back to where it can be fetched again; nobody has it yet.
    if (event.what === 'given again' && event.detail === undefined && fetched.has(event.message))
      return { lane: null, text: `${event.message ?? ''} is back at the source, to be fetched again` }
    const life = event.what === 'starts again' ? starts.indexOf(event) + 2
      : after.has(event) && known.has(event.message) ? event.life ?? 1 : null
    const { lane, text } = worded(event, connector, life)
    return { lane, text: event.what === 'taken' && links.size > 1 && history.length <= fewEvents ? `${text}, for ${event.link ?? ''}` : text }
  }
}

/** The most keys of a disk that are named. */
const mostKeys = 4
/** What is on the disk when a worker or the connector ends, such as `‘lock’ and ‘m1’`; empty where nothing is. */
export function onDisk({ onDisk: keys = [] }: Event): string {
  const named = keys.slice(0, mostKeys).map((key) => `‘${key}’`)
  return keys.length > mostKeys ? `${named.join(', ')} and more` : listed(named)
}

/** The same with what they hold, such as `‘offset’ = 3`, where that is more than a copy of what the key names. */
function heldOnDisk({ onDisk: keys = [], holds = [] }: Event): string {
  const named = keys.slice(0, mostKeys).map((key, i) => `‘${key}’${holds[i] === undefined || holds[i].includes(key) ? '' : ` = ${holds[i]}`}`)
  return keys.length > mostKeys ? `${named.join(', ')} and more` : listed(named)
}

/** `life` is the one that an event is of; null where there is only one. */
function worded(event: Event, connector: string, life: number | null): Words {
  const { what, message = '', link = '', detail, told, with: other, since } = event
  const because = detail === undefined || detail === '' ? '' : `: ${detail}`
  const own = life === null || message === '' ? message : `${message} from life ${life}`
  const now = life === null ? '' : ` in life ${life}`
  switch (what) {
    case 'taken': return { lane: connector, text: `takes ${message}${detail === undefined || detail === healthy ? '' : `, ${detail}`}` }
    case 'given again': return { lane: connector, text: detail === undefined ? `is given ${message} again` : `puts ${message} back, to be fetched again` }
    case 'offered': return { lane: link, text: `is offered ${message}${life === null ? '' : ` by life ${life}`}` }
    case 'steps': return { lane: link, text: `reaches ${detail ?? ''}` }
    case 'recorded': return { lane: link, text: `records ${own}` }
    case 'recorded stripped': return { lane: link, text: `records ${own}, stripped and saying so` }
    case 'recorded altered': return { lane: link, text: `records ${own} as ‘${detail}’` }
    case 'recorded something never sent': return { lane: link, text: `records ‘${detail}’, never sent` }
    case 'answered': return { lane: link, text: `answers ${message ? `for ${own}, ` : ''}${detail ?? ''}` }
    case 'fetched': return { lane: connector, text: `fetches ${message}` }
    case 'acknowledged': {
      const how = `${detail === undefined ? '' : `, which is ${detail}`}${told === false ? ', and the answer is lost' : ''}`
      return { lane: connector, text: `acknowledges ${message}${other === undefined ? '' : ` with ${other}`}${now}${how}` }
    }
    case 'thrown away': return { lane: connector, text: `has the source throw ${message} away${now}` }
    case 'refused': return { lane: link, text: `refuses ${own}, ${detail ?? ''}` }
    case 'dropped': return { lane: link, text: message ? `drops ${own}, ${detail ?? ''}` : `hangs up${because}` }
    case 'claims delivered': return { lane: connector, text: `says${now} that ${message} is delivered${link === '' ? '' : ` over ${link}`}` }
    case 'flagged': return { lane: connector, text: `flags ${message}${link === '' ? '' : ` for ${link}`}${now}${because}` }
    case 'reports': return { lane: connector, text: `reports${because}` }
    case 'prints': return { lane: connector, text: `prints${because}` }
    case 'misused': return { lane: connector, text: `is no connector${because}` }
    case 'crashed': return { lane: connector, text: `crashes${because}` }
    case 'livelock': return { lane: connector, text: `goes on for ever: it is still at work ${detail ?? 'long'} after everything was healed` }
    case 'gave up': return { lane: null, text: `the trial is given up${because}` }
    case 'has stopped': return { lane: connector, text: 'has stopped' }
    case 'starts again': return { lane: null, text: `the connector is started again${life === null ? '' : `: life ${life}`}${heldOnDisk(event) === '' ? '' : `, with ${heldOnDisk(event)} on its disk`}` }
    case 'at rest': return { lane: null, text: 'at rest: nothing more is going on' }
    case 'an hour later': return { lane: null, text: 'an hour has gone by, and nothing new has come of it' }
    case 'healed': return { lane: null, text: 'everything is healed' }
    case 'calm': return { lane: null, text: detail === undefined ? 'from here on, only fresh messages come' : `${detail} pass, for it to recover` }
    case 'fresh': return { lane: null, text: `a fresh message, ${message}, for ${link}${detail === undefined || detail === healthy ? '' : `, ${detail}`}` }
    case 'end': return { lane: null, text: 'at rest again' }
    case 'sender aborts': return { lane: null, text: `the sender of ${message} aborts it` }
    case 'service stops': return { lane: null, text: 'the service is stopped' }
    case 'service restarts': return { lane: null, text: 'the service is stopped, to be started again' }
    case 'service dies': return { lane: null, text: `the service dies${since === undefined ? '' : ', in the midst of a write'}` }
    case 'worker dies': return { lane: null, text: `worker ${detail} dies` }
    case 'workers change': return { lane: null, text: `it is to go on with ${detail === '1' ? 'one worker' : `${detail} workers`}` }
    case 'time passes': return { lane: null, text: `${detail ?? 'some time'} pass` }
    case 'clock goes back': return { lane: null, text: `the date is set back by ${detail ?? 'a moment'}` }
    case 'receiving fails': return { lane: null, text: 'the next receiving will fail' }
    case 'acknowledging fails': return { lane: null, text: 'the next acknowledgement will fail' }
    case 'acknowledgement is lost': return { lane: null, text: 'the answer to the next acknowledgement will be lost' }
    case 'source is late': return { lane: null, text: 'the source will answer late' }
    case 'source drops': return { lane: null, text: 'the source hangs up' }
    case 'disk fails': return { lane: null, text: 'the disk fails once' }
    case 'disk is slow': return { lane: null, text: 'the disk is slow once' }
    case 'reporting fails': return { lane: null, text: 'the next report will fail' }
    default: return { lane: null, text: `${link} ${linkDoes[what]}` }
  }
}
