/**
 * What a world can do to a connector.
 *
 * Of a link, until it heals: `link refuses`, `link hangs` (whoever comes hears nothing until it heals). Of the next answer
 * on a link: `link drops before` and `link drops after` it has recorded the message, `link is late` (five seconds),
 * `link answers out of order` (after whatever waits by then), `link answers twice` (where a sink of your own can say so).
 * For a connector that declares `timeout`: `link loses answer` (it has recorded the message and never says so) and `link
 * never answers` (it has recorded nothing, and the call stays open, even when all is healed).
 *
 * `worker dies` calls `kill`, `workers change` calls `scale`; `service stops` and `service restarts` call `stop`. `service
 * dies` calls nothing: what ran is cut off from the world with its timers, and `start` is called anew. On the real clock it is cut
 * off too, and `die` is called, without which this does not happen. What had no verdict by then is given again, unless the connector
 * promises `at-most-once`.
 *
 * Of the source of one that fetches: `receiving fails`, `acknowledging fails` (the message is given out again),
 * `acknowledgement is lost` (the source has it, and its answer is lost), `source is late`, `source drops` (what was fetched
 * and not acknowledged is given out again). What is given out again comes before what waits, or behind it. Of `world.storage`:
 * `disk fails`, `disk is slow`.
 *
 * `sender aborts` fires the `signal` of messages that wait, by their number, or has fired it by the time somebody first looks at it; where
 * none waits, of those that come next, before they are handed over; and that of a few that have their verdict, in the calm.
 *
 * `time passes` lets up to an hour go by, `clock goes back` sets the date up to two seconds back. Both are for virtual time.
 */
export const faultNames = [
  'link refuses', 'link hangs', 'link drops before', 'link drops after', 'link is late', 'link answers out of order',
  'link answers twice', 'link loses answer', 'link never answers', 'link heals', 'sender aborts', 'worker dies',
  'workers change', 'service stops', 'service restarts', 'service dies', 'time passes', 'clock goes back', 'receiving fails',
  'acknowledging fails', 'acknowledgement is lost', 'source is late', 'source drops', 'disk fails', 'disk is slow',
  'reporting fails',
] as const
export type FaultName = (typeof faultNames)[number]

/** How long `time passes` lets go by, and how far `clock goes back` sets the date, in milliseconds, by the number that the fault is about. */
const passing = [1_000, 1, 50, 5_000, 30_000, 61_000, 600_000, 3_600_000] as const
const back = [1, 50, 1_000, 2_000] as const
/** One of a list, by a number from 1: it is counted round and round. */
const by = <T>(list: readonly T[], on: number): T => list[(on - 1) % list.length]!
/** 0 for other faults. */
export const lettingPass = ({ what, on }: { readonly what: FaultName; readonly on: number }): number =>
  (what === 'time passes' ? by(passing, on) : 0)
export const goingBack = (on: number): number => by(back, on)
/** The most workers that a connector is to go on with. */
const mostWorkers = 4
/** With how many workers a connector is to go on, where `workers change`. */
export const workersFor = (on: number): number => ((on - 1) % mostWorkers) + 1
