/** A family of connectors, right but for one bug at the most: how they are handed messages, queue, try again, give up and stop. */
import fc from 'fast-check'
import { type Connector, type Link, type Message, outcomeOf, type Running, type SendError, type World } from '../../spec/connector.ts'
import { senders } from '../verdict/judge-pair.ts'
import { never, pause } from './wrong-connectors.ts'

export const bugs = [
  'forgets what fails', 'claims what fails', 'sends again what was taken', 'flags every third', 'forgets every third',
  'stops after a failure', 'flags and goes on',
] as const
type Bug = (typeof bugs)[number]

interface Traits {
  readonly guarantee: Connector['guarantee']
  readonly isFetching: boolean
  readonly queue: 'none' | 'for each link' | 'for all'
  readonly tries: number
  /** Milliseconds between two tries. */
  readonly wait: number
  /** Milliseconds after which it gives up a call. */
  readonly timeout: number | null
  readonly listens: boolean
  readonly stops: boolean
  readonly writes: boolean
  readonly bug: Bug | null
}

export const drawnTraits = (bug: Bug | null): fc.Arbitrary<Traits> => fc.record({
  guarantee: fc.constantFrom('at-least-once', 'exactly-once', 'at-most-once'),
  isFetching: fc.boolean(),
  queue: fc.constantFrom('none', 'for each link', 'for all'),
  tries: fc.integer({ min: 1, max: 3 }),
  wait: fc.constantFrom(1_000, 60_000, 400_000),
  timeout: fc.constantFrom(null, 10_000),
  listens: fc.boolean(), stops: fc.boolean(), writes: fc.boolean(),
  bug: fc.constant(bug),
})

export function connectorOf(traits: Traits): Connector {
  const { guarantee, isFetching, queue, timeout, bug, tries, wait } = traits
  const isOneForAll = isFetching || queue === 'for all'
  return {
    name: `one that ${bug ?? 'is right'}, with ${tries} tries, ${wait} ms apart`, guarantee, burst: 4, links: [1, 2],
    start: (world) => (isFetching ? fetching(world, traits) : handed(world, traits)),
    ...(timeout === null ? {} : { timeout }),
    ...(queue === 'for each link' && !isFetching && timeout === null ? { order: 'per link' } : {}),
    ...(isOneForAll ? { exempt: { 'links are independent': 'it has one way out' } } : {}),
  }
}

/** Outcomes after which the message may be sent again, by what is promised. */
const mayGoAgain = (error: unknown, guarantee: Connector['guarantee']) => {
  const outcome: SendError['outcome'] | undefined = outcomeOf(error)
  if (outcome === 'refused for now' || outcome === 'dropped before') return true
  return outcome !== 'refused for good' && guarantee === 'at-least-once'
}

async function sent(link: Link, message: Message, traits: Traits): Promise<void> {
  const { guarantee, isFetching, timeout, tries, wait, listens, bug } = traits
  let isThere = false
  // Whoever looks at the signal owes a word at once: one that fetches has no time for that, and does not look.
  const isOver = () => listens && !isFetching && message.signal.aborted
  for (let tried = 1; ; tried++) {
    if (isOver()) throw new Error('aborted')
    const call = link.send(message.content).then(() => { isThere = true })
    call.catch(() => undefined)
    try {
      await (timeout === null ? call : Promise.race([call, pause(timeout).then(() => { throw new Error('no answer') })]))
      if (bug === 'sends again what was taken') await link.send(message.content)
      return
    } catch (error) {
      if (isThere) return
      if (tried === tries || !mayGoAgain(error, guarantee)) throw error
      await pause(wait)
      // It may have been answered meanwhile.
      if (isThere) return
    }
  }
}

/** What both ways of coming by a message have in common: what is done with one, and what is made of a failure. */
function working(world: World, traits: Traits) {
  const { guarantee, writes, bug } = traits
  let taken = 0
  let hasFailed = false
  return async (message: Message): Promise<void> => {
    const isThird = ++taken % 3 === 0
    if ((isThird && bug === 'forgets every third') || (hasFailed && bug === 'stops after a failure')) return never()
    if (isThird && bug === 'flags every third') throw new Error('the third')
    if (guarantee === 'exactly-once') {
      if (world.disk.has(message.id)) throw new Error('it may have been sent')
      world.disk.set(message.id, 'claimed')
    }
    try {
      if (writes) await world.storage.write(message.id, 'here')
      await sent(world.links.find(({ name }) => name === message.link)!, message, traits)
    } catch (error) {
      hasFailed = true
      if (bug === 'forgets what fails') return never()
      if (bug === 'claims what fails') return
      if (bug === 'flags and goes on') void pause(1_000).then(() => world.send(message.content)).catch(() => undefined)
      throw error
    }
  }
}

function handed(world: World, traits: Traits): Running {
  const { queue, listens, stops } = traits
  const work = working(world, traits)
  const inTurn = senders()
  let isStopped = false
  const take = (message: Message) => {
    if (isStopped) throw new Error('it is stopped')
    if (listens) message.signal.throwIfAborted()
    const done = queue === 'none' ? work(message) : inTurn(queue === 'for all' ? 'all' : message.link, () => work(message))
    if (!listens) return done
    return Promise.race([done, new Promise((_, fail) => message.signal.addEventListener('abort', () => fail(new Error('aborted'))))])
  }
  return stops ? { take, stop: () => { isStopped = true } } : { take }
}

function fetching(world: World, traits: Traits): Running {
  const { receive, acknowledge, delivered, flag, report, disk } = world
  const work = working(world, traits)
  const isFirst = traits.guarantee === 'at-most-once'
  let running = true
  const one = async (message: Message) => {
    // What comes again, and is done with here, is done with there as well.
    if (disk.get(message.id) !== 'done') {
      if (isFirst) {
        disk.set(message.id, 'done')
        // Whether that is known there or not: it is sent once, and is done with if it comes again.
        await acknowledge(message.id).catch(() => undefined)
      }
      await work(message).then(() => delivered(message.id), (error: unknown) => flag(message.id, error))
      disk.set(message.id, 'done')
    }
    await acknowledge(message.id)
  }
  const poll = async () => {
    while (running) {
      const [message] = await receive(1).catch(() => [])
      if (message) await one(message).catch((error: unknown) => { try { report(error) } catch { /* Nobody hears it. */ } })
      else await pause(1_000)
    }
  }
  const polling = poll()
  return traits.stops ? { stop: () => { running = false; return polling } } : {}
}
