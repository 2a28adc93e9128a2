/**
 * A connector wrapped so that it does one thing wrong, in the way connectors do. What the suite does not notice of
 * this, it would not notice of a real one either: then the adapter hides something.
 */
import type { Connector, Running, World } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'

export const mutants = {
  'drops one': { does: 'takes every third message and forgets it', law: 'delivered or flagged' },
  'doubles one': { does: 'sends every third message once more', law: 'none twice' },
  'claims falsely': { does: 'claims every failure as a delivery', law: 'honest' },
  'swallows a flag': { does: 'says nothing of what failed', law: 'delivered or flagged' },
  'alters one': { does: 'sends every third message changed', law: 'honest' },
  'stops after n': { does: 'does nothing more after its third message', law: 'nothing wedges' },
  'blocks all on one link': { does: 'sends nothing while a send over any link is under way', law: 'links are independent' },
} as const satisfies Record<string, { readonly does: string; readonly law: LawName }>
export type MutantName = keyof typeof mutants

/** The connector with one thing wrong. */
export function mutated(connector: Connector, mutant: MutantName): Connector {
  return {
    ...connector,
    name: `${connector.name}, which ${mutants[mutant].does}`,
    async start(world) {
      const running = await connector.start(mutant === 'doubles one' || mutant === 'alters one' || mutant === 'blocks all on one link'
        ? wrongWorld(world, mutant) : world)
      return running.take ? { ...running, take: wrongTake(running, mutant), ...(running.stop ? { stop: () => running.stop!() } : {}) } : running
    },
  }
}

const never = () => new Promise<never>(() => undefined)

function wrongTake(running: Running, mutant: MutantName): NonNullable<Running['take']> {
  let taken = 0
  return (message) => {
    taken++
    const take = () => Promise.resolve(running.take!(message))
    if (mutant === 'drops one' && taken % 3 === 0) return never()
    if (mutant === 'stops after n' && taken > 3) return never()
    if (mutant === 'claims falsely') return take().catch(() => undefined)
    if (mutant === 'swallows a flag') return take().catch(never)
    return running.take!(message)
  }
}

function wrongWorld(world: World, mutant: MutantName): World {
  let sent = 0
  let before: Promise<unknown> = Promise.resolve()
  const wrong = <R>(send: (content: unknown) => Promise<R>) => async (content: unknown): Promise<R> => {
    sent++
    if (mutant === 'alters one' && sent % 3 === 0) return send(typeof content === 'string' ? `${content}, more or less` : { id: content })
    if (mutant === 'blocks all on one link') {
      const mine = before.then(() => send(content))
      before = mine.catch(() => undefined)
      return mine
    }
    const result = await send(content)
    if (mutant === 'doubles one' && sent % 3 === 0) await send(content)
    return result
  }
  const now = (send: (content: unknown) => void) => (content: unknown) => {
    sent++
    send(mutant === 'alters one' && sent % 3 === 0 ? `${String(content)}, more or less` : content)
    if (mutant === 'doubles one' && sent % 3 === 0) send(content)
  }
  return {
    ...world,
    send: wrong(world.send),
    sendNow: now(world.sendNow),
    links: world.links.map((link) => ({ ...link, send: wrong(link.send), sendNow: now(link.sendNow), offer: wrong(link.offer) })),
  }
}
