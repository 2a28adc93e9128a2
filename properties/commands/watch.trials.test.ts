import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { filesBehind } from '../../bin/input/files-behind.ts'
import { commandLine } from './command-line.ts'

const scratch = mkdtempSync(join(tmpdir(), 'unwedge-watch-'))
afterAll(() => rmSync(scratch, { recursive: true }))

let folders = 0
/** A folder with these files in it. */
function folder(files: Readonly<Record<string, string>>): string {
  const dir = join(scratch, String(++folders))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const connector = (take: string) => `import './part.mjs'\nexport const mine = { name: 'mine', guarantee: 'at-least-once', workers: [1, 1], links: [1, 1],
  start: ({ send }) => ({ take: (m) => ${take} }) }\n`
const right = connector('send(m.content)')
const silent = connector('send(m.content).catch(() => undefined)')

const env = { ...process.env, CI: '', GITHUB_STEP_SUMMARY: '', TERM: 'xterm' }

/** A check that is watched, and what it has written so far. */
function watched(command: string, args: readonly string[], cwd: string) {
  const child: ChildProcess = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => { said.text += text })
  const ended = new Promise<number | null>((end) => { child.once('exit', (code) => end(code)) })
  return {
    child, ended,
    /** What it writes up to some text; from there on it is new. */
    async says(text: string): Promise<string> {
      for (let at = said.text.indexOf(text); ; at = said.text.indexOf(text)) {
        if (at >= 0) {
          const before = said.text.slice(0, at + text.length)
          said.text = said.text.slice(before.length)
          return before
        }
        if (child.exitCode !== null) throw new Error(`It has ended, and never said ‘${text}’ but: ${said.text}`)
        await pause(20)
      }
    },
  }
}

/** The command lines of processes that name a folder. */
const processesOf = (dir: string): readonly string[] => process.platform !== 'linux' ? []
  : readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return words.includes(dir) ? [words.replaceAll('\0', ' ')] : []
    } catch {
      return []
    }
  })

const foot = 'Ctrl-C ends it.'

describe('A check that is watched', { timeout: 240_000 }, () => {
  it('is made again when a file or what it imports changes, shows what cannot be loaded, and is ended without a rest', async () => {
    const dir = folder({ 'package.json': '{}', 'mine.mjs': silent, 'part.mjs': '' })
    const file = join(dir, 'mine.mjs')
    const { child, ended, says } = watched(process.execPath, [commandLine, 'check', '--watch', file, '--runs', '3'], dir)
    expect(await says(foot)).toContain('0 lawful, 1 broken')
    writeFileSync(file, silent.replace('export', 'exprot'))
    const unfit = await says(foot)
    expect(unfit).toContain('after a change of mine.mjs')
    expect(unfit).toMatch(/unwedge: .*mine\.mjs cannot be loaded: /)
    writeFileSync(file, right)
    const mended = await says(foot)
    expect(mended).toMatch(/Dropped \.unwedge\/mine-\w+\.json: it breaks no law any more\./)
    expect(mended).toContain('1 lawful, 0 broken')
    writeFileSync(join(dir, 'part.mjs'), 'for (;;) {}')
    await says('after a change of part.mjs')
    // In the middle of a check, which would go on for a while.
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    await expect.poll(() => processesOf(dir), { timeout: 60_000 }).toEqual([])
  })

  it('redraws one screen of a terminal, of which it fills no more than there is', async ({ skip }) => {
    const dir = folder({ 'package.json': '{}', 'mine.mjs': silent, 'part.mjs': '' })
    const typed = `stty rows 14 cols 70; exec ${process.execPath} ${commandLine} check --watch mine.mjs --runs 3`
    const hasTerminals = await promisify(execFile)('script', ['--version']).then(({ stdout }) => stdout.includes('util-linux'), () => false)
    skip(!hasTerminals, 'there is no `script` here that gives it a terminal')
    const { child, ended, says } = watched('script', ['-qefc', typed, '/dev/null'], dir)
    const clear = '\u001b[2J\u001b[H'
    const screen = (await says(foot)).split(clear).at(-1)!.split('\r\n')
    expect(screen).toHaveLength(14)
    expect(screen[2]).toContain('mine, at-least-once')
    expect(screen.slice(10)).toEqual([
      expect.stringMatching(/… \d+ lines more: leave out --watch to see all/), '1 connector: 0 lawful, 1 broken, 0 inconclusive.', '',
      expect.stringContaining(foot),
    ])
    child.stdin?.write('\u0003')
    expect(await ended).toBe(130)
    await expect.poll(() => processesOf(dir), { timeout: 60_000 }).toEqual([])
  })

  it('is of files, and not for a build machine', async () => {
    const said = (args: readonly string[], CI: string) =>
      promisify(execFile)(process.execPath, [commandLine, ...args], { env: { ...env, CI } })
        .then(() => null, ({ code, stderr }) => ({ code, stderr }))
    expect(await said(['check', '--watch', 'gateway'], '')).toEqual({
      code: 2, stderr: 'unwedge: --watch looks at files: name some of connectors or models, and no components of the catalogue.\n',
    })
    expect(await said(['check', '--watch', 'examples/batches.ts'], 'true')).toEqual({
      code: 2, stderr: 'unwedge: --watch goes on until somebody ends it, and on a build machine (CI is set) nobody does.\n',
    })
  })

  it('hangs on what its files import, by whatever name, but for packages of a registry', () => {
    const dir = folder({
      'a.ts': "import { b } from './b.js'\nexport * from \"../sibling\"\nconst c = await import('./c')\nrequire('./data.json')\nimport '@mine/part'\nimport 'theirs'",
      'b.ts': "import type { A } from './a.ts'\nexport const x = { component: 'model.mts#one' }", 'c/index.mjs': "import './gone.js'", 'data.json': '{}',
      'model.mts': '', 'sibling/package.json': '{}', 'packages/part/package.json': '{ "main": "main.cjs" }', 'packages/part/main.cjs': '',
      'node_modules/theirs/index.js': '', 'other.ts': '',
    })
    mkdirSync(join(dir, 'node_modules/@mine'))
    symlinkSync(join(dir, 'packages/part'), join(dir, 'node_modules/@mine/part'))
    const found = [...filesBehind([join(dir, 'a.ts')])].map((file) => relative(dir, file)).sort()
    expect(found).toEqual(['../sibling.ts', 'a.ts', 'b.ts', 'c/gone.ts', 'c/index.mjs', 'data.json', 'model.mts', 'packages/part/main.cjs'])
  })
})
