/** Histories written by hand, a few words to an event, for the tests of whoever reads them. */
import type { Event, EventName, History } from '../../spec/connector.ts'

/**
 * A history from a line of text, its events between semicolons: `taken m1 (twin); 500: sent m1 #1 untold; end`.
 *
 * A number before a colon is the time from there on. `over 2` names a link: the first, where a message is taken and nothing else
 * is said, and that of the message for its calls. `#1` numbers a call, `life 2` a start, `since 3` says since which event
 * a death was in the midst of a write, `untold` that the connector is not told, and what stands in brackets is the detail. `sent` is short for a call that is recorded.
 */
export function handMade(text: string): History {
  let time = 0
  const links = new Map<string, string>()
  return text.split(';').flatMap((said): readonly Event[] => {
    const [, at, words = ''] = /^\s*(?:(\d+):)?\s*(.*?)\s*$/s.exec(said)!
    time = at === undefined ? time : Number(at)
    const find = (pattern: RegExp) => pattern.exec(words)?.[1]
    const message = find(/\b(m\d+)\b/)
    const what = words.replace(/\((.*)\)|\bm\d+\b|\bover \d|#\d+|\blife \d|\bsince \d+|\buntold\b/g, '').trim().replace(/\s+/g, ' ')
    const named = find(/\bover (\d)/)
    if (message !== undefined && !links.has(message)) links.set(message, `link ${named ?? 1}`)
    const isAboutALink = /^(?:taken|fresh|offered|sent|recorded|answered|refused|dropped|link )/.test(what)
    const link = named !== undefined ? `link ${named}` : !isAboutALink ? undefined : message === undefined ? 'link 1' : links.get(message)
    const [attempt, life, detail, since] = [/#(\d+)/, /\blife (\d)/, /\((.*)\)/, /\bsince (\d+)/].map(find)
    const event = (what: string, isTold: boolean): Event => ({
      what: what as EventName, time, ...(message === undefined ? {} : { message }), ...(link === undefined ? {} : { link }),
      ...(attempt === undefined ? {} : { attempt: Number(attempt) }), ...(life === undefined ? {} : { life: Number(life) }),
      ...(detail === undefined ? {} : { detail }), ...(since === undefined ? {} : { since: Number(since) }),
      ...(isTold ? {} : { told: false }),
    })
    const isTold = !/\buntold\b/.test(words)
    return what === 'sent' ? [event('offered', true), event('recorded', isTold)] : [event(what, isTold)]
  })
}

/** The other way round: events in the words of `handMade`, without their times. */
export const written = (history: History): readonly string[] => history.map(({ what, message, link, attempt, life, told, detail }) => [
  what, message, link?.replace('link', 'over'), attempt === undefined ? '' : `#${attempt}`, life === undefined ? '' : `life ${life}`,
  told === false ? 'untold' : '', detail === undefined ? '' : `(${detail})`,
].filter((word) => word !== undefined && word !== '').join(' '))
