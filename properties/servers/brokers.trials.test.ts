/**
 * Real brokers, each a private instance that is started for every scenario, and ended by SIGKILL: what they keep of what they have
 * acknowledged, and that they leave nothing behind. `npm run trials:services` runs them; the field trial has their rows.
 */
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { trial } from '../../engine/trial/trial.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector, FaultName, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const asked = process.env['UNWEDGE_SOCKETS'] !== undefined
  && existsSync(fileURLToPath(new URL('../../connectors/field/node_modules', import.meta.url)))
const required = process.env['UNWEDGE_SERVICES'] === 'required'
/** What is installed for the field trial alone has no types here. */
type Broker<Name extends string> = Readonly<Record<Name, Connector>> & { readonly unreachable: () => Promise<string | null> }
const at = (file: string) => import(new URL(`../../connectors/field/${file}.ts`, import.meta.url).href) as Promise<unknown>
const nats = asked ? await at('nats/jetstream') as Broker<'jetStream331'> : null
const mosquitto = asked ? await at('mqtt/mosquitto') as Broker<'mosquittoQos1' | 'mosquittoKilled'> : null
const aedes = asked ? await at('mqtt/embedded') as Readonly<Record<'aedesQos1', Connector>> : null
type Group = 'streamGroup' | 'streamGroupOfNew' | 'streamGroupRereading' | 'streamGroupFirst' | 'streamGroupPlain' | 'streamGroupKilled'
const redis = asked ? await at('redis/stream-group') as Broker<Group> : null
const bullmq = asked ? await at('redis/bullmq') as Broker<'bullmq670'> : null
const channels = asked ? await at('redis/channels') as Broker<'channels018' | 'channels018Fixed'> : null
const rabbitmq = asked ? await at('amqp/rabbitmq') as Broker<'rabbit231' | 'rabbit321' | 'rabbit322'> : null
const postgres = asked ? await at('postgres/server') as Broker<'boss12380'> : null
const noPostgres = await postgres?.unreachable() ?? null
const noRabbit = await rabbitmq?.unreachable() ?? null
const [noNats, noMosquitto, noRedis] =
  [await nats?.unreachable() ?? null, await mosquitto?.unreachable() ?? null, await redis?.unreachable() ?? null]

/** A trial of a broker that may be missing. */
function real(because: string | null, name: string, does: () => Promise<void>): void {
  if (because === null) it(name, { timeout: 0 }, does)
  else if (required) it(name, () => expect.fail(because))
  else it.skip(`${name} (${because})`)
}

/** What a scenario shows: one link, three messages, and a fault after so many turns. */
async function shown(connector: Connector, what: FaultName, after: number) {
  const scenario: Scenario = {
    workers: 1, links: 1, stream: [{ kind: 'plain', count: 3, link: 1 }], faults: [{ after, what, on: 1 }], schedule: [],
  }
  const history = await trial(connector, scenario)
  return { history, judgement: judge(connector, history) }
}
const recordings = (history: History, message: string) =>
  history.filter((event) => event.what === 'recorded' && event.message === message).length

describe.skipIf(!asked)('RabbitMQ, behind a proxy', () => {
  const flagged = (history: History) => history.flatMap(({ what, message = '' }) => (what === 'flagged' ? [message] : []))

  real(noRabbit, 'loses a confirm on the wire: what was sent once is flagged, and sent again by one that publishes again', async () => {
    const once = await shown(rabbitmq!.rabbit231, 'link drops after', 1)
    const untold = once.history.find(({ what, told }) => what === 'recorded' && told === false)?.message
    expect([once.judgement?.says ?? null, flagged(once.history).includes(untold ?? '')]).toEqual([null, true])
    expect(recordings(once.history, untold!)).toBe(1)
    const again = await shown(rabbitmq!.rabbit321, 'link drops after', 1)
    expect([again.judgement?.says ?? null, flagged(again.history)]).toEqual([null, []])
    expect(['m1', 'm2', 'm3'].map((id) => recordings(again.history, id))).toContain(2)
  })

  real(noRabbit, 'is refused, frozen and cut on the wire, each once', async () => {
    for (const what of ['link refuses', 'link hangs', 'link drops before', 'link is late'] as const)
      for (const [after, connector] of [[0, rabbitmq!.rabbit231], [2, rabbitmq!.rabbit321]] as const) {
        const { history, judgement } = await shown(connector, what, after)
        expect(judgement?.says ?? null, `${connector.name}: ${what} ${after}`).toBeNull()
        if (what === 'link drops before') expect(history.filter(({ detail }) => detail === 'before it was recorded').length).toBe(1)
      }
  })

  real(noRabbit, 'records nothing more of a channel that the broker has closed: what is not confirmed by then is flagged', async () => {
    const stream = [{ kind: 'plain', count: 6, link: 1 }, { kind: 'no such destination', count: 1, link: 1 }] as const
    for (let times = 0; times < 5; times++) {
      const history = await trial(rabbitmq!.rabbit231, { workers: 1, links: 1, stream, faults: [], schedule: [0, 0, 1, 0, 2] })
      expect(judge(rabbitmq!.rabbit231, history)?.says ?? null).toBeNull()
      expect(history.some(({ detail }) => detail === 'the broker closes the channel')).toBe(true)
    }
  })

  // Over amqplib before 1.0.4, which remembers what it could not encode, the next confirm would end the process.
  real(noRabbit, 'flags a message whose address does not fit, and sends the others', async () => {
    const stream = (['oversized', 'plain', 'deep', 'plain'] as const).map((kind) => ({ kind, count: 1, link: 1 }))
    const history = await trial(rabbitmq!.rabbit322, { workers: 1, links: 1, stream, faults: [], schedule: [] })
    expect(judge(rabbitmq!.rabbit322, history)?.says ?? null).toBeNull()
    expect([flagged(history), recordings(history, 'm2'), recordings(history, 'm4')]).toEqual([['m1', 'm3'], 1, 1])
  })

  real(noRabbit, 'confirms what the far side has: it is not flagged, unless that is a lie', async () => {
    const lying: Connector = {
      ...rabbitmq!.rabbit231,
      async start(world) {
        const running = await rabbitmq!.rabbit231.start(world)
        return { ...running, take: async (message) => { await running.take!(message); throw new Error('no idea') } }
      },
    }
    expect((await shown(lying, 'link drops before', 99)).judgement).toMatchObject({ law: { name: 'honest' } })
  })
})

describe.skipIf(!asked)('PostgreSQL, behind a proxy', () => {
  // Which way a connection is lost depends on its number: three in a row show all.
  real(noPostgres, 'delivers what it has, however its connections are lost: cut, reset or frozen', async () => {
    for (const what of ['receiving fails', 'acknowledging fails', 'acknowledgement is lost'] as const) {
      const scenario: Scenario = {
        workers: 1, links: 1, stream: [{ kind: 'plain', count: 3, link: 1 }], schedule: [],
        faults: [0, 0, 1, 2, 4].map((after) => ({ after, what, on: 1 })),
      }
      const history = await trial(postgres!.boss12380, scenario)
      expect(judge(postgres!.boss12380, history)?.says ?? null, what).toBeNull()
      for (const message of ['m1', 'm2', 'm3']) expect(recordings(history, message), `${what}: ${message}`).toBeGreaterThan(0)
    }
  })
})

describe.skipIf(!asked)('A queue in PostgreSQL', () => {
  real(noPostgres, 'sends once more what could not be acknowledged, and acknowledges that', async () => {
    const { history, judgement } = await shown(postgres!.boss12380, 'acknowledging fails', 0)
    const sent = ['m1', 'm2', 'm3'].map((message) => recordings(history, message)).sort()
    expect([judgement?.says ?? null, sent]).toEqual([null, [1, 1, 2]])
  })

  real(noPostgres, 'flags a dead letter once, however often that cannot be acknowledged', async () => {
    const scenario: Scenario = {
      workers: 1, links: 1, stream: [{ kind: 'plain', count: 1, link: 1 }], schedule: [],
      faults: [
        ...Array.from({ length: 3 }, () => ({ after: 0, what: 'link drops before', on: 1 } as const)),
        ...Array.from({ length: 3 }, () => ({ after: 0, what: 'acknowledging fails', on: 1 } as const)),
      ],
    }
    const history = await trial(postgres!.boss12380, scenario)
    const said = history.flatMap(({ what, message }) => (message === 'm1' && (what === 'flagged' || what === 'acknowledged') ? [what] : []))
    expect([judge(postgres!.boss12380, history)?.says ?? null, said]).toEqual([null, ['flagged', 'acknowledged']])
  })
})

describe.skipIf(!asked)('NATS, a private instance', () => {
  real(noNats, 'ends by SIGKILL at any moment, and delivers what it had taken, once', async () => {
    for (const after of [1, 3, 5, 7, 9, 20]) {
      const { history, judgement } = await shown(nats!.jetStream331, 'service dies', after)
      expect([judgement?.says ?? null, history.some(({ what }) => what === 'service dies')], `${after}`).toEqual([null, true])
      for (const message of ['m1', 'm2', 'm3']) expect(recordings(history, message), `${message}, ${after}`).toBe(1)
    }
  })

  real(noNats, 'gives out again what was not acknowledged, or may not have been', async () => {
    for (const what of ['acknowledging fails', 'source drops', 'receiving fails', 'acknowledgement is lost'] as const)
      for (const after of [0, 4]) {
        const { judgement } = await shown(nats!.jetStream331, what, after)
        expect(judgement?.says ?? null, `${what} ${after}`).toBeNull()
      }
  })
})

describe.skipIf(!asked)('Mosquitto, a private instance', () => {
  real(noMosquitto, 'loses what it has acknowledged when it ends by SIGKILL, as its manual says', async () => {
    // It has all three, and the first is on its way to a link that does not answer.
    const scenario: Scenario = {
      workers: 1, links: 1, stream: [{ kind: 'plain', count: 3, link: 1 }], schedule: [],
      faults: [{ after: 0, what: 'link hangs', on: 1 }, { after: 9, what: 'service dies', on: 1 }],
    }
    const judgement = judge(mosquitto!.mosquittoKilled, await trial(mosquitto!.mosquittoKilled, scenario))
    expect(judgement).toMatchObject({ law: { name: 'delivered or flagged' } })
  })

  real(noMosquitto, 'keeps it when it ends in good order', async () => {
    for (const after of [0, 3, 6, 9]) {
      const { history, judgement } = await shown(mosquitto!.mosquittoQos1, 'service restarts', after)
      expect(judgement?.says ?? null, `${after}`).toBeNull()
      for (const message of ['m1', 'm2', 'm3']) expect(recordings(history, message), `${message}, ${after}`).toBe(1)
    }
  })
})

describe.skipIf(!asked)('A subscriber of MQTT', () => {
  real(null, 'that is started again goes on with one link while a message for another is in hand', async () => {
    const scenario: Scenario = {
      workers: 1, links: 2, stream: [{ kind: 'plain', count: 1, link: 2 }, { kind: 'plain', count: 1, link: 1 }], schedule: [0, 5],
      faults: [{ after: 2, what: 'service dies', on: 1 }, { after: 0, what: 'link hangs', on: 2 }],
    }
    expect(judge(aedes!.aedesQos1, await trial(aedes!.aedesQos1, scenario))?.says ?? null).toBeNull()
  })
})

describe.skipIf(!asked)('A group of a Redis stream, a private instance', () => {
  /** The first message is on its way to a link that does not answer, when the server is killed. */
  const killed: Scenario = {
    workers: 1, links: 1, stream: [{ kind: 'plain', count: 3, link: 1 }], schedule: [],
    faults: [{ after: 0, what: 'link hangs', on: 1 }, { after: 9, what: 'service dies', on: 1 }],
  }

  real(noRedis, 'ends by SIGKILL at any moment, and delivers what it had taken, once', async () => {
    for (const after of [1, 4, 7, 20]) {
      const { history, judgement } = await shown(redis!.streamGroup, 'service dies', after)
      expect([judgement?.says ?? null, history.some(({ what }) => what === 'service dies')], `${after}`).toEqual([null, true])
      for (const message of ['m1', 'm2', 'm3']) expect(recordings(history, message), `${message}, ${after}`).toBe(1)
    }
    expect(judge(redis!.streamGroup, await trial(redis!.streamGroup, killed))).toBeNull()
  })

  real(noRedis, 'gives out again what was not acknowledged, or may not have been', async () => {
    for (const what of ['acknowledging fails', 'source drops', 'receiving fails', 'acknowledgement is lost'] as const)
      for (const [after, connector] of [[0, redis!.streamGroup], [4, redis!.streamGroupPlain]] as const) {
        const { judgement } = await shown(connector, what, after)
        expect(judgement?.says ?? null, `${connector.name}: ${what} ${after}`).toBeNull()
      }
  })

  real(noRedis, 'keeps a message pending for ever whose consumer reads what is new, or looks at that only as it starts', async () => {
    for (const connector of [redis!.streamGroupOfNew, redis!.streamGroupRereading])
      expect((await shown(connector, 'link drops before', 0)).judgement, connector.name)
        .toMatchObject({ law: { name: 'delivered or flagged' } })
    // What it had when it died is given to it as it starts.
    expect((await shown(redis!.streamGroupRereading, 'service dies', 4)).judgement).toBeNull()
  })

  real(noRedis, 'loses the message of one that acknowledges first, and, as it is shipped, what it has when it is killed', async () => {
    expect((await shown(redis!.streamGroupFirst, 'link drops before', 0)).judgement)
      .toMatchObject({ clause: 'acknowledged only when it is settled' })
    expect(judge(redis!.streamGroupKilled, await trial(redis!.streamGroupKilled, killed)))
      .toMatchObject({ law: { name: 'delivered or flagged' } })
  })

  real(noRedis, 'forgets what is pending with a service of @moleculer/channels that is stopped, and not with the fix', async () => {
    const stopped: Scenario = {
      workers: 1, links: 1, stream: [{ kind: 'plain', count: 2, link: 1 }], schedule: [],
      faults: [{ after: 0, what: 'link refuses', on: 1 }, { after: 9, what: 'service restarts', on: 1 }],
    }
    const says = async (connector: Connector) => judge(connector, await trial(connector, stopped))?.law.name ?? null
    expect([await says(channels!.channels018), await says(channels!.channels018Fixed)]).toEqual(['delivered or flagged', null])
  })
})

describe.skipIf(!asked)('BullMQ, on a private instance of Redis', () => {
  real(noRedis, 'ends by SIGKILL at any moment, and delivers what it had taken, once', async () => {
    for (const after of [1, 4, 7, 20]) {
      const { history, judgement } = await shown(bullmq!.bullmq670, 'service dies', after)
      expect([judgement?.says ?? null, history.some(({ what }) => what === 'service dies')], `${after}`).toEqual([null, true])
      for (const message of ['m1', 'm2', 'm3']) expect(recordings(history, message), `${message}, ${after}`).toBe(1)
    }
  })

  real(noRedis, 'gives out again what was not acknowledged, or may not have been', async () => {
    for (const what of ['acknowledging fails', 'source drops', 'receiving fails', 'acknowledgement is lost'] as const)
      for (const after of [0, 4]) {
        const { history, judgement } = await shown(bullmq!.bullmq670, what, after)
        expect([judgement?.says ?? null, history.some((event) => event.what === what)], `${what} ${after}`).toEqual([null, true])
      }
  })

  real(noRedis, 'goes on where the lock of a job is over before that is acknowledged', async () => {
    const slow = new Set(['m1', 'm2'])
    const late: Connector = {
      ...bullmq!.bullmq670,
      start: (world) => bullmq!.bullmq670.start({
        ...world,
        async acknowledge(id) {
          if (slow.delete(id)) await new Promise((go) => setTimeout(go, 700))
          await world.acknowledge(id)
        },
      }),
    }
    expect((await shown(late, 'source is late', 0)).judgement?.says ?? null).toBeNull()
  })
})

describe.skipIf(!asked)('NATS, Mosquitto or Redis', () => {
  real(noNats ?? noMosquitto ?? noRedis, 'leaves no process and no folder', async () => {
    for (const connector of [nats!.jetStream331, mosquitto!.mosquittoQos1, redis!.streamGroup, bullmq!.bullmq670]) {
      let folder = ''
      await shown({
        ...connector,
        async start(world) {
          const running = await connector.start(world)
          folder = world.disk.get('folder') as string
          return running
        },
      }, 'service restarts', 3)
      const within = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
        } catch {
          return false
        }
      })
      expect([folder !== '', existsSync(folder), within]).toEqual([true, false, []])
    }
  })
})
