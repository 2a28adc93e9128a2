/**
 * What is bundled: the sources as JavaScript, with code that is loaded when it is needed still in files of its own. All files lie in
 * one folder, where they find each other.
 */
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The file that each entry becomes. */
const entries = {
  unwedge: 'api/unwedge.ts', vitest: 'api/vitest.ts', model: 'api/model.ts', command: 'bin/bundled-unwedge.ts',
  child: 'engine/process/child.ts',
}

/** For those who work on the suite: they write pages that lie in a clone, and only there. */
const onlyInAClone = ['./commands/gallery.ts', './commands/report.ts']

/** Writes the bundle into a folder. Packages stay outside: the folder has to lie where they are found. */
export async function bundle(folder: string, more: BuildOptions = {}): Promise<void> {
  await build({
    absWorkingDir: root, entryPoints: entries, outdir: folder, entryNames: '[name]', chunkNames: 'chunk-[hash]',
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20.19', packages: 'external', charset: 'utf8',
    external: onlyInAClone, logLevel: 'warning', ...more,
  })
}
