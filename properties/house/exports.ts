/** A house rule about exports, as a pure function of all sources: what is exported, another file imports. */
import { posix } from 'node:path'
import type { Source } from './house-rules.ts'

/** Files whose exports are for somebody who is not among the sources. */
const forOthers: readonly (readonly [path: RegExp, because: string])[] = [
  [/^api\//, 'a public entry: users import it'],
  [/^examples\//, 'files to copy'],
  [/^properties\/bundle-for-tests\.ts$/, 'vitest calls it before the tests: vitest.config.ts names it'],
  [/^connectors\/(?:field\/|hostile)/, 'the field trial and the command line load connectors by file and name'],
]

/** Exports that no other source imports. */
export function unusedExports(sources: readonly Source[]): string[] {
  const used = usedIn(sources)
  return sources.filter(({ path }) => !forOthers.some(([others]) => others.test(path))).flatMap(({ path, text }) =>
    exportedBy(text).filter((name) => !used.has(`${path} ${name}`) && !used.has(`${path} *`))
      .map((name) => `${path} exports ${name}, and no other file imports it`))
}

/** A clause such as `{ a, type B as C }`: the names that it takes from elsewhere, and those that it gives them. */
const listed = (clause: string) => clause.split(',').map((word) => word.trim().replace(/^type\s+/, '')).filter((word) => word !== '')
  .map((word) => word.split(/\s+as\s+/)).map(([from, to = from]) => ({ from: from!, to: to! }))

function exportedBy(text: string): readonly string[] {
  const declared = /^export\s+(?:(?:declare|abstract|async)\s+)*(?:const|let|function\*?|class|interface|type)\s+(\w+)/gm
  const inLists = /^export\s+(?:type\s+)?\{([^}]*)\}/gm
  return [
    ...[...text.matchAll(declared)].map(([, name]) => name!),
    ...[...text.matchAll(inLists)].flatMap(([, clause]) => listed(clause!).map(({ to }) => to)),
  ]
}

/** Every `path name` that some source imports, and `path *` where it imports all. */
function usedIn(sources: readonly Source[]): ReadonlySet<string> {
  const names = new Map(sources.map(({ path, text }) => [path, exportedBy(text)]))
  const used = new Set<string>()
  for (const { path, text } of sources) {
    const there = (name: string) => posix.join(posix.dirname(path), name)
    for (const [, clause, from] of text.matchAll(/^(?:import|export)\s+(?:type\s+)?(\*|\{[^}]*\})[^'"]*?from\s+['"](\.[^'"]+)['"]/gm))
      if (clause === '*') used.add(`${there(from!)} *`)
      else for (const { from: name } of listed(clause!.slice(1, -1))) used.add(`${there(from!)} ${name}`)
    // What is loaded when it is needed is taken apart somewhere near: every name of it that stands in the file counts.
    const words = new Set(text.replace(/['"]\.[^'"]+['"]/g, '').match(/\w+/g))
    for (const [, from] of text.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]/g))
      for (const name of names.get(there(from!)) ?? []) if (words.has(name)) used.add(`${there(from!)} ${name}`)
  }
  return used
}
