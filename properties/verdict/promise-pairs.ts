/** For everything that a connector may declare: who keeps it and who does not; and for permissions, who makes too much of one. */
import { outcomeOf, type Promises } from '../../spec/connector.ts'
import { deedPairs } from './deed-pairs.ts'
import { flagExcusePairs } from './flag-excuse-pairs.ts'
import { handed, linkOf, type Pair, scenario, senders } from './judge-pair.ts'
import { neglectPairs } from './neglect-pairs.ts'
import { pause } from '../samples/wrong-connectors.ts'

export interface PromisePair extends Pair {
  /** The clause that catches the wrong one. */
  readonly by: string
  /** Without the declaration, who is judged otherwise: the wrong one is not accused, or the right one is. */
  readonly without: 'the wrong one is not accused' | 'the right one is accused'
}

type Start = Pair['right']
const text = (content: unknown) => (typeof content === 'string' ? content : '')
const refuse = (why: string): never => { throw new Error(why) }

/** Fails fast for so long after a drop. */
const coolingDown = (milliseconds: number): Start => ({ send }) => {
  let until = 0
  return {
    async take({ content }) {
      if (Date.now() < until) refuse('it dropped a while ago')
      return send(content).catch((error: unknown) => { until = Date.now() + milliseconds; throw error })
    },
  }
}

/** Fails fast for half a minute after a refusal for now; for one breaker to a link, or for all. */
const breaking = (breakers: 'one to a link' | 'one for all'): Start => ({ send }) => {
  const until = new Map<string, number>()
  return {
    async take({ link, content }) {
      const breaker = breakers === 'one to a link' ? link : 'all'
      if (Date.now() < (until.get(breaker) ?? 0)) refuse('it was busy a moment ago')
      return send(content).catch((error: unknown) => {
        if (outcomeOf(error) === 'refused for now') until.set(breaker, Date.now() + 30_000)
        throw error
      })
    },
  }
}

/** One sender for all, which waits for so long for each. */
const patient = (milliseconds: number): Start => ({ send }) => {
  const inTurn = senders()
  return {
    take: ({ content }) => inTurn('all', () => {
      let isAnswered = false
      const sent = send(content).finally(() => { isAnswered = true })
      return Promise.race([sent, pause(milliseconds).then(() => (isAnswered ? sent : refuse('no answer')))])
    }),
  }
}

/** To each recipient over its own link; what it says of each is for the caller. */
const toEach = (says: (failed: readonly string[]) => void): Start => handed(async ({ recipients, content }, { links }) => {
  const failed: string[] = []
  await Promise.all(recipients.map(({ link }) => links.find(({ name }) => name === link)!.send(content).catch(() => failed.push(link))))
  says(failed)
})

export const promisePairs: Readonly<Record<keyof Promises, PromisePair>> = {
  order: {
    ...deedPairs['in the order in which they were taken']!, by: 'in the order in which they were taken', without: 'the wrong one is not accused',
  },
  recovery: {
    scenario: scenario([[1]], [[0, 'link drops before']]), recovery: 300_000,
    by: 'fresh messages are delivered', without: 'the right one is accused',
    rightly: 'fails fast for four minutes after a drop', right: coolingDown(240_000),
    wrongly: 'fails fast for ten', wrong: coolingDown(600_000),
  },
  expiry: {
    ...neglectPairs['a verdict before it is too old']!, by: 'a verdict before it is too old', without: 'the wrong one is not accused',
  },
  capacity: { ...flagExcusePairs['there was no room'], by: 'flagged only with a reason', without: 'the right one is accused' },
  slack: {
    scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link hangs']], { links: 2 }), links: [2, 2], slack: 5_000,
    by: 'nothing lost to the trouble of another link', without: 'the right one is accused',
    rightly: 'waits for four seconds for each, whatever its link', right: patient(4_000),
    wrongly: 'waits for ten', wrong: patient(10_000),
  },
  trouble: {
    // The answer to the first comes before the second and third are taken.
    scenario: scenario([[1, 'busy'], [1, 'plain', 2], [1]], [], { links: 2, schedule: [0, 1, 0, 1, 0, 1] }), links: [2, 2],
    trouble: ['refused for now'], by: 'flagged only with a reason', without: 'the right one is accused',
    rightly: 'has a breaker for each link, which counts refusals for now', right: breaking('one to a link'),
    wrongly: 'has one for all of them', wrong: breaking('one for all'),
  },
  timeout: {
    scenario: scenario([[1]], [[0, 'link never answers']]), timeout: 10_000,
    by: 'a verdict in the end', without: 'the wrong one is not accused',
    rightly: 'waits for ten seconds', right: patient(10_000),
    wrongly: 'waits for ever', wrong: handed(({ content }, { send }) => send(content)),
  },
  carries: {
    scenario: scenario([[1, 'new header']]), carries: ['address', 'header', 'attachments'],
    by: 'not altered', without: 'the wrong one is not accused',
    rightly: 'hands on all that is on the envelope', right: handed((message, { send }) => send(message.content, message)),
    wrongly: 'has one header for all', wrong: handed((message, { send }) => send(message.content, { ...message, header: 'Subject' })),
  },
  strips: {
    scenario: scenario([[1, 'many attachments'], [1]]), strips: 1_024, carries: ['attachments'],
    by: 'not altered', without: 'the right one is accused',
    rightly: 'strips what has too many attachments, and says so',
    right: handed(({ content, attachments }, { send }) =>
      (attachments > 1_024 ? send(`${text(content)} (attachments stripped)`, { attachments: 0 }) : send(content, { attachments }))),
    wrongly: 'strips it, and says nothing',
    wrong: handed(({ content, attachments }, { send }) => send(content, { attachments: attachments > 1_024 ? 0 : attachments })),
  },
  recipients: {
    scenario: scenario([[1]], [[0, 'link refuses', 2]], { links: 2, recipients: 2 }), links: [2, 2], recipients: 2,
    by: 'flagged only with a reason', without: 'the wrong one is not accused',
    exempt: { 'links are independent': 'only what is said of each recipient is looked at' },
    rightly: 'flags the recipient that it could not reach',
    right: toEach((failed) => { if (failed.length > 0) throw Object.assign(new Error('some failed'), { links: failed }) }),
    wrongly: 'flags all for one', wrong: toEach((failed) => { if (failed.length > 0) throw new Error('some failed') }),
  },
}

/** Not after three seconds. */
const inTime = (call: Promise<void>) => Promise.race([call, pause(3_000).then(() => { throw new Error('no answer in three seconds') })])

/** What there is besides: pairs that are about one declaration twice, or about a message that is given again. */
export const furtherPairs: Readonly<Record<string, Pair & { readonly by: string }>> = {
  'several recipients': {
    scenario: scenario([[1]], [], { links: 2, recipients: 2 }), links: [2, 2], recipients: 2, by: 'no second copy',
    rightly: 'sends a copy to each recipient', right: toEach(() => undefined),
    wrongly: 'sends as many copies as there are recipients, over the first link',
    wrong: handed(async (message, world) => { for (const _ of message.recipients) await linkOf(world, message).send(message.content) }),
  },
  'one recipient alone refuses': {
    scenario: { ...scenario([], [], { links: 2, recipients: 2 }), stream: [{ count: 1, kind: 'refused', link: 1, only: 2 }] },
    links: [2, 2], recipients: 2, by: 'flagged only with a reason',
    rightly: 'flags the one', right: toEach((failed) => { if (failed.length > 0) throw Object.assign(new Error('some failed'), { links: failed }) }),
    wrongly: 'flags the other too', wrong: toEach((failed) => { if (failed.length > 0) throw new Error('some failed') }),
  },
  'a claim for all': {
    scenario: scenario([[1]], [], { links: 2, recipients: 2, schedule: [0, 0, 0, 0] }), links: [2, 2], recipients: 2, by: 'claimed only when it is recorded',
    rightly: 'claims each when it is there',
    right: handed(({ id, recipients, content }, { links, delivered, flag }) => {
      for (const { link } of recipients)
        links.find(({ name }) => name === link)!.send(content).then(() => delivered(id, link), (error: unknown) => flag(id, error, link))
    }),
    wrongly: 'claims all when the first is there',
    wrong: handed(({ id, recipients, content }, { links, delivered }) => {
      for (const { link } of recipients)
        void links.find(({ name }) => name === link)!.send(content).then(() => delivered(id), () => undefined)
    }),
  },
  'a call that is given up, and answered later': {
    scenario: scenario([[1]], [[1, 'time passes', 4]]), timeout: 3_000, by: 'not flagged when it is known to be delivered',
    rightly: 'flags it five seconds after it has given it up',
    right: handed(({ content }, { send }) => inTime(send(content)).catch(async (error: unknown) => { await pause(5_000); throw error })),
    wrongly: 'does so too when a second call was answered in time',
    wrong: handed(({ content }, { send }) => inTime(send(content)).catch(async (error: unknown) => {
      await inTime(send(content))
      await pause(5_000)
      throw error
    })),
  },
  'a message that is given again': {
    scenario: scenario([[1, 'list']], [[1, 'service dies']]), by: 'not altered',
    rightly: 'marks its copy, and takes the mark away before it sends it',
    right: handed(async ({ content }, { send, storage }) => {
      if (Array.isArray(content)) content.push('seen')
      await storage.write('last', 'seen')
      if (Array.isArray(content)) content.pop()
      return send(content)
    }),
    wrongly: 'marks its copy',
    wrong: handed(async ({ content }, { send, storage }) => {
      if (Array.isArray(content)) content.push('seen')
      await storage.write('last', 'seen')
      return send(content)
    }),
  },
  'a stop that tells': {
    scenario: scenario([[2]], [[0, 'link hangs'], [1, 'service restarts']]), by: 'a verdict in the end',
    rightly: 'flags what it has in hand when its time is over', right: stopping(true),
    wrongly: 'stops at once', wrong: stopping(false),
  },
}

/** Stopped, it waits for what it has in hand for as long as it is given, and flags the rest; or it does not. */
function stopping(waits: boolean): Start {
  return ({ send }) => {
    const inHand = new Set<(error: Error) => void>()
    return {
      take: ({ content }) => new Promise<void>((done, fail) => {
        inHand.add(fail)
        send(content).then(done, fail).finally(() => inHand.delete(fail))
      }),
      async stop(within) {
        if (!waits) return
        const until = Date.now() + within - 1_000
        while (inHand.size > 0 && Date.now() < until) await pause(1_000)
        for (const fail of inHand) fail(new Error('stopped'))
        await pause(0)
      },
    }
  }
}
