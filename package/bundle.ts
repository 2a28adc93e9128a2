/**
 * The sources as JavaScript, with code that is loaded when it is needed still in files of its own. All files lie in one folder, where
 * they find each other. `engine/process/child-program.ts` and `bin/unwedge.js` know some by name.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { build, type BuildOptions, type Plugin, transform } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What users import. */
export const entries = ['unwedge', 'assert', 'vitest', 'model'] as const
export const sourceOf = (entry: (typeof entries)[number]) => `api/${entry}.ts`

/** For those who work on the suite: they write pages that lie in a clone, and only there. */
const onlyInAClone = ['./commands/gallery.ts', './commands/report.ts']

/** What a page carries as text is made smaller like the rest, but for its names: the parts of its script know each other by them. */
const pageTexts: Plugin = {
  name: 'texts of a page',
  setup(bundling) {
    bundling.onLoad({ filter: /reports\/html\/(?:script\/[\w-]+|style)\.ts$/ }, async ({ path }) => {
      const loader = path.endsWith('style.ts') ? 'css' : 'js'
      const source = await readFile(path, 'utf8')
      const texts = [...source.matchAll(/`[^`]*`/g)]
      if (texts.some(([text]) => text.includes('\\') || text.includes('${'))) return { contents: source, loader: 'ts' }
      let contents = source
      for (const [text] of texts) {
        const { code } = await transform(text.slice(1, -1), { loader, charset: 'utf8', minifyWhitespace: true, minifySyntax: true })
        contents = contents.replace(text, () => JSON.stringify(code.trim()))
      }
      return { contents, loader: 'ts' }
    })
  },
}

const usual = {
  absWorkingDir: root, bundle: true, minify: true, charset: 'utf8', platform: 'node', target: 'node20.19', packages: 'external',
  logLevel: 'warning', plugins: [pageTexts],
} as const satisfies BuildOptions

/** Writes the bundle into a folder. Packages stay outside: it has to lie where they are found. */
export async function bundle(folder: string, more: BuildOptions = {}): Promise<void> {
  await build({
    ...usual, format: 'esm', splitting: true, outdir: folder, entryNames: '[name]', chunkNames: 'chunk-[hash]', external: onlyInAClone,
    inject: [here('refusal.ts')],
    entryPoints: {
      ...Object.fromEntries(entries.map((entry) => [entry, sourceOf(entry)])),
      command: 'bin/bundled-unwedge.ts', child: 'engine/process/child.ts',
    },
    ...more,
  })
}

/** Writes the entries that a CommonJS loader takes: Jest reads no other, and Node wants a word more for the rest. */
export async function bundleForCommonJs(folder: string): Promise<void> {
  for (const entry of ['unwedge', 'assert'] as const)
    await build({ ...usual, format: 'cjs', entryPoints: [sourceOf(entry)], outfile: `${folder}/${entry}.cjs` })
}

/**
 * A source map that tells lines, and no columns and names: a fifth of its size, and all that a stack needs where no sources come with
 * it.
 */
export function inLines(map: string): string {
  const whole = JSON.parse(map) as { readonly mappings: string }
  let last: readonly number[] = []
  const mappings = decode(whole.mappings).map((line) => line.flatMap((segment) => {
    const [column, source, at, from] = segment
    if (source === undefined || at === undefined || from === undefined || (last[1] === source && last[2] === at)) return []
    last = segment
    return [[column, source, at, from] as [number, number, number, number]]
  }))
  return JSON.stringify({ ...whole, names: [], mappings: encode(mappings) })
}
