/** Wrong connectors whose pages once misled a reader: each with the scenario in which it breaks a law. */
import { lacking } from '../../engine/falsify/ablation.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { advice } from '../../reports/advice/by-clause.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Connector, Running, World } from '../../spec/connector.ts'
import { never, pause } from '../samples/wrong-connectors.ts'
import { outboxByDate } from '../../connectors/corpus/wrong/clocks.ts'
import { bulkheadOfTwo } from '../../connectors/corpus/wrong/pools.ts'
import { losingHold, of, once, puzzle, type Puzzle } from './puzzling-holders.ts'

type Start = Connector['start']

/** A journal on the disk: what is written down there was begun. */
const journal = (atStart: (world: World, id: string, content: unknown) => void): Start => (world): Running => {
  for (const [id, content] of world.disk) atStart(world, id, content)
  return {
    take({ id, content }) {
      if (world.disk.has(id)) return never()
      world.disk.set(id, content)
      return world.send(content)
    },
  }
}

/** Permits for so many at once, of which one is given back only by what succeeds. */
const permits = (most: number, whenNone: () => unknown): Start => ({ send }) => {
  let inUse = 0
  return {
    take({ content }) {
      if (inUse === most) return whenNone()
      inUse++
      return send(content).then(() => { inUse-- })
    },
  }
}

/** Goes on with every message that is on the disk when it is started, and also with one that it is given again. */
const outbox = (isRemovedFirst: boolean): Start => ({ send, disk, flag, delivered }) => {
  const work = (id: string, content: unknown) => {
    void send(content).then(() => delivered(id), (error: unknown) => flag(id, error)).finally(() => { if (isRemovedFirst) disk.delete(id) })
  }
  for (const [id, content] of disk) work(id, content)
  return { take({ id, content }) { if (!disk.has(id)) { disk.set(id, content); work(id, content) } }, stop: () => undefined }
}

export const puzzles = {
  ...losingHold,
  'takes what a dead one has begun for delivered': puzzle('a journal that takes begun for done',
    journal(({ delivered }, id) => delivered(id)), [of(1)], [once('service dies', 1, 1)]),
  'waits for the answer of a call that a dead one made': puzzle('a journal that waits for the dead', journal(() => undefined),
    [of(1)], [once('link hangs'), once('service dies', 1, 1)]),
  'sends again what a dead one has begun': puzzle('a journal that begins anew',
    journal(({ send, delivered, flag }, id, content) => void send(content).then(() => delivered(id), (error: unknown) => flag(id, error))),
    [of(1)], [once('link is late'), once('service dies', 1, 2)], {}, { guarantee: 'exactly-once' }),
  'two at work': puzzle('an outbox that is never cleared', outbox(false), [of(1, 'refused')], [once('service restarts', 1, 1)]),
  'stands still when the date goes back': puzzle('one that believes the date', ({ send }) => {
    let last = Date.now()
    return {
      take({ content }) {
        if (Date.now() < last) return never()
        last = Date.now()
        return send(content)
      },
    }
  }, [of(1), of(1)], [once('clock goes back', 3, 1)]),
  'sorts by the date': puzzle(outboxByDate.name, outboxByDate.start, [of(2), of(1)], [once('clock goes back', 1, 1)], {}, { order: 'per link' }),
  'keeps a permit when the answer is lost': puzzle(bulkheadOfTwo.name, bulkheadOfTwo.start, [of(3)],
    [once('link drops after'), once('link drops after')]),
  'never sends after a fault': puzzle('one that is deaf after a failed report', ({ send, report }) => {
    let isDeaf = false
    return {
      take({ content }) {
        if (isDeaf) return never()
        try {
          report('one more')
        } catch {
          isDeaf = true
          return never()
        }
        return send(content)
      },
    }
  }, [of(1)], [once('reporting fails')]),
  'one error for all recipients': puzzle('one error for all', ({ links }) => ({
    take: ({ content, recipients }) =>
      Promise.all(recipients.map(({ link }) => links.find(({ name }) => name === link)!.send(content))),
  }), [of(1)], [once('link drops before')], { links: 2, recipients: 2 }, { recipients: 2 }),
  'the wrong recipient': puzzle('one that says it of the first', ({ links, flag, delivered }) => ({
    take: ({ id, content, recipients }) => void recipients.map(({ link }) =>
      links.find(({ name }) => name === link)!.send(content).then(() => delivered(id, link),
        (error: unknown) => flag(id, error, recipients[0]!.link))),
  }), [of(1)], [once('link drops before', 2)], { links: 2, recipients: 2 }, { recipients: 2 }),
  'one answer for all recipients': puzzle('one answer for all', ({ links }) => ({
    take: ({ content, recipients }) =>
      Promise.any(recipients.map(({ link }) => links.find(({ name }) => name === link)!.send(content))),
  }), [of(1)], [once('link drops before')], { links: 2, recipients: 2 }, { recipients: 2 }),
  'permits run out, and it flags': puzzle('one that loses permits', permits(2, () => { throw new Error('no permit') }),
    [of(2, 'refused'), of(1)]),
  'permits run out, and it waits': puzzle('one that loses permits and waits', permits(2, never), [of(2, 'refused'), of(1)]),
  'permits run out in the calm': puzzle('one that loses permits before the calm', permits(2, never), [of(2, 'refused')]),
  'permits run out in the calm, and it flags': puzzle('one that loses permits before the calm, and flags',
    permits(2, () => { throw new Error('no permit') }), [of(2, 'refused')]),
  'room for sixty-four': puzzle('one with a table of 64', ({ send }) => {
    const known = new Set<string>()
    return {
      take({ id, content }) {
        if (known.size === 64) return never()
        known.add(id)
        return send(content)
      },
    }
  }, [of(65)]),
  'looks when the link is back': puzzle('one that forgets what it has when its link is back', ({ links: [link] }) => {
    const waiting: { readonly content: unknown, readonly go: (sent: Promise<void>) => void }[] = []
    let isUp = true
    link!.watch((now) => {
      isUp = now === 'up'
      const next = isUp ? waiting.shift() : undefined
      if (next) next.go(link!.send(next.content))
    })
    return {
      take: ({ content }) => new Promise<void>((fulfil) => {
        if (isUp) fulfil(link!.send(content))
        else waiting.push({ content, go: fulfil })
      }),
    }
  }, [of(2)], [once('link refuses')]),
  'knows messages by their content': puzzle('one that takes equal content for one message', ({ send }) => {
    const sent = new Map<unknown, Promise<void>>()
    return {
      take({ content }) {
        if (!sent.has(content)) sent.set(content, send(content))
        return sent.get(content)
      },
    }
  }, [of(2, 'twin')]),
  'is too strict': puzzle('one for one script only', ({ send }) => ({
    take({ content }) {
      if (typeof content !== 'string' || !/^[\x20-\x7e]+$/.test(content)) throw new Error('unsupported')
      return send(content)
    },
  }), [of(1, 'other script')]),
  'tries again over another link': puzzle('one that fails over', ({ links }) => ({
    take: ({ content, link }) => links.find(({ name }) => name === link)!.send(content)
      .catch(() => links.find(({ name }) => name !== link)!.send(content)),
  }), [of(1)], [once('link drops before')], { links: 2 }),
  'gives up at once and waits': puzzle('one that gives up after a second', ({ send }) => ({
    take: ({ content }) => Promise.race([send(content), pause(1_000)]),
  }), [of(1)], [once('link hangs')]),
} as const satisfies Readonly<Record<string, Puzzle>>

/** A puzzling connector as the command finds it, with what happens without each part; and its page and advice as one line each. */
export async function shownPuzzle(name: keyof typeof puzzles) {
  const { connector, scenario } = puzzles[name]
  const { judgement, inconclusive: _, ...run } = await ran(connector, scenario, inProcess(connector))
  const parts = await lacking(connector, run.scenario, inProcess(connector), Infinity)
  const how = { seed: 1, again: 'npx unwedge check mine.ts', lacking: parts } as const
  const found = violationOf(connector, { broken: { ...judgement!, ...run, tries: 1 }, runs: 1, repeats: true }, how)
  return { found, says: found.says, advice: advice(found).join(' '), page: violationPage(found).replace(/\s+/g, ' ') }
}
