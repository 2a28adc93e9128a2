/** A page of reference: all that an entry exports, each with its comment and its declaration, and what those refer to. */

interface Declared {
  readonly name: string
  readonly isExported: boolean
  readonly isType: boolean
  readonly says: string
  readonly code: string
}

/**
 * The page of an entry. `declarations` has all that it reaches: a statement each, with its comment, and empty lines between them. What
 * the page of `unwedge` has is told there, and only named here: `there` has those names.
 */
export function pageOf(entry: string, declarations: string, there: readonly string[] = []): string {
  const all = declared(declarations)
  const name = entry === 'unwedge' ? entry : `unwedge/${entry}`
  const others = all.filter(({ isExported }) => !isExported)
  const known = others.filter((each) => there.includes(each.name)).map((each) => `\`${each.name}\``)
  const sections = [
    ['Functions and values', all.filter(({ isExported, isType }) => isExported && !isType)],
    ['Types', all.filter(({ isExported, isType }) => isExported && isType)],
    ['What those refer to', others.filter((each) => !there.includes(each.name))],
  ] as const
  return [
    `# \`${name}\`\n\nWritten by \`npm run reference\` from the comments in the sources.`,
    ...sections.filter(([, items]) => items.length > 0).flatMap(([title, items]) => [`## ${title}`, ...items.map(item)]),
    ...(known.length > 0 ? [`The rest is in [\`unwedge\`](unwedge.md): ${known.join(', ')}.`] : []),
  ].join('\n\n').concat('\n')
}

/** The names that an entry exports. */
export const exportsIn = (declarations: string): readonly string[] =>
  declared(declarations).flatMap(({ name, isExported }) => (isExported ? [name] : []))

/** What has the name of a global is declared with a number after it, and exported without. */
const declared = (declarations: string): readonly Declared[] =>
  declarations.replace(/\b([A-Z]\w*)_\d\b/g, '$1').split(/\n\n(?=\/\*\*|export |declare )/).flatMap(declaredBy)

/** Overloads have their name once. */
const item = ({ name, says, code }: Declared, at: number, all: readonly Declared[]) => [
  ...(all[at - 1]?.name === name ? [] : [`### ${name}`]), ...(says === '' ? [] : [says]), `\`\`\`ts\n${code}\n\`\`\``,
].join('\n\n')

function declaredBy(text: string): readonly Declared[] {
  const [, comment = '', code = ''] = /^(?:(\/\*\*[\s\S]*?\*\/)\n)?([\s\S]*)$/.exec(text.trim()) ?? []
  const [, exported, kind, name] = /^(export )?declare (?:abstract )?(const|let|function|class|interface|type) (\w+)/.exec(code) ?? []
  if (kind === undefined || name === undefined) return []
  return [{
    name, isExported: exported !== undefined || code.includes(`\nexport { ${name} as ${name} }`), isType: kind === 'interface' || kind === 'type', says: proseOf(comment),
    code: code.replace(/\n+export \{[^}]*\}\s*$/, '').replace(/^(?:export )?declare /, ''),
  }]
}

const proseOf = (comment: string) => comment.replace(/^\/\*\*|\*\/$/g, '').replace(/^\s*\* ?/gm, '').trim()
