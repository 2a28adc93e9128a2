/** `unwedge new`: writes a connector or a model to start from, and says what to do with it. */
import { existsSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../engine/usage-error.ts'
import { scaffold } from './scaffold.ts'
import { modelNames, modelScaffold } from './scaffold-model.ts'
import { shellWord } from '../../reports/text/words.ts'
import { importOf, isFoundFrom, languageOf } from '../input/imports.ts'
import { quoted } from '../input/names.ts'
import { colours, say } from '../output/terminal.ts'
import { makeDirectory } from '../output/written-files.ts'

export async function newFile(path: string, { model = false }: { readonly model?: boolean } = {}): Promise<number> {
  if (!/[^/\\]\.(?:m?ts|[cm]?js)$/.test(path))
    throw new UsageError(`${quoted(path)} is no name for it: name a file that ends in .ts, .mts, .js, .mjs or .cjs.`)
  const file = resolve(path)
  if (!isAbsolute(path) && !isWithin(file))
    throw new UsageError(`${quoted(path)} is outside this directory: give its absolute path if that is what you mean.`)
  if (existsSync(file)) throw new UsageError(`There is a ${quoted(path)} already: name another file.`)
  makeDirectory(dirname(file))
  const slashed = (name: string) => name.split(sep).join('/')
  const typed = slashed(isAbsolute(path) ? path : relative('.', path))
  const dir = realpathSync(dirname(file))
  const language = languageOf(file)
  const text = model ? modelScaffold(typed, importOf('model', dir), language) : scaffold(typed, importOf('unwedge', dir), language)
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new UsageError(`There is a ${quoted(path)} already: name another file.`)
  }
  say(model
    ? next(`Wrote ${path}. It is right once and wrong once. Now put your own rules in.`, [
      [`check ${shellWord(path)}`, 'does each variant break what it should?'],
      [`explore ${shellWord(`${path}#${modelNames(path).as}/retriesForEver`)}`, 'the shortest run that breaks a law'],
    ])
    : next(`Wrote ${path}. It keeps every law as it is. Now put your own connector in where it says HERE.`, [
      [`check ${shellWord(path)}`, 'a verdict, and the smallest scenario that breaks it'],
      [`doctor ${shellWord(path)}`, 'is the adapter able to fail? it is wrapped in mutants, and each must be caught'],
      [`diagnose ${shellWord(path)}`, 'which known bug does it behave like?'],
    ]))
  if (!isFoundFrom(dir)) say('\nIt imports unwedge, which is not installed there: npm i -D unwedge')
  return 0
}

function next(wrote: string, commands: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...commands.map(([command]) => command.length))
  return [wrote, '', ...commands.map(([command, what]) =>
    `  ${colours.bold(`npx unwedge ${command}`)}${' '.repeat(width - command.length + 2)}${what}`)].join('\n')
}

/** Whether a file is in this directory, even if a symbolic link on the way leads elsewhere. */
function isWithin(file: string): boolean {
  let above = dirname(file)
  while (!existsSync(above)) above = dirname(above)
  const here = realpathSync('.')
  const inside = (path: string) => path === here || path.startsWith(here.endsWith(sep) ? here : here + sep)
  return inside(realpathSync(above)) && inside(resolve(here, relative('.', file)))
}
