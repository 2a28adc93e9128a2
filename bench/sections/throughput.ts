/** States a second and bytes a state: a search in a process of its own, against Spin’s and Murphi’s on the same states. */
import { fileURLToPath } from 'node:url'
import { kinds, scopeOf } from '../../engine/model/build.ts'
import { components } from '../../models/catalogue.ts'
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { type Cost, inTurn, many, measured, medianOf, type Section, seconds, times } from '../measure.ts'
import { murphi } from '../murphi.ts'
import { definitions, prepare, read, within } from '../spin.ts'

export interface Work {
  readonly component: string
  readonly scope: Scope
  readonly stream: readonly ModelBurst[]
  /** About how many states, to give Spin a table of the right size. */
  readonly about: number
  /** Steps that Spin must be able to go deep, where its usual ten thousand are too few: its stack is there from the start. */
  readonly depth?: number
}

export const raceScope = (workers: number, messages: number): Scope =>
  ({ workers, messages, deaths: 0, delays: 0, copies: 1, memory: 1 })
export const race = (workers: number, messages: number, about: number): Work =>
  ({ component: 'claim-queue', scope: raceScope(workers, messages), stream: Array.from({ length: messages }, () => ({ count: 1 })), about })

type Other = readonly [component: string, changes: Scope, about: number, depth?: number]

/** About two million states each; messages of every kind, but in the relay of the quiet one. */
export const others: readonly Other[] = [
  ['gateway', { messages: 8, limit: 250, attachments: 251, restarts: 2_000 }, 2_037_018, 600_000],
  ['transfer-agent', { messages: 7, links: 4, pool: 1, failures: 2, losses: 1, burst: 1 }, 2_285_590],
  ['property-cache', { messages: 8, sessions: 5, entries: 3, restarts: 3, burst: 1 }, 2_197_352],
  ['interchange', { messages: 8, threads: 3, tries: 1, restarts: 1 }, 2_102_900],
  ['relay', { messages: 4, workers: 2, threads: 2, sessions: 2, losses: 1 }, 1_864_755],
]
/** The same with as many states as the claim race has, where a tool’s start no longer counts. */
export const largeOthers: readonly Other[] = [
  ['gateway', { messages: 8, limit: 250, attachments: 251, restarts: 16_000 }, 16_289_018, 4_200_000],
  ['transfer-agent', { messages: 8, links: 4, pool: 1, failures: 5, losses: 4, burst: 1 }, 16_259_393],
  ['property-cache', { messages: 8, sessions: 7, entries: 3, restarts: 3, burst: 1 }, 16_950_296],
  ['interchange', { messages: 8, threads: 5, tries: 2, restarts: 1 }, 18_284_871],
  ['relay', { messages: 5, workers: 2, threads: 2, sessions: 2, losses: 0 }, 17_067_406],
]
export const workOf = ([name, changes, about, depth]: Other): Work => {
  const component = components.find((other) => other.name === name)!
  const scope = scopeOf(component, changes)
  const all = kinds(component.attributes(scope))
  const stream = Array.from({ length: scope['messages']! }, (_, i) =>
    (name === 'relay' ? { ...all[0]!, link: 1 + (i % 2) } : all[i % all.length]!))
  return { component: name, scope, stream, about, ...(depth === undefined ? {} : { depth }) }
}

/** What makes Spin’s verifier fastest here: no compression of states, which are small, and no check of array bounds. */
const tuned = [
  '-O3', '-march=native', '-DNOREDUCE', '-DSAFETY', '-DNOFAIR', '-DNOCOMP', '-DMURMUR', '-DNOBOUNDCHECK',
]
const searching = ({ about, depth = 10_000 }: Work) => [`-m${depth}`, `-w${Math.max(18, Math.ceil(Math.log2(about)))}`, '-c0', '-E']

interface Found {
  readonly cost: Cost
  /** Processor time of the search alone, without starting a process and reading the sources. */
  readonly search: number
  /** The same by the clock; Spin’s verifier does nothing else. */
  readonly clock: number
  readonly states: number
  readonly transitions: number
}

export const searchCommand = fileURLToPath(new URL('../search.ts', import.meta.url))

async function ours({ component, scope, stream }: Work): Promise<Found> {
  const args = ['--import', 'tsx', searchCommand, component, 'fixed', JSON.stringify(scope), JSON.stringify(stream)]
  const cost = await measured(process.execPath, args)
  return { cost, ...JSON.parse(cost.output) }
}

async function pan(directory: string, work: Work): Promise<Found> {
  const cost = await measured(`${directory}/pan`, searching(work), { cwd: directory })
  const { states, transitions, truncated } = read(cost.output)
  if (truncated) throw new Error(`${work.component}: Spin did not see every state, for want of depth.`)
  return { cost, search: cost.cpu, clock: cost.wall, states, transitions }
}

/** Murphi visits so many states in about a minute. */
const patience = 10_000_000

/** Every contender on one work, compiled beforehand; all must count the same states. */
export async function contest(
  work: Work, rounds: number, spin: boolean, more: boolean,
): Promise<Readonly<Record<string, readonly Found[]>>> {
  return within(async (depthFirst) => within(async (breadthFirst) => within(async (directory) => {
    const contenders: Record<string, () => Promise<Found>> = { unwedge: () => ours(work) }
    if (spin) {
      const define = ['COUNT', ...definitions(work.component, 'fixed', work.scope, work.stream, false)]
      await prepare(depthFirst, work.component, { define, compile: tuned })
      contenders['Spin, depth first'] = () => pan(depthFirst, work)
      if (more) {
        await prepare(breadthFirst, work.component, { define, compile: [...tuned, '-DBFS'] })
        contenders['Spin, breadth first'] = () => pan(breadthFirst, work)
      }
    }
    if (more && work.about < patience) {
      const checker = await murphi(directory, work.scope)
      if (checker) contenders['Murphi (rumur)'] = checker
    }
    const results = await inTurn(rounds, contenders)
    const counts = new Set(Object.values(results).flat().map(({ states, transitions }) => `${states} states, ${transitions} transitions`))
    if (counts.size > 1) throw new Error(`${work.component}: the tools do not agree: ${[...counts].join(' and ')}.`)
    return results
  })))
}

const rate = ({ states, cost }: Found) => states / cost.cpu
const alone = ({ states, search }: Found) => states / search
const bytes = ({ states, cost }: Found) => cost.bytes / states

const columns = [
  '', 'clock', 'processor', 'states a second', 'of the search alone', 'bytes a state',
  'ours is faster by', 'of the search alone', 'ours is smaller by',
]

const row = (name: string, results: readonly Found[], mine: readonly Found[]): readonly string[] => [
  name, seconds(medianOf(results, ({ cost }) => cost.wall)), seconds(medianOf(results, ({ cost }) => cost.cpu)),
  many(medianOf(results, rate)), many(medianOf(results, alone)), medianOf(results, bytes).toFixed(1),
  results === mine ? '' : times(medianOf(mine, rate) / medianOf(results, rate)),
  results === mine ? '' : times(medianOf(mine, alone) / medianOf(results, alone)),
  results === mine ? '' : times(medianOf(results, bytes) / medianOf(mine, bytes)),
]

export async function claimRace(work: Work, rounds: number, spin: boolean): Promise<Section> {
  const results = await contest(work, rounds, spin, true)
  const [one] = results['unwedge']!
  return {
    title: `The claim race, ${work.scope['workers']} workers and ${work.scope['messages']} messages: `
      + `${many(one!.states)} states, ${many(one!.transitions)} transitions`,
    says: [
      'The same count from every tool, or there would be no table. States a second are of processor time of the whole process, '
        + 'from its start to its end, which on a busy machine says more than the clock; of the search alone, for ours, without starting Node and '
        + 'reading the sources. Bytes are the most it had resident.',
      `Ours: \`node --import tsx bench/search.ts claim-queue fixed …\`. Spin: \`gcc ${tuned.join(' ')}\`, `
        + `\`pan ${searching(work).join(' ')}\`; breadth first with \`-DBFS\`, which gives shortest runs, as ours does always.`,
    ],
    columns,
    rows: Object.entries(results).map(([name, found]) => row(name, found, results['unwedge']!)),
  }
}

export async function otherComponents(asked: readonly Other[], rounds: number, spin: boolean): Promise<Section> {
  const rows: (readonly string[])[] = []
  for (const other of asked) {
    const work = workOf(other)
    const results = await contest(work, rounds, spin, false)
    for (const [name, found] of Object.entries(results))
      rows.push([`${work.component}, ${many(found[0]!.states)} states: ${name}`, ...row(name, found, results['unwedge']!).slice(1)])
  }
  const scopes = asked.map(([name, changes]) => `${name} ${Object.entries(changes).map(([size, n]) => `${size}=${n}`).join(' ')}`)
  return {
    title: `The other components, and all five in one server${asked === largeOthers ? ', some 17 million states each' : ''}`,
    says: [`As above, at ${scopes.join('; ')}; other sizes are the small ones.`],
    columns,
    rows,
  }
}
