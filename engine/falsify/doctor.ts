/**
 * Is an adapter able to fail? The connector is run as it is and with one thing wrong at a time. A mutant that no scenario
 * catches shows what the adapter hides; one that cannot do its wrong is said not to apply, and why.
 */
import fc from 'fast-check'
import type { Connector } from '../../spec/connector.ts'
import type { Examination, Examined } from '../../spec/evidence/examination.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { realNow } from '../real-time.ts'
import { unlessInconclusive } from '../inconclusive.ts'
import type { Judgement } from '../verdict/judge.ts'
import { type Mutant, type MutantName, mutants } from './mutants.ts'
import { scenarios } from './generator.ts'
import { type Runner, calibrated } from './runner.ts'
import { ran } from './verdict-of-run.ts'

interface Examining {
  readonly seed: number
  readonly runs: number
  readonly seconds?: number
  readonly runner: Runner
  /** Runs something with a runner for the connector with one thing wrong. */
  readonly wrong: <R>(mutant: MutantName, use: (runner: Runner) => Promise<R>) => Promise<R>
  readonly onMutant?: (mutant: MutantName) => void
  /** Mutants that are tried side by side; 1 unless told otherwise. Each then needs a process of its own. */
  readonly jobs?: number
}

const allMutants = Object.entries(mutants) as readonly [MutantName, Mutant][]

export async function examine(connector: Connector, given: Examining): Promise<Examination> {
  const { seed, runs, seconds = Infinity, wrong, onMutant, jobs = 1 } = given
  const until = realNow() + seconds * 1000
  const drawn = fc.sample(scenarios(connector), { seed, numRuns: runs })
  const own = await ownRuns(connector, drawn, await calibrated(connector, given.runner), until)
  const examined: Examined[] = []
  const tell = async ([mutant, { does }]: (typeof allMutants)[number]): Promise<Examined> => {
    const because = cannot(mutant, connector, own)
    onMutant?.(mutant)
    if (because !== null) return { mutant, does, outcome: 'not applicable', because }
    if (realNow() > until) return { mutant, does, outcome: 'not tried', because: 'time was over' }
    return unlessInconclusive(wrong(mutant, (each) => caught(connector, mutant, own, each, until)),
      (because): Examined => ({ mutant, does, outcome: 'not tried', because }))
  }
  const left = [...allMutants.entries()]
  await Promise.all(Array.from({ length: jobs }, async () => {
    for (let next = left.shift(); next; next = left.shift()) examined[next[0]] = await tell(next[1])
  }))
  return { runs: own.runs, broken: own.broken, mutants: examined }
}

/** What the connector itself did: which scenarios it passed, and what it was ever seen to do. */
interface Own {
  readonly runs: number
  readonly broken: Judgement | null
  readonly breaks: ReadonlySet<string>
  readonly passed: readonly Scenario[]
  readonly waits: boolean
  readonly flags: boolean
}

async function ownRuns(connector: Connector, drawn: readonly Scenario[], runner: Runner, until: number): Promise<Own> {
  const passed: Scenario[] = []
  const breaks = new Set<string>()
  let [runs, broken, waits, flags]: [number, Judgement | null, boolean, boolean] = [0, null, false, false]
  for (const scenario of drawn) {
    if (realNow() > until) break
    const { history, judgement } = await ran(connector, scenario, runner)
    runs++
    if (judgement) {
      broken ??= judgement
      breaks.add(judgement.law.name)
    } else passed.push(scenario)
    waits ||= history.some(({ what }) => what === 'offered')
    flags ||= history.some(({ what }) => what === 'flagged')
  }
  return { runs, broken, breaks, passed, waits, flags }
}

/** Why a mutant has nothing to do wrong; null when it has. */
function cannot(mutant: MutantName, connector: Connector, { runs, passed, waits, flags }: Own): string | null {
  const { exempt, links, notApplicable } = connector
  if (passed.length === 0) return 'the connector itself passes no scenario'
  if (mutant === 'claims falsely' || mutant === 'swallows a flag') return flags ? null : `it flagged nothing in ${counted(runs)}`
  if (mutant !== 'blocks all on one link') return null
  const free = exempt?.['links are independent']
  if (free !== undefined) return `it is not checked against ‘links are independent’: ${free}`
  if (links?.[1] === 1) return 'it has one link'
  const hangs = notApplicable?.['link hangs']
  if (hangs !== undefined) return `no link of it can hang: ${hangs}`
  return waits ? null : 'it never waits for a link: what it sends is sent at once'
}

async function caught(
  connector: Connector, mutant: MutantName, { passed, breaks }: Own, raw: Runner, until: number,
): Promise<Examined> {
  const { does, law, hides, mend }: Mutant = mutants[mutant]
  const runner = await calibrated(connector, raw)
  let runs = 0
  for (const scenario of passed) {
    if (realNow() > until) return { mutant, does, outcome: 'not tried', because: `time was over after ${counted(runs)}` }
    runs++
    const { judgement } = await ran(connector, scenario, runner)
    if (judgement) return { mutant, does, outcome: 'caught', law: judgement.law.name, runs }
  }
  const free = connector.exempt?.[law]
  if (free !== undefined) return { mutant, does, outcome: 'not applicable', because: `it is not checked against ‘${law}’: ${free}` }
  if (breaks.has(law))
    return { mutant, does, outcome: 'not applicable', because: `the connector itself breaks ‘${law}’: mend that first` }
  const mayLose = 'a connector that is ‘at-most-once’ may lose what its own link failed'
  if (mutant === 'swallows a flag' && connector.guarantee === 'at-most-once')
    return { mutant, does, outcome: 'not applicable', because: mayLose }
  return { mutant, does, outcome: 'survived', runs, hides, mend }
}

const counted = (runs: number) => `${runs} ${runs === 1 ? 'scenario' : 'scenarios'}`
