/** Peers that are packages. Each is asked for by its name, since any may be missing; some are installed beside their models. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { resolve } = createRequire(new URL('peers/', import.meta.url))

// biome-ignore lint/suspicious/noExplicitAny: a peer that may be missing has no types to count on
type Peer = any

/** A package and its version; null where it is not installed. */
export async function peer(name: string): Promise<{ readonly exports: Peer; readonly version: string } | null> {
  try {
    const found = resolve(name)
    return { exports: await import(pathToFileURL(found).href), version: await versionOf(name, found) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

/** Where a file of a package is; null where it is not installed. */
export function located(file: string): string | null {
  try {
    return resolve(file)
  } catch {
    return null
  }
}

/** Of the package.json above what is imported: `exports` may hide it. */
export async function versionOf(name: string, found: string): Promise<string> {
  for (let at = dirname(found); at !== dirname(at); at = dirname(at)) {
    const described = await readFile(join(at, 'package.json'), 'utf8').then(JSON.parse, () => ({}))
    if (described.name === name) return described.version
  }
  return 'of unknown version'
}

export async function fastCheck(): Promise<Peer> {
  const found = await peer('fast-check')
  if (!found) throw new Error('fast-check is missing, though the engine depends on it: run `npm ci`.')
  return found.exports.default
}
