/** What is tried of the packed tarball: a row each, in folders of users that were made for it. */
import { readFileSync } from 'node:fs'
import { UserProject } from './user-project.ts'

export interface Row {
  readonly name: string
  /** Throws what went wrong. */
  readonly tries: () => void
}

/** A Node to try it with: what it is called, and the folder that it lies in. */
export interface Node {
  readonly name: string
  readonly bin: string
}

/** Folders with the tarball in them. */
export interface Projects {
  /** and nothing else; no `type`, so CommonJS. */
  readonly alone: UserProject
  /** with vitest 4, Jest, and TypeScript of this year and of the last; ES modules. */
  readonly tested: UserProject
  /** with vitest 5; no `type`. */
  readonly next: UserProject
  /** with TypeScript of this year and of the last, and no vitest; no `type`. */
  readonly typed: UserProject
}

const lawful = '1 lawful, 0 broken, 0 inconclusive.'
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** A snippet of the README: what follows the line that names its file. */
function snippet(file: string): string {
  const found = readme.split(`\n// ${file}\n`)[1]?.split('\n```')[0]
  if (found === undefined) throw new Error(`README.md has no snippet ${file}.`)
  return `${found}\n`
}

/** How a test in CommonJS has it. */
const required = `const { assertConforms } = require('${'unwedge/assert'}')`

/** Links of the README’s connector share a queue: it says so, or the law is broken. */
const asExempt = (connector: string) =>
  connector.replace("  guarantee:", "  exempt: { 'links are independent': 'one queue serves all links, by design' },\n  guarantee:")

const connector = (name: string, take: string) => (declared: string) =>
  `${declared} { name: '${name}', guarantee: 'at-least-once', start: ({ send }) => ({ take: (m) => ${take} }) }\n`
const right = connector('right', 'send(m.content)')
const silent = connector('silent', 'send(m.content).catch(() => undefined)')

const endings = ['ts', 'mts', 'js', 'mjs', 'cjs'] as const

/** Rows for one Node. */
export function rowsUnder({ name: node, bin }: Node, { alone, tested }: Projects): readonly Row[] {
  const mine = alone.under(bin)
  const ours = tested.under(bin)
  const in_ = (what: string) => `Node ${node}: ${what}`
  const folder = `node-${node.replace(/\W/g, '-')}`
  return [
    ...endings.map((ending): Row => ({
      name: in_(`new and check of a .${ending} file`),
      tries: () => {
        mine.unwedge(['new', `${folder}/my-connector.${ending}`])
        mine.unwedge(['check', `${folder}/my-connector.${ending}`, '--runs', '10'], { says: lawful })
      },
    })),
    {
      name: in_('a model in TypeScript and in CommonJS'),
      tries: () => {
        for (const ending of ['mts', 'cjs']) {
          mine.unwedge(['new', '--model', `${folder}/my-model.${ending}`])
          mine.unwedge(['check', `${folder}/my-model.${ending}`])
        }
      },
    },
    {
      name: in_('module.exports = { mine }, and a .mjs file that imports TypeScript'),
      tries: () => {
        mine.write(`${folder}/common.cjs`, right('const mine =').concat('module.exports = { mine }\n'))
        mine.write(`${folder}/part.mts`, 'export enum Way { Plain }\nexport const pick = (way: Way) => way === Way.Plain\n')
        mine.write(`${folder}/mixed.mjs`, `import { pick } from './${'part'}.mts'\n${right('export const mine = pick(0) &&')}`)
        mine.unwedge(['check', `${folder}/common.cjs`, '--runs', '5'], { says: lawful })
        mine.unwedge(['check', `${folder}/mixed.mjs`, '--runs', '5'], { says: lawful })
        mine.unwedge(['check', `${folder}/mixed.mjs`, '--runs', '5', '--in-process'], { says: lawful })
      },
    },
    {
      name: in_('import and require of every entry but vitest'),
      tries: () => {
        const entries = ['unwedge', 'unwedge/assert', 'unwedge/model']
        const told = "if (!all.every((each) => Object.keys(each).length > 1)) throw new Error('An entry is empty.')\n"
        const imports = entries.map((entry) => `await import('${entry}')`)
        mine.write(`${folder}/import.mjs`, `const all = [${imports.join(', ')}]\n${told}`)
        mine.write(`${folder}/require.cjs`, `const all = [${entries.map((entry) => `require('${entry}')`).join(', ')}]\n${told}`)
        for (const file of ['import.mjs', 'require.cjs'])
          if (mine.run('node', [`${folder}/${file}`]) !== '') throw new Error(`${file} prints: ${mine.run('node', [`${folder}/${file}`])}`)
      },
    },
    {
      name: in_('node:test, by import as README has it, and by require'),
      tries: () => {
        mine.write(`${folder}/t/my-connector.mjs`, right('export const mine ='))
        mine.write(`${folder}/t/my-connector.test.mjs`, snippet('my-connector.test.mjs'))
        mine.write(`${folder}/t/silent.test.cjs`, [
          "const { test } = require('node:test')", required, silent('const mine ='),
          "test('it is silent', () => assertConforms(mine, { runs: 20 }))",
        ].join('\n'))
        mine.run('node', ['--test', `${folder}/t/my-connector.test.mjs`])
        mine.run('node', ['--test', `${folder}/t/silent.test.cjs`], { code: 1, says: '✗ No verdict is false' })
      },
    },
    {
      name: in_('Jest, in CommonJS and without a flag'),
      tries: () => {
        ours.write(`${folder}/jest/right.test.cjs`, [
          required, right('const mine ='),
          "test('it keeps every law', () => assertConforms(mine, { runs: 50 }), 120_000)",
        ].join('\n'))
        ours.write(`${folder}/jest/silent.test.cjs`, [
          required, silent('const mine ='),
          "test('it is silent', () => assertConforms(mine, { runs: 20 }), 120_000)",
        ].join('\n'))
        const jest = (file: string) => ['--no-install', 'jest', '--rootDir', `${folder}/jest`, '--testMatch', `**/${file}`]
        ours.run('npx', jest('right.test.cjs'), { says: '1 passed' })
        ours.run('npx', jest('silent.test.cjs'), { code: 1, says: '✗ No verdict is false' })
        const below = new UserProject(`${ours.dir}/${folder}/jest`, bin)
        below.write('unwedge.config.mts', 'const seconds: number = 0\nexport default { time: seconds }\n')
        below.run('npx', ['--no-install', 'jest', '--rootDir', '.', '--testMatch', '**/right.test.cjs'], {
          code: 1, says: 'the time was over after 0 of 50 scenarios',
        })
      },
    },
    {
      name: in_('README’s connector and its test, with vitest 4'),
      tries: () => readmeWithVitest(ours, `${folder}/readme`),
    },
    {
      name: in_('a failure is stored, replayed, kept as a test, and the test goes with the bug'),
      tries: () => {
        const typed = `export const mine: import('${'unwedge'}').Connector =`
        for (const [ending, declared] of [['ts', typed], ['mjs', 'export const mine =']] as const) {
          const at = `${folder}/kept-${ending}`
          ours.write(`${at}/mine.${ending}`, silent(declared))
          const here = new UserProject(`${ours.dir}/${at}`, bin)
          here.unwedge(['check', `mine.${ending}`, '--runs', '20'], { code: 1, says: '0 lawful, 1 broken' })
          const [stored] = here.list('.unwedge')
          here.unwedge(['replay', `.unwedge/${stored}`], { code: 1, says: '✗' })
          here.unwedge(['keep', `.unwedge/${stored}`], { says: 'commit it, and vitest runs that scenario each time.' })
          const vitest = ['--no-install', 'vitest', 'run', '--root', '.']
          here.run('npx', vitest, { code: 1, says: '✗ No verdict is false' })
          here.write(`mine.${ending}`, right(declared))
          here.run('npx', vitest, { says: '1 passed' })
        }
      },
    },
  ]
}

/** The connector breaks a law, as README says, and keeps all once it says that this is by design. */
export function readmeWithVitest(project: UserProject, folder: string): void {
  project.write(`${folder}/my-connector.ts`, snippet('my-connector.ts')).write(`${folder}/my-connector.test.ts`, snippet('my-connector.test.ts'))
  const vitest = ['--no-install', 'vitest', 'run', '--root', folder]
  project.unwedge(['check', `${folder}/my-connector.ts`], { code: 1, says: /broken: links are independent/ })
  project.run('npx', vitest, { code: 1, says: 'While one link is down' })
  project.write(`${folder}/my-connector.ts`, asExempt(snippet('my-connector.ts')))
  project.run('npx', vitest, { says: /1 passed/ })
}
