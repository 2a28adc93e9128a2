/** Connectors in files of their own, and the command line run where they lie. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { commandLine, fromSources } from './command-line.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** For a file of tests: gives directories of their own, and the real thing run there, without a terminal. They are gone when it ends. */
export function placing(prefix: string) {
  const scratch = mkdtempSync(join(tmpdir(), `unwedge-${prefix}-`))
  afterAll(() => rmSync(scratch, { recursive: true }))
  const place = (name: string, files: Readonly<Record<string, string>> = {}) => {
    const dir = join(scratch, name)
    mkdirSync(dir)
    writeFileSync(join(dir, 'package.json'), '{"type": "module"}')
    for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text)
    const env: Record<string, string> = {}
    const runs = (command: string) => (...args: readonly string[]): Promise<Ran> => new Promise((resolve) => {
      const options = { cwd: dir, encoding: 'utf8', env: { ...process.env, GITHUB_STEP_SUMMARY: '', ...env } } as const
      execFile(process.execPath, [command, ...args], options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }))
    })
    return { dir, unwedge: runs(commandLine), inAClone: runs(fromSources), env, path: (file: string) => join(dir, file) }
  }
  return { scratch, place }
}

export const source = (name: string, take: string, more = '') =>
  `export const mine = { name: '${name}', guarantee: 'at-least-once', ${more} start: ({ send }) => ({ take: ${take} }) }\n`
export const right = source('right 1.0', '(m) => send(m.content)')
/** Says nothing of what is refused. */
export const silent = source('silent 1.0', '(m) => send(m.content).catch(() => new Promise(() => undefined))')
