/** A stored scenario run again: what `unwedge replay` does with a file of the store, or with a connector’s page. */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../../engine/usage-error.ts'
import { misfit, type Stored } from '../../engine/store/store.ts'
import { findConfig } from '../../engine/config/config-file.ts'
import { calibrated } from '../../engine/falsify/runner.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { lawfulPage } from '../../reports/connectors/violation-page.ts'
import { plain } from '../../reports/text/words.ts'
import { quoted } from '../input/names.ts'
import { type PageOptions, violationAs } from '../output/page-writers.ts'
import { paper, progress, say, sayPage } from '../output/terminal.ts'
import { fromHere, connectorFiles, isInside, type ProcessChoice, withRunner } from '../input/loaded-connector.ts'
import { writeViolations } from './connector-verdicts.ts'
import { replayOf, violationIn } from './kept-violation.ts'
import { reasonsFor } from './reasons.ts'
import { brokenBy, keptSince } from './stored-scenarios.ts'

/** Runs it, shows what it breaks, and says whether it breaks anything. */
export async function replayScenario(stored: Stored, path: string, options: PageOptions & ProcessChoice): Promise<boolean> {
  const { found: [subject] } = await connectorFiles([`${fromHere(fileOf(stored, path))}#${stored.export}`], options)
  if (!subject) throw new UsageError(`${path} names no connector.`)
  const because = misfit(subject.connector, stored.scenario)
  if (because !== null) throw new UsageError(`${path} is not run with ${quoted(subject.connector.name)}: ${because}.`)
  const { format, out } = options
  progress.show(`${subject.connector.name}: the scenario once more …`)
  const { violation, history } = await withRunner(subject, options, async (raw) => {
    const runner = await calibrated(subject.connector, raw)
    const { broken, history, repeats } = await brokenBy(subject, stored.scenario, runner)
    if (!broken) return { violation: null, history }
    const reasons = await reasonsFor(subject, broken, raw, Infinity)
    return { violation: violationIn(subject, broken, { ...keptSince(stored), repeats, again: replayOf(path), ...reasons }), history }
  })
  progress.clear()
  const connector = subject.connector.name
  if (violation && out !== undefined) writeViolations(out, [{ violations: [violation], divergence: null, once: null }], format)
  else if (violation) sayPage(violationAs[format](violation, paper), format)
  else if (format === 'json') process.stdout.write(json({ schema, kind: 'trial', connector, history }))
  else sayPage(lawfulPage({ connector, history }, paper), format)
  if (format === 'text' && stored.connector !== connector)
    say(plain(`It was found in ${quoted(stored.connector)}, and the file has ${quoted(connector)} now.`))
  return violation !== null
}

/**
 * The file of a stored connector: from where the store is, from where the configuration is, or else from here. An entry is not
 * trusted to name any other: whoever runs it runs that file.
 */
export function fileOf({ file }: Stored, path: string): string {
  const dirs = [dirname(dirname(path)), findConfig()?.root ?? '.', '.']
  const found = dirs.map((dir) => ({ dir, at: resolve(dir, file) })).find(({ at }) => existsSync(at))
  if (found === undefined)
    throw new UsageError(`${path} is about ${quoted(file)}, which is gone: check the file it has become, and it is found by its name.`)
  if (!isInside(found.dir, found.at))
    throw new UsageError(`${path} names ${quoted(file)}, which is not in the directory of the store: to run that file, check it by its name.`)
  return found.at
}
