/** Connectors that a command is about: files as they are typed, and runners to run scenarios on. */
import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { UsageError } from '../../engine/usage-error.ts'
import { type Loaded, load } from '../../engine/process/load.ts'
import { type MutantName, mutated } from '../../engine/falsify/mutants.ts'
import { connectorsIn, Supervisor } from '../../engine/process/supervisor.ts'
import { type Runner, inProcess } from '../../engine/falsify/falsify.ts'
import { componentNamed, instead, quoted } from './names.ts'

export interface ConnectorFile extends Loaded {
  /** Its file, from here, with slashes. */
  readonly path: string
  /** As it is typed again: the file and the export. */
  readonly typed: string
}

/** Where scenarios run: in a process of their own, or in this one. */
export interface ProcessChoice {
  readonly inProcess?: boolean
}

/** The connectors that words such as `file.ts` and `file.ts#export` stand for, each once. Throws `UsageError`. */
export async function connectorFiles(
  what: readonly string[], { inProcess: here = false }: ProcessChoice,
): Promise<readonly ConnectorFile[]> {
  const found = new Map<string, ConnectorFile>()
  for (const word of what) {
    const { path, as } = parted(word)
    if (!existsSync(path)) throw new UsageError(`There is no file ${quoted(path)}.`)
    const all = here ? await load(path) : await connectorsIn(path)
    const asked = as === null ? all : all.filter((each) => each.as === as)
    if (asked.length === 0)
      throw new UsageError(`${path} exports no connector ${quoted(as!)}. ${instead(as!, all.map((each) => each.as))}`)
    for (const loaded of asked) {
      const { component, name } = loaded.connector
      try {
        if (component !== undefined) componentNamed(component)
      } catch (error) {
        throw error instanceof UsageError ? new UsageError(`${path}, ${quoted(name)}, says that it is a component. ${error.message}`) : error
      }
      const inFile = fromHere(loaded.file)
      found.set(`${loaded.file}#${loaded.as}`, { ...loaded, path: inFile, typed: `${inFile}#${loaded.as}` })
    }
  }
  return [...found.values()]
}

function parted(word: string): { path: string; as: string | null } {
  const at = word.lastIndexOf('#')
  return at < 0 || existsSync(word) ? { path: word, as: null } : { path: word.slice(0, at), as: word.slice(at + 1) }
}

export const fromHere = (file: string): string => relative(process.cwd(), resolve(file)).split(sep).join('/') || '.'

/** Runs something with a runner for a connector, with one thing wrong if a mutant is named, and leaves nothing behind. */
export async function withRunner<R>(
  { file, as, connector }: Loaded, { inProcess: here = false }: ProcessChoice, use: (runner: Runner) => Promise<R>, mutant?: MutantName,
): Promise<R> {
  if (here) return use(inProcess(mutant === undefined ? connector : mutated(connector, mutant)))
  const supervisor = new Supervisor(file, as, {}, mutant)
  try {
    return await use(supervisor.runner)
  } finally {
    await supervisor.close()
  }
}

/** A signal to stop ends the command in the normal way, so that no child process stays behind. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143))
