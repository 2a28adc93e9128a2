/** Connectors that are right about one fault each, where those of `wrong-about-faults.ts` are wrong; and a scenario that tells. */
import { type FaultName, outcomeOf } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { fetching, handed, linkOf, scenario, senders } from '../verdict/judge-pair.ts'
import { never, pause, type Right } from './wrong-connectors.ts'

interface RightAboutAFault extends Right {
  readonly scenario: Scenario
}

const refuse = (why: string): never => { throw new Error(why) }
const plainly = handed(({ content }, { send }) => send(content))
/** Tries again, a minute apart, what may be sent again. */
const patiently = handed(async ({ content }, { send }) => {
  for (let tries = 1; ; tries++)
    try {
      return await send(content)
    } catch (error) {
      if (tries === 3 || !['refused for now', 'dropped before'].includes(outcomeOf(error) ?? '')) throw error
      await pause(60_000)
    }
})
/** Whatever fails, it goes on. */
const polling = fetching(async ({ id, content }, { send, delivered, flag, acknowledge, report }) => {
  const tell = (error: unknown) => { try { report(error) } catch { /* Nobody hears it. */ } }
  tell(`sending ${id}`)
  await send(content).then(() => delivered(id), (error: unknown) => flag(id, error))
  await acknowledge(id).catch(tell)
})
const within = (milliseconds: number) => handed(({ content }, { send }) =>
  Promise.race([send(content), pause(milliseconds).then(() => refuse('no answer'))]))
/** One way out for all, which goes on whatever becomes of those who wait. */
const inTurn = (stop?: 'stop'): Right['start'] => ({ send }) => {
  const next = senders()
  return {
    take: ({ content, signal }) => Promise.race([
      next('all', () => (signal.aborted ? Promise.resolve() : send(content))),
      new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
    ]),
    ...(stop ? { stop: () => undefined } : {}),
  }
}
/** Writes down what it is about to send; what it finds as it starts may have been sent. */
const claiming: Right['start'] = ({ send, disk }) => ({
  async take({ id, content }) {
    if (disk.has(id)) refuse('it may have been sent')
    disk.set(id, 'claimed')
    await send(content)
  },
  stop: () => undefined,
})
const one = (what: FaultName, after = 0, on = 1) => scenario([[1]], [[after, what, on]])

export const rightAboutFaults: Readonly<Record<FaultName, RightAboutAFault>> = {
  'link refuses': { about: 'tries again what a link refuses', start: patiently, scenario: one('link refuses') },
  'link hangs': {
    about: 'has a sender for each link', scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link hangs']], { links: 2 }),
    start({ send }) {
      const next = senders()
      return { take: ({ link, content }) => next(link, () => send(content)) }
    },
  },
  'link drops before': { about: 'tries again what is dropped', start: patiently, scenario: one('link drops before') },
  'link drops after': { about: 'flags what may have come through', start: patiently, scenario: one('link drops after') },
  'link is late': { about: 'waits for as long as it takes', start: plainly, scenario: one('link is late') },
  'link answers out of order': {
    about: 'knows whose answer it reads', start: plainly,
    scenario: scenario([[1], [1, 'refused']], [[0, 'link answers out of order']]),
  },
  'link answers twice': {
    about: 'counts an answer once', scenario: one('link answers twice'),
    start: handed(async (message, world) => {
      const outcome = await linkOf(world, message).offer(message.content)
      if (!outcome.startsWith('taken')) refuse(outcome)
    }),
  },
  'link heals': {
    about: 'sends what is left when a link is back', scenario: scenario([[1], [1]], [[2, 'link refuses'], [4, 'link heals']], { schedule: [0, 1] }),
    start({ links, send }) {
      const waiting: { content: unknown; done: () => void; fail: (error: unknown) => void }[] = []
      for (const link of links) link.watch((now) => {
        if (now === 'up') for (const { content, done, fail } of waiting.splice(0)) send(content).then(done, fail)
      })
      return {
        take: ({ content }) => new Promise<void>((done, fail) => {
          send(content).then(done, (error: unknown) =>
            (outcomeOf(error) === 'refused for now' ? waiting.push({ content, done, fail }) : fail(error)))
        }),
      }
    },
  },
  'sender aborts': {
    about: 'flags what is aborted while it waits', start: inTurn(), scenario: scenario([[2]], [[1, 'sender aborts', 2]]),
  },
  'worker dies': {
    about: 'has another worker at once', scenario: one('worker dies', 1), start: ({ send }) => {
      let fail = (_: Error) => {}
      return {
        take: ({ content }) => new Promise<void>((done, failed) => { fail = failed; send(content).then(done, failed) }),
        kill: () => fail(new Error('its worker died')),
      }
    },
  },
  'service stops': { about: 'sends what waits when it is stopped', start: inTurn('stop'), scenario: scenario([[2]], [[1, 'service stops']]) },
  'service restarts': { about: 'starts by sending nothing that may have been sent', start: claiming, scenario: one('service restarts', 3) },
  'service dies': { about: 'flags what it may have sent before it died', start: claiming, scenario: one('service dies', 1, 2) },
  'time passes': {
    about: 'signs in again after half an hour', scenario: scenario([[1], [1]], [[1, 'time passes', 8]], { schedule: [0, 1] }),
    start({ send }) {
      let until = Date.now() + 1_800_000
      return { take: ({ content }) => { if (Date.now() > until) until = Date.now() + 1_800_000; return send(content) } }
    },
  },
  'receiving fails': { about: 'goes on when receiving fails', start: polling, scenario: one('receiving fails') },
  'acknowledging fails': { about: 'goes on when an acknowledgement fails', start: polling, scenario: scenario([[2]], [[0, 'acknowledging fails']]) },
  'reporting fails': { about: 'goes on when a report fails', start: polling, scenario: scenario([[2]], [[0, 'reporting fails']]) },
  'link loses answer': { about: 'flags what is not answered', start: within(10_000), scenario: one('link loses answer') },
  'link never answers': { about: 'flags what is never answered', start: within(10_000), scenario: one('link never answers') },
  'workers change': {
    about: 'goes on with other workers', scenario: scenario([[1]], [[0, 'link hangs'], [1, 'workers change']]),
    start: ({ send }) => ({ take: ({ content }) => send(content), scale: () => undefined }),
  },
  'clock goes back': {
    about: 'measures by a clock that does not go back', scenario: scenario([[1], [1]], [[1, 'clock goes back', 4]], { schedule: [0, 1] }),
    start({ send }) {
      let latest = performance.now()
      return {
        take({ content }) {
          if (performance.now() < latest) return never()
          latest = performance.now()
          return send(content)
        },
      }
    },
  },
  'acknowledgement is lost': {
    about: 'goes on when the answer to an acknowledgement is lost', start: polling, scenario: scenario([[2]], [[0, 'acknowledgement is lost']]),
  },
  'source is late': {
    about: 'waits for messages that come late', start: polling,
    scenario: scenario([[1]], [[0, 'source is late'], [0, 'time passes', 4]]),
  },
  'source drops': { about: 'goes on when the source hangs up', start: polling, scenario: scenario([[2]], [[1, 'source drops']]) },
  'disk fails': {
    about: 'flags what it cannot write', scenario: one('disk fails'),
    start: handed(({ id, content }, { storage, send }) => storage.write(id, content).then(() => send(content))),
  },
  'disk is slow': {
    about: 'waits until it is written', scenario: one('disk is slow'),
    start: handed(({ id, content }, { storage, send }) => storage.write(id, content).then(() => send(content))),
  },
}
