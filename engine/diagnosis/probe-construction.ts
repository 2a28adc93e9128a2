/** Every small run of a component that a connector can be tried with: a few messages, and at most two faults. */
import { isDeepStrictEqual } from 'node:util'
import type { Component, Scope } from '../../spec/component.ts'
import { type Connector, type FaultName, promisesOf, rangesOf } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { inOrder } from '../../spec/laws.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { builderOf, kinds, scopeOf } from '../model/build.ts'
import { eitherIsDue } from './model-answer.ts'
import type { Look, Probe, ProbeFault } from './probe.ts'
import {
  asBurst, goesAlong, hasWordsFor, inWorld, refusedLinks, type SharedFault, sizesOfFaults, streamInWorld,
} from '../conform/vocabulary.ts'

/** A connector, and whether it fetches its messages, which only a run of it shows. */
export interface Subject {
  readonly connector: Connector
  readonly fetches: boolean
}

/** None where a world has no words for what sets the component’s messages apart. */
export function probesFor(component: Component, subject: Subject): readonly Probe[] {
  const { connector } = subject
  if (!hasWordsFor(component, scopeOf(component))) return []
  const [leastWorkers, mostWorkers] = rangesOf(connector).workers
  return [1, 2].filter((n) => n >= leastWorkers && n <= mostWorkers).flatMap((workers) => {
    const scope = scopeFor(component, workers)
    const done = situationsOf(faultsOf(component, scope, connector))
    return streamsOf(component, scope).flatMap((stream) => done.filter((situation) => fits(component, situation, stream))
      .flatMap(({ faults, isLate }) => probeOf(component, subject, { scope, stream, faults, isLate, workers }) ?? []))
  })
}

/** Messages in the longest probe: up to three that are alike, and one more. */
const longest = 4

/** Each kind of fault may happen once. */
function scopeFor(component: Component, workers: number): Scope {
  const wanted: readonly (readonly [string, number])[] =
    [['messages', longest], ...component.words!.workers.map((size) => [size, workers] as const),
      ...sizesOfFaults(component).map((size) => [size, 1] as const)]
  return scopeOf(component, Object.fromEntries(wanted.filter(([size]) => size in component.sizes)))
}

/** A fault as a probe has it, and what it leaves open. */
type KnownFault = ProbeFault & Pick<SharedFault, 'leavesDoubt' | 'mayBeFlagged'>

/** What can be done to the component and to the connector, each by what a world calls it; to a model it may be any of several. */
function faultsOf(component: Component, scope: Scope, connector: Connector): readonly KnownFault[] {
  const known = new Map<FaultName, KnownFault>()
  for (const [rule, { is, lasts, leavesDoubt, mayBeFlagged }] of Object.entries(component.words!.faults)) {
    if (!isPossible(rule, component, scope)) continue
    for (const name of is) {
      // What a service has in hand when it dies is given to it again by who sent it: it shows little of what it does itself, unless
      // its component is about that.
      if (name === 'service dies' && (is[0] !== name || component.words!.workers.length > 0)) continue
      // It strikes as something is acknowledged, when it is delivered already; a model’s fault strikes at any moment.
      if (name === 'acknowledging fails') continue
      // Who says that it is the component has promised what its spec says: unless somebody dies, nothing is flagged but what is due.
      const isHeld = name !== 'worker dies' && name !== 'service dies' && connector.component === component.name
      const { rules, ...same } = known.get(name) ?? { rules: [], leavesDoubt: false, mayBeFlagged: false }
      known.set(name, {
        name, lasts, rules: [...rules, rule], leavesDoubt: leavesDoubt || same.leavesDoubt,
        mayBeFlagged: (mayBeFlagged && !isHeld) || same.mayBeFlagged,
      })
    }
  }
  return [...known.values()].filter((fault) => isFair(fault, connector))
}

/** A fault for which the right policy has no rule may be one that only a wrong one suffers from. */
const isPossible = (rule: string, component: Component, scope: Scope) => Object.keys(component.variants).some((variant) =>
  builderOf(component, variant)(scope).moves.some((move) => move.rule.sentence === rule))

const isFair = ({ name, leavesDoubt }: KnownFault, { guarantee, notApplicable }: Connector) =>
  (!leavesDoubt || guarantee === 'exactly-once') && notApplicable?.[name] === undefined

/** What is done, and to streams of how many messages at the most; or of messages that are alike. */
interface Situation {
  readonly faults: readonly KnownFault[]
  readonly isLate: boolean
  readonly longest: number
  readonly areAlike?: true
}
const fits = (component: Component, { longest, areAlike }: Situation, stream: readonly ModelBurst[]) =>
  stream.filter((burst) => !goesAlong(component, burst)).length <= longest && !(areAlike && new Set(likesOf(component, stream)).size > 1)

/** Recipients of one message are as alike as two messages. */
const likesOf = ({ words }: Component, stream: readonly ModelBurst[]) =>
  stream.map((burst) => JSON.stringify(words?.along ? { ...burst, [words.along[0]]: null } : burst))

/** What may meet either of two messages that are alike, of which the worst counts. */
const ofTwo: ReadonlySet<FaultName> = new Set(['worker dies', 'service dies', 'source drops', 'link drops before'])

/** Nothing; each fault; what lasts when all is at rest; and what lasts right after a call was lost. */
function situationsOf(faults: readonly KnownFault[]): readonly Situation[] {
  const lasting = faults.filter(({ lasts }) => lasts)
  const drops = faults.filter(({ name }) => name === 'link drops before' || name === 'link drops after')
  return [
    { faults: [], isLate: false, longest },
    // Of several messages it hangs on chance which of them it meets, where it meets one alone.
    ...faults.map((fault): Situation => fault.lasts ? { faults: [fault], isLate: false, longest }
      : { faults: [fault], isLate: false, longest: ofTwo.has(fault.name) ? 2 : 1, areAlike: true }),
    ...lasting.map((fault) => ({ faults: [fault], isLate: true, longest: 2 })),
    ...drops.flatMap((drop) => lasting.map((fault) => ({ faults: [drop, fault], isLate: false, longest: 1 }))),
  ]
}

function streamsOf(component: Component, scope: Scope): readonly (readonly ModelBurst[])[] {
  const all = kinds(component.attributes(scope))
  const alike = (kind: ModelBurst, times: number) => Array.from({ length: times }, () => kind)
  const oneMore = (times: number) => all.flatMap((first) => all.map((last) => [...alike(first, times), last]))
  return [...all.map((kind) => [kind]), ...pairsOf(component, all), ...[1, 2, longest - 1].flatMap(oneMore)]
}

/** One message to two recipients, which may differ; and two messages to two that are alike. */
function pairsOf(component: Component, all: readonly ModelBurst[]): readonly (readonly ModelBurst[])[] {
  const { along } = component.words!
  if (!along) return []
  const alone = all.filter((kind) => !goesAlong(component, kind))
  const pair = (first: ModelBurst, other: ModelBurst) => [first, { ...other, [along[0]]: along[1] }]
  const pairs = alone.map((kind) => pair(kind, kind))
  const unlike = alone.flatMap((first) => alone.filter((other) => other !== first).map((other) => pair(first, other)))
  return [...pairs, ...unlike, ...pairs.flatMap((first) => pairs.map((last) => [...first, ...last]))]
}

interface Ground extends Pick<Probe, 'scope' | 'stream' | 'isLate'> {
  readonly faults: readonly KnownFault[]
  readonly workers: number
}

/** What a message has to meet, it meets each time: so often. Whoever goes on all the same goes on for ever. */
const manyTimes = 8

/** Null where the connector cannot be tried with it. */
function probeOf(component: Component, { connector, fetches }: Subject, ground: Ground): Probe | null {
  const { scope, stream, faults, isLate, workers } = ground
  const [leastLinks, mostLinks] = rangesOf(connector).links
  const told = streamInWorld(component, stream, scope)
  if (!told || told.recipients > promisesOf(connector, 0).recipients) return null
  const { messages: known, recipients } = told
  // Where there is one link, it is the one that refuses what is refused for now.
  const isMoved = mostLinks === 1 && known.every((message) => message.isRefused)
  const messages = isMoved ? known.map((message) => ({ ...message, link: 1 })) : known
  if (messages.some(({ kind }) => connector.neverGiven?.[kind] !== undefined)) return null
  const isRefused = messages.some((message) => message.isRefused)
  // What is refused for now and what is refused for good are two questions.
  if (isRefused && messages.some(({ kind }) => kind === 'refused')) return null
  if (isRefused && (faults.length > 0 || connector.notApplicable?.['link refuses'] !== undefined)) return null
  const meets = messages.flatMap((message) => message.meets ?? [])
  // Which of several it would meet hangs on who comes first.
  if (meets.length > 0 && (faults.length > 0 || messages.filter(({ kind }) => kind !== 'plain').length > 1)) return null
  if (meets.some((name) => connector.notApplicable?.[name] !== undefined)) return null
  // What is sent in part, a world does not know for what it was.
  if (faults.some(({ name }) => name === 'service dies') && messages.some(({ kind }) => kind !== 'plain')) return null
  // Who promises no end to it may keep a message as long as its link is down.
  const mayWait = connector.expiry === undefined && connector.component !== component.name
  if (isRefused && mayWait) return null
  const links = Math.max(leastLinks, scope['links'] ?? 1, recipients, ...messages.map(({ link }) => link))
  if (links > mostLinks) return null
  // Of several recipients each has its link, and what refuses one message for one of them refuses every other as well.
  if (isRefused && recipients > 1 && !messages.every((message) => isDeepStrictEqual(message, messages[0]))) return null
  const refused = new Set(messages.flatMap((message) => refusedLinks(message, recipients, links)))
  const due = eitherIsDue(component, { scope, stream, faults })
  const mayBeFlagged = faults.some((fault) => fault.mayBeFlagged)
  const quiet: Scenario = {
    workers, links, stream: messages.map(asBurst), schedule: [], ...(recipients > 1 ? { recipients } : {}),
    faults: meets.flatMap((what) => Array.from({ length: manyTimes }, () => ({ after: 0, what, on: 1 }))),
  }
  const { model, laws } = builderOf(component, 'fixed')(scope)
  const fresh = inWorld(component, model.fresh ?? {}, scope)?.kind ?? null
  // One that comes while nothing is in hand is taken up at once, so that two of them show nothing.
  const keepsOrder = connector.order === 'per link' && laws.some(({ name }) => name === inOrder.name) && workers === 1
    && faults.length === 0 && stream.length > 2 && messages.every(({ kind, isRefused: isBusy }) => kind === 'plain' && !isBusy)
  return {
    scope, stream, recipients, likes: likesOf(component, stream), faults, meets, isLate,
    looks: [...looksAt(faults, isRefused), ...(keepsOrder ? ['order' as const] : [])].filter((look) => {
      if (look === 'rest' && mayWait && faults.some(({ lasts }) => lasts)) return false
      // Who promises no more may lose what something happens to.
      if ((look === 'rest' || look === 'healed') && connector.guarantee === 'at-most-once' && faults.length > 0) return false
      return look !== 'fresh' || fresh !== null
    }),
    scenarios: isRefused ? [{ ...quiet, faults: [...refused].map((on) => ({ after: 0, what: 'link refuses', on })) }]
      : scenariosOf(quiet, { ...ground, fetches }),
    eitherIsRight: due.map((either, i) => messages[Math.floor(i / recipients)]!.mayBeFlagged || either || mayBeFlagged),
    bothMayBe: faults.some(({ leavesDoubt }) => leavesDoubt),
    fresh,
  }
}

/** A fault that hangs a link shows at once whom else it holds up; with one that refuses, something may be tried again for a time. */
function looksAt(faults: readonly KnownFault[], isRefused: boolean): readonly Look[] {
  const last = faults.at(-1)
  if (!last) return isRefused ? ['rest'] : ['rest', 'ends', 'fresh', 'late']
  // What it remembered is gone with a restart.
  if (last.name === 'service restarts') return ['rest']
  if (last.name === 'link hangs') return faults.length > 1 ? ['healed', 'fresh'] : ['prompt', 'healed', 'fresh']
  return last.name === 'link drops after' ? ['healed', 'fresh'] : last.lasts ? ['rest', 'healed', 'fresh'] : ['rest', 'fresh']
}

/** Turns after which a fault that does not last may strike: to fetch a message takes a turn too. */
const turns = { handed: [0, 1, 2, 3], fetching: [0, 1, 2, 3, 4, 5] }
/** Five seconds: the fourth of the spans for which time may pass. */
const aWhile = (after: number): Fault => ({ after, what: 'time passes', on: 4 })
const aSecond = (after: number): Fault => ({ after, what: 'time passes', on: 1 })
const late = 1_000

/** A fault that lasts strikes when all have arrived; another at any of the turns after, and the worst of these counts. */
function scenariosOf(
  quiet: Scenario, { faults, isLate, fetches }: Pick<Ground, 'faults' | 'isLate'> & Pick<Subject, 'fetches'>,
): readonly Scenario[] {
  const [first, second] = faults
  if (!first) return [[], [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1]].map((schedule) => ({ ...quiet, schedule }))
  const arrived = quiet.stream.length
  // What a model has happen to anybody happens to whom it finds first.
  const on = first.lasts ? 1 : Math.min(...quiet.stream.map(({ link }) => link))
  if (isLate) return [{ ...quiet, faults: [aWhile(late), { after: late, what: first.name, on }] }]
  if (first.lasts) return [{ ...quiet, faults: [{ after: arrived, what: first.name, on }] }]
  // Who looks for messages now and then is given the time to find some; and who writes what it is given may take a while for it.
  const found = fetches ? [aWhile(arrived)] : []
  const written = [...found, aSecond(fetches ? arrived + 1 : arrived)]
  const whens = first.name === 'service dies' ? [found, written] : [found]
  return whens.flatMap((when) => turns[fetches ? 'fetching' : 'handed'].map((turn) => ({
    ...quiet, faults: [...when, ...(second
      ? [{ after: arrived, what: first.name, on }, { after: arrived + 1 + turn, what: second.name, on: 1 }]
      : [{ after: arrived + turn, what: first.name, on }])],
  })))
}
