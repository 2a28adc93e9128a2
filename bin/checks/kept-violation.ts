/** A broken law made into a violation to show, and its scenario kept in the failure store. */
import { relative, sep } from 'node:path'
import type { BrokenLaw } from '../../engine/falsify/shrink.ts'
import { keep, type Stored, storeSchema } from '../../engine/store/store.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { shellWord } from '../../reports/text/words.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { reasonOf } from '../input/exit-code.ts'
import type { StorePlace } from '../input/configured.ts'
import { type ConnectorFile, isInside } from '../input/loaded-connector.ts'
import { makeDirectory } from '../output/written-files.ts'

export interface HowFound {
  readonly seed: number
  /** The number of the scenario, or of the order, that broke the law. */
  readonly run: number
  /** Whether the same scenario gave the same history twice. */
  readonly repeats: boolean
  /** Absent when the scenario was drawn. */
  readonly found?: NonNullable<Violation['found']>
}

interface Shown extends HowFound {
  /** The command that shows it again. */
  readonly again: string
  readonly diagnosis?: string | null
  readonly answers?: Violation['answers']
  readonly lacking?: Violation['lacking']
}

export const violationIn = (subject: ConnectorFile, broken: BrokenLaw, { run, repeats, ...rest }: Shown): Violation =>
  violationOf(subject.connector, { broken, runs: run, repeats }, { ...rest, from: { file: subject.path, export: subject.as } })

/** A connector’s file as the store names it. */
export const fileIn = ({ root }: StorePlace, { file }: ConnectorFile): string => relative(root, file).split(sep).join('/')

/** Keeps a failure in the store. `again` is the command that shows it; where it cannot be kept, `why` says so. */
export function keepFailure(
  subject: ConnectorFile, store: StorePlace, { law, says, scenario }: BrokenLaw, found: Stored['found'],
): { again: string; why: string | null } {
  const stored: Stored = {
    schema: storeSchema, kind: 'scenario', connector: subject.connector.name, export: subject.as, file: fileIn(store, subject),
    law: law.name, says, scenario, found,
  }
  try {
    makeDirectory(store.dir)
    const path = keep(store.dir, stored, store.root)
    // `replay` runs only what lies beside the store; of any other file `check` begins with what is kept.
    return { again: isInside(store.root, subject.file) ? replayOf(path) : `npx unwedge check ${shellWord(subject.typed)}`, why: null }
  } catch (error) {
    const { seed, run } = found
    const again = `npx unwedge check ${shellWord(subject.typed)} --seed ${seed} --runs ${run}`
    return { again, why: `The failure is not kept: ${reasonOf(error)}` }
  }
}

/** The command that replays a file of the store. */
export const replayOf = (path: string): string => `npx unwedge replay ${shellWord(relative('.', path).split(sep).join('/'))}`
