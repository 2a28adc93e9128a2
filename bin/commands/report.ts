/** `unwedge report`: writes the pages of the catalogue. */
import { amountOf } from '../../reports/text/words.ts'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from '../../engine/search/claims.ts'
import { speed } from '../../engine/speed/speed.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { textPage } from '../../reports/text/run-page.ts'
import { colours, progress, say } from '../output/terminal.ts'
import { makeDirectory, writeWhole } from '../output/written-files.ts'

const golden = fileURLToPath(new URL('../../reports/golden', import.meta.url))

/** Beside the pages of the catalogue there are others, such as those of connectors. */
const isOurs = (name: string) => name.endsWith('.txt') && components.some((component) => name.startsWith(`${component.name}.`))

/** A file for each variant that breaks a law. Those in the usual place that no variant has any more are removed. */
export async function report({ out }: { readonly out?: string }): Promise<number> {
  const dir = out ?? golden
  makeDirectory(dir)
  const wrong: string[] = []
  const names = new Set<string>()
  const changed: string[] = []
  for (const [i, entry] of catalogue.entries()) {
    progress.show(`${i + 1} of ${catalogue.length}  ${entry.component.name}/${entry.variant}`)
    const checked = check(entry, { speed })
    wrong.push(...checked.wrong)
    if (checked.counterexamples.length === 0) continue
    const name = `${entry.component.name}.${entry.variant}.txt`
    const text = checked.counterexamples.map((found) => textPage(found)).join('\n')
    const path = join(dir, name)
    names.add(name)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    writeWhole(path, text)
    changed.push(name)
  }
  const stale = out === undefined ? readdirSync(dir).filter((name) => isOurs(name) && !names.has(name)) : []
  for (const name of stale) rmSync(join(dir, name))
  progress.clear()
  say(`${amountOf(names.size, 'page')} in ${dir}: ${changed.length} changed, ${stale.length} removed.`)
  for (const name of [...changed, ...stale]) say(`  ${name}`)
  if (wrong.length > 0) say([colours.red('Not as the catalogue says:'), ...wrong.map((sentence) => `  ${sentence}`)].join('\n'))
  return wrong.length > 0 ? 1 : 0
}
