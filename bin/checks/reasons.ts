/** What is told of a broken law besides that it is broken: which known bug that is like, and which parts of its scenario matter. */
import { lacking } from '../../engine/falsify/ablation.ts'
import type { BrokenLaw } from '../../engine/falsify/shrink.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import { realNow } from '../../engine/real-time.ts'
import { unlessInconclusive } from '../../engine/inconclusive.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'
import { progress } from '../output/terminal.ts'
import { likeKnownBug } from './known-bugs.ts'

/** Seconds at the most for each of: every order, the model, which parts matter. */
export const mostSeconds = 6

/** Seconds until then, by `realNow()`. */
export const secondsTo = (until: number): number => Math.max(0, (until - realNow()) / 1000)

/** Tries both, in what time there is. What could not be tried is left out. */
export async function reasonsFor(
  subject: ConnectorFile, broken: BrokenLaw, runner: Runner, until: number,
): Promise<Pick<Violation, 'answers' | 'lacking'> & { readonly diagnosis?: string | null }> {
  const { connector } = subject
  progress.show(`${connector.name}: which known bug is it like?`)
  // Each run of a connector that crashes takes a process.
  const most = broken.history.at(-1)?.what === 'crashed' ? mostSeconds / 2 : 10
  // A connector that fails to start behaves like no known bug.
  const diagnosis = broken.history[0]?.what === 'crashed' ? {}
    : await unlessInconclusive(likeKnownBug(subject, broken.law.name, runner, Math.min(most, secondsTo(until))), () => ({}))
  progress.show(`${connector.name}: which parts of it matter?`)
  const parts = await unlessInconclusive(
    lacking(connector, broken.scenario, runner, Math.max(1, Math.min(most, mostSeconds, secondsTo(until)))), () => undefined)
  return { ...diagnosis, ...(parts === undefined ? {} : { lacking: parts }) }
}
