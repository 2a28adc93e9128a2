/**
 * Small runs that tell the variants of a component apart, each as the model knows it and as the same scenario for a
 * connector, with one way to read either.
 *
 * What follows knows no model, only the words that models and worlds have for the same things: an attribute, a fault.
 */
import type { Component, Scope } from '../../spec/component.ts'
import { type Connector, type EventName, type FaultName, type History, type MessageKind, rangesOf } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Burst, Scenario } from '../../spec/scenario.ts'
import type { Fate } from '../../spec/verdict.ts'
import { build, kinds, scopeOf } from '../model/build.ts'
import { isFresh, type Machine } from '../model/machine.ts'

export interface Probe {
  readonly scope: Scope
  readonly stream: readonly ModelBurst[]
  readonly strike: Strike | null
  readonly reads: readonly Moment[]
  /** For each message, whether delivering and flagging it are both right. */
  readonly excused: readonly boolean[]
  /** The same for a connector: one scenario, or several of which the worst counts. */
  readonly scenarios: readonly Scenario[]
}

/** When to look: before time passes, when nothing more happens, after everything is healed; and what came of it in the end. */
type Moment = 'prompt' | 'rest' | 'healed' | 'fresh' | 'ends'

/** A model’s message in the words of a world. */
interface Spoken {
  readonly kind: MessageKind
  readonly link: number
  /** Its link is struck from the start. */
  readonly refuses?: boolean
  readonly excused?: boolean
}

const plainOver = (link: number): Spoken => ({ kind: 'plain', link })
const words: Readonly<Record<string, (value: string | number, scope: Scope) => Spoken | null>> = {
  link: (value) => plainOver(Number(value)),
  address: (value) => value === 'valid' ? plainOver(1) : value === 'invalid' ? { kind: 'refused', link: 1 }
    : { kind: 'plain', link: 2, refuses: true },
  attachments: (value, { limit = 0 }) => value === 0 ? plainOver(1)
    : Number(value) > limit ? { kind: 'many attachments', link: 1, excused: true } : null,
}

interface Strike {
  /** The model’s rule, */
  readonly rule: string
  /** and the world’s fault. */
  readonly what: FaultName
  readonly reads: readonly Moment[]
  /** It leaves doubt whether a message arrived: a second copy or a flag is then some connectors’ right. */
  readonly doubt: boolean
}
const restart = (rule: string): Strike => ({ rule, what: 'service restarts', reads: ['rest', 'fresh'], doubt: true })
const strikes: readonly Strike[] = [
  { rule: 'link fails', what: 'link hangs', reads: ['prompt', 'healed', 'fresh'], doubt: false },
  { rule: 'link fails', what: 'link refuses', reads: ['rest', 'healed', 'fresh'], doubt: false },
  { rule: 'sender delivers and hears nothing of its message', what: 'link drops after', reads: ['healed', 'fresh'], doubt: true },
  { rule: 'dispatcher is slow with its message', what: 'link is late', reads: ['rest', 'fresh'], doubt: true },
  restart('dispatcher dies with its message'), restart('service restarts'), restart('gateway is restarted with its message'),
]

/** Names that scopes have for how many work at the same time, and for faults: each of these may happen once. */
const working = ['workers', 'threads', 'pool']
const onceEach = ['failures', 'losses', 'deaths', 'delays', 'restarts']
const longest = 4

/** Every small run of a component that a connector can be put through; none where a world has no words for it. */
export function probesFor(component: Component, connector: Connector): readonly Probe[] {
  const [leastWorkers, mostWorkers] = rangesOf(connector).workers
  const small = scopeOf(component)
  if (Object.keys(component.attributes(small)).some((name) => !words[name])) return []
  return [1, 2].filter((n) => n >= leastWorkers && n <= mostWorkers).flatMap((workers) => {
    const sizes: readonly (readonly [string, number])[] =
      [['messages', longest], ...working.map((name) => [name, workers] as const), ...onceEach.map((name) => [name, 1] as const)]
    const scope: Scope = { ...small, ...Object.fromEntries(sizes.filter(([name]) => name in component.sizes)) }
    const sentences = new Set(build(component, 'fixed', scope).moves.map(({ rule }) => rule.sentence))
    const fitting = strikes.filter(({ rule, doubt, what }) =>
      // A fault that a right policy has no rule for is one that only a wrong one can suffer from.
      (sentences.has(rule) || Object.keys(component.variants).some((variant) => hasRule(component, variant, scope, rule))) &&
      (!doubt || connector.guarantee === 'exactly-once') && connector.notApplicable?.[what] === undefined)
    return streamsOf(component, scope).flatMap((stream) =>
      [null, ...fitting].flatMap((strike) => probeOf(component, connector, { scope, stream, strike, workers }) ?? []))
  })
}

const hasRule = (component: Component, variant: string, scope: Scope, rule: string) =>
  build(component, variant, scope).moves.some((move) => move.rule.sentence === rule)

/** So many like messages, and one more. */
function streamsOf(component: Component, scope: Scope): readonly (readonly ModelBurst[])[] {
  const all = kinds(component.attributes(scope))
  const like = (kind: ModelBurst, times: number) => Array.from({ length: times }, () => kind)
  return [...all.map((kind) => [kind]), ...[1, 2, 3].flatMap((times) => all.flatMap((a) => all.map((b) => [...like(a, times), b])))]
}

type Ground = Pick<Probe, 'scope' | 'stream' | 'strike'> & { readonly workers: number }

function probeOf(component: Component, connector: Connector, { scope, stream, strike, workers }: Ground): Probe | null {
  const spoken = stream.map(({ count: _, ...fields }) => spokenFor(fields, scope))
  if (spoken.some((each) => each === null || connector.neverGiven?.[each.kind] !== undefined)) return null
  const messages = spoken as readonly Spoken[]
  const refusing = messages.some(({ refuses }) => refuses)
  // What is refused for now and what is refused for good are two questions.
  if (refusing && messages.some(({ kind }) => kind === 'refused')) return null
  const [leastLinks, mostLinks] = rangesOf(connector).links
  const links = Math.max(leastLinks, scope['links'] ?? 1, ...messages.map(({ link }) => link))
  if (links > mostLinks || (refusing && (strike !== null || connector.notApplicable?.['link refuses'] !== undefined))) return null
  const bursts = messages.map(({ kind, link }): Burst => ({ count: 1, kind, link }))
  const reads: readonly Moment[] = strike ? strike.reads : refusing ? ['rest'] : ['rest', 'ends', 'fresh']
  const dues = duesOf(component, { scope, stream, strike })
  return {
    scope, stream, strike, reads,
    scenarios: scenariosOf({ workers, links, stream: bursts, faults: [], schedule: [] }, strike, refusing),
    excused: messages.map(({ excused = false }, i) => excused || dues[i]! || strike?.what === 'service restarts'),
  }
}

function spokenFor(fields: Readonly<Record<string, string | number>>, scope: Scope): Spoken | null {
  const [[name, value] = [undefined, 0]] = Object.entries(fields)
  return name === undefined ? plainOver(1) : words[name]!(value, scope)
}

/** A fault that lasts strikes when all have arrived; another at any of the turns after, and the worst of these counts. */
function scenariosOf(quiet: Scenario, strike: Strike | null, refusing: boolean): readonly Scenario[] {
  const all = quiet.stream.length
  if (refusing) return [{ ...quiet, faults: [{ after: 0, what: 'link refuses', on: 2 }] }]
  if (!strike) return [[], [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1]].map((schedule) => ({ ...quiet, schedule }))
  const turns = strike.what === 'link hangs' || strike.what === 'link refuses' ? [0] : [0, 1, 2, 3]
  return turns.map((turn) => ({ ...quiet, faults: [{ after: all + turn, what: strike.what, on: 1 }] }))
}

/** For each message, whether it may properly be either delivered or flagged, by the right model. */
function duesOf(component: Component, { scope, stream, strike }: Pick<Probe, 'scope' | 'stream' | 'strike'>): readonly boolean[] {
  const machine = machineFor(component, 'fixed', scope)
  machine.load(machine.start(stream))
  const fault = strike && machine.moves.find(({ rule }) => rule.sentence === strike.rule)
  if (fault) machine.take(fault.at)
  return stream.map((_, i) => {
    const { whole, flagged } = machine.known.due(machine.messages[i]!)
    return whole && flagged
  })
}

/** How a variant answers a probe, in a few words. */
export function modelAnswer(component: Component, variant: string, probe: Probe): string {
  const machine = machineFor(component, variant, probe.scope)
  const faults = probe.strike ? machine.moves.filter(({ rule }) => rule.sentence === probe.strike!.rule) : []
  const places = probe.strike && probe.strike.rule !== 'link fails' ? Array.from({ length: 10 }, (_, n) => n) : [0]
  return worst(places.map((place) => readModel(machine, probe, faults.map(({ at }) => at), place)), probe)
}

const machines = new WeakMap<Component, Map<string, Machine>>()
function machineFor(component: Component, variant: string, scope: Scope): Machine {
  const known = machines.get(component) ?? new Map<string, Machine>()
  machines.set(component, known)
  const key = `${variant} ${JSON.stringify(scope)}`
  const machine = known.get(key) ?? build(component, variant, scope)
  known.set(key, machine)
  return machine
}

/** What there is to read of a run: for each moment, a word for each message, or one for the whole. */
type Reading = Readonly<Partial<Record<Moment, readonly string[]>>>

/** Steps after which a small run counts as one that goes on for ever. */
const manySteps = 400

function readModel(machine: Machine, { stream, excused }: Probe, faults: readonly number[], place: number): Reading {
  const of = (owed: string) => machine.moves.filter((move) => move.rule.kind === owed && !isFresh(move)).map(({ at }) => at)
  const progress = of('progress')
  const owed = [...progress, ...of('timer')]
  const fates = () => machine.messages.slice(0, stream.length).map((message, i) => wordFor(message, excused[i]!))
  machine.load(machine.start(stream))
  goOn(machine, progress, place)
  faults.some((move) => machine.take(move))
  goOn(machine, progress)
  const prompt = fates()
  const ends = goOn(machine, owed)
  const rest = fates()
  if (!ends) return endless({ prompt, rest })
  for (const heals = of('heal'); heals.some((move) => machine.take(move)); );
  goOn(machine, owed)
  const healed = fates()
  const fresh = machine.messages.at(-1)!
  machine.take(machine.moves.findIndex(isFresh))
  goOn(machine, owed)
  const whole = fresh.delivered > fresh.stripped && fresh.altered === 0
  return { prompt, rest, healed, ends: ['rests'], fresh: [whole ? 'delivered' : 'none'] }
}

/** A run that goes on for ever is cut off: nothing is known of what would come after it. */
function endless({ prompt, rest }: { readonly prompt: readonly string[]; readonly rest: readonly string[] }): Reading {
  return { prompt, rest, healed: rest.map(() => 'unknown'), ends: ['for ever'], fresh: ['unknown'] }
}

/** Gives each move its turn, round and round; says whether it came to rest. */
function goOn(machine: Machine, moves: readonly number[], most = manySteps): boolean {
  for (let steps = 0, turn = 0, missed = 0; steps < most; turn++) {
    if (missed === moves.length) return true
    if (machine.take(moves[turn % moves.length]!)) {
      steps++
      missed = 0
    } else missed++
  }
  return false
}

/** How a connector answers a probe, from the histories of its scenarios; null when the fault never came about. */
export function answerOf(probe: Probe, histories: readonly History[]): string | null {
  const { strike } = probe
  if (strike && !histories.some((history) => history.some(({ what }) => what === strike.what))) return null
  return worst(histories.map((history) => readHistory(history, probe)), probe)
}

/** Milliseconds of the connector’s clock within which whatever waits for nothing has happened. */
const promptly = 10_000

function readHistory(history: History, { stream, excused }: Probe): Reading {
  const until = (what: EventName) => {
    const at = history.findIndex((event) => event.what === what)
    return at < 0 ? history : history.slice(0, at)
  }
  const fates = (events: History) => stream.map((_, i) => wordFor(fateIn(events, `m${i + 1}`), excused[i]!))
  const before = until('at rest')
  const fresh = history.flatMap(({ what, message }) => (what === 'fresh' ? [message!] : []))
  const prompt = fates(before.filter(({ time }) => time <= promptly))
  const rest = fates(before)
  if (before.some(({ what }) => what === 'livelock')) return endless({ prompt, rest })
  return {
    prompt, rest, healed: fates(until('fresh')), ends: ['rests'],
    fresh: [fresh.length > 0 && fresh.every((id) => fateIn(history, id).delivered > 0) ? 'delivered' : 'none'],
  }
}

function fateIn(events: History, id: string): Fate {
  const count = (...names: readonly EventName[]) =>
    events.filter(({ what, message }) => message === id && names.includes(what)).length
  return {
    arrived: 1, delivered: count('recorded', 'recorded altered'), stripped: 0, altered: count('recorded altered'),
    flagged: count('flagged'),
  }
}

const worstFirst = ['unknown', 'twice', 'changed', 'both', 'none', 'for ever', 'flagged', 'settled', 'delivered', 'rests']

function wordFor({ delivered, flagged, altered, stripped }: Fate, excused: boolean): string {
  if (delivered > 1) return 'twice'
  if (delivered + flagged === 0) return 'none'
  if (excused) return 'settled'
  if (altered + stripped > 0) return 'changed'
  return delivered > 0 && flagged > 0 ? 'both' : delivered > 0 ? 'delivered' : 'flagged'
}

/** Of several readings the worst of each word. Promptly, nothing is expected of a message that may wait. */
function worst(readings: readonly Reading[], { reads, excused }: Probe): string {
  const least = (all: readonly string[]) => all.reduce((a, b) => (worstFirst.indexOf(b) < worstFirst.indexOf(a) ? b : a))
  return reads.map((moment) => {
    const length = readings[0]![moment]!.length
    const said = Array.from({ length }, (_, i) =>
      moment === 'prompt' && excused[i] ? 'any' : least(readings.map((reading) => reading[moment]![i]!)))
    return `${moment}: ${said.join(', ')}`
  }).join('; ')
}
