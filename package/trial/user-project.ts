/** A folder as a user has it: nothing of this clone but the tarball, and whatever else is asked for from the registry. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** What is expected of a command besides what it prints: its exit code, 0 unless told otherwise. */
interface Expected {
  readonly code?: number
  readonly says?: string | RegExp
}

/** Milliseconds that a command may take, on a slow machine too. */
const longest = 600_000

export class UserProject {
  readonly dir: string
  /** Where a Node other than this one is found; null for this one. */
  readonly #bin: string | null

  constructor(dir: string, bin: string | null = null) {
    this.dir = dir
    this.#bin = bin
    mkdirSync(dir, { recursive: true })
  }

  /** The same folder, with another Node. */
  under(bin: string): UserProject {
    return new UserProject(this.dir, bin)
  }

  /** The manifest, and all that is to be installed. */
  install(manifest: object, ...packages: readonly string[]): this {
    this.write('package.json', JSON.stringify({ private: true, ...manifest }))
    this.run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', '--prefer-offline', ...packages])
    return this
  }

  write(name: string, text: string): this {
    mkdirSync(dirname(join(this.dir, name)), { recursive: true })
    writeFileSync(join(this.dir, name), text)
    return this
  }

  read(name: string): string {
    return readFileSync(join(this.dir, name), 'utf8')
  }

  list(folder: string): readonly string[] {
    return readdirSync(join(this.dir, folder))
  }

  /** Runs a command, and throws all that it said where that is not what was expected. */
  run(command: string, args: readonly string[], { code = 0, says = '' }: Expected = {}): string {
    // Of this process they would tell npm and node what this clone is told.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_|UNWEDGE_|GITHUB_|VITEST)/.test(name)))
    const path = this.#bin === null ? process.env['PATH'] : `${this.#bin}${delimiter}${process.env['PATH']}`
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.dir, encoding: 'utf8', timeout: longest, env: { ...env, PATH: path, CI: 'true', NO_COLOR: '1' },
    })
    if (error) throw error
    const said = `${stdout}${stderr}`
    const isSaid = typeof says === 'string' ? said.includes(says) : says.test(said)
    if (status === code && isSaid) return said
    throw new Error([
      `${[command, ...args].join(' ')} exited with ${status}${status === code ? '' : ` and not ${code}`}`
        + `${isSaid ? '' : `, and did not say ${says}`}. It said:`, said,
    ].join('\n'))
  }

  /** The command, as a user types it. */
  unwedge(args: readonly string[], expected: Expected = {}): string {
    return this.run('npx', ['--no-install', 'unwedge', ...args], expected)
  }
}
