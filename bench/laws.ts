/**
 * One exploration with every law, in a process of its own: `laws.ts component variant scope stream`, scope and stream as
 * JSON. Every transition is kept, and cycles are looked for among all states. With the name of a law after that, only
 * that one is asked, and the answer is JSON.
 */
import { nearestViolation } from '../engine/search/violations.ts'
import { build } from '../engine/model/build.ts'
import { statesThatFit } from '../engine/search/explore.ts'
import { fill } from '../engine/states/kernel.ts'
import { speed } from '../engine/speed/speed.ts'
import { MemoryBudget } from '../engine/states/memory-budget.ts'
import { components } from '../models/catalogue.ts'
import { laws } from '../spec/laws.ts'

/** What is printed of one law. */
export interface Asked {
  readonly states: number
  readonly transitions: number
  /** Seconds of processor time until every state was there, and for the law. */
  readonly search: number
  readonly answer: number
  /** Of its counterexample; null where it holds. */
  readonly steps: number | null
  /** Of these, before its cycle; null where it comes to rest. */
  readonly stem: number | null
  readonly shortest: boolean
}

const [name, variant, scope, stream, only] = process.argv.slice(2)
const component = components.find((other) => other.name === name)!
const machine = build(component, variant!, JSON.parse(scope!))
const start = machine.start(JSON.parse(stream!))
const log = timed('states and transitions', () => fill(machine, [start], true, { states: statesThatFit(machine), speed }))
const { states, transitions } = log.result
const graph = { log: log.result, memory: new MemoryBudget(log.result), orbit: null, unfolding: null, only: null }
if (!only) console.log(`${states.toLocaleString('en-US')} states, ${transitions.toLocaleString('en-US')} transitions`)
for (const law of laws.filter(({ name }) => !only || name === only)) {
  const { result: found, seconds } = timed(law.name, () => nearestViolation(graph, law))
  if (only) {
    const { moves, stem } = found?.run ?? { moves: null, stem: null }
    const asked: Asked = {
      states, transitions, search: log.seconds, answer: seconds, steps: moves?.length ?? null, stem, shortest: found?.shortest ?? true,
    }
    console.log(JSON.stringify(asked))
  } else if (found) {
    const { run: { moves, stem }, nearer, shortest } = found
    const ends = stem === null ? 'at rest' : `on a cycle after ${stem}${shortest ? '' : ', not known to be the shortest'}`
    console.log(`  broken in ${moves.length} steps, ${ends}; ${nearer.toLocaleString('en-US')} states nearer`)
  }
}

function timed<T>(what: string, does: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage()
  const result = does()
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  if (!only) console.log(`${what}: ${seconds.toFixed(1)} s of processor time, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident`)
  return { result, seconds }
}
