/** The types of the public entries, and of what those reach: the compiler writes declarations of all that it has read. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('declarations.json', import.meta.url))
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** Writes them into a folder, each at the path of its source. `entries` are sources. */
export function declare(folder: string, entries: readonly string[]): void {
  const all = mkdtempSync(join(tmpdir(), 'unwedge-types-'))
  try {
    execFileSync(process.execPath, [compiler, '-p', project, '--outDir', all], { stdio: 'inherit' })
    const reached = new Set(entries)
    const named = new Set(entries.flatMap((source) => importsOf(source, readFileSync(join(all, declarationOf(source)), 'utf8'))))
    // A set goes on over what is added on the way.
    for (const source of reached) {
      const text = readFileSync(join(all, declarationOf(source)), 'utf8')
      for (const other of importsOf(source, text)) reached.add(other)
      const file = join(folder, declarationOf(source))
      mkdirSync(dirname(file), { recursive: true })
      // The compiler leaves the names of sources as they are, though they are nowhere in the package.
      const written = text.replace(imported, (_, before, name) => before + name.replace(/ts$/, 'js'))
      // What no entry names is there for the compiler alone: a comment in it is read by nobody.
      const isRead = !/^(?:engine|spec\/evidence)\//.test(source) || named.has(source)
      writeFileSync(file, isRead ? written : written.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, ''))
    }
  } finally {
    rmSync(all, { recursive: true })
  }
}

const importsOf = (source: string, text: string): readonly string[] =>
  [...text.matchAll(imported)].map(([, , name]) => posix.join(posix.dirname(source), name!))

/** From one source to another. */
const imported = /(\bfrom ['"]|\bimport\(['"]|^import ['"])(\.{1,2}\/[^'"]+\.ts)(?=['"])/gm

const declarationOf = (source: string) => source.replace(/ts$/, 'd.ts')
