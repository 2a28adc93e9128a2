/**
 * The configuration file: where it is, and what stands in it.
 *
 * It is read in a process of its own, which tells it as JSON: TypeScript needs no loader in this one, which may be Jest’s; what the
 * file does, and that it ends, is nobody else’s; and a test can wait for it without `await`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inOneLine } from '../process/load.ts'
import { UsageError } from '../usage-error.ts'
import { checkedConfig, type Config, wordsFollow } from './config.ts'

const fileNames = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `unwedge.config.${ending}`)

/** Milliseconds that it has to be read. */
const longest = 60_000

interface ConfigFile {
  readonly file: string
  /** The same, from here. */
  readonly path: string
  /** The folder that it lies in, from which its paths go. */
  readonly root: string
}

/** Looks in this folder, and in those above it as far as the package goes: to the first that has a `package.json`. */
export function findConfig(): ConfigFile | null {
  for (let dir = process.cwd(); ; dir = dirname(dir)) {
    const [file, other] = fileNames.map((name) => join(dir, name)).filter((each) => existsSync(each))
    if (file !== undefined && other !== undefined) throw told(`There are ${fromHere(file)} and ${fromHere(other)}: keep one of them.`)
    if (file !== undefined) return { file, path: fromHere(file), root: dir }
    if (existsSync(join(dir, 'package.json')) || dir === dirname(dir)) return null
  }
}

const known = new Map<string, Config>()

/** What stands in the file; nothing where there is none. Throws `UsageError` in one line, and without a stack. */
export function readConfig(of = findConfig()): Config {
  const before = of ? known.get(of.file) : {}
  if (!of || before) return before ?? {}
  try {
    const config = checkedConfig(exportOf(of), of.path)
    known.set(of.file, config)
    return config
  } catch (error) {
    throw error instanceof UsageError ? told(error.message) : error
  }
}

/** What is wrong with the file has nothing to do with where it was asked for. */
function told(message: string): UsageError {
  const error = new UsageError(message)
  error.stack = message
  return error
}

const fromHere = (file: string) => relative(process.cwd(), file).split(sep).join('/')

/** What that process runs, with the URL of the file as its argument. */
const program = `
import { writeSync } from 'node:fs'
const inWords = (_, value) => ['function', 'symbol', 'bigint'].includes(typeof value) ? ${JSON.stringify(wordsFollow)} + 'a ' + typeof value
  : typeof value === 'number' && !Number.isFinite(value) ? ${JSON.stringify(wordsFollow)} + value : value
let text
try {
  const { default: exported } = await import(process.argv[1])
  const found = await (exported?.__esModule ? exported.default : exported)
  text = JSON.stringify({ found }, inWords)
} catch (error) {
  text = JSON.stringify(error instanceof Error ? { threw: String(error.message), stack: String(error.stack) } : { threw: String(error) })
}
writeSync(3, text)
process.exit()`

/** Its default export, as JSON has it. JavaScript is read as it is, and with tsx only where that fails: it may import TypeScript. */
function exportOf({ path, file }: ConfigFile): unknown {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const read = (...loader: readonly string[]) => {
    const { output, status, error } = spawnSync(
      process.execPath, [...loader, '--input-type=module', '-e', program, pathToFileURL(file).href],
      { stdio: ['ignore', 2, 2, 'pipe'], encoding: 'utf8', timeout: longest, killSignal: 'SIGKILL', windowsHide: true })
    if (output?.[3]) return JSON.parse(output[3]) as { readonly found?: unknown; readonly threw?: string; readonly stack?: string }
    if (error) return { threw: `it did not come to an end in ${longest / 1000} seconds` }
    return { threw: status === 13 ? 'it awaits what never comes' : `its process ended with exit code ${status} before it was read` }
  }
  const plain = path.endsWith('ts') ? null : read()
  const { found, threw, stack } = plain && plain.threw === undefined ? plain : read('--import', tsx)
  if (threw !== undefined)
    throw new UsageError(`${path} cannot be read: ${inOneLine(stack === undefined ? threw : Object.assign(new Error(threw), { stack }), file)}`)
  return found
}
