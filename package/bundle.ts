/**
 * The sources as JavaScript, with code that is loaded when it is needed still in files of its own. All files lie in one folder, where
 * they find each other. `engine/process/child-program.ts` and `bin/unwedge.js` know some by name.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import { build, type BuildOptions, type Plugin, transform, type TransformOptions } from 'esbuild'
import { script } from '../reports/html/script/script.ts'
import { style } from '../reports/html/style.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What users import. */
export const entries = ['unwedge', 'assert', 'vitest', 'model'] as const
export const sourceOf = (entry: (typeof entries)[number]) => `api/${entry}.ts`

/** For those who work on the suite: they write pages that lie in a clone, and only there. */
const onlyInAClone = ['./commands/gallery.ts', './commands/report.ts']

/** What a page carries as text is made smaller like the rest: its whole script at once, for only its parts know each other’s names. */
const pageTexts: Plugin = {
  name: 'texts of a page',
  setup(bundling) {
    const smaller = async (text: string, loader: 'css' | 'js') =>
      JSON.stringify((await transform(text, { loader, charset: 'utf8', minify: true })).code.trim())
    bundling.onLoad({ filter: /reports\/html\/script\/script\.ts$/ }, async () => ({ contents: `export const script=${await smaller(script, 'js')}` }))
    bundling.onLoad({ filter: /reports\/html\/style\.ts$/ }, async () => ({ contents: `export const style=${await smaller(style, 'css')}` }))
  },
}

/**
 * What the command line loads when it is needed comes with it: in files of its own, each would take more to name the others than it
 * holds, and a start is no quicker. What only a clone has stays outside.
 */
const commandsWhole: Plugin = {
  name: 'commands whole',
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]bin[\\/](?:(?:commands|checks|input)[\\/][\w-]+|unwedge)\.ts$/ }, ({ path }) => {
      const sources: string[] = []
      const code = readFileSync(path, 'utf8').replace(/\bawait import\('(\.[^']+)'\)/g, (whole, source: string) =>
        (onlyInAClone.includes(source) ? whole : `part${sources.push(source)}`))
      return { contents: sources.map((source, i) => `import * as part${i + 1} from '${source}';`).join('') + code, loader: 'ts' }
    })
  },
}

const usual = {
  absWorkingDir: root, bundle: true, minify: true, charset: 'utf8', platform: 'node', target: 'node20.19', packages: 'external',
  logLevel: 'warning', plugins: [pageTexts, commandsWhole],
} as const satisfies BuildOptions

/**
 * Writes the bundle into a folder. Packages stay outside: it has to lie where they are found. What users import is CommonJS underneath,
 * which every loader takes, Jest’s too: so there is one of it, however it is loaded. The entries themselves are ES modules, and those
 * of `forBoth` are written as CommonJS once more.
 */
export async function bundle(folder: string, more: BuildOptions = {}): Promise<void> {
  const { outputFiles = [] } = await build({
    ...usual, format: 'esm', splitting: true, outdir: folder, entryNames: '[name]', chunkNames: 'chunk-[hash]', external: onlyInAClone,
    inject: [here('refusal.ts')], write: false,
    entryPoints: {
      ...Object.fromEntries(entries.map((entry) => [entry, sourceOf(entry)])),
      command: 'bin/bundled-unwedge.ts', child: 'engine/process/child.ts',
    },
    ...more,
  })
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text.replace(mapped, '')]))
  const shared = partsOf(texts, entries.map((entry) => `${entry}.js`))
  const as = namesOf([...texts.keys()], shared)
  const write = (name: string, { code, map }: Written) => {
    writeFileSync(join(folder, name), map === '' ? code : `${code}//# sourceMappingURL=${name}.map\n`)
    if (map !== '') writeFileSync(join(folder, `${name}.map`), map)
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of texts) {
    if (!name.endsWith('.js')) continue
    const part = { code: linked(text, as, !as.has(name)), map: texts.get(`${name}.map`) ?? '' }
    const file = as.get(name) ?? name
    write(file, await (file.endsWith('.cjs') ? asCommonJs(part) : asModule(part)))
    const entry = name.replace('.js', '')
    if (forBoth.has(entry)) write(`${entry}.cjs`, await asCommonJs(part))
  }
}

/** What each part is called: short, for others name it a thousand times. What users import is CommonJS. */
const namesOf = (names: readonly string[], shared: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map(names.filter((name) => /^chunk-\w+\.js$/.test(name)).map((name, i) => [name, `p${i + 1}.${shared.has(name) ? 'cjs' : 'js'}`]))

/**
 * A part with the others by their names. Where it only says that another comes before it, that is left out: no part does anything
 * when it is loaded, but for the refusal, which every entry loads. It stays as long as it was, or the places in its source map were
 * others: the spaces go when it is written.
 */
const linked = (text: string, as: ReadonlyMap<string, string>, isEntry: boolean): string =>
  text.replace(/\bimport"\.\/chunk-\w+\.js";/g, (whole) => (isEntry ? whole : ' '.repeat(whole.length)))
    .replace(/"\.\/(chunk-\w+\.js)"/g, (whole, name: string) => (as.has(name) ? `"./${as.get(name)}"`.padEnd(whole.length) : whole))

/** Entries that Jest reads too. What is left needs vitest, or is read by Node alone. */
const forBoth: ReadonlySet<string> = new Set(['unwedge', 'assert', 'model'])

const mapped = /\/\/# sourceMappingURL=.*\n?$/

interface Written {
  readonly code: string
  /** Empty where there is none. */
  readonly map: string
}

/** The chunks that some files load, by themselves or by others. */
function partsOf(texts: ReadonlyMap<string, string>, names: readonly string[]): ReadonlySet<string> {
  const all = new Set(names)
  // A set goes on over what is added on the way.
  for (const name of all) for (const [, other] of texts.get(name)!.matchAll(/["']\.\/(chunk-\w+\.js)["']/g)) all.add(other!)
  return new Set([...all].filter((name) => !names.includes(name)))
}

/**
 * A part of the bundle as CommonJS: what it loads later is required then. Nothing that it exports changes later. Its names stand where
 * Node looks for those that an ES module may import.
 */
async function asCommonJs({ code, map }: Written): Promise<Written> {
  const [whole = '', list = ''] = /export\{([^}]*)\};?\s*$/.exec(code) ?? []
  const names = list.split(',').filter(Boolean).map((each) => each.trim().split(' as ')).map(([own, as = own]) => ({ own, as }))
  const exported = `module.exports={${names.map(({ own, as }) => `${as}:${own}`).join()}};`
  const later = code.slice(0, code.length - whole.length)
    .replace(/\bimport\(("\.\/[\w-]+\.cjs") *\)/g, 'Promise.resolve().then(()=>require($1))')
    .replaceAll('import.meta.url', 'importMetaUrl')
  return smaller({ code: `${later}${exported}`, map }, {
    format: 'cjs',
    ...(code.includes('import.meta.url') ? { banner: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' } : {}),
  })
}

const asModule = (part: Written) => smaller(part, { format: 'esm' })

/** Written once more, with its source map as it is then. */
async function smaller({ code, map }: Written, how: TransformOptions): Promise<Written> {
  const inline = map === '' ? '' : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
  return transform(`${code}${inline}`, {
    ...how, platform: 'node', target: usual.target, minify: true, charset: 'utf8', logLevel: 'warning',
    ...(map === '' ? {} : { sourcemap: 'external', sourcesContent: false }),
  })
}

/**
 * A source map that tells lines, and no columns and names, of places at which something can go wrong: an eighth of its size, and all that
 * a stack needs where no sources come with it. What only describes or writes pages is left out.
 */
export function inLines(map: string, code: string): string {
  const whole = JSON.parse(map) as { readonly sources: readonly string[]; readonly mappings: string }
  const sources = whole.sources.filter((source) => !/(?:^|\/)(?:models|reports)\//.test(source))
  const texts = code.split('\n')
  let last: readonly [source: number, line: number] = [-1, -1]
  const mappings = decode(whole.mappings).map((line, row) => line.flatMap(([column, source, at], i) => {
    if (source === undefined || at === undefined) return []
    const is = sources.indexOf(whole.sources[source]!)
    if (last[0] === is && (is < 0 || last[1] === at)) return []
    if (last[0] === is && !goesWrong.test(texts[row]!.slice(column, endOf(line, i)))) return []
    last = [is, at]
    return [is < 0 ? [column] as [number] : [column, is, at, 0] as [number, number, number, number]]
  }))
  return JSON.stringify({ ...whole, sources, names: [], mappings: encode(mappings) })
}

/** Where the line of a source ends that a place in a map belongs to. */
function endOf(places: readonly SourceMapSegment[], from: number): number | undefined {
  const [, source, line] = places[from]!
  return places.slice(from).find((place) => place[1] !== source || place[2] !== line)?.[0]
}

/** What a stack can name: a call, what is made, thrown or waited for. A look into nothing is told by what comes before it. */
const goesWrong = /\(|\b(?:new|throw|await|yield)\b/
