/** What a command is to do, and how: as it is told by words and flags, else as the configuration file says, else as usual. */
import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { Config } from '../../engine/config/config.ts'
import { findConfig, readConfig } from '../../engine/config/config-file.ts'
import { storeName } from '../../engine/store/store.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { isFile, quoted } from './names.ts'

/** Where failures are kept, both from here: their folder, and the one from which they name files. */
export interface StorePlace {
  readonly dir: string
  readonly root: string
}

type Setting = 'runs' | 'seed' | 'time' | 'jobs' | 'report'

interface Configured<Options> {
  readonly what: readonly string[]
  readonly options: Options & { readonly seed: number; readonly store: StorePlace }
}

/** The words and the options of a command that goes by these settings of the file. Throws `UsageError` where it is wrong. */
export function configured<Options extends object>(
  words: readonly string[], flags: Options, settings: readonly Setting[],
): Configured<Options> {
  const file = findConfig()
  const config = readConfig(file)
  const from = (path: string) => (file ? relative('.', resolve(file.root, path)).split(sep).join('/') || '.' : path)
  const set = Object.fromEntries(settings.flatMap((name) => {
    const value: Config[Setting] = config[name]
    return value === undefined ? [] : [[name, typeof value === 'object' ? value.map(from) : value]]
  }))
  const store = { dir: from(config.store ?? storeName), root: from('.') }
  const what = words.length > 0 ? words : (config.connectors ?? []).map((word) => {
    const there = from(word)
    // A program without an ending is one by its path.
    const path = word.includes('/') && !there.includes('/') ? `./${there}` : there
    if (!isFile(path) || !existsSync(partOf(path)))
      throw new UsageError(`${file?.path}: ‘connectors’ names ${quoted(word)}, and there is no such file: name one that ends in .ts, .js or the like.`)
    return path
  })
  return { what, options: { seed: 1, ...set, ...flags, store } }
}

/** The same for a command that is about connectors, and about none but those that it is told of. */
export function configuredConnectors<Options extends object>(
  words: readonly string[], flags: Options, settings: readonly Setting[],
): Configured<Options> {
  const all = configured(words, flags, settings)
  if (all.what.length === 0)
    throw new UsageError('Name files of connectors, or list them once in unwedge.config.ts, as its `connectors`.')
  return all
}

/** The file of a word such as `file.ts#export`. */
const partOf = (word: string) => (existsSync(word) ? word : word.slice(0, Math.max(0, word.lastIndexOf('#'))))
