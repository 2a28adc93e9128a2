/** Files that are programs, and how each is run: by what reads its language, or by itself. */
import { accessSync, constants, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Program } from './peer-process.ts'

/** What reads a language, by how its files end. */
const readers: Readonly<Record<string, string>> = {
  '.py': 'python3', '.pl': 'perl', '.rb': 'ruby', '.php': 'php', '.lua': 'lua', '.sh': 'sh',
}
const ofNode = /\.(?:[cm]?[jt]sx?|json|md|html|xml|sarif)$/i

/** Whether a path, as it is typed, names a program that is not JavaScript: by its ending, or as a shell would take it. */
export function isProgram(path: string): boolean {
  if (ofNode.test(path)) return false
  return Object.hasOwn(readers, extname(path).toLowerCase()) || (/[/\\]/.test(path) && isExecutable(path))
}

/** How it is run. One that may be executed is run as it is, so that its first line decides; others by what reads their language. */
export function programIn(path: string): Program {
  const file = resolve(path)
  const reader = readers[extname(file).toLowerCase()]
  return isExecutable(file) || reader === undefined ? { command: file, args: [] } : { command: reader, args: [file] }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
