/** What a user sets once, in a file, for the command and for tests. */
import { UsageError } from '../usage-error.ts'

/** What stands in `unwedge.config.ts`. A flag, or an option given in code, wins over it. Paths are from the folder of the file. */
export interface Config {
  /** What `npx unwedge check` is about, and `doctor` and `diagnose`, where they are given no names: `'src/queue.ts'`, `'src/queue.ts#mine'`. */
  readonly connectors?: readonly string[]
  /** Scenarios to draw for each connector. Unless told otherwise, `check` draws 300, and `doctor` and tests 200. */
  readonly runs?: number
  /** The same seed draws the same scenarios; 1 unless told otherwise. */
  readonly seed?: number
  /**
   * Seconds after which nothing new is begun, of all the connectors of a `check` or `doctor` together, and of each in a test; no limit
   * unless told otherwise.
   */
  readonly time?: number
  /** Processes side by side for each connector; as many as there are processors, at most 4, unless told otherwise. Tests have one. */
  readonly jobs?: number
  /** Files that `check` writes the whole run to, as with `--report`: `.html`, `.xml`, `.sarif` or `.md`. */
  readonly report?: readonly string[]
  /** The folder that scenarios which broke a law are kept in; `.unwedge` unless told otherwise. */
  readonly store?: string
}

/** A configuration as it is given: an editor then knows what may stand in it. */
export const defineConfig = (config: Config): Config => config

/** What is no JSON is told after this sign, in words. */
export const wordsFollow = '\u0000'

const most = 999_999_999_999_999
const least = { runs: 1, seed: 0, jobs: 1 } as const
const names = ['connectors', 'runs', 'seed', 'time', 'jobs', 'report', 'store'] as const satisfies readonly (keyof Config)[]

/** A value out of a file as a configuration. Throws `UsageError` that names what is wrong, and what is allowed. */
export function checkedConfig(value: unknown, file: string): Config {
  const wrong = (what: string) => new UsageError(`${file}: ${what}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`its default export must be an object, as in export default { runs: 500 }, and is ${shown(value)}.`)
  for (const [name, set] of Object.entries(value)) {
    if (!names.includes(name as keyof Config)) throw wrong(`there is no setting ‘${name}’: there are ${names.join(', ')}.`)
    const must = (what: string) => wrong(`‘${name}’ must be ${what}, and is ${shown(set)}.`)
    if (name === 'store') {
      if (!isText(set)) throw must("a folder, such as '.unwedge'")
    } else if (name === 'time') {
      if (!(typeof set === 'number' && set >= 0)) throw must('a number of seconds, such as 30')
    } else if (name === 'connectors' || name === 'report') {
      const such = name === 'report' ? "'report.html'" : "'src/my-queue.ts', 'src/my-queue.ts#mine'"
      if (!Array.isArray(set) || set.length === 0 || !set.every(isText)) throw must(`a list of files, such as [${such}]`)
    } else {
      const from = least[name as keyof typeof least]
      if (!(Number.isInteger(set) && set >= from && set <= most)) throw must(`a whole number from ${from}`)
    }
  }
  return value
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '' && !value.startsWith(wordsFollow)

const shown = (value: unknown): string => value === undefined ? 'missing'
  : typeof value === 'string' && value.startsWith(wordsFollow) ? value.slice(1) : JSON.stringify(value).replaceAll('\\u0000', '').slice(0, 100)
