/** What a file that a command writes has to import, from where it lies. */
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBundled } from '../../engine/bundled.ts'

/** A file, from a directory, as it stands between single quotes. */
export function importable(from: string, file: string): string {
  const path = relative(from, file).split(sep).join('/')
  // A name may hold what ends a line of source, or steers what shows it.
  return (path.startsWith('.') ? path : `./${path}`).replaceAll('\\', '\\\\').replaceAll("'", "\\'")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)
}

/** The same for a part of the suite: a package has a name, and a clone is where it is. */
export function importOf(entry: 'unwedge' | 'vitest' | 'model', from: string): string {
  if (isBundled) return entry === 'unwedge' ? entry : `unwedge/${entry}`
  return importable(from, fileURLToPath(new URL(`../../api/${entry}.ts`, import.meta.url)))
}
