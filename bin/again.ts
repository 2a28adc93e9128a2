/** A stored ordeal run again: what `unwedge replay` does with a file of the store, or with a connector’s page. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Mistaken } from '../engine/build.ts'
import type { Stored } from '../engine/store.ts'
import { calibrated } from '../engine/try.ts'
import { json, schema } from '../reports/json.ts'
import { lawfulPage } from '../reports/trouble.ts'
import { plain } from '../reports/words.ts'
import { brokenAgain } from './connectors.ts'
import { quoted } from './names.ts'
import { progress, type Shows, say, sayPage } from './output.ts'
import { fromHere, subjects, type Where, withBench } from './subject.ts'
import { comeFrom, diagnosed, replaying, shownOf, troubleAs } from './trouble.ts'
import { writeTroubles } from './verdicts.ts'

/** Runs it, shows what it breaks, and says whether it breaks anything. */
export async function replayOrdeal(stored: Stored, path: string, options: Shows & Where): Promise<boolean> {
  const [subject] = await subjects([`${fromHere(fileOf(stored, path))}#${stored.export}`], options)
  if (!subject) throw new Mistaken(`${path} names no connector.`)
  const { format, out } = options
  progress.show(`${subject.connector.name}: the ordeal once more …`)
  const { trouble, history } = await withBench(subject, options, async (raw) => {
    const bench = await calibrated(subject.connector, raw)
    const { broken, history } = await brokenAgain(subject, stored.ordeal, bench)
    if (!broken) return { trouble: null, history }
    const diagnosis = await diagnosed(subject, broken.law.name, bench)
    const come = { ...comeFrom(stored.found), again: replaying(path), ...diagnosis }
    return { trouble: shownOf(subject, broken, come), history }
  })
  progress.clear()
  const connector = subject.connector.name
  if (trouble && out !== undefined) writeTroubles(out, [{ troubles: [trouble], unlike: null }], format)
  else if (trouble) sayPage(troubleAs[format](trouble), format)
  else if (format === 'json') process.stdout.write(json({ schema, kind: 'trial', connector, history }))
  else sayPage(lawfulPage({ connector, history }), format)
  if (format === 'text' && stored.connector !== connector)
    say(plain(`It was found in ${quoted(stored.connector)}, and the file has ${quoted(connector)} now.`))
  return trouble !== null
}

/** The file of a stored connector: from where the store is, or else from here. */
export function fileOf({ file }: Stored, path: string): string {
  const found = [join(dirname(dirname(path)), file), file].find((each) => existsSync(each))
  if (found === undefined)
    throw new Mistaken(`${path} is about ${quoted(file)}, which is gone: check the file it has become, and it is found by its name.`)
  return found
}
