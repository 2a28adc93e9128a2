/** For every excuse of a copy or a loss: a right connector that needs it, and a wrong one that makes too much of it. */
import type { copyExcuses, lossExcuses, orderExcuses } from '../../spec/excuses.ts'
import { fetching, handed, type Pair, scenario, senders } from './judge-pair.ts'
import { never, pause } from '../samples/wrong-connectors.ts'

type Start = Pair['right']

/** Keeps on its disk what it has in hand, and sends that again as it starts; or leaves there what it has claimed. */
const spooling = (leaves: 'nothing' | 'what it has claimed'): Start => ({ storage, disk, send }) => {
  const doing = new Map<string, Promise<void>>()
  const does = async (id: string, content: unknown) => {
    await send(content)
    await storage.keys()
    if (leaves === 'nothing') disk.delete(id)
  }
  const once = (id: string, content: unknown) => {
    const done = doing.get(id) ?? does(id, content)
    doing.set(id, done)
    return done
  }
  for (const [id, content] of disk) once(id, content).catch(() => undefined)
  return { take: ({ id, content }) => { disk.set(id, content); return once(id, content) } }
}

/** Acknowledges what is on its storage, while it sends it, and takes it off, at once or not; and sends what it finds there as it starts. */
const storing = (waits: boolean): Start => (world) => {
  const { storage, send, acknowledge } = world
  const passOn = async (id: string, content: unknown) => {
    await send(content)
    if (waits) await pause(1_000)
    await storage.remove(id)
  }
  void storage.keys().then(async (ids) => { for (const id of ids) await passOn(id, await storage.read(id)) })
  return fetching(async ({ id, content }) => {
    await storage.write(id, content)
    await Promise.all([passOn(id, content), acknowledge(id)])
  })(world)
}

export const copyExcusePairs: Readonly<Record<keyof typeof copyExcuses, Pair>> = {
  'it was not told of the first': {
    scenario: scenario([[1]], [[0, 'link is late']]),
    rightly: 'sends again what has no answer after three seconds',
    right: handed(async ({ content }, { send }) => {
      let isAnswered = false
      const sent = send(content).finally(() => { isAnswered = true })
      await Promise.race([sent, pause(3_000).then(() => (isAnswered ? sent : send(content)))])
    }),
    wrongly: 'sends again what had no answer for three seconds, when it has it',
    wrong: handed(async ({ content }, { send }) => {
      const began = Date.now()
      await send(content)
      if (Date.now() - began > 3_000) await send(content)
    }),
  },
  'who was told is gone': {
    scenario: scenario([[1]], [[2, 'service dies'], [9, 'service dies']]),
    rightly: 'sends again what it had in hand when it died', right: spooling('nothing'),
    wrongly: 'sends again what it has claimed, too', wrong: spooling('what it has claimed'),
  },
  'it died as it wrote that down': {
    scenario: scenario([[1]], [[1, 'time passes', 4], [6, 'service dies', 5]]),
    rightly: 'takes off its storage what was sent', right: storing(false),
    wrongly: 'takes it off some time later', wrong: storing(true),
  },
  'it was given out again': {
    scenario: scenario([[1]], [[0, 'acknowledging fails']]),
    rightly: 'sends again what it is given again',
    right: fetching(async ({ id, content }, { send, acknowledge }) => { await send(content); await acknowledge(id) }),
    wrongly: 'sends twice what it is given again',
    wrong(world) {
      const seen = new Set<string>()
      return fetching(async ({ id, content }, { send, acknowledge }) => {
        await send(content)
        if (seen.has(id)) await send(content)
        seen.add(id)
        await acknowledge(id)
      })(world)
    },
  },
}

/** One sender for all; what fails is forgotten, and perhaps all that waits behind it. */
const forgetting = (forgets: 'it' | 'all behind it'): Start => ({ send }) => {
  const inTurn = senders()
  let failures = 0
  return {
    take: ({ content }) => new Promise<void>((done) => {
      const before = failures
      void inTurn('all', async () => {
        if (failures > before && forgets === 'all behind it') return
        await send(content).then(done, () => { failures++ })
      })
    }),
  }
}

/** Forgets what comes for a link that is down, or what comes while any is. */
const watching = (forgets: 'its own' | 'any'): Start => ({ links, send }) => {
  const down = new Set<string>()
  for (const { name, watch } of links) watch((now) => void (now === 'up' ? down.delete(name) : down.add(name)))
  return { take: ({ content, link }) => (down.has(link) || (forgets === 'any' && down.size > 0) ? never() : send(content)) }
}

/** Has what it has in memory alone; and perhaps forgets the first that it is given after a restart. */
const inMemory = (forgets: 'nothing else' | 'the next'): Start => ({ disk, send }) => {
  const inTurn = senders()
  let isFirst = forgets === 'the next' && disk.has('started')
  disk.set('started', true)
  return {
    take({ content }) {
      if (!isFirst) return inTurn('all', () => send(content))
      isFirst = false
      return never()
    },
  }
}

/** Acknowledges before it sends, so that nothing is sent twice: what cannot be acknowledged it leaves, and perhaps the next one too. */
const leaving = (leaves: 'it' | 'the next too'): Start => (world) => {
  let isInDoubt = false
  return fetching(async ({ id, content }, { acknowledge, send }) => {
    const wasInDoubt = isInDoubt
    isInDoubt = await acknowledge(id).then(() => false, () => true)
    if (isInDoubt || (wasInDoubt && leaves === 'the next too')) return
    await send(content)
  })(world)
}

export const lossExcusePairs: Readonly<Record<keyof typeof lossExcuses, Pair>> = {
  'an attempt of it failed': {
    scenario: scenario([[1, 'busy'], [1]]), guarantee: 'at-most-once',
    rightly: 'forgets what is not taken at once', right: forgetting('it'),
    wrongly: 'forgets what waits behind it, too', wrong: forgetting('all behind it'),
  },
  'its link was in trouble': {
    scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link refuses']], { links: 2 }), guarantee: 'at-most-once',
    exempt: { 'links are independent': 'only what is lost is looked at' },
    rightly: 'forgets what is for a link that is down', right: watching('its own'),
    wrongly: 'forgets everything while a link is down', wrong: watching('any'),
  },
  'the answer to its acknowledgement was lost': {
    scenario: scenario([[2]], [[0, 'acknowledgement is lost']]), guarantee: 'at-most-once',
    rightly: 'leaves what it could not acknowledge', right: leaving('it'),
    wrongly: 'leaves the one after it, too', wrong: leaving('the next too'),
  },
  'the connector was stopped, or died': {
    scenario: scenario([[2], [1]], [[1, 'service dies']]), guarantee: 'at-most-once',
    rightly: 'forgets what it had when it died', right: inMemory('nothing else'),
    wrongly: 'forgets what it is given after that, too', wrong: inMemory('the next'),
  },
}

/** One at a time, for four seconds each; what is not answered by then is flagged, or left to its answer. */
const impatient = (then: 'flags it' | 'leaves it'): Start => ({ send }) => {
  const inTurn = senders()
  return {
    take({ content }) {
      let sent: Promise<void> = never()
      const inTime = inTurn('all', () => {
        sent = send(content)
        return Promise.race([sent, pause(4_000).then(() => { throw new Error('no answer in time') })])
      })
      return then === 'flags it' ? inTime : inTime.catch(() => sent)
    },
  }
}

export const orderExcusePairs: Readonly<Record<keyof typeof orderExcuses, Pair>> = {
  'it was flagged, and a call that was given up came late': {
    scenario: scenario([[2]], [[1, 'time passes', 5]], { schedule: [0, 1, 0] }), order: 'per link', timeout: 4_000,
    rightly: 'flags what has no answer in time, and goes on with the next', right: impatient('flags it'),
    wrongly: 'goes on with the next when there is no answer in time, and says nothing', wrong: impatient('leaves it'),
  },
}
