/**
 * For each clause a connector that breaks it, with the scenario in which it does, and one that keeps it there: advice on a
 * clause is for the first, and never for the second.
 */
import { ageKept } from '../../connectors/corpus/right/limits.ts'
import { ageForgotten } from '../../connectors/corpus/wrong/storage.ts'
import type { Connector, Message, MessageKind, Running, World } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'
import { never, pause } from '../samples/wrong-connectors.ts'

type Start = Connector['start']
type Take = (message: Message, world: World) => unknown

interface BrokenClause {
  readonly clause: string
  readonly connector: Connector
  readonly right: Connector
  readonly scenario: Scenario
  /** What the first sentence of the advice has in it. */
  readonly advice: RegExp
}

const taking = (take: Take): Start => (world): Running => ({ take: (message) => take(message, world) })
const sending = taking(({ content }, { send }) => send(content))
/** Over the link that a message is for, whatever it carries. */
const over = (link: string, { links }: World) => links.find(({ name }) => name === link)!

/** One message after another, whichever link each is for. */
const inOneLine = (each: Take): Start => (world) => {
  let before: Promise<unknown> = Promise.resolve()
  return {
    take(message) {
      const own = before.then(() => each(message, world))
      before = own.catch(() => undefined)
      return own
    },
  }
}

/** Fetches one message after another. */
const polling = (each: (message: Message, world: World) => Promise<unknown>): Start => (world) => {
  let isAtWork = true
  const poll = async () => {
    while (isAtWork) {
      const [message] = await world.receive(1)
      await (message ? each(message, world) : pause(1_000))
    }
  }
  void poll()
  return { stop: () => { isAtWork = false } }
}
const settled = ({ id, content }: Message, { send, delivered, flag }: World) =>
  send(content).then(() => delivered(id), (error: unknown) => flag(id, error))

/** Tries every so often, for a minute, and flags at the first try after that. */
const tryingEvery = (wait: number): Start => taking(async ({ content }, { send }) => {
  for (const since = performance.now(); ; await pause(wait))
    try { return await send(content) } catch (error) { if (performance.now() - since >= 60_000) throw error }
})

const of = (count: number, link = 1, kind: MessageKind = 'plain'): Burst => ({ count, kind, link })
const once = (what: Fault['what'], on = 1, after = 0): Fault => ({ what, on, after })
const given = (stream: readonly Burst[], faults: readonly Fault[] = [], more: Partial<Scenario> = {}): Scenario =>
  ({ workers: 1, links: Math.max(...stream.map(({ link }) => link)), stream, faults, schedule: [], ...more })

const row = (
  clause: string, scenario: Scenario, start: Start, advice: RegExp,
  { right = sending, name = '', ...more }: Partial<Connector> & { readonly right?: Start } = {},
): BrokenClause => {
  const like = { guarantee: 'at-least-once' as const, ...more }
  return {
    clause, scenario, advice, connector: { ...like, name: name || `one that breaks ‘${clause}’`, start },
    right: { ...like, name: `one that keeps ‘${clause}’`, start: right },
  }
}

const dropped = [once('link drops before')]
/** Tries once more a second later. */
const again: Take = ({ content }, { send }) => send(content).catch(() => pause(1_000).then(() => send(content)))
/** Sends it, and looks at nothing that comes of it. */
const carelessly = ({ content }: Message, { send }: World) => void send(content).catch(() => undefined)
const giveUpAfter = (milliseconds: number, then: Take) => taking((message, world) =>
  Promise.race([world.send(message.content), pause(milliseconds).then(() => then(message, world))]))
/** Once a message has failed, the next one tries alone. */
const breaking = (beside: 'those beside it fail' | 'those beside it wait'): Start => ({ send }) => {
  let isOpen = false
  let trying: Promise<unknown> | null = null
  return {
    async take({ content }) {
      if (isOpen && trying && beside === 'those beside it fail') throw new Error('open')
      while (isOpen && trying) await trying.catch(() => undefined)
      const failed = (error: unknown) => { isOpen = true; throw error }
      trying = send(content).then(() => { isOpen = false }, failed).finally(() => { trying = null })
      await trying
    },
  }
}
const late = () => { throw new Error('too late') }

export const brokenClauses: readonly BrokenClause[] = [
  row('not altered', given([of(1, 1, 'lines')]), taking(({ content, link }, world) => over(link, world).send(String(content).trim())),
    /at step \d+ is not what was taken at step 1\. A usual cause with a message of its kind \(‘lines’\): it is trimmed/),
  row('not altered', given([of(1)]), sending, /what goes with it is not \(no address\)/,
    { carries: ['address'], right: taking(({ content, address }, { send }) => send(content, { address })) }),
  row('not misrouted', given([of(1, 2)]), taking(({ content }, { links }) => links[0]!.send(content)),
    /^m1 is for link 2, and goes over link 1 at step \d+\./, { name: 'one that knows one link' }),
  row('nothing invented', given([of(1)]), taking(({ content }, { send }) => send(`hello ${String(content)}`)),
    /^No message has the content that link 1 records/),
  row('not delivered after it was flagged', given([of(1)], dropped), taking((message, world) => world.send(message.content).catch((error) => {
    setTimeout(() => carelessly(message, world), 1_000)
    throw error
  })), /^m1 is flagged at step \d+, and sent after that, at step \d+/),

  row('no second copy', given([of(1)]), taking(({ content }, { send }) => send(content).then(() => send(content))),
    /though the connector was told of the first at step \d+\. Look for what starts the second sending/, { name: 'one that resends' }),
  row('no second copy', given([of(1)], [once('link drops after')]), taking(again),
    /had not been told what became of the first\. One that promises ‘exactly-once’/, { guarantee: 'exactly-once' }),
  row('no second copy', given([of(1)], [once('service restarts', 1, 3)]), ({ send, disk }) => {
    for (const content of disk.values()) void send(content).catch(() => undefined)
    return { take: ({ id, content }) => { disk.set(id, content); return send(content) }, stop: () => undefined }
  }, /started again in between\. It had said at step \d+/, {
    guarantee: 'exactly-once', right: ({ send }) => ({ take: ({ content }) => send(content), stop: () => undefined }),
  }),

  row('in the order in which they were taken', given([of(2)], dropped), taking(again),
    /^m2 overtakes m1, at step \d+\. m1 failed at step \d+, “link 1 drops m1/,
    { order: 'per link', name: 'one that retries at the tail', right: inOneLine(again) }),
  row('in the order in which they were taken', given([of(2)]),
    taking((message, { send }) => pause(message.id === 'm1' ? 1_000 : 0).then(() => send(message.content))),
    /^m2 overtakes m1, at step \d+\. m1 waits then, and has not been sent/, { order: 'per link' }),

  row('flagged only with a reason', given([of(2)]), taking(({ id, content }, { send }) => {
    if (id !== 'm1') throw new Error('over the quota')
    return send(content)
  }), /^m2 is healthy, and so was link 1 while the connector had it\. The connector gives the reason ‘over the quota’\. Nothing was done/,
  { name: 'one with a quota' }),
  row('flagged only with a reason', given([of(1, 1), of(1, 2)], [once('link refuses', 1)]), ({ send }) => {
    let isOpen = false
    return {
      take: ({ content }) => (isOpen ? Promise.reject(new Error('circuit open'))
        : send(content).catch((error: unknown) => { isOpen = true; throw error })),
    }
  }, /Look at what step \d+, “link 1 refuses” has left behind/),
  row('not flagged when it is known to be delivered', given([of(1)], dropped),
    taking((message, world) => Promise.resolve(again(message, world)).then(late)),
    /^The answer for m1 comes at step \d+, and it is flagged at step \d+\./, { right: taking(again) }),
  row('one verdict', given([of(1)], dropped), taking((message, world) => {
    setTimeout(() => world.flag(message.id, 'too late'), 5_000)
    return again(message, world)
  }), /^Two paths settle m1: at step \d+ it is said to be delivered, and at step \d+ it is flagged\./, { right: taking(again) }),
  row('one verdict', given([of(1)]), taking(({ id, content, signal }, { send, flag }) => {
    signal.addEventListener('abort', () => flag(id, 'aborted'))
    return send(content)
  }), /^Two paths settle m1: .* Its sender aborts it at step \d+, when it has its verdict: take the listener off/),
  row('one verdict', given([of(1, 1, 'refused')], [once('service dies', 1, 5)]), ({ send, disk, flag }) => {
    for (const [id, content] of disk) void send(content).catch((error: unknown) => flag(id, error))
    return { take: ({ id, content }) => { disk.set(id, content); return send(content) } }
  }, /^Two paths settle m1: .* In between comes step \d+, “the (?:connector is started again: life 2.*|service dies)”\. Take what/),
  row('one verdict, claimed', given([of(1)], dropped),
    taking(({ id, content }, { send, flag }) => send(content).catch((error: unknown) => flag(id, error))),
    /^Two paths settle m1: at step \d+ it is flagged, and at step \d+ it is said to be delivered\./),
  row('claimed only when it is recorded', given([of(1)]), taking(async (message, world) => carelessly(message, world)),
    /^m1 is under way since step \d+, and not answered/),
  row('claimed only when it is recorded', given([of(1)]), taking(async (message, world) => {
    setTimeout(() => carelessly(message, world), 1_000)
  }), /and was not handed to a link before that/),
  row('claimed only when it is recorded', given([of(1)], dropped), taking(({ content }, { send }) => send(content).catch(() => undefined)),
    /^m1 failed at step \d+, “link 1 drops m1, before it was recorded”, and is said to be delivered at step \d+/),
  row('acknowledged only when it is settled', given([of(1)]), polling(async (message, world) => {
    await world.acknowledge(message.id)
    await settled(message, world)
  }), /^m1 is acknowledged at step \d+, and was not handed to a link before that/, {
    right: polling(async (message, world) => {
      await settled(message, world)
      await world.acknowledge(message.id)
    }),
  }),

  row('a verdict when its sender gives up', given([of(1)], [once('link hangs'), once('sender aborts', 1, 1)]),
    taking(({ content, signal }, { send }) => (signal.aborted ? Promise.reject(new Error('given up')) : send(content))),
    /^The sender of m1 gives it up at step \d+/, {
      right: taking(({ content, signal }, { send }) => Promise.race([send(content), new Promise((_, fail) =>
        signal.addEventListener('abort', () => fail(new Error('given up'))))])),
    }),
  row('a verdict before it is too old', given([of(1)], [once('link hangs')]), sending,
    /^m1 was taken at step \d+, and at step \d+, [\d,]+ ms later, it is still kept\./,
    { expiry: 60_000, right: giveUpAfter(30_000, late) }),
  row('a verdict as soon as it is too old', given([of(1)], [once('link refuses')]), tryingEvery(45_000),
    /^The connector has m1 from step \d+ on, and flags it at step \d+, 90,000 ms later\. From step \d+, “link 1 refuses” on, nothing else/,
    { expiry: 60_000, right: tryingEvery(500) }),
  row('a verdict as soon as it is too old', given([of(1)], [once('link refuses'), once('time passes', 4, 1), once('time passes', 7, 3),
      once('service dies', 1, 3)]),
    ageForgotten.start, /^The connector has m1 from step \d+ on, and flags it at step \d+, 4,2\d\d,\d+ ms later\./,
    { expiry: 3_600_000, right: ageKept.start }),
  row('a verdict while another link is down', given([of(1, 1), of(1, 2)], [once('link hangs')]),
    inOneLine(({ content }, { send }) => send(content)), /^From step \d+, “link 1 hangs” on, m2, which goes over link 2, waits too\./),
  row('a verdict while another link is down', given([of(1)], [once('link hangs')], { links: 2, recipients: 2 }),
    taking(async ({ content, recipients }, world) => {
      for (const { link } of recipients) await over(link, world).send(content)
    }), /^From step \d+, “link 1 hangs” on, m1, which goes over link 2, waits too\./, {
      recipients: 2, name: 'one recipient after the other',
      right: taking(({ content, recipients, id }, world) =>
        void recipients.map(({ link }) => over(link, world).send(content).then(() => world.delivered(id, link),
          (error: unknown) => world.flag(id, error, link)))),
    }),
  row('nothing lost to the trouble of another link', given([of(1, 1), of(1, 2)], [once('link is late')]),
    inOneLine(({ content }, { send }) => send(content)), /^Nothing is done to link 2, and m2 is late all the same\./,
    { name: 'one line for all' }),

  row('a verdict in the end', given([of(2)], dropped), taking(({ content }, { send }) => send(content).catch(never)),
    /^The last event about m\d is step \d+, “link 1 drops m\d, before it was recorded”/, { name: 'one that forgets what is dropped' }),
  row('a verdict in the end', given([of(3)]), taking(({ id, content }, { send }) => (id === 'm2' ? never() : send(content))),
    /^m2 was taken at step \d+, and never sent\./),
  row('a verdict in the end', given([of(1)], dropped, { links: 2, recipients: 2 }), taking(({ content, recipients, id }, world) =>
    void recipients.map(({ link }) => over(link, world).send(content).then(() => world.delivered(id, link), () => undefined))),
  /^m1 has 2 recipients; the one over link 1 has no verdict\.$/, {
    recipients: 2, name: 'one with several recipients', right: taking(({ content, recipients, id }, world) =>
      void recipients.map(({ link }) => over(link, world).send(content).then(() => world.delivered(id, link),
        (error: unknown) => world.flag(id, error, link)))),
  }),
  row('a verdict in the end', given([of(1)], [once('link never answers')]), sending, /^The call of step \d+ is never answered/,
    { timeout: 10_000, recovery: 5_000, right: giveUpAfter(10_000, late) }),
  row('a verdict in the end', given([of(1)], [once('service restarts')]), ({ send }) => {
    let isAtWork = true
    return { take: ({ content }) => (isAtWork ? send(content) : never()), stop: async () => { isAtWork = false; await pause(5_000) } }
  }, /^m1 was taken at step \d+, when the service was stopped/, {
    right: ({ send }) => {
      let isAtWork = true
      return {
        take: ({ content }) => (isAtWork ? send(content) : Promise.reject(new Error('stopped'))),
        stop: async () => { isAtWork = false; await pause(5_000) },
      }
    },
  }),
  row('a verdict in the end', given([of(1, 1, 'refused')]), taking(async ({ content }, { send }) => {
    for (;;)
      try {
        return await send(content)
      } catch {
        await pause(1_000)
      }
  }), /^The last thing that happens to m1 is step [\d,]+, “[^”]*m1[^”]*”, and the connector is still at work/,
  { name: 'one that retries for ever' }),
  row('an answer in the end', given([of(1)]), taking((message, world) => { carelessly(message, world); return never() }),
    /^A link has m1, and the connector is told so at step \d+\. It says nothing of it after that\. Let the promise/),
  row('an answer in the end', given([of(1)], [once('link drops after')]), taking(({ content }, { send }) => send(content).catch(never)),
    /^The last event about m1 is step \d+, “link 1 drops m1, after it was recorded”\. The connector is told that it failed/),
  row('an answer in the end', given([of(1)], [once('link loses answer')]), sending,
    /^A link has m1 from step \d+ on, and does not answer\./, { timeout: 10_000, recovery: 5_000, right: giveUpAfter(10_000, late) }),

  row('fresh messages are delivered', given([of(1)], dropped), ({ send }) => {
    let isFree = true
    const waiting: (() => void)[] = []
    return {
      async take({ content }) {
        if (!isFree) await new Promise<void>((go) => waiting.push(go))
        isFree = false
        await send(content)
        isFree = true
        waiting.shift()?.()
      },
    }
  }, /is not even offered to link 1\. Something is still blocked since step \d+, “link 1 drops before”/,
  { name: 'one that leaks its worker' }),
  row('fresh messages are delivered', { ...given([of(1)], dropped), calm: [{ kind: 'plain', link: 1 }, { kind: 'plain', link: 1 }] },
    breaking('those beside it fail'),
    /^m3 is flagged at step \d+, while the call of step \d+, “link 1 is offered m2” is under way\. Where a breaker/,
    { name: 'one that fails what comes beside its probe', right: breaking('those beside it wait') }),
  row('fresh messages are delivered promptly', given([of(1)], dropped), ({ send }) => {
    let isOpenUntil = 0
    return {
      async take({ content }) {
        while (Date.now() < isOpenUntil) await pause(1_000)
        await send(content).catch((error: unknown) => { isOpenUntil = Date.now() + 120_000; throw error })
      },
    }
  }, /^m\d+ comes at step \d+, and is sent [\d,]+ ms later, at step \d+/, { recovery: 5_000 }),
  row('messages after a recovery are delivered promptly', given([of(1), of(1)], [once('link refuses', 1, 0), once('time passes', 5, 2),
    once('link heals', 1, 2), once('time passes', 6, 2)], { schedule: [0, 1] }),
  inOneLine(({ content }, { send }) => send(content).catch(() => pause(600_000).then(() => send(content)))),
  /^m2 comes at step \d+, and is sent [\d,]+ ms later, at step \d+\. A pause/, { recovery: 60_000 }),
  row('it does not crash', given([of(1, 1, 'deep')]), taking(({ kind, content }, { send }) => {
    if (kind === 'deep') queueMicrotask(() => { throw new RangeError('nested too deep') })
    return kind === 'deep' ? never() : send(content)
  }), /^An error is thrown, or a promise rejected, where nobody catches it\. The last event before is step \d+, “takes m1, deep”/,
  { name: 'one that crashes' }),
  row('it does not crash', given([of(1)], [once('service restarts', 1, 1)]), ({ send }) => ({
    take: ({ content }) => send(content), stop: () => never(),
  }), /^Look for what `stop` waits for/, { right: ({ send }) => ({ take: ({ content }) => send(content), stop: () => undefined }) }),
  row('it does not go on for ever', given([of(1)]), taking(async ({ content, link }, world) => {
    await world.send(content)
    for (;;) {
      await over(link, world).step('confirm')
      await pause(1_000)
    }
  }), /it does not come to rest\. The last thing that it tries is step [\d,]+, “link 1 reaches confirm”/),
]
