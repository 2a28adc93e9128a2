/** Files for other tools: all states of a variant as a graph, and one run as a trace. The ending of a file says which. */
import { amountOf } from '../../reports/text/words.ts'
import { build, streams } from '../../engine/model/build.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { type CheckedClaim, checkedVariant, type Claim } from '../../engine/search/claims.ts'
import { explained, thresholdsOf } from '../../engine/run/counterfactuals.ts'
import { playback } from '../../engine/run/playback.ts'
import { replay } from '../../engine/run/replay.ts'
import { stateGraph } from '../../engine/search/state-graph.ts'
import { components } from '../../models/catalogue.ts'
import { aldebaran, dot } from '../../reports/formats/graph.ts'
import { itfTrace } from '../../reports/formats/itf.ts'
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { StateGraph } from '../../spec/evidence/state-graph.ts'
import { command, endingOf, ofRuns, writeEach, writeEvidence } from './report-files.ts'
import { progress } from '../output/terminal.ts'
import { lawsAsked, type RequestedRun } from '../input/requested-run.ts'

/** What a file of `explore` may end in. */
export const ofExplorations = { '.aut': 'the state graph for CADP and mCRL2', '.dot': 'the state graph for Graphviz', ...ofRuns }
/** What a file of `replay` may end in. */
export const ofReplays = { '.itf.json': 'a trace for Apalache and Quint' }

/** Nobody reads a greater graph than this, and no editor opens its file. */
const [mostStates, mostTransitions] = [500_000, 2_000_000]

interface Explored {
  readonly entry: Claim
  readonly scope: Scope
  readonly bursts: readonly (readonly ModelBurst[])[] | undefined
  readonly checked: CheckedClaim
}

/** Writes each file of an exploration. Throws `UsageError` when its graph is too large. */
export function writeExploration(files: readonly string[], { entry, scope, bursts, checked }: Explored): void {
  const isGraph = (file: string) => ['.aut', '.dot'].includes(endingOf(file, ofExplorations)!)
  const [graphs, runs] = [files.filter(isGraph), files.filter((file) => !isGraph(file))]
  if (runs.length > 0) {
    const pages = checked.counterexamples.map((found) => explained(found, [entry.component, ...components]))
    const claims = [{ ...checkedVariant(checked, pages.length > 0) }]
    writeEvidence(runs, { command: command(), claims, pages, connectors: [], thresholds: thresholdsOf(pages) })
  }
  if (graphs.length === 0) return
  const { states, transitions } = checked.exploration
  const name = `${entry.component.name}/${entry.variant}`
  if (states > mostStates || transitions > mostTransitions)
    throw new UsageError(`The graph of ${name} is too large to write, with ${amountOf(states, 'state')} and ${amountOf(transitions, 'transition')}: `
      + `narrow the scope, or give one stream with --stream, to ${amountOf(mostStates, 'state')} and ${amountOf(mostTransitions, 'transition')} at most.`)
  progress.show(`drawing ${name} …`)
  const machine = build(entry.component, entry.variant, scope)
  const all = bursts ?? streams(entry.component, scope)
  const graph: StateGraph = { ...stateGraph(machine, all, { states: mostStates }), name }
  writeEach(graphs, (file) => (endingOf(file, ofExplorations) === '.aut' ? aldebaran(graph) : dot(graph)))
  progress.clear()
}

/** A trace has every state: for longer runs than this it would be gigabytes. */
const mostSteps = 20_000

/** Writes the one run that was requested to each file. */
export function writeTraces(files: readonly string[], asked: readonly RequestedRun[]): void {
  const [first, ...more] = asked
  if (!first || more.length > 0)
    throw new UsageError(`A trace is of one run of a model, and ${first ? `there are ${asked.length}` : 'there is none'}: replay a page that has one.`)
  const { entry, scope, stream, begin = 0, positions, law } = first
  const machine = build(entry.component, entry.variant, scope)
  const { run } = replay(machine, { stream, begin }, positions, lawsAsked(machine.laws, law))
  if (run.moves.length > mostSteps)
    throw new UsageError(`The run is too long for a trace, with ${amountOf(run.moves.length, 'step')}: ${amountOf(mostSteps, 'step')} at most.`)
  const played = playback(machine, machine.start(stream, begin), run)
  writeEach(files, () => itfTrace({ name: `${entry.component.name}/${entry.variant}`, stem: run.stem, playback: played }))
}
