/**
 * The five laws, and the words for laws of one’s own. Each of the five is a sentence, then a predicate, and is stated once: for the
 * messages of a model and for those of a real connector’s history alike.
 *
 * `always` laws hold at every moment. `in the end` laws hold whenever no step is owed any more, and on every
 * cycle that a fair scheduler could go round for ever. Fair means weakly fair: a step that can be taken all the
 * way round is taken. Faults and heals are never owed. `recovers` is kept in a state from which a fresh,
 * well-formed message can still come to where the law holds of it, by progress, time and healing alone, without a restart.
 */
import type { OwnLaw, Scene, State, StepKind } from './model.ts'
import { type Circumstances, deliveredOnce, type Fate } from './verdict.ts'

export type LawName =
  | 'delivered or flagged' | 'none twice' | 'links are independent' | 'nothing wedges' | 'honest' | 'in order'

export type Law = {
  readonly name: LawName
  readonly says: string
  /**
   * `before time passes`: timers do not count as owed, so nothing may hang on one. Who is to blame is settled by
   * healing: a message that healing the links would not help is some other law’s.
   */
  readonly when: 'always' | 'in the end' | 'before time passes' | 'recovers'
  readonly holds: <M extends Fate>(message: M, known: Circumstances<M>) => boolean
}

/** A law of a model: one of the five, or one of its own. */
export type ModelLaw = Law | OwnLaw

const momentary: readonly ModelLaw['when'][] = ['always', 'every step', 'can be reached']
/** The kinds of step that a law waits for: what it asks for may be missing only as long as one of them can be taken. */
export const waitsFor = ({ when }: ModelLaw): readonly StepKind[] =>
  momentary.includes(when) ? [] : when === 'before time passes' ? ['progress']
    : when === 'recovers' || when === 'can always be reached' ? ['progress', 'timer', 'choice', 'heal'] : ['progress', 'timer']

export const deliveredOrFlagged: Law = {
  name: 'delivered or flagged',
  says: 'In the end, every message taken has been delivered or flagged.',
  when: 'in the end',
  holds: (m) => deliveredOnce(m) + m.flagged >= m.arrived,
}

export const noneTwice: Law = {
  name: 'none twice',
  says: 'No message is delivered twice.',
  when: 'always',
  holds: (m) => m.arrived === 0 || (m.delivered <= m.arrived && deliveredOnce(m) === m.delivered),
}

export const linksAreIndependent: Law = {
  name: 'links are independent',
  says: 'While one link is down, every message for another gets its verdict, without waiting for time to pass.',
  when: 'before time passes',
  holds: (m, known) =>
    known.anotherIsDown === undefined ||
    (deliveredOnce(m) + m.flagged >= m.arrived && (m.flagged === 0 || known.due(m).flagged)) ||
    !known.anotherIsDown(m),
}

export const nothingWedges: Law = {
  name: 'nothing wedges',
  says: 'Once every fault is healed, a fresh, well-formed message can be delivered without a restart.',
  when: 'recovers',
  holds: (fresh) => fresh.delivered > fresh.stripped && fresh.altered === 0,
}

export const honest: Law = {
  name: 'honest',
  says: 'No verdict is false: nothing is invented or altered, and what can be delivered whole is not flagged or stripped.',
  when: 'always',
  holds: (m, known) =>
    m.delivered + m.flagged === 0 ||
    (m.altered === 0 && m.arrived > 0 &&
      (m.flagged === 0 || (known.due(m).flagged && !isBoth(m, known) && m.flagged <= m.arrived)) &&
      (m.stripped === 0 || known.due(m).stripped) &&
      (m.delivered === 0 || m.stripped > 0 || known.due(m).whole)),
}

/** Delivered, and flagged as well, by one that could know. */
export const isBoth = <M extends Fate>(m: M, { inDoubt }: Circumstances<M>): boolean =>
  m.delivered > 0 && m.delivered <= m.arrived && deliveredOnce(m) + m.flagged > m.arrived + (inDoubt?.(m) ?? 0)

export const laws: readonly Law[] =
  [deliveredOrFlagged, noneTwice, linksAreIndependent, nothingWedges, honest]

/** For connectors that promise it; no model here does. */
export const inOrder: ConnectorLaw = {
  name: 'in order',
  says: 'Messages for one link are recorded in the order in which they were taken.',
}

/** A law that real connectors are held to: what no model here promises, some of them do. `spec/clauses.ts` has it in full. */
export type ConnectorLaw = Pick<Law, 'name' | 'says'>
export const connectorLaws: readonly ConnectorLaw[] = [...laws, inOrder]

/** A sentence as the words it ranges over: without marks, which follow a word in prose. */
type Bare<Sentence extends string> = Without<Without<Without<Without<Sentence, '.'>, ','>, ';'>, ':'>
type Without<Sentence extends string, Mark extends string> =
  Sentence extends `${infer Before}${Mark}${infer After}` ? Without<`${Before}${After}`, Mark> : Sentence
type Sees<S extends State, Sentence extends string, V> = (scene: Scene<S, Bare<Sentence>>) => V
type Asks<S extends State, Sentence extends string> = Sees<S, Sentence, boolean>

/** What can be kept from one state to the next. A thing cannot: by then it has changed. */
type Plain = number | string | boolean | null | readonly Plain[]

/**
 * Laws of one’s own: a name, a full sentence, and what it asks of a state.
 *
 * A kind of thing that the sentence names is ranged over, as in a rule: the law holds if it holds of each of them, and a page says of
 * which it does not. ‘Each client that asks is served’ is asked of one `client` after the other; ‘no two clients hold it’ once.
 */
export const lawsOver = <S extends State>(_state: S) => ({
  /** At every moment. */
  always: <const T extends string>(name: string, says: T, holds: Asks<S, T>): OwnLaw => ({ own: true, name, says, when: 'always', holds }),

  /** From each state to the next: what is seen of the one before and of the one after. */
  everyStep: <const T extends string, V extends Plain>(
    name: string, says: T, sees: Sees<S, T, V>, keeps: (before: V, after: V) => boolean,
  ): OwnLaw => ({ own: true, name, says, when: 'every step', sees, keeps }),

  /** Wherever nothing is owed any more, and somewhere on every cycle that a fair scheduler could go round for ever. */
  inTheEnd: <const T extends string>(name: string, says: T, holds: Asks<S, T>): OwnLaw =>
    ({ own: true, name, says, when: 'in the end', holds }),

  /** At some moment of every fair run, whatever comes after. */
  eventually: <const T extends string>(name: string, says: T, holds: Asks<S, T>): OwnLaw =>
    ({ own: true, name, says, when: 'eventually', holds }),

  /** Whenever the one is so, the other is so then or later, on every fair run. */
  leadsTo: <const T extends string>(name: string, says: T, from: Asks<S, T>, holds: Asks<S, T>): OwnLaw =>
    ({ own: true, name, says, when: 'leads to', from, holds }),

  /** In some state of some run. */
  canBeReached: <const T extends string>(name: string, says: T, holds: Asks<S, T>): OwnLaw =>
    ({ own: true, name, says, when: 'can be reached', holds }),

  /** From every state of every run there is a way there, by anything but faults. */
  canAlwaysBeReached: <const T extends string>(name: string, says: T, holds: Asks<S, T>): OwnLaw =>
    ({ own: true, name, says, when: 'can always be reached', holds }),
})
