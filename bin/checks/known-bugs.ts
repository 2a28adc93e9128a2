/** The catalogue’s bugs, and which of them a connector behaves like. */
import { type Diagnosis, diagnose } from '../../engine/diagnosis/diagnose.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import { answersOf } from '../../engine/run/answers.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { LawName } from '../../spec/laws.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'

/** Those of one component each: a relay of all five is like any of them. */
export const bugs = catalogue.filter(({ component }) => component.name !== 'relay')

/** Seconds for a diagnosis: at least, even if no time is left, and at most. */
const [leastSeconds, mostSeconds] = [2, 10]

/** Which known bug that breaks this law a connector behaves like, in a sentence, and what that bug answers wrongly. */
export async function likeKnownBug(
  { connector }: ConnectorFile, law: LawName, runner: Runner, seconds = mostSeconds,
): Promise<{ readonly diagnosis: string | null; readonly answers?: Violation['answers'] }> {
  const found = await diagnose(connector, bugs, { runner, law, seconds: Math.max(leastSeconds, Math.min(mostSeconds, seconds)) })
  return { diagnosis: found.says, ...wrongAnswers(found) }
}

/** What the bug that a connector behaves like answers otherwise than a right component; nothing where no bug fits. */
export function wrongAnswers({ likenesses: [best] }: Diagnosis): { readonly answers?: Violation['answers'] } {
  const bug = best?.fits ? bugs.find(({ component, variant }) => component.name === best.component && variant === best.nearest[0]) : null
  return bug ? { answers: answersOf(bug.component, bug.variant, components, bug.component.name) } : {}
}
