/** A stored scenario run again: what `unwedge replay` does with a file of the store, or with a connector’s page. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../engine/usage-error.ts'
import type { Stored } from '../../engine/store/store.ts'
import { calibrated } from '../../engine/falsify/falsify.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { lawfulPage } from '../../reports/text/violation-page.ts'
import { plain } from '../../reports/text/words.ts'
import { brokenAgain } from './connectors.ts'
import { quoted } from '../input/names.ts'
import { progress, type Shows, say, sayPage } from '../output/pages.ts'
import { fromHere, connectorFiles, type Where, withRunner } from '../input/loaded-connector.ts'
import { comeFrom, diagnosed, replaying, shownOf, violationAs } from '../output/violation.ts'
import { writeViolations } from './verdicts.ts'

/** Runs it, shows what it breaks, and says whether it breaks anything. */
export async function replayScenario(stored: Stored, path: string, options: Shows & Where): Promise<boolean> {
  const [subject] = await connectorFiles([`${fromHere(fileOf(stored, path))}#${stored.export}`], options)
  if (!subject) throw new UsageError(`${path} names no connector.`)
  const { format, out } = options
  progress.show(`${subject.connector.name}: the scenario once more …`)
  const { violation, history } = await withRunner(subject, options, async (raw) => {
    const runner = await calibrated(subject.connector, raw)
    const { broken, history } = await brokenAgain(subject, stored.scenario, runner)
    if (!broken) return { violation: null, history }
    const diagnosis = await diagnosed(subject, broken.law.name, runner)
    const come = { ...comeFrom(stored.found), again: replaying(path), ...diagnosis }
    return { violation: shownOf(subject, broken, come), history }
  })
  progress.clear()
  const connector = subject.connector.name
  if (violation && out !== undefined) writeViolations(out, [{ violations: [violation], divergence: null }], format)
  else if (violation) sayPage(violationAs[format](violation), format)
  else if (format === 'json') process.stdout.write(json({ schema, kind: 'trial', connector, history }))
  else sayPage(lawfulPage({ connector, history }), format)
  if (format === 'text' && stored.connector !== connector)
    say(plain(`It was found in ${quoted(stored.connector)}, and the file has ${quoted(connector)} now.`))
  return violation !== null
}

/** The file of a stored connector: from where the store is, or else from here. */
export function fileOf({ file }: Stored, path: string): string {
  const found = [join(dirname(dirname(path)), file), file].find((each) => existsSync(each))
  if (found === undefined)
    throw new UsageError(`${path} is about ${quoted(file)}, which is gone: check the file it has become, and it is found by its name.`)
  return found
}
