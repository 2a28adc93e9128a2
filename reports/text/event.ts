/** What happened to a real connector, in words. */
import type { Event, EventName, FaultName, MessageKind } from '../../spec/connector.ts'

type LinkFault = Extract<FaultName, `link ${string}`>

/** What each fault of a link is called in a sentence about that link. */
export const linkDoes: Readonly<Record<LinkFault, string>> = {
  'link refuses': 'refuses', 'link hangs': 'hangs', 'link drops before': 'drops before', 'link drops after': 'drops after',
  'link is late': 'is late', 'link answers out of order': 'answers out of order', 'link answers twice': 'answers twice',
  'link heals': 'heals',
}
export const isLinkFault = (what: EventName): what is LinkFault => Object.hasOwn(linkDoes, what)

const healthy: MessageKind = 'plain'

/** Who did it, or null for what goes across all lanes; and what that was. */
export function worded({ what, message = '', link = '', detail }: Event, connector: string): { lane: string | null; text: string } {
  const because = detail === undefined || detail === '' ? '' : `: ${detail}`
  switch (what) {
    case 'taken': return { lane: connector, text: `takes ${message}${detail === healthy ? '' : `, ${detail}`}` }
    case 'given again': return { lane: connector, text: `is given ${message} again` }
    case 'offered': return { lane: link, text: `is offered ${message}` }
    case 'steps': return { lane: link, text: `reaches ${detail ?? ''}` }
    case 'recorded': return { lane: link, text: `records ${message}` }
    case 'recorded altered': return { lane: link, text: `records ${message} as ‘${detail}’` }
    case 'recorded something never sent': return { lane: link, text: `records ‘${detail}’, never sent` }
    case 'acknowledged': return { lane: link, text: `answers for ${message}, ${detail ?? ''}` }
    case 'refused': return { lane: link, text: `refuses ${message}, ${detail ?? ''}` }
    case 'dropped': return { lane: link, text: message ? `drops ${message}, ${detail ?? ''}` : `hangs up${because}` }
    case 'claims delivered': return { lane: connector, text: `says that ${message} is delivered` }
    case 'flagged': return { lane: connector, text: `flags ${message}${because}` }
    case 'settles again': return { lane: connector, text: `settles ${message} again` }
    case 'reports': return { lane: connector, text: `reports${because}` }
    case 'crashed': return { lane: connector, text: `crashes${because}` }
    case 'livelock': return { lane: connector, text: `goes on for ever${because}` }
    case 'has stopped': return { lane: connector, text: 'has stopped' }
    case 'starts again': return { lane: null, text: 'the connector is started again' }
    case 'at rest': return { lane: null, text: 'at rest: nothing more is going on' }
    case 'healed': return { lane: null, text: 'everything is healed' }
    case 'fresh': return { lane: null, text: `a fresh message, ${message}, for ${link}` }
    case 'end': return { lane: null, text: 'at rest again' }
    case 'sender aborts': return { lane: null, text: `the sender of ${message} aborts it` }
    case 'service stops': return { lane: null, text: 'the service is stopped' }
    case 'service restarts': return { lane: null, text: 'the service is stopped, to be started again' }
    case 'service dies': return { lane: null, text: 'the service dies' }
    case 'worker dies': return { lane: null, text: `worker ${detail} dies` }
    case 'time passes': return { lane: null, text: 'an hour passes' }
    case 'receiving fails': return { lane: null, text: 'the next receiving will fail' }
    case 'acknowledging fails': return { lane: null, text: 'the next acknowledgement will fail' }
    case 'reporting fails': return { lane: null, text: 'the next report will fail' }
    default: return { lane: null, text: `${link} ${linkDoes[what]}` }
  }
}
