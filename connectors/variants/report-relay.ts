/**
 * §8: every relay of reports of the catalogue as a connector, which asks its policy where the model does.
 *
 * A report goes to the sender by the world’s `report`, which may fail: then the report was refused. That it was made, or that it
 * is kept as dead mail, is what flags a message.
 */
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

      /** What waits to be offered again as the report of a report, and of what it is one. */
      const reports = new Map<string, string>()
      const makeReportOf = async (message: Message, report: string) => {
        reports.set(message.id, report)
        await pause(pauseBetween)
        inlet.putBack(message)
        inlet.wake()
      }

      /** Offers a report of a message, and where nobody takes it does what the policy makes of that. Whether the message is done with. */
      const reportOf = async (message: Message, of: string): Promise<boolean> => {
        for (;;)
          try {
            report(new Error(of))
            flag(message.id, new Error(of))
            return true
          } catch {
            if (policy.report === 'reported') {
              void makeReportOf(message, `the report that ${of} was refused`)
              return false
            }
            if (policy.report === 'kept as dead mail') flag(message.id, new Error(`${of}, and nobody takes the report of it`))
            if (policy.report !== 'offered for ever') return true
            await pause(pauseBetween)
          }
      }

      /** Tries a message until it is settled, or is a report. Whether it is done with. */
      const isDone = async (message: Message): Promise<boolean> => {
        const { id } = message
        for (let tried = 0; ; tried++) {
          const how = await submit(message, tried)
          if (how === null) return true
          const becomes = policy.refused(how)
          if (how !== 'for good' && policy.reports === 'yes') await reportOf(message, `${id} was refused ${how}`)
          if (becomes === 'reported') return reportOf(message, `${id} was refused ${how}`)
          if (becomes !== 'tried again') return true
          await pause(pauseBetween)
        }
      }

      const work = async (message: Message) => {
        const report = reports.get(message.id)
        if (await (report === undefined ? isDone(message) : reportOf(message, report))) inlet.leave(message)
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
