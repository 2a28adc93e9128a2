/**
 * @moleculer/channels on Redis streams: a service with a handler for each stream. What the handler takes is acknowledged; where it throws,
 * the message stays pending, and is claimed once it has been idle for a while.
 */
import { createRequire } from 'node:module'
import type { Connector } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { missing, version } from './server.ts'
import { type Consumer, consuming, group, type Site } from './stream-source.ts'

export const unreachable = async (): Promise<string | null> => missing()

interface Client {
  xgroup(command: string, stream: string, group: string, consumer: string): Promise<unknown>
  xpending(stream: string, group: string, from: string, to: string, most: number, consumer: string): Promise<readonly unknown[]>
}
interface Broker {
  readonly channelAdapter: { readonly clients: ReadonlyMap<string, Client> }
  createService(schema: object): unknown
  start(): Promise<void>
  stop(): Promise<void>
}
const load = createRequire(import.meta.url)
const { ServiceBroker } = load('moleculer') as { readonly ServiceBroker: new (options: object) => Broker }
const { Middleware } = load('moleculer-channels-0.1.8') as { readonly Middleware: (options: object) => object }

/** As little as is not to be waited for; and a handler that says itself when a message has been tried often enough. */
const consumerOptions = { minIdleTime: 300, claimInterval: 40, processingAttemptsInterval: 60_000, startID: '0' }
const [maxRetries, maxInFlight] = [1_000_000, 20]

const serving = (leavesPending: boolean) => async ({ port, streams, handle }: Site): Promise<Consumer> => {
  const redis = { host: '127.0.0.1', port, retryStrategy: () => 10, maxRetriesPerRequest: null, consumerOptions }
  const broker = new ServiceBroker({
    nodeID: 'connector', logger: false, skipProcessEventRegistration: true,
    middlewares: [Middleware({ adapter: { type: 'Redis', options: { redis, maxRetries, maxInFlight } } })],
  })
  broker.createService({
    name: 'connector',
    channels: Object.fromEntries(streams.map((stream) =>
      [stream, { group, handler: (payload: object) => handle(JSON.stringify(payload)) }])),
  })
  await broker.start()
  if (leavesPending) leavePending(broker.channelAdapter.clients.get('Pub')!)
  let isOver: Promise<void> | null = null
  const stop = () => (isOver ??= broker.stop())
  return {
    stop: (within) => Promise.race([stop(), new Promise((go) => setTimeout(go, within))]),
    die: () => void stop().catch(() => undefined),
  }
}

/** What is pending with a consumer goes with it: it is deleted only where nothing is, as the fix has it. */
function leavePending(client: Client): void {
  const xgroup = client.xgroup.bind(client)
  client.xgroup = async (command, stream, of, consumer) =>
    (command === 'DELCONSUMER' && (await client.xpending(stream, of, '-', '+', 1, consumer)).length > 0 ? 0
      : xgroup(command, stream, of, consumer))
}

const elsewhere = 'the consumers with ioredis are tried with that: this one with what is done to the service while its link refuses'
const notApplicable: NonNullable<Connector['notApplicable']> = {
  'receiving fails': elsewhere, 'acknowledging fails': elsewhere, 'acknowledgement is lost': elsewhere, 'source is late': elsewhere,
  'source drops': elsewhere, 'service dies': elsewhere, 'link hangs': elsewhere, 'link is late': elsewhere,
  'link answers out of order': elsewhere,
}

const called = `@moleculer/channels 0.1.8 and Redis ${version}`
export const channels018 = consuming(called, serving(false), {}, { notApplicable })
export const channels018Fixed = consuming(`${called}, with the fix`, serving(true), {}, { notApplicable })

export const trials: readonly Trial[] = [{
  row: 21, buggy: channels018, fixed: channels018Fixed, laws: ['delivered or flagged'],
  trigger: 'a message could not be sent, and is pending; the service is stopped, and deletes its consumer, and with it what is pending',
  smallest: 3, published: 'moleculerjs/moleculer-channels #74',
  limits: 'fixed by #78 in 0.2.0; what that does is done here to 0.1.8',
}]
export const mustPass: readonly Connector[] = []
