/** What the catalogue says of the relay: right, and with each variant of each of its stages. */
import type { Scope } from '../spec/component.ts'
import type { Claims, Entry } from './claims.ts'

/** A relay with one stage wrong says of itself what that stage’s variant says. */
const inRelay: Readonly<Record<string, Claims | Omit<Claims, 'says'>>> = {
  fixed: { says: 'has all five right', scope: { messages: 2 }, states: 215_060, breaks: {} },
  'interchange.asShipped': at({ failures: 0 }, 778, { 'delivered or flagged': 4, 'nothing wedges': 5 }),
  'interchange.requeuesAtTheTail': at({ failures: 0 }, 847, { 'delivered or flagged': 8 }),
  'interchange.givesUpSilently': at({ failures: 0 }, 808, { 'delivered or flagged': 4 }),
  'interchange.retriesTransientsForEver': at({ failures: 0 }, 793, { 'delivered or flagged': 7, 'nothing wedges': 8 }),
  'interchange.flagsButKeepsTheThread': at({ failures: 0 }, 782, { 'delivered or flagged': 5, 'nothing wedges': 5 }),
  'interchange.flagsOnRestart': at({ failures: 0, restarts: 1 }, 4_266, { honest: 2 }),
  'interchange.resubmitsAfterRestart': at({ failures: 0, restarts: 1 }, 125_353, { 'none twice': 27 }),
  'gateway.asShipped': at({ failures: 0 }, 681, { 'delivered or flagged': 7, 'nothing wedges': 11 }),
  'gateway.stopsAtTheLimit': at({ failures: 0 }, 549, { 'delivered or flagged': 6, 'nothing wedges': 10 }),
  'gateway.dropsSilently': at({ failures: 0 }, 686, { 'delivered or flagged': 6 }),
  'gateway.stripsEveryoneAfter': at({ failures: 0 }, 808, { honest: 21, 'nothing wedges': 29 }),
  'gateway.flagsEverything': at({ failures: 0 }, 166, { honest: 5, 'nothing wedges': 10 }),
  'gateway.redeliversAfterRestart': at({ failures: 0, restarts: 1 }, 99_243, { 'none twice': 24 }),
  'property-cache.asShipped': at({ failures: 0 }, 761, { 'nothing wedges': 20, honest: 14 }),
  'property-cache.evictsWhatIsInUse': at({ failures: 0, sessions: 2 }, 1_082, { honest: 20 }),
  'property-cache.offByOne': at({ failures: 0, sessions: 2 }, 1_082, { honest: 20 }),
  'property-cache.sharesAnEntry': at({ failures: 0 }, 916, { honest: 21 }),
  'property-cache.neverEndsASession': at({ failures: 0 }, 516, { 'delivered or flagged': 19, 'nothing wedges': 19, honest: 14 }),
  'property-cache.leaksASlot': at({ failures: 0, messages: 2 }, 38_539, { 'nothing wedges': 33, honest: 21 }),
  'property-cache.cachesTheFailure': at({ failures: 0, sessions: 2 }, 960, { honest: 15 }),
  'property-cache.holdsForEver': at({ failures: 0 }, 747, { 'delivered or flagged': 19, 'nothing wedges': 19 }),
  'property-cache.resendsAfterRestart': at({ failures: 0, restarts: 1 }, 66_933, { 'none twice': 22 }),
  'claim-queue.asShipped': at({ failures: 0, workers: 2 }, 5_165, { 'none twice': 19 }),
  'claim-queue.claimsBlindly': at({ failures: 0 }, 29_071, { 'none twice': 19, 'delivered or flagged': 31 }),
  'claim-queue.keepsDeadNames': at({ failures: 0, deaths: 1 }, 1_652, { 'delivered or flagged': 11 }),
  'claim-queue.leaseTooShort': at({ failures: 0, delays: 1 }, 3_140, { 'none twice': 20 }),
  'claim-queue.forgetsWhatItSent': at({ failures: 0 }, 7_741, { 'none twice': 31 }),
  'claim-queue.neverReplaces': at({ failures: 0, deaths: 1 }, 2_592, { 'delivered or flagged': 8, 'nothing wedges': 13 }),
  'claim-queue.flagsTheOvertaken': at({ failures: 0, workers: 2 }, 3_393, { honest: 11 }),
  'transfer-agent.asShipped': at({}, 4_287, { 'links are independent': 25 }),
  'transfer-agent.sharedSenders': at({}, 4_287, { 'links are independent': 25 }),
  'transfer-agent.retriesAtTheHead': at({}, 4_287, { 'links are independent': 26 }),
  'transfer-agent.dropsOnFailure': at({}, 4_560, { 'delivered or flagged': 14 }),
  'transfer-agent.neverExpires': at({}, 4_040, { 'delivered or flagged': 13 }),
  'transfer-agent.expiresAnew': at({}, 4_536, { 'delivered or flagged': 15 }),
  'transfer-agent.neverRedials': at({}, 4_292, { 'nothing wedges': 19 }),
  'transfer-agent.losesTheSender': at({}, 4_528, { 'nothing wedges': 27, 'delivered or flagged': 27 }),
  'transfer-agent.resendsBlindly': at({ failures: 0, losses: 1 }, 1_881, { 'none twice': 15 }),
  'transfer-agent.leavesTheUnsure': at({ losses: 1 }, 8_976, { 'delivered or flagged': 15 }),
  'transfer-agent.flagsTheDelivered': at({}, 4_560, { honest: 15 }),
  'transfer-agent.flagsTheNeighbours': at({}, 4_548, { 'links are independent': 12, honest: 12 }),
}

function at(scope: Scope, states: number, breaks: Entry['breaks']): Omit<Claims, 'says'> {
  return { scope, states, breaks }
}

/** Of every variant of the relay, given those of the components that it is made of. */
export const relayClaims = (single: readonly Entry[]): Readonly<Record<string, Claims>> =>
  Object.fromEntries(Object.entries(inRelay).map(([name, shown]) =>
    [name, { ...shown, says: 'says' in shown ? shown.says : saying(name, single) }]))

const saying = (name: string, single: readonly Entry[]): string => {
  const [stage, variant] = name.split('.')
  const { says } = single.find((entry) => entry.component.name === stage && entry.variant === variant)!
  return `has ${stage === 'interchange' ? 'an' : 'a'} ${stage!.replace('-', ' ')} that ${says}`
}
