/** A counterexample as JSON: what `unwedge replay` reads, and any other program. */
import type { Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import type { Violation } from '../../spec/evidence/violation.ts'

/** Grows when a reader of an older page would go wrong. */
export const schema = 2

/** The whole page: the same keys in the same order, whatever made the counterexample. */
export const jsonPage = (found: Counterexample): string => json(pageOf(found))

/** The page of a connector that broke a law: what `unwedge replay` reads too. */
export const jsonViolation = (found: Violation): string => json(violationOf(found))

/** The page of a run that breaks no law. */
export const jsonRun = (run: DescribedRun): string => json({ schema, kind: 'run', ...fieldsOf(run) })

/** Several pages, after what a command has to say of them. */
export const jsonReport = (
  kind: string, says: Readonly<Record<string, unknown>>, pages: readonly (Counterexample | Violation)[],
): string =>
  json({ schema, kind, ...says, pages: pages.map((page) => ('history' in page ? violationOf(page) : pageOf(page))) })

/** JSON that a terminal will only print: what could steer it, or a build server, stands as an escape, which every parser reads back. */
export const json = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]|(?<=#)#(?=\[|vso\[|teamcity\[)/gu, escaped)}\n`

const escaped = (text: string) =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

const pageOf = (found: Counterexample) => {
  const { law, message, about, since, culprit, answers, threshold, minimality } = found
  const broken = { name: law.name, says: law.says, when: law.when }
  return { schema, kind: 'counterexample', law: broken, ...fieldsOf(found), message, about, since, culprit, answers, threshold, minimality }
}

function violationOf(found: Violation) {
  const { law, connector, guarantee, clock, says, message, at, scenario, history, seed, runs, tries, repeats, ...rest } = found
  const { found: come = 'drawn', from = null, notApplicable, declared = [], diagnosis, again, clause, without = null } = rest
  return {
    schema, kind: 'violation', law: { name: law.name, says: law.says }, clause, connector, guarantee, clock, says, message, at, scenario,
    history, without, seed, runs, tries, repeats, found: come, from, notApplicable, declared, diagnosis, again,
  }
}

/** The fields of a run, without what a counterexample has besides. */
function fieldsOf(described: DescribedRun): DescribedRun {
  const { component, variant, from, says, source, title, isVariation, ...rest } = described
  const { scope, stream, begin, messages, start, run, length, stem, schedule, replay } = rest
  return {
    component, variant, from, says, source, title, isVariation, scope, stream, begin, messages, start, run, length, stem, schedule, replay,
  }
}
