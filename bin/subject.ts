/** Connectors that a command is about: files as they are typed, and benches to run ordeals on. */
import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { Mistaken } from '../engine/build.ts'
import { type Loaded, load } from '../engine/load.ts'
import { type MutantName, mutated } from '../engine/mutants.ts'
import { connectorsIn, Supervisor } from '../engine/supervisor.ts'
import { type Bench, inProcess } from '../engine/try.ts'
import { componentNamed, instead, quoted } from './names.ts'

export interface Subject extends Loaded {
  /** Its file, from here, with slashes. */
  readonly path: string
  /** As it is typed again: the file and the export. */
  readonly typed: string
}

/** Where ordeals are run: in a process of their own, or here. */
export interface Where {
  readonly inProcess?: boolean
}

/** The connectors that words such as `file.ts` and `file.ts#export` stand for, each once. Throws `Mistaken`. */
export async function subjects(what: readonly string[], { inProcess: here = false }: Where): Promise<readonly Subject[]> {
  const found = new Map<string, Subject>()
  for (const word of what) {
    const { path, as } = parted(word)
    if (!existsSync(path)) throw new Mistaken(`There is no file ${quoted(path)}.`)
    const all = here ? await load(path) : await connectorsIn(path)
    const asked = as === null ? all : all.filter((each) => each.as === as)
    if (asked.length === 0)
      throw new Mistaken(`${path} exports no connector ${quoted(as!)}. ${instead(as!, all.map((each) => each.as))}`)
    for (const loaded of asked) {
      const { component, name } = loaded.connector
      try {
        if (component !== undefined) componentNamed(component)
      } catch (error) {
        throw error instanceof Mistaken ? new Mistaken(`${path}, ${quoted(name)}, says that it is a component. ${error.message}`) : error
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

/** Runs something with a bench for a connector, with one thing wrong if a mutant is named, and leaves nothing behind. */
export async function withBench<R>(
  { file, as, connector }: Loaded, { inProcess: here = false }: Where, use: (bench: Bench) => Promise<R>, mutant?: MutantName,
): Promise<R> {
  if (here) return use(inProcess(mutant === undefined ? connector : mutated(connector, mutant)))
  const supervisor = new Supervisor(file, as, {}, mutant)
  try {
    return await use(supervisor.bench)
  } finally {
    await supervisor.close()
  }
}

/** Who is told to stop does so by the front door, so that no process stays behind. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143))
