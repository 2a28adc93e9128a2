/**
 * What the package has to read: its README, guides, files to copy and schemas. They lie in `dist/` as they lie in a clone, and no link
 * in them leads to what is not there.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Folders, and what of each is for those who have no clone. */
const folders: Readonly<Record<string, RegExp>> = {
  examples: /^(?!(?:transfer-agent|broker)\.md$)/, 'examples/peers': /\.py$/, 'reports/schema': /^log/, 'spec/peer': /\.md$/,
}

/** The files, from the root of a clone. */
const papers: readonly string[] = Object.entries(folders).flatMap(([folder, isMeant]) =>
  readdirSync(join(root, folder), { withFileTypes: true }).filter((each) => each.isFile() && isMeant.test(each.name))
    .map(({ name }) => `${folder}/${name}`))

/** Writes all but the README into a folder. */
export function writePapers(folder: string): void {
  for (const paper of papers) {
    const file = join(folder, paper)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, asPacked(paper, read(paper)))
  }
}

/** Code imports the package, where in a clone it imports `api/`. */
function asPacked(path: string, text: string): string {
  const entryOf = (name: string) => (name === 'unwedge' ? "'unwedge'" : `'unwedge/${name}'`)
  if (path.endsWith('.ts')) return text.replace(/'\.\.\/api\/(\w+)\.ts'/g, (_, name: string) => entryOf(name))
  if (!path.endsWith('.md')) return text
  const from = posix.dirname(path)
  return linked(text, (to) => {
    const there = placeOf(posix.join(from, to))
    return there === null ? null : posix.relative(from, there)
  })
}

/** What stands for the reference, which is made of it: declarations, with every comment. */
const instead: Readonly<Record<string, string>> = { 'api/unwedge.md': 'types/spec/connector.d.ts', api: 'types/api' }

/** Where in `dist/` a file of a clone lies; null where it does not. */
const placeOf = (path: string): string | null =>
  instead[path] ?? (papers.some((paper) => paper === path || paper.startsWith(`${path}/`)) ? path : null)

/** Sections about what is in the repository alone. */
const ofAClone = ['To work on the suite', 'The map', 'What it began with']

/** The README of the package. In it links go to `dist/`. */
export function packedReadme(readme = read('README.md')): string {
  const [top, ...sections] = readme.split(/^(?=## )/m)
  const kept = sections.filter((section) => !ofAClone.some((title) => section.startsWith(`## ${title}\n`)))
  // A row of pictures, and what stands over them.
  const text = [top, ...kept.map(withoutFindings)].join('').replace(/^\|.*\n\|[-|]+\n\| !\[.*\n\n?/gm, '')
  return linked(text, (to) => {
    const there = placeOf(to)
    return there === null ? null : `dist/${there}`
  }).replace(/`(?=(?:examples|reports\/schema)\/)/g, '`dist/')
    .replace(/^# .*\n/, (title) => `${title}\n*What is named here without a link, and lies in no \`dist/\`, is in the repository.*\n`)
}

/** What was found in other people’s connectors has a page each in the repository: its tables are for who reads those. */
const withoutFindings = (section: string) => section.startsWith('## Bugs that nobody here wrote\n') ? section.slice(0, section.indexOf('\n|') + 1) : section

/** With each link between files as `to` has it; where that is null, only its words are left. */
const linked = (text: string, to: (path: string) => string | null) =>
  text.replace(/(?<!!)\[([^\]]+)\]\((?!\w+:|#)([^)\s]+)\)/g, (_, words: string, path: string) => {
    const there = to(path)
    return there === null ? words : `[${words}](${there})`
  })
