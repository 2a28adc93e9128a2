/**
 * What the tests of a run share: the bundle, made from the sources as they are now. To start it takes a fraction of the time that the
 * sources take, which are compiled each time. It lies where packages are found, and is gone when the tests are over.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { bundle } from '../package/bundle.ts'

const place = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** In milliseconds. */
const day = 86_400_000

/**
 * Vitest calls it before all tests, and what it returns after them; for each of its projects, and the first makes the bundle for all.
 * Where tests run again because a source has changed, so has the bundle.
 */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  if (process.env['UNWEDGE_BUNDLE']) return undefined
  mkdirSync(place, { recursive: true })
  // Tests that were killed leave theirs behind.
  for (const left of readdirSync(place).filter((name) => name.startsWith('unwedge-')).map((name) => join(place, name)))
    if (statSync(left).mtimeMs < Date.now() - day) rmSync(left, { recursive: true, force: true })
  const folder = mkdtempSync(join(place, 'unwedge-'))
  // Whatever the tests start has it too: `engine/process/child-program.ts` looks for it.
  process.env['UNWEDGE_BUNDLE'] = folder
  await bundle(folder)
  project.onTestsRerun(() => bundle(folder))
  return () => rmSync(folder, { recursive: true })
}
