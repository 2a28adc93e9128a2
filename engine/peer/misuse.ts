/** How what a program says and does wrong is told. */
import { UsageError } from '../usage-error.ts'

/** It does not keep to the protocol: nothing is said of its laws. */
export const misuse = (what: string): UsageError => new UsageError(what)

const longest = 80

/** What stood there, in a few words. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return `‘${text.length > longest ? `${text.slice(0, longest)}…` : text}’`
}
