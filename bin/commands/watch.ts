/** `unwedge check --watch`: the same check again whenever a file that it hangs on changes, on one screen. */
import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { relative } from 'node:path'
import { findConfig } from '../../engine/config/config-file.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { filesBehind } from '../input/files-behind.ts'
import { isFile } from '../input/names.ts'
import { isBuildMachine, watchedBy } from '../output/terminal.ts'
import { WatchScreen } from '../output/watch-screen.ts'

/**
 * Milliseconds between two looks at the files. They are few, and to look finds a change on every file system, and however an editor
 * saves; what a system tells of changes differs from one to the next, and does not cross the border of a container.
 */
const lookEvery = 150
/** and that a check has to end when it is told to. */
const mostParting = 3_000

/** Checks until a signal ends it. `what` is what the words of the command stand for. */
export async function watch(what: readonly string[]): Promise<never> {
  const named = what.filter(isFile).map((word) => word.replace(/#[^#]*$/, ''))
  if (named.length === 0) throw new UsageError('--watch looks at files: name some of connectors or models, and no components of the catalogue.')
  if (isBuildMachine) throw new UsageError('--watch goes on until somebody ends it, and on a build machine (CI is set) nobody does.')
  const screen = new WatchScreen(what.join(' '))
  let check: Check | null = null
  for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]] as const)
    process.once(signal, () => void Promise.resolve(check?.end()).then(() => {
      screen.close()
      process.exit(code)
    }))
  for (let changed: readonly string[] = []; ; ) {
    // As they are before the check begins: what is saved while it loads them is seen.
    const files = new WatchedFiles(named)
    screen.begin(changed)
    check = new Check(screen)
    const change = files.change()
    if (await Promise.race([check.ended, change]) === null) screen.end(check.said, files.count)
    changed = await change
    await check.end()
  }
}

/** One check, in a process of its own: it has everything anew, and can be ended in the middle. */
class Check {
  /** Fulfilled with null when it is over. */
  readonly ended: Promise<null>
  said = ''
  readonly #child: ChildProcess

  constructor(screen: WatchScreen) {
    const args = process.argv.slice(1).filter((word) => word !== '--watch')
    this.#child = spawn(process.execPath, [...process.execArgv, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, [watchedBy]: String(screen.columns) }, windowsHide: true,
    })
    this.#child.stdin?.on('error', () => undefined)
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => { this.said += text })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.said += screen.progress(text) })
    this.ended = new Promise((end) => {
      this.#child.once('error', (error) => {
        this.said += `It cannot be started: ${error.message}\n`
        end(null)
      })
      this.#child.once('close', (_, signal) => {
        if (signal !== null) this.said += `The check was ended by ${signal}.\n`
        end(null)
      })
    })
  }

  async end(): Promise<void> {
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), mostParting)
    await this.ended
    clearTimeout(late)
  }
}

/** The files that a check hangs on, as they are when it begins. */
class WatchedFiles {
  readonly #seen: ReadonlyMap<string, string>

  constructor(named: readonly string[]) {
    const config = findConfig()
    this.#seen = new Map([...filesBehind([...named, ...(config ? [config.file] : [])])].map((file) => [file, stateOf(file)]))
  }

  get count(): number {
    return this.#seen.size
  }

  /** Fulfilled with the files that are not as they were, once they are written and at rest. */
  async change(): Promise<readonly string[]> {
    for (let before = ''; ; ) {
      await new Promise((go) => setTimeout(go, lookEvery))
      const changed = [...this.#seen].flatMap(([file, seen]) => {
        const state = stateOf(file)
        return state === seen ? [] : [{ file, state }]
      })
      const now = JSON.stringify(changed)
      if (changed.length > 0 && now === before) return changed.map(({ file }) => relative('.', file))
      before = now
    }
  }
}

function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'gone'
}
