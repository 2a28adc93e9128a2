/** The files that a check hangs on: those that are named, and what they import of the same project. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, isAbsolute, resolve, sep } from 'node:path'

const endings = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json']
const sources = new Set(endings.slice(0, -1))
/** Far more than anybody’s connector imports. */
const most = 2_000

/**
 * These files and all that they import, as far as it is no package from a registry. What is imported and not there is among them: it
 * may come. What a tsconfig calls by another name is not followed.
 */
export function filesBehind(files: readonly string[]): ReadonlySet<string> {
  const all = new Set(files.map((file) => resolve(file)))
  // A set goes on over what is added on the way.
  for (const file of all) {
    if (all.size > most) break
    for (const other of importsOf(file)) all.add(other)
  }
  return all
}

/** Every text in it that may name a file: one that is imported, and one that a connector says its model is in. */
function importsOf(file: string): readonly string[] {
  // A program in another language is a file by itself.
  if (!sources.has(extname(file))) return []
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  const imported = [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map(([, , name]) => name!)
  const named = [...text.matchAll(/(['"`])([^'"`\s]+\.[cm]?[jt]sx?)(?:#[^'"`\s]*)?\1/g)].map(([, , name]) => name!)
  return [
    ...imported.flatMap((name) => (isRelative(name) ? relativeFile(file, name) : packageFile(file, name))),
    ...named.map((name) => resolve(dirname(file), name)).filter(isFile),
  ]
}

const isRelative = (name: string) => /^\.{0,2}\//.test(name)
const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** The file that is meant; where there is none, the one that would be. */
function relativeFile(from: string, name: string): readonly string[] {
  const path = resolve(dirname(from), name)
  // From TypeScript, a source is imported by the name that it has when it is compiled.
  const source = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
  const candidates = [path, source, ...endings.map((ending) => path + ending), ...endings.map((ending) => resolve(path, `index${ending}`))]
  return [candidates.find(isFile) ?? (extname(path) === '' ? `${path}.ts` : source)]
}

/** The file of a package that lies in the same repository; nothing of any other. */
function packageFile(from: string, name: string): readonly string[] {
  try {
    const found = createRequire(from).resolve(name)
    if (!isAbsolute(found) || !existsSync(found)) return []
    const real = realpathSync(found)
    return real.includes(`${sep}node_modules${sep}`) ? [] : [real]
  } catch {
    return []
  }
}
