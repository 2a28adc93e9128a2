/**
 * §8: every relay of reports of the catalogue as a connector, which asks its policy where the model does.
 *
 * A report goes to the sender by the world’s `report`, which may fail: then the report was refused. That it was made, or that it
 * is kept as dead mail, is what flags a message.
 */
import { match } from 'ts-pattern'
import { reportRelay } from '../../models/report-relay.ts'
import { type Connector, type Message, outcomeOf } from '../../spec/connector.ts'
import { Inlet, pause, pauseBetween } from './inlet.ts'

/** Times that a message that is refused for now is tried again. */
const tries = 3

function reportRelayWith(variant: string): Connector {
  const policy = reportRelay.variants[variant]!
  return {
    name: `report-relay/${variant}`,
    guarantee: 'exactly-once',
    component: 'report-relay',
    links: [1, 1],
    workers: [1, 1],
    burst: 1_000,
    start(world) {
      const { send, delivered, flag, report } = world
      const inlet = new Inlet(world, policy.leaves === 'as it is settled' ? 'as it is delivered' : 'some time after')

      /** How it was refused; null where it was taken, or where nobody knows. */
      const submit = async (message: Message, tried: number) => {
        try {
          await inlet.out(message, () => send(message.content))
          delivered(message.id)
          return null
        } catch (error) {
          const outcome = outcomeOf(error)
          if (outcome === 'dropped after') flag(message.id, error)
          return outcome === 'refused for good' ? 'for good' : outcome === 'dropped after' ? null
            : tried < tries ? 'for now' : 'for now, once too often'
        }
      }

      /** Makes a report of what is in the way of a message; and, where nobody takes that, whatever the policy makes of it. */
      const reportOf = async ({ id }: Message, why: string): Promise<void> => {
        for (let of = why; ; ) {
          try {
            report(new Error(of))
            return flag(id, new Error(why))
          } catch {
            const goesOn = match(policy.report)
              .with('kept as dead mail', () => flag(id, new Error(`${why}, and nobody takes the report of it`)) ?? false)
              .with('dropped', () => false)
              .with('reported', () => { of = `the report that ${of} was refused`; return true })
              .with('offered for ever', () => true)
              .exhaustive()
            if (!goesOn) return
            await pause(pauseBetween)
          }
        }
      }

      const work = async (message: Message) => {
        const { id } = message
        for (let tried = 0; ; tried++) {
          const how = await submit(message, tried)
          if (how === null) break
          const becomes = policy.refused(how)
          if (how !== 'for good' && policy.reports === 'yes') await reportOf(message, `${id} was refused ${how}`)
          if (becomes === 'reported') await reportOf(message, `${id} was refused ${how}`)
          if (becomes !== 'tried again') break
          await pause(pauseBetween)
        }
        inlet.leave(message)
        return 'done' as const
      }

      inlet.employ(1, work)
      return { take: inlet.take, stop: inlet.stop }
    },
  }
}

export const fixed = reportRelayWith('fixed')
export const reportsOnReports = reportRelayWith('reportsOnReports')
export const holdsOnToReports = reportRelayWith('holdsOnToReports')
export const dropsReports = reportRelayWith('dropsReports')
export const reportsEachTry = reportRelayWith('reportsEachTry')
export const countsNoHops = reportRelayWith('countsNoHops')
export const triesForEver = reportRelayWith('triesForEver')
export const dropsTheRefused = reportRelayWith('dropsTheRefused')
export const repeatsAfterDeath = reportRelayWith('repeatsAfterDeath')
