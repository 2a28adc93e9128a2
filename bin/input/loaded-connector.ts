/** Connectors that a command is about: files as they are typed, and runners to run scenarios on. */
import { existsSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { realNow, realTimeout } from '../../engine/real-time.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { isProgram } from '../../engine/peer/program-file.ts'
import { type Loaded, load } from '../../engine/process/load.ts'
import { type MutantName, mutated } from '../../engine/falsify/mutants.ts'
import { connectorsIn, Supervisor } from '../../engine/process/supervisor.ts'
import { type Runner, usingThisProcess } from '../../engine/falsify/runner.ts'
import type { Connector } from '../../spec/connector.ts'
import { componentNamed, instead, isFile, quoted } from './names.ts'

export interface ConnectorFile extends Loaded {
  /** Its file, from here, with slashes. */
  readonly path: string
  /** As it is typed again: the file and the export. */
  readonly typed: string
}

/** Where scenarios run: in processes of their own, or in this one. */
export interface ProcessChoice {
  readonly inProcess?: boolean
  /** Processes side by side; as many as there are processors, at most four, unless told otherwise. */
  readonly jobs?: number
}

const mostJobs = 4
/** Scenarios that make another process worth its start. */
const worthAJob = 40

/** How many processes run so many scenarios. Real time is kept by one: others would take the processor from it. */
export function jobsFor({ clock }: Connector, { inProcess, jobs }: ProcessChoice, scenarios: number): number {
  if (inProcess) return 1
  return jobs ?? (clock === 'real' ? 1 : Math.max(1, Math.min(mostJobs, availableParallelism(), Math.floor(scenarios / worthAJob))))
}

/** The same, and when every run ends, by `realNow()`. */
interface Bounded extends ProcessChoice {
  readonly until?: number
}

interface ConnectorFiles {
  readonly found: readonly ConnectorFile[]
  /** Models in the same files, as they are typed: the file and the export. */
  readonly models: readonly string[]
  /** A sentence on each export that is nearly a connector; where one was named, only on that one. */
  readonly unfit: readonly string[]
}

/** The same where only connectors will do: a file of models alone is a mistake. */
export async function onlyConnectors(what: readonly string[], bounds: Bounded): Promise<ConnectorFiles> {
  const files = await connectorFiles(what, bounds)
  const [model] = files.models
  if (files.found.length === 0 && files.unfit.length === 0 && model !== undefined)
    throw new UsageError(`${model} is a model, and this is for connectors: npx unwedge check ${model}`)
  return files
}

/** The connectors that words such as `file.ts` and `file.ts#export` stand for, each once, and the models. Throws `UsageError`. */
export async function connectorFiles(
  what: readonly string[], { inProcess: here = false, until = Infinity }: Bounded,
): Promise<ConnectorFiles> {
  const found = new Map<string, ConnectorFile>()
  const models = new Set<string>()
  const unfit = new Set<string>()
  for (const word of what) {
    const { path, as } = parted(word)
    if (!existsSync(path)) throw new UsageError(`There is no file ${quoted(path)}.`)
    const { found: all, unfit: wrong, components } = here ? await load(path) : await connectorsIn(path, until)
    const modelsHere = components.filter((name) => as === null || name === as)
    for (const name of modelsHere) models.add(`${path}#${name}`)
    const asked = as === null ? all : all.filter((each) => each.as === as)
    const itself = wrong.find((line) => line.startsWith(`${path}, export ‘${as}’: `))
    if (as === null) for (const line of wrong) unfit.add(line)
    else if (itself !== undefined) throw new UsageError(itself)
    if (asked.length === 0 && modelsHere.length === 0)
      throw new UsageError(`${path} exports no connector ${quoted(as!)}. ${instead(as!, [...all.map((each) => each.as), ...components])}`)
    for (const loaded of asked) {
      const { component, name } = loaded.connector
      try {
        if (component !== undefined && !isFile(component)) componentNamed(component)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        const why = `${path}, ${quoted(name)}, says that it is a component. ${error.message}`
        if (asked.length === 1) throw new UsageError(why)
        unfit.add(why)
        continue
      }
      const inFile = fromHere(loaded.file)
      found.set(`${loaded.file}#${loaded.as}`, { ...loaded, path: inFile, typed: isProgram(inFile) ? inFile : `${inFile}#${loaded.as}` })
    }
  }
  return { found: [...found.values()], models: [...models], unfit: [...unfit] }
}

function parted(word: string): { path: string; as: string | null } {
  const at = word.lastIndexOf('#')
  return at < 0 || existsSync(word) ? { path: word, as: null } : { path: word.slice(0, at), as: word.slice(at + 1) }
}

export const fromHere = (file: string): string => relative(process.cwd(), resolve(file)).split(sep).join('/') || '.'

/** Whether a file that there is lies in a directory or below it, whatever links lead to it. */
export function isInside(dir: string, file: string): boolean {
  const way = relative(realpathSync(dir), realpathSync(file))
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}

/** Milliseconds that a run under way has when time is over: most end by themselves, and what was found is whole. */
const grace = 1_000

/** Runs something with a runner for a connector, with one thing wrong if a mutant is named, and leaves nothing behind. */
export const withRunner = <R>(subject: Loaded, bounds: Bounded, use: (runner: Runner) => Promise<R>, mutant?: MutantName): Promise<R> =>
  withRunners(subject, { ...bounds, jobs: 1 }, ([runner]) => use(runner!), mutant)

/** The same with as many runners as there are jobs, each with a process of its own. */
export async function withRunners<R>(
  { file, as, connector }: Loaded, { inProcess: here = false, until = Infinity, jobs = 1 }: Bounded,
  use: (runners: readonly Runner[]) => Promise<R>, mutant?: MutantName,
): Promise<R> {
  if (here) {
    const subject = mutant === undefined ? connector : mutated(connector, mutant)
    return usingThisProcess(subject, (runner) => use([endingBy(until, runner)]))
  }
  const pace = { wasSlow: false }
  const supervisors = Array.from({ length: jobs }, () => new Supervisor(file, as, { until: until + grace }, { mutant, pace }))
  try {
    if (jobs > 1) for (const supervisor of supervisors) supervisor.prepare()
    return await use(supervisors.map(({ runner }) => runner))
  } finally {
    await Promise.all(supervisors.map((supervisor) => supervisor.close()))
  }
}

/** A runner that rejects with `Inconclusive` when time is over, where the connector gives it a chance to. */
function endingBy(until: number, runner: Runner): Runner {
  if (until === Infinity) return runner
  return async (...given) => {
    let cancel: (() => void) | undefined
    const over = new Promise<never>((_, reject) => {
      cancel = realTimeout(() => reject(new Inconclusive('the time was over')), Math.max(0, until + grace - realNow()))
    })
    try {
      return await Promise.race([runner(...given), over])
    } finally {
      cancel?.()
    }
  }
}

/** A signal to stop ends the command in the normal way, so that no child process stays behind. */
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => process.exit(code))
