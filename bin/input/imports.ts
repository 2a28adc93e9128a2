/** What a file that a command writes has to import, from where it lies, and in which language it does. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, sep } from 'node:path'
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

/** A file of a user’s own. From TypeScript, the compiler wants the name that it has when it is compiled; a clone names sources. */
export const importOfFile = (from: string, file: string): string =>
  importable(from, isBundled ? file.replace(/\.(m?)ts$/, '.$1js') : file)

/** Whether what `importOf` names is found from a directory. */
export function isFoundFrom(dir: string): boolean {
  if (!isBundled) return true
  try {
    createRequire(join(dir, 'file.js')).resolve('unwedge')
    return true
  } catch {
    return false
  }
}

export type Language = 'TypeScript' | 'ES modules' | 'CommonJS'

/** What a file is to be written in, by its name, and where that leaves it open by the package that it lies in. */
export function languageOf(file: string): Language {
  const ending = extname(file)
  if (ending.endsWith('ts')) return 'TypeScript'
  if (ending !== '.js') return ending === '.mjs' ? 'ES modules' : 'CommonJS'
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const path = join(dir, 'package.json')
    if (existsSync(path)) return isOfModules(path) ? 'ES modules' : 'CommonJS'
    if (dir === dirname(dir)) return 'CommonJS'
  }
}

function isOfModules(path: string): boolean {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly type?: unknown }).type === 'module'
  } catch {
    return false
  }
}
