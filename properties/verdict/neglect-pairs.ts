/** For every clause about what is left undone, and for those about no message: who breaks it, and who comes near and does not. */
import { handed, linkOf, type Pair, scenario, senders } from './judge-pair.ts'
import { never, pause } from '../samples/wrong-connectors.ts'

const minute = 60_000
const halfAMinute = <T>(sent: Promise<T>) => Promise.race([sent, pause(minute / 2).then(() => { throw new Error('slow') })])

/** Tries every so often, and flags at the first try that comes when the message is ten minutes old. */
const triedEvery = (wait: number): Parameters<typeof handed>[0] => async ({ content }, { send }) => {
  for (const since = performance.now(); ; await pause(wait))
    try { return await send(content) } catch (error) { if (performance.now() - since >= 10 * minute) throw error }
}

export const neglectPairs: Readonly<Record<string, Pair>> = {
  'a verdict when its sender gives up': {
    scenario: scenario([[1]], [[1, 'link hangs'], [1, 'sender aborts']]),
    wrongly: 'looks whether its sender is there, once',
    wrong: handed(({ content, signal }, { send }) => { signal.throwIfAborted(); return send(content) }),
    rightly: 'listens to its sender',
    right: handed(({ content, signal }, { send }) => Promise.race([
      send(content), new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
    ])),
  },
  'a verdict before it is too old': {
    scenario: scenario([[1]], [[0, 'link hangs']]), expiry: 600_000,
    wrongly: 'waits for an answer', wrong: handed(({ content }, { send }) => send(content)),
    rightly: 'waits for ten minutes',
    right: handed(({ content }, { send }) => Promise.race([send(content), pause(600_000).then(() => { throw new Error('too old') })])),
  },
  'a verdict as soon as it is too old': {
    scenario: scenario([[1]], [[0, 'link refuses']]), expiry: 10 * minute,
    wrongly: 'looks at its age each seven minutes', wrong: handed(triedEvery(7 * minute)),
    rightly: 'looks at it twice a second', right: handed(triedEvery(500)),
  },
  'a verdict while another link is down': {
    scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link hangs']], { links: 2 }), links: [2, 2],
    wrongly: 'has one sender for all links',
    wrong({ send }) {
      const inTurn = senders()
      return { take: ({ content }) => inTurn('all', () => send(content)) }
    },
    rightly: 'has one for each',
    right({ send }) {
      const inTurn = senders()
      return { take: ({ content, link }) => inTurn(link, () => send(content)) }
    },
  },
  'a verdict in the end': {
    scenario: scenario([[1]], [[0, 'link refuses']]),
    wrongly: 'forgets what is refused', wrong: handed(({ content }, { send }) => send(content).catch(never)),
    rightly: 'flags what is refused', right: handed(({ content }, { send }) => send(content)),
  },
  'an answer in the end': {
    scenario: scenario([[1]]),
    wrongly: 'answers when it is stopped',
    wrong({ send }) {
      const owed: (() => void)[] = []
      return {
        take: ({ content }) => new Promise<void>((done, fail) => { send(content).then(() => owed.push(done), fail) }),
        stop: () => { for (const answer of owed) answer() },
      }
    },
    rightly: 'answers an hour later',
    right: handed(({ content }, { send }) => send(content).then(() => pause(60 * minute))),
  },
  'fresh messages are delivered': {
    scenario: scenario([[1]], [[0, 'link refuses']]),
    wrongly: 'never tries a link again that was down',
    wrong({ send }) {
      let isDown = false
      return { take: ({ content }) => (isDown ? never() : send(content).catch((error: unknown) => { isDown = true; throw error })) }
    },
    rightly: 'tries it again a minute later',
    right({ send }) {
      let until = 0
      return {
        take({ content }) {
          if (Date.now() < until) throw new Error('the link was down')
          return send(content).catch((error: unknown) => { until = Date.now() + minute; throw error })
        },
      }
    },
  },
  'fresh messages are delivered promptly': {
    scenario: scenario([[1]], [[0, 'link refuses']]),
    wrongly: 'is careful for ever where a link was down',
    wrong({ send }) {
      let wait = 0
      return { take: ({ content }) => pause(wait).then(() => send(content)).catch((error: unknown) => { wait = 10 * minute; throw error }) }
    },
    rightly: 'is careful for half a minute each time',
    right({ send }) {
      let wait = 0
      return { take: ({ content }) => pause(wait).then(() => send(content)).catch((error: unknown) => { wait = minute / 2; throw error }) }
    },
  },
  'messages after a recovery are delivered promptly': {
    recovery: minute, order: 'per link',
    scenario: scenario([[1], [1]], [[0, 'link refuses'], [2, 'time passes', 5], [2, 'link heals'], [2, 'time passes', 6]],
      { schedule: [0, 1] }),
    wrongly: 'pauses for ten minutes when its link was down',
    wrong({ send }) {
      const inTurn = senders()
      return { take: ({ content, link }) => inTurn(link, () => send(content).catch(() => pause(10 * minute).then(() => send(content)))) }
    },
    rightly: 'pauses for a minute',
    right({ send }) {
      const inTurn = senders()
      return { take: ({ content, link }) => inTurn(link, () => send(content).catch(() => pause(minute).then(() => send(content)))) }
    },
  },
  'nothing invented': {
    scenario: scenario([[1]]),
    wrongly: 'sends a greeting of its own',
    wrong: handed((message, world) => linkOf(world, message).send('hello').then(() => world.send(message.content))),
    rightly: 'greets by a step',
    right: handed((message, world) => linkOf(world, message).step('hello').then(() => world.send(message.content))),
  },
  'it does not crash': {
    scenario: scenario([[1]], [[0, 'link refuses']]),
    wrongly: 'throws where nobody catches',
    wrong: handed(({ content }, { send }) => send(content).catch((error: unknown) => {
      queueMicrotask(() => { throw error })
      throw error
    })),
    rightly: 'throws where it is heard', right: handed(({ content }, { send }) => send(content)),
  },
  'it does not go on for ever': {
    scenario: scenario([[1, 'refused']]),
    wrongly: 'flags what is refused, and keeps it at the head of its queue',
    wrong({ send, flag, delivered }) {
      const inTurn = senders()
      return {
        take: ({ id, content }) => void inTurn('all', async () => {
          for (let tries = 1; ; tries++)
            try {
              await send(content)
              return delivered(id)
            } catch (error) {
              if (tries === 3) flag(id, error)
              await pause(1_000)
            }
        }),
      }
    },
    rightly: 'tries for long, and goes on to the next',
    right({ send }) {
      const inTurn = senders()
      return {
        take: ({ content }) => inTurn('all', async () => {
          for (let tries = 1; ; tries++)
            try {
              return await send(content)
            } catch (error) {
              if (tries === 300) throw error
              await pause(100)
            }
        }),
      }
    },
  },
  'nothing lost to the trouble of another link': {
    scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link hangs']], { links: 2 }), links: [2, 2],
    wrongly: 'waits for half a minute for each, whatever its link',
    wrong({ send }) {
      const inTurn = senders()
      return { take: ({ content }) => inTurn('all', () => halfAMinute(send(content))) }
    },
    rightly: 'waits for half a minute for each, over one link',
    right({ send }) {
      const inTurn = senders()
      return { take: ({ content, link }) => inTurn(link, () => halfAMinute(send(content))) }
    },
  },
}
