/**
 * Spin, as a peer: a model in Promela becomes a verifier in C, that becomes a program, and that visits every state.
 * All of it happens in a directory of its own under the system’s temporary one, and is gone afterwards.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Scope } from '../spec/component.ts'
import type { ModelBurst } from '../spec/evidence/counterexample.ts'
import type { LawName } from '../spec/laws.ts'

const run = promisify(execFile)
export const peers = fileURLToPath(new URL('peers/', import.meta.url))

/** Why Spin cannot be asked here; null when it can. */
export async function missing(): Promise<string | null> {
  for (const [tool, option] of [['spin', '-V'], ['gcc', '--version']] as const)
    try {
      await run(tool, [option])
    } catch {
      return `${tool} is missing: install it (Debian: apt-get install ${tool === 'gcc' ? 'gcc libc6-dev' : tool}).`
    }
  return null
}

/** The definitions under which a Promela model is the same as ours: the variant, its scope and what sets messages apart. */
export function definitions(component: string, variant: string, scope: Scope, stream: readonly ModelBurst[], fresh: boolean): string[] {
  const attributes = attributesOf[component] ?? []
  const sizes = component === 'relay' ? scope : { burst: 1, copies: 1, ...scope }
  return [
    ...(variant === 'fixed' ? [] : [defined(component, variant)]),
    ...Object.entries(sizes).map(([name, size]) => `${name.toUpperCase()}=${size}`).filter((size) => !size.startsWith('ATTACHMENTS')),
    ...attributes.map(({ list, of, quiet }) => `${list}={${[...stream.map(of), ...(fresh ? [quiet] : [])].join()}}`),
    ...(fresh ? ['PROBE'] : []),
  ]
}

/** `GATEWAY_asShipped`, for the gateway’s variant and for the relay’s `gateway.asShipped` alike. */
function defined(component: string, variant: string): string {
  const [stage, name] = variant.includes('.') ? variant.split('.') : [component, variant]
  return `${stage!.replaceAll('-', '_').toUpperCase()}_${name}`
}

interface Listed {
  readonly list: string
  readonly of: (burst: ModelBurst) => number
  /** What the fresh message has. */
  readonly quiet: number
}
const addresses: Listed = { list: 'ADDRESSES', of: ({ address }) => ['valid', 'invalid', 'busy'].indexOf(String(address)), quiet: 0 }
const attachments: Listed = { list: 'ATTACHMENTS', of: (burst) => Number(burst['attachments']), quiet: 0 }
const headers: Listed = { list: 'HEADERS', of: ({ header }) => (header === 'new' ? 1 : 0), quiet: 1 }
const sites: Listed = { list: 'SITES', of: ({ link }) => Number(link), quiet: 1 }
const kinds: Listed = { list: 'KINDS', of: ({ kind }) => (kind === 'poison' ? 1 : 0), quiet: 0 }
const senders: Listed = {
  list: 'ADDRESSES', of: ({ to }) => ['valid', 'invalid', 'busy', 'undeliverable'].indexOf(String(to)), quiet: 0,
}
const away: Listed = { list: 'AWAY', of: (burst) => Number(burst['away']), quiet: 0 }
const goes: Listed = { list: 'GOES', of: (burst) => (burst['goes'] === 'alone' ? 0 : 1), quiet: 0 }
const attributesOf: Readonly<Record<string, readonly Listed[]>> = {
  interchange: [addresses], gateway: [attachments], 'property-cache': [headers], 'transfer-agent': [sites],
  consumer: [kinds], 'report-relay': [senders, away], spool: [senders, goes], relay: [addresses, attachments, headers, sites],
}

interface Asked {
  /** For spin. */
  readonly define: readonly string[]
  /** For gcc. */
  readonly compile: readonly string[]
  /** For the verifier. */
  readonly search: readonly string[]
}

export interface Answered {
  readonly states: number
  /** Without the one that Spin adds, and without those that only break an assertion. */
  readonly transitions: number
  readonly errors: number
  /** The codes of the assertions that failed. */
  readonly failed: readonly number[]
  /** Whether the search was cut short at its depth. */
  readonly truncated: boolean
  readonly output: string
}

/** Generates, compiles and runs a verifier. Throws with what the tool said when one of the three fails. */
export async function ask(model: string, asked: Asked): Promise<Answered> {
  return within(async (directory) => {
    await prepare(directory, model, asked)
    return verify(directory, asked.search)
  })
}

export async function within<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'unwedge-spin-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The laws by which assertions are told apart. */
const codes: Readonly<Partial<Record<LawName, number>>> = { 'none twice': 1, honest: 2, 'in order': 3 }

/** Statement merging (-o3) would make one step of two. */
export const spinArguments = (model: string, define: readonly string[]) =>
  [
  '-a', '-o3', '-DNONE_TWICE=1', '-DHONEST=2', '-DIN_ORDER=3', ...define.map((definition) => `-D${definition}`),
  join(peers, `${model}.pml`),
]

export async function prepare(directory: string, model: string, { define, compile }: Omit<Asked, 'search'>): Promise<void> {
  await run('spin', spinArguments(model, define), { cwd: directory })
  // It would print eight digits of a number, which from a hundred million on is not the number.
  const verifier = join(directory, 'pan.c')
  await writeFile(verifier, (await readFile(verifier, 'utf8')).replaceAll('%9.8g', '%9.15g'))
  await run('gcc', ['-w', ...compile, '-o', 'pan', 'pan.c'], { cwd: directory })
}

async function verify(directory: string, search: readonly string[]): Promise<Answered> {
  const { stdout } = await run(join(directory, 'pan'), search, { cwd: directory, maxBuffer: 2 ** 26 })
  return read(stdout)
}

/** Reads what a verifier printed. */
export function read(output: string): Answered {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const answered = {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/) - 1 - number(/errors: (\d+)/),
    errors: number(/errors: (\d+)/),
    failed: [...new Set([...output.matchAll(/assertion violated \((\d)==0\)/g)].map(([, code]) => Number(code)))],
    truncated: /max search depth too small/.test(output),
    output,
  }
  if (Number.isNaN(answered.states) || Number.isNaN(answered.errors)) throw new Error(`Spin’s verifier did not finish:\n${output}`)
  return answered
}

/** Which of the laws that must always hold an answer says are broken. */
export const brokenAlways = ({ failed }: Answered): readonly LawName[] =>
  (Object.keys(codes) as LawName[]).filter((law) => failed.includes(codes[law]!))
