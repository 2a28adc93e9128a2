/**
 * The program that runs in the process of a connector, and how it is started. Sources are run by tsx, and so are the connector’s own
 * where they are TypeScript. What is bundled needs no tsx, and with a connector in plain JavaScript it starts without.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isBundled } from '../bundled.ts'
import { isProgram } from '../peer/program-file.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where the bundle is. Tests of the sources have one too: it is made from them when they begin. */
const bundle = isBundled ? here('.') : process.env['UNWEDGE_BUNDLE']

/** Files that were seen to want tsx, though they look as if they did not. */
const typed = new Set<string>()

/** What node is told to run, for a connector in a file: a source of this room, or what it was bundled to. */
export function childProgram(source: './child.ts', file: string): readonly string[] {
  const tsx = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
  if (!bundle) return [...tsx, here(source)]
  return [...(isPlain(file) || isProgram(file) ? [] : tsx), join(bundle, source.replace(/ts$/, 'js'))]
}

/** Whether the process of a file is started without tsx. */
export const isStartedWithoutTsx = (file: string): boolean => Boolean(bundle) && isPlain(file)

/** From now on it is started with tsx. */
export const startWithTsx = (file: string): void => { typed.add(file) }

/** Plain JavaScript that names no TypeScript. What it imports may still do so: then it cannot be loaded. */
function isPlain(file: string): boolean {
  if (typed.has(file) || !['.js', '.mjs', '.cjs'].includes(extname(file))) return false
  try {
    return !/\.[cm]?tsx?['"`]/.test(readFileSync(file, 'utf8'))
  } catch {
    return false
  }
}

const folders = [...(isBundled ? [] : [here('../../engine/'), here('../../spec/')]), ...(bundle ? [join(bundle, sep)] : [])]
const packages = ['@sinonjs', 'tsx'].map((name) => `${sep}node_modules${sep}${name}${sep}`)

/** Whether a file at work in that process is part of the program, and not of the connector. */
export const isOfTheProgram = (file: string): boolean =>
  folders.some((folder) => file.startsWith(folder)) || packages.some((name) => file.includes(name))
