/** A connector that broke a law, as this command line keeps it and tells of it. */
import { relative, sep } from 'node:path'
import { type Diagnosis, diagnose } from '../../engine/conform/diagnose.ts'
import { answersOf } from '../../engine/run/counterfactuals.ts'
import { keep, type Stored, storeName, storeSchema } from '../../engine/store/store.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import type { Runner, BrokenLaw } from '../../engine/falsify/falsify.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { markdownViolation, violationPage } from '../../reports/text/violation-page.ts'
import { jsonViolation } from '../../reports/formats/json.ts'
import { shellWord } from '../../reports/text/words.ts'
import type { LawName } from '../../spec/laws.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Format } from './format.ts'
import { mistake } from '../input/exit-code.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'

export const violationAs: Readonly<Record<Format, (found: Violation) => string>> =
  { text: violationPage, json: jsonViolation, markdown: markdownViolation }

/** How a failure came about. */
export interface Come {
  readonly seed: number
  readonly run: number
  readonly repeats: boolean
  readonly found?: NonNullable<Violation['found']>
  /** The command that shows it again. */
  readonly again: string
  readonly diagnosis?: string | null
  readonly answers?: Violation['answers']
  readonly lacking?: Violation['lacking']
}

export const shownOf = (subject: ConnectorFile, broken: BrokenLaw, { run, repeats, ...told }: Come): Violation =>
  violationOf(subject.connector, { broken, runs: run, repeats }, { ...told, from: { file: subject.path, export: subject.as } })

/** How what is stored came about; in which of all orders it was is not worth telling a second time. */
export const comeFrom = ({ seed, run, by }: Stored['found']) =>
  ({ seed, run: by === 'drawing' ? run : 0, repeats: true, found: 'kept' as const })

/** Keeps a failure in the store, and says what shows it again: the search for it, where it cannot be kept. */
export function kept(
  subject: ConnectorFile, { law, says, scenario }: BrokenLaw, found: Stored['found'],
): { again: string; why: string | null } {
  const stored: Stored = {
    schema: storeSchema, kind: 'scenario', connector: subject.connector.name, export: subject.as, file: subject.path,
    law: law.name, says, scenario, found,
  }
  try {
    return { again: replaying(keep(storeName, stored)), why: null }
  } catch (error) {
    const { seed, run } = found
    const again = `npx unwedge check ${shellWord(subject.typed)} --seed ${seed} --runs ${run}`
    return { again, why: `The failure is not kept: ${ofTheSystem(error)}` }
  }
}

/** What the system has against it, in a sentence. Throws what is no such thing. */
export function ofTheSystem(error: unknown): string {
  const found = mistake(error)
  if (!found) throw error
  return found.says
}

export const replaying = (path: string): string => `npx unwedge replay ${shellWord(relative('.', path).split(sep).join('/'))}`

/** The catalogue’s bugs, one component each: a relay of all five is like any of them. */
export const bugs = catalogue.filter(({ component }) => component.name !== 'relay')

/**
 * Which known bug that breaks this law a connector behaves like, in a sentence, and what that bug answers wrongly. It
 * takes a moment even where time is over.
 */
export async function diagnosed(
  { connector }: ConnectorFile, law: LawName, runner: Runner, seconds = 10,
): Promise<Pick<Come, 'diagnosis' | 'answers'>> {
  const found = await diagnose(connector, bugs, { runner, law, seconds: Math.max(2, Math.min(10, seconds)) })
  return { diagnosis: found.says, ...answersTo(found) }
}

/** What the bug that a connector behaves like answers otherwise than a right one; nothing where none fits. */
export function answersTo({ likenesses: [best] }: Diagnosis): Pick<Come, 'answers'> {
  const bug = best?.fits ? bugs.find(({ component, variant }) => component.name === best.component && variant === best.nearest[0]) : null
  return bug ? { answers: answersOf(bug.component, bug.variant, components, bug.component.name) } : {}
}
