/** For every excuse of a flag: a right connector that would be accused without it, and a wrong one that makes too much of it. */
import type { flagExcuses } from '../../spec/excuses.ts'
import { fetching, handed, type Pair, scenario, senders } from './judge-pair.ts'
import { pause } from '../samples/wrong-connectors.ts'

type Start = Pair['right']
const minute = 60_000
const refuse = (why: string): never => { throw new Error(why) }

/** One sender for all, which flags five minutes after a call came to nothing; and with it, perhaps, what waited behind it. */
const late = (flags: 'it' | 'all behind it'): Start => ({ send }) => {
  const inTurn = senders()
  let reason: Error | null = null
  return {
    take: ({ content }) => inTurn('all', async () => {
      if (reason) throw reason
      let isAnswered = false
      const sent = send(content).finally(() => { isAnswered = true })
      await Promise.race([sent, pause(10_000).then(() => (isAnswered ? undefined : refuse('no answer')))]).catch(async (error: Error) => {
        await pause(5 * minute)
        if (flags === 'all behind it') reason = error
        throw error
      })
    }),
  }
}

/** Fails fast, for so long after a drop, by flagging whatever comes over that link. */
const coolingDown = (milliseconds: number): Start => ({ send }) => {
  const until = new Map<string, number>()
  return {
    async take({ link, content }) {
      if (Date.now() < (until.get(link) ?? 0)) refuse('it dropped a moment ago')
      return send(content).catch((error: unknown) => { until.set(link, Date.now() + milliseconds); throw error })
    },
  }
}

/** Flags what is aborted while it waits; or all that wait then. */
const listening = (flags: 'it' | 'all that wait'): Start => ({ send }) => {
  const inTurn = senders()
  const waiting = new Set<(error: Error) => void>()
  return {
    take: ({ content, signal }) => new Promise<void>((done, fail) => {
      waiting.add(fail)
      signal.addEventListener('abort', () => { for (const each of flags === 'it' ? [fail] : waiting) each(new Error('aborted')) })
      void inTurn('all', () => (signal.aborted ? Promise.resolve() : send(content).then(done, fail))).finally(() => waiting.delete(fail))
    }),
  }
}

/** Takes four at a time, and flags what is over. */
const shedding = (gives: 'room back' | 'no room back'): Start => ({ send }) => {
  let inHand = 0
  return {
    async take({ content }) {
      if (inHand >= 4) refuse('no room')
      inHand++
      await send(content).finally(() => { if (gives === 'room back') inHand-- })
    },
  }
}

/** Sends twelve at once, and then one every two seconds; what has waited for so long it flags. */
const metered = (longest: number): Start => ({ send }) => {
  const inTurn = senders()
  let [tokens, since] = [12, Date.now()]
  const refill = () => {
    tokens = Math.min(12, tokens + (Date.now() - since) / 2_000)
    since = Date.now()
  }
  return {
    take({ content }) {
      const taken = Date.now()
      return inTurn('all', async () => {
        for (refill(); tokens < 1; refill()) await pause(2_000)
        if (Date.now() - taken >= longest) refuse('it has waited for too long')
        tokens--
        return send(content)
      })
    },
  }
}

/** Acknowledges before it sends: flags what it cannot acknowledge, and perhaps all that it fetches after that. */
const untilDoubt = (flags: 'it' | 'all after it'): Start => (world) => {
  let isInDoubt = false
  return fetching(async ({ id, content }, { acknowledge, send, flag }) => {
    if (flags === 'it') isInDoubt = false
    await acknowledge(id).catch(() => { isInDoubt = true })
    if (isInDoubt) return flag(id, 'it could not be acknowledged')
    return send(content).catch((error: unknown) => flag(id, error))
  })(world)
}

export const flagExcusePairs: Readonly<Record<keyof typeof flagExcuses, Pair>> = {
  'what it is': {
    scenario: scenario([[1, 'bad address'], [1, 'other script']]),
    rightly: 'flags what has no address',
    right: handed(({ address, content }, { send }) => (address.includes('@') ? send(content) : refuse('no address'))),
    wrongly: 'flags what is not in Latin letters',
    wrong: handed(({ content }, { send }) => (/привет/.test(String(content)) ? refuse('another script') : send(content))),
  },
  'an attempt of it failed': {
    scenario: scenario([[2]], [[0, 'link drops before']]),
    rightly: 'flags what has failed five minutes later', right: late('it'),
    wrongly: 'flags with it what waited behind it', wrong: late('all behind it'),
  },
  'an attempt of it is not answered': {
    scenario: scenario([[2]], [[0, 'link never answers']]), timeout: 10_000,
    rightly: 'flags what was not answered five minutes later', right: late('it'),
    wrongly: 'flags with it what waited behind it', wrong: late('all behind it'),
  },
  'its link was in trouble': {
    scenario: scenario([[1], [1]], [[0, 'link drops before'], [2, 'time passes', 4]], { schedule: [0, 1] }),
    rightly: 'fails fast for half a minute after a drop', right: coolingDown(minute / 2),
    wrongly: 'fails fast for an hour', wrong: coolingDown(60 * minute),
  },
  'its sender gave up': {
    scenario: scenario([[3]], [[1, 'sender aborts', 2]]),
    rightly: 'flags what is aborted while it waits', right: listening('it'),
    wrongly: 'flags all that wait when one is aborted', wrong: listening('all that wait'),
  },
  'there was no room': {
    scenario: scenario([[5]]), capacity: 4,
    rightly: 'sheds what is over its capacity', right: shedding('room back'),
    wrongly: 'never has room again', wrong: shedding('no room back'),
  },
  'it is too old': {
    scenario: scenario([[20]], [[0, 'time passes', 2]]), expiry: 5_000,
    rightly: 'flags what has waited for longer than it says', right: metered(5_000),
    wrongly: 'flags what has waited for half as long', wrong: metered(2_500),
  },
  'the connector was stopped': {
    scenario: scenario([[1], [1]], [[1, 'service stops']], { schedule: [0, 0] }),
    rightly: 'flags what it is given while it is stopped',
    right({ send }) {
      let isStopped = false
      return { take: ({ content }) => (isStopped ? refuse('it is stopped') : send(content)), stop: () => { isStopped = true } }
    },
    wrongly: 'flags what it is given after that, too',
    wrong: ({ send, disk }) => ({
      take: ({ content }) => (disk.has('stopped') ? refuse('it is stopped') : send(content)), stop: () => { disk.set('stopped', true) },
    }),
  },
  'the connector or a worker died': {
    scenario: scenario([[2]], [[1, 'worker dies']], { workers: 1 }),
    rightly: 'flags what a worker had when it died',
    right({ send }) {
      const inTurn = senders()
      let flag = (_: Error) => {}
      return {
        take: ({ content }) => inTurn('all', () => new Promise<void>((done, fail) => { flag = fail; send(content).then(done, fail) })),
        kill: () => flag(new Error('its worker died')),
      }
    },
    wrongly: 'flags all that comes after that',
    wrong({ send }) {
      let isDead = false
      return { take: ({ content }) => (isDead ? refuse('nobody is there') : send(content)), kill: () => { isDead = true } }
    },
  },
  'its disk failed': {
    scenario: scenario([[1]], [[0, 'disk fails']]),
    rightly: 'flags what it cannot write',
    right: handed(({ id, content }, { storage, send }) => storage.write(id, content).then(() => send(content))),
    wrongly: 'flags all that comes after that',
    wrong({ storage, send }) {
      let isReadOnly = false
      return {
        async take({ id, content }) {
          if (isReadOnly) refuse('the disk is read-only')
          await storage.write(id, content).catch((error: unknown) => { isReadOnly = true; throw error })
          return send(content)
        },
      }
    },
  },
  'its acknowledgement failed': {
    scenario: scenario([[2]], [[0, 'acknowledging fails']]), guarantee: 'at-most-once',
    rightly: 'flags what it could not acknowledge before sending it', right: untilDoubt('it'),
    wrongly: 'flags all that comes after that', wrong: untilDoubt('all after it'),
  },
}
