/** Models in files of one’s own: `file.ts`, `file.ts#export` and `file.ts#export/variant` as claims to check or a variant to look at. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isBundled } from '../../engine/bundled.ts'
import { checkedComponent } from '../../engine/model/component-shape.ts'
import { componentsAmong, exportsOf, inOneLine } from '../../engine/process/load.ts'
import { TooManyStates } from '../../engine/states/memory-budget.ts'
import { type Claim, claimsOf } from '../../engine/search/claims.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import { UsageError } from '../../engine/usage-error.ts'
import type { Component } from '../../spec/component.ts'
import { type ConnectorFile, fromHere } from './loaded-connector.ts'
import { componentNamed, entryNamed, instead, isFile, quoted } from './names.ts'

/** Whether it names a variant in one, which only a model has. */
export const isVariantInFile = (word: string): boolean => isFile(word) && parted(word).variant !== null

function parted(word: string): { readonly path: string; readonly as: string | null; readonly variant: string | null } {
  const at = word.lastIndexOf('#')
  if (at < 0 || existsSync(word)) return { path: word, as: null, variant: null }
  const [as = '', ...variant] = word.slice(at + 1).split('/')
  return { path: word.slice(0, at), as, variant: variant.length === 0 ? null : variant.join('/') }
}

/** What a file claims of every variant of its components, or of the one that is named. Throws `UsageError` where there is none. */
export async function claimsIn(word: string): Promise<readonly Claim[]> {
  const { path, as, variant } = parted(word)
  await readTypeScript()
  const exported = named(await exportsOf(path))
  const names = componentsAmong(exported)
  if (names.length === 0)
    throw new UsageError(`${path} exports no model: export a component({ … }), or write one to start from: npx unwedge new --model dead-letter.ts`)
  if (as !== null && !names.includes(as)) throw new UsageError(`${path} exports no model ${quoted(as)}. ${instead(as, names)}`)
  const claims = names.filter((name) => as === null || name === as).flatMap((name) => {
    const component = checkedComponent(exported[name], `${path}, export ‘${name}’`)
    return claimsOf(component, { file: fromHere(path), export: name })
  })
  if (variant === null) return claims
  const found = claims.filter((claim) => claim.variant === variant)
  if (found.length === 0) throw new UsageError(`${path}#${as} has no variant ${quoted(variant)}. ${instead(variant, claims.map((each) => each.variant))}`)
  return found
}

/** The component that a connector says it is: of the catalogue, or of a file of one’s own, found from where the connector’s is. */
export async function componentOf({ path, connector: { component = '' } }: ConnectorFile): Promise<Component> {
  if (isVariantInFile(component))
    throw new UsageError(`A connector is held to the right variant of a model: leave out ‘/${parted(component).variant}’ of ${component}.`)
  if (!isFile(component)) return componentNamed(component)
  const claims = await claimsIn(fromHere(resolve(dirname(path), component)))
  const all = [...new Set(claims.map((claim) => claim.component))]
  if (all.length > 1) throw new UsageError(`${component} has several models: name one, as in ${component}#${all[0]!.name}.`)
  return all[0]!
}

/** Of a CommonJS module Node may not know the names: then all that it exports is its default. */
function named(exported: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const whole = exported['default']
  const isWhole = Object.keys(exported).every((name) => name === 'default' || name === 'module.exports')
  return isWhole && typeof whole === 'object' && whole !== null && !('model' in whole) ? whole as Record<string, unknown> : exported
}

/** A model is loaded in this process, whatever the command; and a bundle reads TypeScript only once it is told to. */
async function readTypeScript(): Promise<void> {
  if (isBundled && !isReading) for (const { register } of await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])) register()
  isReading = true
}
let isReading = false

/** The one variant that a word stands for, in a file or in the catalogue; the fixed one when only a component is named. */
export async function claimNamed(word: string): Promise<Claim> {
  if (!isFile(word)) return entryNamed(word)
  const fixed = (await claimsIn(word)).filter((claim) => isVariantInFile(word) || claim.variant === 'fixed')
  if (fixed.length === 1) return fixed[0]!
  throw new UsageError(`${word} has several models: name one, as in ${fixed[0]!.from!.file}#${fixed[0]!.from!.export}.`)
}

/**
 * What comes of work on a claim. An error that a file of one’s own has thrown is a mistake in it, and is said in one line with
 * its place; of the catalogue’s, it would be ours.
 */
export function blamingFile<T>({ from, variant }: Pick<Claim, 'from' | 'variant'>, work: () => T): T {
  if (from === undefined) return work()
  try {
    return work()
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof TooManyStates || error instanceof Inconclusive
    if (isOurs || !isThrownIn(error, from.file)) throw error
    throw new UsageError(`${from.file}#${from.export}/${variant} cannot be run: ${inOneLine(error, resolve(from.file))}`)
  }
}

/** Whether the file is among the places that an error comes from. What is no error has none, and nobody else throws such. */
const isThrownIn = (error: unknown, file: string) =>
  !(error instanceof Error) || [resolve(file), realpathSync(file)].some((path) => error.stack?.includes(path))
