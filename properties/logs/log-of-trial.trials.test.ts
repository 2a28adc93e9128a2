/** The histories of connectors on trial, written as logs: a log accuses nobody whom the trial does not, and shows what the trial shows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../engine/falsify/generator.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { LogJudge } from '../../engine/logs/log-judge.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector, Event, History } from '../../spec/connector.ts'
import { wrongs } from '../../spec/evidence/log-verdict.ts'
import { aboutNoMessage, type LogEvent } from '../../spec/evidence/log.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { rightOnes, wrongOnes } from '../samples/corpus.ts'

/** Scenarios of each; two where the whole suite has to be quick. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const runs = isWhole ? 40 : 2

/** What a log has no word for: harm to a disk or a source, and messages that nobody can tell apart. */
const withoutWords = new RegExp('^(?:disk |source |acknowledg.*(?:fails|lost)|receiving |reporting |workers change|recorded stripped|crashed|livelock'
  + '|gave up|misused)')
const isTold = (history: History, { stream, recipients = 1 }: Scenario) => recipients === 1
  && !history.some(({ what, detail }) => withoutWords.test(what) || /^twin/.test(detail ?? '')) && stream.every(({ kind }) => kind !== 'twin')

const plainly: Readonly<Partial<Record<Event['what'], LogEvent['what']>>> = {
  offered: 'sent', answered: 'accepted', refused: 'refused', dropped: 'lost', 'claims delivered': 'claimed', flagged: 'flagged',
  fetched: 'fetched', 'link refuses': 'link down', 'link hangs': 'link down', 'link heals': 'link up', 'service dies': 'died',
  'service stops': 'stopping', 'service restarts': 'stopping', 'has stopped': 'stopped', 'starts again': 'started',
  'worker dies': 'worker died', 'sender aborts': 'aborted', end: 'drained',
}

/** The lines of an event. */
function linesOf(event: Event, links: readonly string[]): readonly LogEvent[] {
  const { what, time, message, link, attempt: number, told, detail = '' } = event
  const about = {
    time, ...(message === undefined ? {} : { message }), ...(link === undefined ? {} : { link }),
    ...(number === undefined ? {} : { attempt: number }),
  }
  if (what === 'taken' || what === 'fresh') return [{ what: 'taken', content: 'as sent', ...about }]
  if (what === 'recorded' || what === 'recorded altered') {
    const delivered: LogEvent = { what: 'delivered', content: what === 'recorded' ? 'as sent' : 'otherwise', ...about }
    return told === false || number === undefined ? [delivered] : [delivered, { what: 'accepted', ...about }]
  }
  if (what === 'recorded something never sent') return [{ what: 'delivered', ...about, message: 'a stranger' }]
  if (what === 'given again') return detail === '' ? [{ what: 'given again', ...about }] : []
  if (what === 'acknowledged') return [{ what: 'acknowledged', ...about, ...(detail === '' ? {} : { because: detail }) }]
  if (what === 'healed') return links.map((each) => ({ what: 'link up', time, link: each }))
  const is = plainly[what]
  // A step towards a message is a call as well, and is about no message yet.
  return is === undefined || (message === undefined && !aboutNoMessage.has(is)) ? [] : [{ what: is, ...about }]
}

/** A call that was given up is lost in a log, whatever is answered later. */
function withoutLateAnswers(history: History, timeout: number): History {
  const made = new Map(history.flatMap(({ what, attempt, time }) => (what === 'offered' && attempt !== undefined ? [[attempt, time]] : [])))
  return history.flatMap((event): readonly Event[] => {
    const isLate = event.attempt !== undefined && event.time - (made.get(event.attempt) ?? Infinity) >= timeout
    if (!isLate) return [event]
    return event.what === 'answered' ? [] : event.what.startsWith('recorded') ? [{ ...event, told: false }] : [event]
  })
}

/** What a log of the history breaks, as `clause of m1`, and the lines it ends with. */
function brokenInLog(
  { guarantee, order = 'none', recovery = 60_000, expiry = Infinity, timeout = Infinity }: Connector, all: History,
): readonly string[] {
  const history = withoutLateAnswers(all, timeout)
  const log = new LogJudge({ guarantee, order, recovery, expiry, skew: 0, patience: null, until: null, begins: 'empty' })
  const links = [...new Set(history.flatMap(({ link }) => (link === undefined ? [] : [link])))]
  const lines: LogEvent[] = [{ what: 'started', time: 0 }, ...history.flatMap((event) => linesOf(event, links))]
  for (const [i, event] of lines.entries()) log.see(i + 1, event)
  return log.end('log', lines.length, null).findings.map(({ clause, message }) => `${clause} of ${message}`)
}

const isSmall = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0) <= 60
/** Fresh messages come with twins, which nobody can tell apart. */
function withoutFresh(history: History): History {
  const fresh = new Set(history.flatMap(({ what, message }) => (what === 'fresh' ? [message] : [])))
  return history.filter(({ message }) => message === undefined || !fresh.has(message))
}

/** Histories of a connector. */
async function histories(connector: Connector): Promise<readonly History[]> {
  const drawn = fc.sample(scenarios(connector), { seed: 1, numRuns: runs })
  return usingThisProcess(connector, async (runner) => {
    const all: History[] = []
    for (const scenario of drawn.filter((each) => isSmall(each))) {
      const history = withoutFresh(await runner(scenario))
      if (isTold(history, scenario)) all.push(history)
    }
    return all
  })
}

describe('The log of a trial', () => {
  const isVirtual = ([, { clock }]: readonly [string, Connector]) => clock !== 'real'

  it('accuses no connector that is right', { timeout: 600_000 }, async () => {
    let held = 0
    for (const [name, connector] of Object.entries(rightOnes).filter(isVirtual))
      for (const history of await histories(connector)) {
        held++
        expect(brokenInLog(connector, history), name).toEqual([])
      }
    expect(held).toBeGreaterThan(isWhole ? 200 : 10)
  })

  it('shows of those that are wrong what the trial shows', { timeout: 600_000 }, async () => {
    const shown = new Set<string>()
    for (const [name, connector] of Object.entries(wrongOnes).filter(isVirtual))
      for (const history of await histories(connector)) {
        const found = judge(connector, history)
        // What would only wait for the next message is known when the calm begins.
        const stuck = found && history[found.at]!.what === 'calm' ? history.slice(0, found.at) : null
        const all = brokenInLog(connector, stuck ? [...stuck, { what: 'end', time: stuck.at(-1)!.time }] : history)
        // A log shows lateness at every verdict; a trial looks for it at rest alone.
        if (found === null) expect(all.filter((each) => !each.startsWith('a verdict before it is too old of ')), name).toEqual([])
        else if (found.message !== null && Object.hasOwn(wrongs, found.clause) && !notInALog.has(found.clause)) {
          shown.add(found.clause)
          // Of more than ten of a kind, the first ten are shown.
          const isCut = all.filter((each) => each.startsWith(`${found.clause} of `)).length >= 10
          if (!isCut) expect(all, `${name}: ${found.says}`).toContain(`${found.clause} of ${found.message}`)
        }
      }
    // A few scenarios show some of them.
    expect(clausesShown.filter((each) => shown.has(each)).length).toBeGreaterThanOrEqual(isWhole ? 8 : 3)
  })
})

/** That takes to know what kind of message it is; and of what is never settled, why is not in a log. */
const notInALog: ReadonlySet<string> = new Set(['flagged only with a reason'])
const clausesShown = [
  'a verdict before it is too old', 'a verdict in the end', 'acknowledged only when it is settled', 'claimed only when it is recorded',
  'in the order in which they were taken', 'no second copy', 'not altered', 'not delivered after it was flagged', 'not misrouted', 'one verdict',
] as const
