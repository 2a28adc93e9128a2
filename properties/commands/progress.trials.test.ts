import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { commandLine } from './command-line.ts'

const scratch = mkdtempSync(join(tmpdir(), 'unwedge-progress-'))
afterAll(() => rmSync(scratch, { recursive: true }))
writeFileSync(join(scratch, 'two.mjs'), ['first', 'second'].map((name) =>
  `export const ${name} = { name: '${name}\u0007', guarantee: 'at-least-once', workers: [1, 1], links: [1, 1],
    start: ({ send }) => ({ take: (m) => send(m.content) }) }\n`).join(''))

const run = promisify(execFile)

/** What a check of two connectors shows on a terminal, with this in its environment. */
async function shown(more: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...process.env, CI: '', NO_COLOR: '', GITHUB_STEP_SUMMARY: '', TERM: 'xterm', ...more }
  const typed = `stty cols 100; exec ${process.execPath} ${commandLine} check two.mjs --runs 4`
  return (await run('script', ['-qefc', typed, '/dev/null'], { cwd: scratch, env })).stdout
}

const over = '\r\u001b[2K'

describe('A check of several connectors', { timeout: 240_000 }, () => {
  it('shows on a terminal how far it is, and keeps each verdict there as soon as it is known', async ({ skip }) => {
    const hasTerminals = await run('script', ['--version']).then(({ stdout }) => stdout.includes('util-linux'), () => false)
    skip(!hasTerminals, 'there is no `script` here that gives it a terminal')
    const all = (await shown({ NO_COLOR: '1' })).split(over)
    const lines = [
      '1 of 2  first\\u{7}: scenario 3 of 4', '✓ first\\u{7} (two.mjs#first)  lawful (4 scenarios, ',
      '2 of 2  second\\u{7}: scenario 1 of 4', '✓ second\\u{7} (two.mjs#second)  lawful (',
    ]
    const places = lines.map((text) => all.findIndex((line) => line.startsWith(text)))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((one, next) => one - next))
    expect(all.find((line) => line.startsWith('✓ first'))).toMatch(/\r?\n$/)
    expect(all.filter((line) => line.startsWith('✓ first'))).toHaveLength(1)
    const onBuildMachine = await shown({ CI: 'true' })
    expect(onBuildMachine).toContain('2 connectors: 2 lawful')
    expect(onBuildMachine).toContain('✓ first\\u{7} (two.mjs#first)  lawful (4 scenarios, ')
    for (const sign of ['of 2', '\u001b']) expect(onBuildMachine).not.toContain(sign)
  })

  it('says each verdict in a pipe as soon as it is known, and what a program reads in one piece', async () => {
    const check = (...more: readonly string[]) => {
      const words = [commandLine, 'check', 'two.mjs', '--runs', '4', ...more]
      const child = spawn(process.execPath, words, { cwd: scratch, stdio: ['ignore', 'pipe', 'ignore'] })
      const pieces: string[] = []
      child.stdout.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
      return new Promise<readonly string[]>((go) => child.once('close', () => go(pieces)))
    }
    const pieces = await check()
    const at = (text: string) => pieces.findIndex((piece) => piece.includes(text))
    expect(at('✓ first')).toBeGreaterThanOrEqual(0)
    expect(at('✓ first')).toBeLessThan(at('✓ second'))
    expect(pieces.join('').match(/✓ first/g)).toHaveLength(1)
    expect(JSON.parse((await check('--format', 'json')).join('')).connectors).toHaveLength(2)
  })
})
