/**
 * What a model is asked about a scenario and its history: at which scope, with which messages, and when which of its faults may
 * happen. Not every scenario is one that the model can be asked about; then it says why.
 */
import type { Component, Scope } from '../../spec/component.ts'
import { type Connector, type FaultName, type History, healthyKinds, type MessageKind } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { kindsForEach, type Scenario } from '../../spec/scenario.ts'
import { linkFails, type WorldFault, type WorldMessage } from '../../spec/word-map.ts'
import { kinds, scopeOf } from '../model/build.ts'
import type { Move } from '../model/machine.ts'
import type { Asked } from './explain.ts'
import { numberIn, type Observation, type ObservedFault, observationsIn } from './observations.ts'
import { inWorld, sizesOfFaults } from './vocabulary.ts'

export interface ModelQuestion extends Asked {
  readonly scope: Scope
  /** What a message that something was observed of is called, with its recipient where it has several. */
  readonly nameOf: (message: number) => string
}

/** More, and the model could be in too many states. */
const mostMessages = 6
/** Faults of a world that last until they are healed; and how often a message may be tried meanwhile, as the models see it. */
const lasting: ReadonlySet<FaultName> = new Set(linkFails.is)
const mostTries = 2
/** Milliseconds that any timer takes of which no more is said: less than any two moments of a world are apart. */
const aMoment = 0.001
/** Faults of a world that change nothing of which a model speaks: when something happens, and not whether it does. */
const withoutWords: ReadonlySet<FaultName> = new Set(['link heals', 'time passes', 'clock goes back', 'source is late', 'disk is slow'])

type Asks = Pick<Connector, 'guarantee' | 'clock' | 'order' | 'recipients'>

/** Why the model cannot be asked, where it cannot: to go after ‘because’. */
export function questionOf(
  component: Component, { guarantee, clock, order, recipients: most = 1 }: Asks, scenario: Scenario, history: History,
): ModelQuestion | string {
  const { words } = component
  if (!words) return `${component.name} has no words for what a connector is given`
  const recipients = Math.min(scenario.recipients ?? 1, most, scenario.links)
  const messages = messagesIn(scenario, recipients)
  const last = history.at(-1)?.what
  if (messages.length > mostMessages) return `it has more than ${mostMessages} messages`
  if (recipients > 1 && !words.along) return `a message has several recipients, for which ${component.name} has no word`
  if (last === 'crashed' || last === 'livelock' || last === 'gave up') return 'its history does not come to its end'
  if (scenario.links > 1 && !words.links && recipients === 1) return `${component.name} has one way out, and it has ${scenario.links} links`
  if (scenario.workers > 1 && words.workers.length === 0)
    return `${component.name} does one thing at a time, and it has ${scenario.workers} workers`
  const observations = observationsIn(history, recipients === 1 ? numberIn : (message, link) => placeOf(messages, message, link))
  const faults = observations.filter((each) => each.is === 'fault')
  const unknown = faults.find(({ what }) => !withoutWords.has(what) && !hasWord(component, what))
  if (unknown) return `${component.name} has no word for ‘${unknown.what}’`
  if (guarantee === 'exactly-once' && isFlaggedInDoubt(observations))
    return `what it flags when it has died is in doubt, for which ${component.name} has no word`
  const scope = scopeFor(component, scenario, messages.length, faults)
  const struck = new Set(faults.map(({ what }) => what))
  const refused = new Set(faults.flatMap(({ what, link }) => (what === 'link refuses' && link !== null ? [link] : [])))
  const each = messages.map((message) => fieldsOf(component, scope, message, { refused, struck }))
  const without = messages.find((_, i) => each[i]!.length === 0)
  if (without) return `${component.name} has no word for ‘${without.kind}’`
  const ends = guarantee !== 'at-most-once' && clock !== 'real'
  // Where no order is promised, the model is given the messages in the order of their verdicts.
  const places = order === 'per link' ? messages.map((_, i) => i) : inOrderOfVerdicts(messages.length, recipients, observations)
  return {
    scope, streams: combinations(places.map((place) => each[place]!)), observations, ends,
    waits: clock === 'real' ? null : (sentence) => words.waits?.[sentence] ?? aMoment,
    burstOf: (message) => places.indexOf(message - 1) + 1, idOf: (burst) => nameOf(messages[places[burst - 1]!]!, recipients),
    nameOf: (message) => nameOf(messages[message - 1]!, recipients),
    isStruck: (move, struck) => struck.some((fault) => isStruck(component, move, fault)),
    isMeant: (move, fault) => isStruck(component, move, fault) && component.words!.faults[move.rule.sentence]!.is.includes(fault.what),
  }
}

/** Places in the stream: of what has a verdict, in the order of these; then of what has none. Recipients of one message stay together. */
function inOrderOfVerdicts(messages: number, recipients: number, observations: readonly Observation[]): readonly number[] {
  const settled = observations.flatMap((each) => (each.is === 'verdict' ? [Math.floor((each.message - 1) / recipients)] : []))
  const inOrder = new Set([...settled, ...Array.from({ length: messages / recipients }, (_, i) => i)])
  return [...inOrder].flatMap((place) => Array.from({ length: recipients }, (_, i) => place * recipients + i))
}

/** Whether something is flagged after a death: who promises never to send twice cannot know what was sent before it. */
function isFlaggedInDoubt(observations: readonly Observation[]): boolean {
  const death = observations.findIndex((each) => each.is === 'fault' && (each.what === 'service dies' || each.what === 'worker dies'))
  return death >= 0 && observations.slice(death).some((each) => each.is === 'verdict' && each.verdict === 'flagged')
}

/** A message for one recipient. */
interface GivenMessage {
  /** That of the message, from 1. */
  readonly number: number
  readonly kind: MessageKind
  readonly link: number
  /** Whether it is the one before, for another recipient. */
  readonly goesAlong: boolean
}

const messagesIn = ({ stream, links }: Scenario, recipients: number): readonly GivenMessage[] =>
  stream.flatMap((burst) => Array.from({ length: burst.count }, () => burst))
    .flatMap((burst, at) => kindsForEach(burst, recipients).map((kind, i) =>
      ({ number: at + 1, kind, link: ((burst.link - 1 + i) % links) + 1, goesAlong: i > 0 })))

/** From 1; null where it is none of its recipients’. */
function placeOf(messages: readonly GivenMessage[], message: string, link: string | undefined): number | null {
  const at = messages.findIndex((each) => each.number === numberIn(message) && link !== undefined && each.link === numberIn(link))
  return at < 0 ? null : at + 1
}

const nameOf = ({ number, link }: GivenMessage, recipients: number) => `m${number}${recipients > 1 ? ` for link ${link}` : ''}`

const mayBe = ({ is, orBriefly = [] }: WorldFault, what: FaultName) => is.includes(what) || orBriefly.includes(what)
const hasWord = (component: Component, what: FaultName) =>
  Object.values(component.words!.faults).some((word) => mayBe(word, what))
  // What a message is may say what it meets; where it says that its link refuses it, a link that refuses is such a message.
  || wordsOf(component).some(({ isRefused, meets }) => meets === what || (isRefused && what === 'link refuses' && !component.words!.links))

/** Everything that a message may be in a world. */
function wordsOf(component: Component): readonly WorldMessage[] {
  const scope = scopeOf(component)
  return kinds(component.attributes(scope)).flatMap(({ count: _, ...fields }) => inWorld(component, fields, scope) ?? [])
}

interface Happened {
  /** Links that refused all. */
  readonly refused: ReadonlySet<number>
  readonly struck: ReadonlySet<FaultName>
}

/** The messages of the model that one of a world may be. Which of them it is, its history shows. */
function fieldsOf(
  component: Component, scope: Scope, { kind, link, goesAlong }: GivenMessage, { refused, struck }: Happened,
): readonly ModelBurst[] {
  const known = kinds(component.attributes(scope)).flatMap((fields) => {
    const { count: _, ...given } = fields
    const word = inWorld(component, given, scope)
    const isMet = word?.meets === undefined || struck.has(word.meets)
    return word && isMet && (!component.words!.links || word.link === link) ? [{ fields, word }] : []
  })
  const isKnown = known.some(({ word }) => word.kind === kind && kind !== 'plain')
  // One that is refused for now may come through: where the model has a word for that at all.
  const isMaybe = kind === 'busy' && known.some(({ word }) => word.isRefused)
  // A model knows no difference between kinds that are healthy, but for the one that it has a word for.
  const isLike = (word: MessageKind) => word === kind || (!isKnown && word === 'plain' && (isHealthy(kind) || isMaybe))
  return known.filter(({ word }) => (word.isRefused ? kind === 'busy' || (isLike(word.kind) && refused.has(link)) : isLike(word.kind)))
    // First those in which what struck has had its effect: where it may be any of them, that is the one to tell of.
    .sort((a, b) => Number(b.word.meets !== undefined) - Number(a.word.meets !== undefined))
    .map(({ fields }) => (goesAlong ? { ...fields, [component.words!.along![0]]: component.words!.along![1] } : fields))
}

const isHealthy = (kind: MessageKind) => (healthyKinds as readonly string[]).includes(kind)

function combinations(each: readonly (readonly ModelBurst[])[]): readonly (readonly ModelBurst[])[] {
  return each.reduce<readonly (readonly ModelBurst[])[]>((all, some) => all.flatMap((stream) => some.map((one) => [...stream, one])), [[]])
}

/** Whether a fault of a world may be that of the model; of one that a model knows by its link, where it struck that link. */
function isStruck({ words }: Component, { rule, who }: Move, { what, link }: ObservedFault): boolean {
  const word = words!.faults[rule.sentence]
  return word !== undefined && mayBe(word, what) && (!rule.sentence.startsWith('link ') || link === who[0])
}

/** As many messages, workers and links as the scenario has, as many faults as struck, and nothing else. */
function scopeFor(component: Component, { workers, links }: Scenario, messages: number, faults: readonly ObservedFault[]): Scope {
  const words = component.words!
  const times = (size: string) => faults.reduce((sum, { what }) => {
    const meant = Object.values(words.faults).filter((word) => word.times === size && mayBe(word, what))
    // What lasts in a world, and not in the model, meets each message at each try.
    return sum + (meant.length === 0 ? 0 : lasting.has(what) && meant.every(({ lasts }) => !lasts) ? messages * mostTries : 1)
  }, 0)
  const wanted: readonly (readonly [string, number])[] = [
    ['messages', messages], ['burst', 1],
    ...(words.links ? [[words.links, links] as const] : []),
    ...words.workers.map((size) => [size, workers] as const),
    ...sizesOfFaults(component).map((size) => [size, times(size)] as const),
  ]
  return scopeOf(component, Object.fromEntries(wanted.filter(([size]) => size in component.sizes)))
}
