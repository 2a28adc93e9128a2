/** §1: every gateway of the catalogue as a connector, which asks its policy where the model does. */
import { match } from 'ts-pattern'
import { gateway } from '../../models/gateway.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'
import type { Connector, Message } from '../../spec/connector.ts'
import { Inlet, patiently } from './inlet.ts'

type Policy = typeof gateway.variants.fixed

const never = () => new Promise<never>(() => undefined)
const left = (copied: number) =>
  (copied < attachmentLimit - 1 ? 'plenty' : copied < attachmentLimit ? 'one place' : 'none')

/** A store of which a call may not return. */
const storeWith = (policy: Policy) => ({
  /** Takes one attachment more, where it has so many of the message. */
  put: (copied: number): Promise<void> => (policy.store(left(copied)) === 'returns' ? Promise.resolve() : never()),
})

/** One at a time is fetched from the inlet, copied into the store attachment by attachment, and delivered. */
function gatewayWith(variant: string): Connector {
  const policy = gateway.variants[variant]!
  return {
    name: `gateway/${variant}`,
    guarantee: 'exactly-once',
    component: 'gateway',
    carries: ['attachments'],
    links: [1, 1],
    workers: [1, 1],
    burst: 1_000,
    start(world) {
      const inlet = new Inlet(world, policy.leaves)
      const store = storeWith(policy)
      let strips = false

      /** Whether the message is in the store, with its attachments or without; otherwise it is dropped. */
      const copy = async ({ attachments }: Message): Promise<boolean> => {
        for (let copied = 0; copied < attachments && !strips; )
          switch (policy.creates(left(copied))) {
            case 'copies it':
              await store.put(copied)
              copied++
              break
            case 'strips the message':
              strips = true
              break
            case 'drops the message':
              return false
          }
        return true
      }

      const deliver = async (message: Message): Promise<void> => {
        const { id, content, attachments } = message
        const send = () => (strips && typeof content === 'string'
          ? world.send(`${content}\n(its attachments were removed)`, { attachments: 0 }) : world.send(content, { attachments }))
        const failed = await patiently(() => inlet.out(message, send))
        if (policy.next === 'judged afresh') strips = false
        if (failed === undefined) world.delivered(id)
        else world.flag(id, failed)
      }

      inlet.employ(1, async (message) => {
        if (await copy(message))
          await match(policy.complete)
            .with('delivered', () => deliver(message))
            .with('flagged', () => world.flag(message.id, new Error('it cannot be delivered')))
            .exhaustive()
        inlet.leave(message)
        return 'done'
      })
      return { take: inlet.take, stop: inlet.stop }
    },
  }
}

export const fixed = gatewayWith('fixed')
export const asShipped = gatewayWith('asShipped')
export const stopsAtTheLimit = gatewayWith('stopsAtTheLimit')
export const dropsSilently = gatewayWith('dropsSilently')
export const stripsEveryoneAfter = gatewayWith('stripsEveryoneAfter')
export const flagsEverything = gatewayWith('flagsEverything')
export const redeliversAfterRestart = gatewayWith('redeliversAfterRestart')
