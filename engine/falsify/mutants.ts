/**
 * A connector wrapped so that it does one thing wrong, in the way connectors do. What the suite does not notice of
 * this, it would not notice of a real one either: then the adapter hides something.
 */
import type { Connector, Link, Message, Running, World } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'

export interface Mutant {
  /** What it does, to go after ‘which’. */
  readonly does: string
  /** The law that it breaks first of all. */
  readonly law: LawName
  /** What an adapter hides under which it is not noticed, */
  readonly hides: string
  /** and what to do about that. */
  readonly mend: string
}

export const mutants = {
  'drops one': {
    does: 'takes every third message and forgets it', law: 'delivered or flagged',
    hides: 'that a message is lost',
    mend: 'let `take` return a promise that settles when the connector has settled the message, and not before',
  },
  'doubles one': {
    does: 'sends every third message once more', law: 'none twice',
    hides: 'a second copy',
    mend: 'offer the link whatever comes in, also what it has seen before',
  },
  'claims falsely': {
    does: 'claims every failure as a delivery', law: 'honest',
    hides: 'a failure that is reported as a delivery',
    mend: 'reject `take`, or call `world.flag`, exactly where the connector reports a failure',
  },
  'swallows a flag': {
    does: 'says nothing of what failed', law: 'delivered or flagged',
    hides: 'a failure that nobody is told of',
    mend: 'take flags from the connector’s own report, and make none up where it is silent',
  },
  'alters one': {
    does: 'sends every third message changed', law: 'honest',
    hides: 'that content is changed on its way',
    mend: 'give the link what came out of the connector, and not the message’s own content',
  },
  'changes in place': {
    does: 'changes every third message in place before it is sent', law: 'honest',
    hides: 'that a message is changed where it lies',
    mend: 'give the link what came out of the connector, and look nothing up by the id when it is sent',
  },
  'stops after n': {
    does: 'does nothing more after its third message', law: 'nothing wedges',
    hides: 'that it has stopped',
    mend: 'give every message to the same connector, and start no new one for each',
  },
  'blocks all on one link': {
    does: 'sends nothing while a send over any link is under way', law: 'links are independent',
    hides: 'that one link waits for another',
    mend: 'send over the link of each message (`world.send`, or `world.links` by its name)',
  },
} as const satisfies Record<string, Mutant>
export type MutantName = keyof typeof mutants

/** The connector with one thing wrong. */
export function mutated(connector: Connector, mutant: MutantName): Connector {
  return {
    ...connector,
    name: `${connector.name}, which ${mutants[mutant].does}`,
    async start(world) {
      const running = await connector.start(wrongWorld(world, mutant))
      if (!running.take) return running
      // What it has besides is its own, and may be a method of a class.
      const same = Object.fromEntries((['stop', 'kill', 'scale', 'die', 'end'] as const).flatMap((name) =>
        running[name] ? [[name, (given: number) => running[name]!(given)]] : []))
      return { ...same, take: wrongTake(running, mutant) }
    },
  }
}

const never = () => new Promise<never>(() => undefined)
const isPromise = (word: unknown): word is PromiseLike<unknown> =>
  typeof (word as PromiseLike<unknown> | null | undefined)?.then === 'function'

function wrongTake(running: Running, mutant: MutantName): NonNullable<Running['take']> {
  const isForgotten = forgetting(mutant)
  const change = changing(mutant)
  const instead = mutant === 'claims falsely' ? () => undefined : mutant === 'swallows a flag' ? never : null
  return (message) => {
    if (isForgotten()) return never()
    change(message)
    if (!instead) return running.take!(message)
    try {
      const word = running.take!(message)
      // What says nothing here says it by `world.delivered` and `world.flag`.
      return isPromise(word) ? word.then((said) => said, instead) : word
    } catch {
      return instead === never ? never() : Promise.resolve()
    }
  }
}

/** Changes every third message where it lies. */
function changing(mutant: MutantName): (message: Message) => void {
  let taken = 0
  return (message) => {
    if (mutant !== 'changes in place' || ++taken % 3 !== 0) return
    const { content } = message
    if (Array.isArray(content)) content.push('more or less')
    else (message as { content: unknown }).content = changed(content)
  }
}

const changed = (content: unknown) => (typeof content === 'string' ? `${content}, more or less` : { id: content })

/** Whether the next message is one that it forgets. */
function forgetting(mutant: MutantName): () => boolean {
  let taken = 0
  return () => {
    taken++
    return (mutant === 'drops one' && taken % 3 === 0) || (mutant === 'stops after n' && taken > 3)
  }
}

function wrongWorld(world: World, mutant: MutantName): World {
  const isForgotten = forgetting(mutant)
  const change = changing(mutant)
  const wrong = wrongSends(mutant)
  const receive = async (most: number): Promise<readonly Message[]> => {
    const messages = await world.receive(most)
    const left = messages.filter(() => !isForgotten())
    for (const message of left) change(message)
    return mutant === 'stops after n' && left.length < messages.length && left.length === 0 ? never() : left
  }
  return {
    ...world,
    receive,
    flag: (id, reason, link) => {
      if (mutant === 'claims falsely') world.delivered(id, link)
      else if (mutant !== 'swallows a flag') world.flag(id, reason, link)
    },
    send: wrong.later(world.send),
    sendNow: wrong.now(world.sendNow),
    links: world.links.map((link): Link => ({
      ...link, send: wrong.later(link.send), sendNow: wrong.now(link.sendNow), offer: wrong.later(link.offer),
    })),
  }
}

/** Sends with something wrong with them; all of a world’s together, for what one does may wait for another. */
function wrongSends(mutant: MutantName) {
  let sent = 0
  let before: Promise<unknown> = Promise.resolve()
  const isNext = (wrong: MutantName) => mutant === wrong && sent % 3 === 0
  return {
    later: <A extends readonly unknown[], R>(send: (content: unknown, ...more: A) => Promise<R>) =>
      async (content: unknown, ...more: A): Promise<R> => {
        sent++
        if (isNext('alters one')) return send(changed(content), ...more)
        if (mutant === 'blocks all on one link') {
          const mine = before.then(() => send(content, ...more))
          before = mine.catch(() => undefined)
          return mine
        }
        const twice = isNext('doubles one')
        const result = await send(content, ...more)
        if (twice) await send(content, ...more)
        return result
      },
    now: <A extends readonly unknown[]>(send: (content: unknown, ...more: A) => void) => (content: unknown, ...more: A) => {
      sent++
      const twice = isNext('doubles one')
      send(isNext('alters one') ? changed(content) : content, ...more)
      if (twice) send(content, ...more)
    },
  }
}
