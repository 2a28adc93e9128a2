/**
 * Atomic commitment where anybody may crash: a coordinator asks for votes and broadcasts what it decides. With a simple broadcast some
 * may wait for ever. With a reliable one each passes the decision on to all others before it decides, and nobody waits.
 */
import { begins, each, lawsOver, type Model, model, one, oneOf, type Rule, rulesOver, type Thing, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

type Size = { readonly participants: number }
const decision = oneOf('undecided', 'commit', 'abort')

const stateOf = (participants: number) => ({
  coordinator: one({ isUp: begins(upTo(1), 1), decision }),
  participant: each(participants, {
    vote: begins(oneOf('yes', 'no'), 'yes', 'no'), hasVoted: upTo(1), isUp: begins(upTo(1), 1), decision,
    // What the coordinator has done for it, and knows of it.
    isAsked: upTo(1), heard: oneOf('nothing', 'yes', 'no'), told: decision,
  }),
})
type Participant = Thing<ReturnType<typeof stateOf>, 'participant'>

const waits = ({ isUp, decision: its }: { readonly isUp: number; readonly decision: string }) => isUp === 1 && its === 'undecided'

/** What the coordinator does, and what a participant does before it is told of a decision. */
function common(state: ReturnType<typeof stateOf>): readonly Rule[] {
  const { rule } = rulesOver(state)
  const isUnknown = ({ isAsked, heard }: Participant) => isAsked === 1 && heard === 'nothing'
  return [
    rule('coordinator asks participant', ({ coordinator, participant }) => coordinator.isUp === 1 && participant.isAsked === 0,
      ({ participant }) => { participant.isAsked = 1 }),
    rule('coordinator hears participant',
      ({ coordinator, participant, participants }) => waits(coordinator) && participants.every(({ isAsked }) => isAsked === 1)
        && isUnknown(participant) && participant.hasVoted === 1,
      ({ participant }) => { participant.heard = participant.vote }),
    rule('coordinator sees that participant is gone',
      ({ coordinator, participant, participants }) => waits(coordinator) && participants.every(({ isAsked }) => isAsked === 1)
        && isUnknown(participant) && participant.isUp === 0 && participant.hasVoted === 0,
      ({ coordinator }) => { coordinator.decision = 'abort' }),
    rule('coordinator commits',
      ({ coordinator, participants }) => waits(coordinator) && participants.every(({ heard }) => heard === 'yes'),
      ({ coordinator }) => { coordinator.decision = 'commit' }),
    // Several may be why.
    rule('coordinator aborts for participant',
      ({ coordinator, participant, participants }) => waits(coordinator) && participant.heard === 'no'
        && participants.every(({ heard }) => heard !== 'nothing'),
      ({ coordinator }) => { coordinator.decision = 'abort' }),
    rule('coordinator tells participant',
      ({ coordinator, participant }) => coordinator.isUp === 1 && coordinator.decision !== 'undecided' && participant.told === 'undecided',
      ({ coordinator, participant }) => { participant.told = coordinator.decision }),
  ]
}

const mayVote = ({ isUp, isAsked }: Participant) => isUp === 1 && isAsked === 1
const votes = (participant: Participant) => { participant.hasVoted = 1 }
const gaveNo = (participant: Participant) => waits(participant) && participant.hasVoted === 1 && participant.vote === 'no'
const isLeftAlone = (participant: Participant, coordinator: { readonly isUp: number }) =>
  waits(participant) && coordinator.isUp === 0 && participant.isAsked === 0
const aborts = (participant: Participant) => { participant.decision = 'abort' }

/** What is asked of it, however decisions are broadcast. */
function laws(state: ReturnType<typeof stateOf>) {
  const { always, everyStep, inTheEnd } = lawsOver(state)
  return [
    always('agree', 'No two decide otherwise.',
      ({ participants }) => !(participants.some((p) => p.decision === 'commit') && participants.some((p) => p.decision === 'abort'))),
    always('unanimous', 'Who commits knows that all voted yes.',
      ({ participants }) => participants.every((p) => p.decision !== 'commit') || participants.every(({ vote }) => vote === 'yes')),
    always('grounds', 'Who aborts has grounds: a no, or a crash.',
      ({ participants, coordinator }) => participants.every((p) => p.decision !== 'abort')
        || participants.some(({ vote, isUp }) => vote === 'no' || isUp === 0) || coordinator.isUp === 0),
    everyStep('final', 'No participant decides twice.', ({ participant }) => participant.decision,
      (before, after) => before === 'undecided' || before === after),
    inTheEnd('without crashes', 'All decide where nobody crashes.', ({ participants, coordinator }) => coordinator.isUp === 0
      || participants.some(({ isUp }) => isUp === 0) || participants.every((p) => p.decision !== 'undecided')),
    inTheEnd('no waiting', 'Each participant decides or crashes.', ({ participant }) => !waits(participant)),
  ]
}

function simply({ participants }: Size): Model {
  const state = stateOf(participants)
  const { rule, fault } = rulesOver(state)
  return model({
    name: 'simple broadcast', state,
    rules: [
      ...common(state),
      rule('participant votes', ({ participant }) => mayVote(participant), ({ participant }) => votes(participant)),
      rule('participant aborts after a no', ({ participant }) => gaveNo(participant), ({ participant }) => aborts(participant)),
      rule('participant aborts unasked', ({ participant, coordinator }) => isLeftAlone(participant, coordinator),
        ({ participant }) => aborts(participant)),
      rule('participant does as it is told', ({ participant }) => waits(participant) && participant.told !== 'undecided',
        ({ participant }) => { participant.decision = participant.told }),
      fault('coordinator crashes', 1, ({ coordinator }) => coordinator.isUp === 1, ({ coordinator }) => { coordinator.isUp = 0 }),
      fault('participant crashes', participants, ({ participant }) => participant.isUp === 1,
        ({ participant }) => { participant.isUp = 0 }),
    ],
    laws: laws(state),
  })
}

/** A `peer` is another participant. A `note` is what one has passed on to another; to itself, what it is about to decide. */
function reliably({ participants: count }: Size): Model {
  const state = { ...stateOf(count), peer: each(count, {}), note: each(count ** 2, { decision }) }
  const { rule, fault } = rulesOver(state)
  type Notes = readonly Thing<typeof state, 'note'>[]
  const note = (notes: Notes, from: number, to: number) => notes[(from - 1) * count + to - 1]!
  const plans = (notes: Notes, { number }: Participant) => note(notes, number, number)
  /** As it was published, each step of a participant is counted once for each peer. */
  const isOne = ({ number }: { readonly number: number }) => number > 0
  /** Nobody can have been told of a decision, neither by the coordinator nor by one who has crashed. */
  const isUntold = (participants: readonly Participant[], notes: Notes) =>
    participants.every(({ isUp, told }) => isUp === 0 || told === 'undecided')
    && participants.every((one) => one.isUp === 1 || participants.every((other) =>
      other.isUp === 0 || note(notes, one.number, other.number).decision === 'undecided'))
  return model({
    name: 'reliable broadcast', state,
    rules: [
      ...common(state),
      rule('participant votes, peer', ({ participant, peer }) => isOne(peer) && mayVote(participant),
        ({ participant }) => votes(participant)),
      rule('participant aborts after a no, peer', ({ participant, peer }) => isOne(peer) && gaveNo(participant),
        ({ participant }) => aborts(participant)),
      rule('participant aborts unasked, peer',
        ({ participant, peer, coordinator }) => isOne(peer) && isLeftAlone(participant, coordinator),
        ({ participant }) => aborts(participant)),
      rule('participant passes on to peer',
        ({ participant, peer, notes }) => participant.isUp === 1 && peer.number !== participant.number
          && plans(notes, participant).decision !== 'undecided' && note(notes, participant.number, peer.number).decision === 'undecided',
        ({ participant, peer, notes }) => { note(notes, participant.number, peer.number).decision = plans(notes, participant).decision }),
      rule('participant hears from peer',
        ({ participant, peer, notes }) => participant.isUp === 1 && peer.number !== participant.number
          && plans(notes, participant).decision === 'undecided' && note(notes, peer.number, participant.number).decision !== 'undecided',
        ({ participant, peer, notes }) => { plans(notes, participant).decision = note(notes, peer.number, participant.number).decision }),
      rule('participant hears of the decision by peer',
        ({ participant, peer, notes }) => isOne(peer) && participant.isUp === 1 && plans(notes, participant).decision === 'undecided'
          && participant.told !== 'undecided',
        ({ participant, notes }) => { plans(notes, participant).decision = participant.told }),
      rule('participant decides, peer',
        ({ participant, peer, peers, notes }) => isOne(peer) && participant.isUp === 1
          && peers.every(({ number }) => note(notes, participant.number, number).decision !== 'undecided'),
        ({ participant, notes }) => { participant.decision = plans(notes, participant).decision }),
      rule('participant aborts, as no decision can have been told, peer',
        ({ participant, peer, coordinator, participants, notes }) =>
          isOne(peer) && waits(participant) && coordinator.isUp === 0 && isUntold(participants, notes),
        ({ participant }) => aborts(participant)),
      fault('coordinator crashes', 1, ({ coordinator }) => coordinator.isUp === 1, ({ coordinator }) => { coordinator.isUp = 0 }),
      fault('participant crashes, peer', count, ({ participant, peer }) => isOne(peer) && participant.isUp === 1,
        ({ participant }) => { participant.isUp = 0 }),
    ],
    laws: laws(state),
  })
}

export const atomicCommitments = [
  published('atomic commitment, simple broadcast', simply,
    [{ size: { participants: 3 }, states: 54_944, generated: 218_352, depth: 21, from: byTlc('acp', 'ACP_SB_TLC.cfg') }], ['no waiting']),
  published('atomic commitment, reliable broadcast', reliably,
    [{ size: { participants: 2 }, states: 4_284, generated: 23_988, depth: 19, from: byTlc('acp', 'ACP_NB_TLC.cfg') }]),
]
