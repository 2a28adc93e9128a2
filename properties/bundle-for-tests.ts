/**
 * What the tests of a run share: the bundle, made from the sources as they are now. To start it takes a fraction of the time that the
 * sources take, which are compiled each time. It lies where packages are found, and is gone when the tests are over.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../package/bundle.ts'

const place = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** Vitest calls it once, before all tests, and what it returns after them. */
export async function setup(): Promise<() => void> {
  mkdirSync(place, { recursive: true })
  const folder = mkdtempSync(join(place, 'unwedge-'))
  await bundle(folder)
  // Whatever the tests start has it too: `engine/process/child-program.ts` looks for it.
  process.env['UNWEDGE_BUNDLE'] = folder
  return () => rmSync(folder, { recursive: true })
}
