/** The failure store as `unwedge check` uses it: scenarios that broke a connector once, run again before any is drawn. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BrokenLaw } from '../../engine/falsify/shrink.ts'
import { calibrated, repeats, type Runner } from '../../engine/falsify/runner.ts'
import { type Entry, entriesIn, forget, keep, misfit, type Stored } from '../../engine/store/store.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { Inconclusive, unlessInconclusive } from '../../engine/inconclusive.ts'
import type { History } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { reasonOf } from '../input/exit-code.ts'
import type { StorePlace } from '../input/configured.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'
import { progress } from '../output/terminal.ts'
import type { Findings } from './connector-result.ts'
import { fileIn, replayOf, violationIn } from './kept-violation.ts'
import { reasonsFor } from './reasons.ts'

/** What is in the store, and sentences about what cannot be read there. */
export function storeEntries({ dir }: StorePlace): { entries: readonly Entry[]; unreadable: readonly string[] } {
  try {
    const entries = entriesIn(dir)
    return { entries, unreadable: entries.flatMap((entry) => ('unreadable' in entry ? [`Left alone: ${entry.unreadable}`] : [])) }
  } catch (error) {
    return { entries: [], unreadable: [`No stored scenario was run again: ${reasonOf(error)}`] }
  }
}

/** Connectors in the order in which they are checked while somebody waits: first those of which a failure is stored. */
export function brokenFirst(subjects: readonly ConnectorFile[], store: StorePlace, entries: readonly Entry[]): readonly ConnectorFile[] {
  const broke = (subject: ConnectorFile) => entries.some((entry) => 'stored' in entry && isOf(subject, store, entry.stored))
  return [...subjects].sort((one, other) => Number(broke(other)) - Number(broke(one)))
}

interface Rerunning {
  readonly store: StorePlace
  /** The time, by `realNow()`, after which nothing is begun. */
  readonly until: number
}

type Rerun = Pick<Findings, 'violations' | 'stored' | 'remarks'>

/** Runs what is stored of a connector again, and drops what it passes now. */
export async function rerunStored(
  subject: ConnectorFile, { store, until }: Rerunning, entries: readonly Entry[], raw: Runner,
): Promise<Rerun> {
  const { connector } = subject
  const ours = entries.flatMap((entry) => ('stored' in entry && isOf(subject, store, entry.stored) ? [entry] : []))
  const [violations, dropped, remarks]: [Violation[], string[], string[]] = [[], [], []]
  if (ours.length === 0) return { violations, stored: { breaking: 0, dropped }, remarks }
  const runner = await calibrated(connector, raw)
  for (const { stored, path } of ours) {
    progress.show(`${connector.name}: ${path}`)
    const because = misfit(connector, stored.scenario)
    const rerun = because !== null ? { broken: null, repeats: false }
      : await unlessInconclusive(brokenBy(subject, stored.scenario, runner), (why) => ({ why }))
    if ('why' in rerun) {
      // What was found before it stands.
      if (violations.length === 0) throw new Inconclusive(rerun.why)
      remarks.push(`${path} was not run again: ${rerun.why}.`)
      continue
    }
    const { broken, repeats: isSteady } = rerun
    try {
      if (broken) moveTo(subject, store, stored)
      else {
        forget(path)
        dropped.push(`${path}: ${because ?? 'it breaks no law any more'}`)
      }
    } catch (error) {
      remarks.push(`The store cannot be updated: ${reasonOf(error)}`)
    }
    if (!broken) continue
    // The reasons of one are enough: they take time.
    const reasons = violations.length > 0 ? {} : await reasonsFor(subject, broken, raw, until)
    violations.push(violationIn(subject, broken, { ...keptSince(stored), repeats: isSteady, again: replayOf(path), ...reasons }))
  }
  return { violations, stored: { breaking: violations.length, dropped }, remarks }
}

/** Whether a stored scenario is of this connector: by its name and export, in its file or in one that is gone. */
const isOf = (subject: ConnectorFile, store: StorePlace, { connector, export: exported, file }: Stored) =>
  connector === subject.connector.name && exported === subject.as
  && (file === fileIn(store, subject) || !existsSync(resolve(store.root, file)))

/** The connector’s file was moved: the entry is to name the new one. */
function moveTo(subject: ConnectorFile, store: StorePlace, stored: Stored): void {
  const file = fileIn(store, subject)
  if (stored.file !== file) keep(store.dir, { ...stored, file }, store.root)
}

/** What a scenario breaks, and whether it goes the same way each time. On the real clock a connector has to pass it three times. */
export async function brokenBy(
  { connector }: ConnectorFile, scenario: Scenario, runner: Runner,
): Promise<{ readonly broken: BrokenLaw | null; readonly history: History; readonly repeats: boolean }> {
  const most = connector.clock === 'real' ? 3 : 1
  for (let run = 1; ; run++) {
    const { history, judgement, inconclusive: _, ...of } = await ran(connector, scenario, (each) => runner(each, { full: true }))
    if (judgement) {
      // Where time is over it was not tried, and is not said.
      const isSteady = await unlessInconclusive(repeats(runner, scenario), () => false)
      return { broken: { ...judgement, ...of, history, tries: 0 }, history, repeats: isSteady }
    }
    if (run >= most) return { broken: null, history, repeats: false }
  }
}

/** How a stored scenario was found. The number of its order among all orders is not worth repeating. */
export const keptSince = ({ found: { seed, run, by } }: Stored) =>
  ({ seed, run: by === 'drawing' ? run : 0, found: 'kept' as const })
