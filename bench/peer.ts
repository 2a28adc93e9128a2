/** Peers that are packages. Each is asked for by its name, since any may be missing. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

// biome-ignore lint/suspicious/noExplicitAny: a peer that may be missing has no types to count on
export type Peer = any

/** A package and its version; null where it is not installed. */
export async function peer(name: string): Promise<{ readonly exports: Peer; readonly version: string } | null> {
  try {
    return { exports: await import(name), version: await versionOf(name) }
  } catch (error) {
    if (['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** Of the package.json next to what is imported, or above it: `exports` may hide it. */
async function versionOf(name: string): Promise<string> {
  for (let at = dirname(require.resolve(name)); at !== dirname(at); at = dirname(at)) {
    const found = await readFile(join(at, 'package.json'), 'utf8').then(JSON.parse, () => ({}))
    if (found.name === name) return found.version
  }
  return 'of unknown version'
}

export async function fastCheck(): Promise<Peer> {
  const found = await peer('fast-check')
  if (!found) throw new Error('fast-check is missing, though the engine depends on it: run `npm ci`.')
  return found.exports.default
}
