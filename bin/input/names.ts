/** Names as they are typed: of components, variants and sizes, with a suggestion for one that is nearly right. */
import { existsSync } from 'node:fs'
import { kinds, scopeOf } from '../../engine/model/build.ts'
import { isProgram } from '../../engine/peer/program-file.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { parseStream, printLaw } from '../../engine/run/schedule-text.ts'
import { catalogue, components, type Entry } from '../../models/catalogue.ts'
import { plain } from '../../reports/text/words.ts'
import type { Attribute, Component, Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { ModelLaw } from '../../spec/laws.ts'

/** Whether a word names a file, and not a component or a variant of the catalogue. */
export const isFile = (word: string): boolean => /\.[cm]?[jt]sx?(?:#[^#]*)?$/i.test(word) || isProgram(word.replace(/#default$/, ''))

export function componentNamed(name: string): Component {
  const found = components.find((component) => component.name === name)
  if (!found && existsSync(name))
    throw new UsageError(`${quoted(name)} is no file of connectors or models: name one that ends in .ts, .js or the like, or a component (${components[0]!.name}, …).`)
  if (!found) throw new UsageError(`There is no component ${quoted(name)}. ${instead(name, components.map((component) => component.name))}`)
  return found
}

/** An entry of the catalogue, by `component/variant`; of the fixed variant when only a component is named. */
export function entryNamed(text: string): Entry {
  if (existsSync(text)) componentNamed(text)
  const [name = '', variant = 'fixed', ...more] = text.split('/')
  const component = componentNamed(name)
  const found = more.length === 0 && catalogue.find((entry) => entry.component === component && entry.variant === variant)
  if (!found) {
    const asked = [variant, ...more].join('/')
    throw new UsageError(`${name} has no variant ${quoted(asked)}. ${instead(asked, Object.keys(component.variants))}`)
  }
  return found
}

/** A scope such as `workers=4,messages=4`, over the small one. */
export function scopeFrom(component: Component, text = ''): Scope {
  const changes: [string, number][] = []
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, name, value] = /^\s*([^=]*?)\s*=\s*(\d{1,9})\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError(`${quoted(part)} is no part of a scope: write ${Object.keys(component.sizes)[0]}=2, and more after a comma.`)
    changes.push([sizeNamed(component, name), Number(value)])
  }
  return checkedScope(component, Object.fromEntries(changes))
}

/** A law by its name, in words or in one word. */
export function lawNamed(laws: readonly ModelLaw[], name: string): ModelLaw {
  const found = laws.find((law) => printLaw(law.name) === name || law.name === name)
  if (!found) throw new UsageError(`There is no law ${quoted(name)}. ${instead(name, laws.map((law) => printLaw(law.name)))}`)
  return found
}

function sizeNamed(component: Component, name: string): string {
  const names = Object.keys(component.sizes)
  if (!names.includes(name)) throw new UsageError(`${component.name} has no size ${quoted(name)}. ${instead(name, names)}`)
  return name
}

/** A model of more than this is a slip of the finger; the largest number in any document is 65,536. */
const mostAtAll = 1_000_000

export function checkedScope(component: Component, changes: Scope): Scope {
  for (const [name, value] of Object.entries(changes))
    if (value > mostAtAll) throw new UsageError(`${component.name} cannot have ${name}=${value}: use at most ${mostAtAll}.`)
  return scopeOf(component, changes)
}

/** The bursts of a stream, checked against the scope. Without a text, as many quiet messages as there is room for. */
export function streamFrom(component: Component, scope: Scope, text: string | undefined): readonly ModelBurst[] {
  const quiet = kinds(component.attributes(scope))[0]!
  return text === undefined ? Array.from({ length: scope['messages'] ?? 0 }, () => quiet)
    : checkedStream(component, scope, parseStream(text, quiet))
}

export function checkedStream(component: Component, scope: Scope, stream: readonly ModelBurst[]): readonly ModelBurst[] {
  const room = scope['messages'] ?? 0
  if (stream.length > 0 && scope['messages'] === undefined)
    throw new UsageError(`${component.name} has no messages to give it: leave out the stream.`)
  if (stream.length > room)
    throw new UsageError(`The stream has ${stream.length} bursts, and the scope messages=${room}: widen it, messages=${stream.length}.`)
  const attributes = component.attributes(scope)
  for (const { count, ...fields } of stream) {
    const most = scope['burst'] ?? 1
    if (count > most)
      throw new UsageError(scope['burst'] === undefined ? `${component.name} takes messages one by one: write 1,1 and not ${count}.`
        : `The stream has a burst of ${count}, and the scope burst=${most}: widen it, burst=${count}.`)
    for (const [name, value] of Object.entries(fields)) {
      const attribute = Object.hasOwn(attributes, name) ? attributes[name]! : null
      if (!attribute) throw new UsageError(`A message here has no ${quoted(name)}. ${instead(name, Object.keys(attributes))}`)
      const wanted = refusal(attribute, value)
      if (wanted !== null) throw new UsageError(`A message cannot have ${name}=${shown(value)} at this scope: use ${wanted}.`)
    }
  }
  return stream
}

/** What a value should have been; null when it is right. */
function refusal({ small, most }: Attribute, value: unknown): string | null {
  const [least] = small
  if (typeof least === 'string' || most === undefined) return small.includes(value as string) ? null : small.join(' or ')
  return Number.isInteger(value) && Number(value) >= least! && Number(value) <= most ? null : `a whole number from ${least} to ${most}`
}

/** How many streams there are of 1 to `messages` messages of so many kinds. */
export const streamsIn = (kindCount: number, messages: number | undefined): number => messages === undefined ? 1
  : Array.from({ length: messages }, (_, i) => kindCount ** (i + 1)).reduce((sum, n) => sum + n, 0)

/** What to ask for instead: the one that is nearly it, or a list of all. */
export function instead(name: string, names: readonly string[]): string {
  const [nearest] = names.map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, far }) => far <= Math.max(2, other.length * 0.4)).sort((a, b) => a.far - b.far)
  if (nearest) return `Did you mean ${quoted(nearest.other)}?`
  if (names.length < 2) return names.length === 0 ? 'There are none.' : `There is only ${names[0]}.`
  return `There are ${names.join(', ')}.`
}

export const quoted = (text: string) => `‘${shown(text)}’`
const shown = (text: unknown) => plain(String(text).slice(0, 80))

/** Letters to insert, leave out, exchange or swap with their neighbour. */
export function distance(a: string, b: string): number {
  if (a.length > 80) return Infinity
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swapped))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
