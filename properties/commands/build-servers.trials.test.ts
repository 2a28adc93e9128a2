/** The guide to build servers: its files are read by a reader that is not ours, and their commands are run. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { XMLParser } from 'fast-xml-parser'
import type { Log } from 'sarif'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commandLine } from './command-line.ts'

const guide = readFileSync(new URL('../../examples/build-servers.md', import.meta.url), 'utf8')
const [github = '', gitlab = ''] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!)

const scratch = mkdtempSync(join(tmpdir(), 'unwedge-build-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** GitHub’s own. It imports JSON as bundlers take it, and Node does not. */
async function workflowParser(): Promise<typeof import('@actions/workflow-parser')> {
  const outfile = join(scratch, 'parser.mjs')
  const contents = "export * from '@actions/workflow-parser'"
  const resolveDir = fileURLToPath(new URL('..', import.meta.url))
  const stdin = { contents, resolveDir }
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'] })
  return import(pathToFileURL(outfile).href)
}

/** A connector that breaks a law at once. */
const wrong = 'export const mine = { name: "wrong", guarantee: "at-least-once", start: () => { throw new Error("no port") } }\n'

interface Step {
  readonly run?: string
  readonly with?: Record<string, string>
}

/** Runs the command of a job as it is written there, on fewer scenarios. Gives its exit code, and what its files hold. */
async function job(commands: readonly string[], name: string) {
  const [words] = commands.flatMap((command) => /^npx unwedge (.*)$/.exec(command)?.slice(1) ?? [])
  const dir = mkdtempSync(join(scratch, name))
  writeFileSync(join(dir, 'package.json'), '{"type": "module"}')
  writeFileSync(join(dir, 'my-connector.ts'), wrong)
  const summary = join(dir, 'summary.md')
  const code = await new Promise((end) => {
    execFile(process.execPath, [commandLine, ...words!.split(' '), '--runs', '1', '--in-process'],
      { cwd: dir, env: { ...process.env, GITHUB_STEP_SUMMARY: name === 'github' ? summary : '' } }, (error) => end(error?.code ?? 0))
  })
  return { code, file: (path: string) => readFileSync(join(dir, path), 'utf8'), summary }
}

describe('The guide to build servers', { timeout: 240_000 }, () => {
  it('has a workflow that the parser of GitHub takes, and whose uploads are what the command writes where a law is broken', async () => {
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await workflowParser()
    const read = (content: string) => parseWorkflow({ name: 'connectors.yml', content }, new NoOperationTraceWriter())
    const { context, value } = read(github)
    const { jobs, errors } = await convertWorkflowTemplate(context, value!)
    expect([context.errors.getErrors(), errors ?? []]).toEqual([[], []])
    expect(jobs.map(({ id }) => id.value)).toEqual(['check'])
    expect(read(github.replace('runs-on', 'run-on')).context.errors.getErrors()).not.toEqual([])

    const { steps } = parse(github).jobs.check as { readonly steps: readonly Step[] }
    const { code, file, summary } = await job(steps.flatMap(({ run }) => run ?? []), 'github')
    const { version, runs } = JSON.parse(file(steps.flatMap((step) => step.with?.['sarif_file'] ?? [])[0]!)) as Log
    expect([code, version, runs[0]!.results!.map(({ ruleId }) => ruleId)]).toEqual([1, '2.1.0', ['nothing-wedges']])
    expect(file('unwedge.html')).toContain('<!doctype html>')
    expect(readFileSync(summary, 'utf8')).toContain('nothing wedges')
  })

  it('has a job for GitLab whose report is what the command writes where a law is broken', async () => {
    const { connectors } = parse(gitlab)
    expect(connectors).toMatchObject({ script: expect.any(Array), artifacts: { when: 'always', reports: { junit: expect.any(String) } } })
    const { code, file } = await job(connectors.script, 'gitlab')
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(file(connectors.artifacts.reports.junit))
    expect([code, Number(testsuites['@_failures'])]).toEqual([1, 1])
    expect(file(connectors.artifacts.paths[0])).toContain('<!doctype html>')
  })
})
