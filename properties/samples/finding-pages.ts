/**
 * A page about a finding: what is on it between two marks is written by the trial. Its script is run as whoever keeps the
 * package would run it, in a directory of its own.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Finding } from '../../spec/evidence/field-trial.ts'

const pageOf = ({ page }: Finding) => fileURLToPath(new URL(`../../reports/findings/${page}.md`, import.meta.url))
const installed = fileURLToPath(new URL('../../connectors/field/node_modules/', import.meta.url))
const longest = 60_000

/** Writes the smallest run into its page, and what the script on the page prints. */
export function writeFinding(finding: Finding, run: string): void {
  const file = pageOf(finding)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, between(between(text, 'run', run.trimEnd()), 'output', outputOf(text, finding)))
}

/** What its script prints. */
function outputOf(page: string, { imports }: Finding): string {
  const script = /```js\n([\s\S]*?)```/.exec(page)?.[1]
  if (script === undefined) throw new Error('There is no script on the page.')
  const room = mkdtempSync(join(tmpdir(), 'finding-'))
  try {
    for (const [name, here] of Object.entries(imports)) {
      mkdirSync(dirname(join(room, 'node_modules', name)), { recursive: true })
      symlinkSync(join(installed, here), join(room, 'node_modules', name))
    }
    writeFileSync(join(room, 'reproduce.mjs'), script)
    const { stdout, stderr, error } = spawnSync(process.execPath, ['reproduce.mjs'], { cwd: room, encoding: 'utf8', timeout: longest })
    if (error) throw error
    return `${stdout}${stderr}`.trimEnd()
  } finally {
    rmSync(room, { recursive: true })
  }
}

function between(text: string, mark: string, put: string): string {
  const fenced = `<!-- ${mark} -->\n\`\`\`\n${put.split('\n').map((line) => line.trimEnd()).join('\n')}\n\`\`\`\n<!-- end -->`
  return text.replace(new RegExp(`<!-- ${mark} -->[\\s\\S]*?<!-- end -->`), () => fenced)
}
