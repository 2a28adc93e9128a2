/** The guides in `examples/`: their code has the verdict that they say, and they leave out no clause and no excuse. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import { load } from '../../engine/process/load.ts'
import { clauses, otherClauses } from '../../spec/clauses.ts'
import { copyExcuses, flagExcuses, lossExcuses, orderExcuses } from '../../spec/excuses.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const examples = join(root, 'examples')
const guideOf = (name: string) => readFileSync(join(examples, `${name}.md`), 'utf8')
const guides = ['first-connector', 'fetching-consumer', 'real-time', 'laws-exactly', 'false-alarm'] as const

interface Code {
  readonly file: string
  readonly text: string
  /** What the guide says of it: `lawful`, or `broken: ` and a law; null where it says nothing. */
  readonly verdict: string | null
}

const codeIn = (guide: string): readonly Code[] =>
  [...guide.matchAll(/(?:<!-- verdict: (.+) -->\n)?```ts\n(\/\/ (\S+\.ts)\n[\s\S]*?)```/g)]
    .map(([, verdict, text, file]) => ({ file: file!, text: text!, verdict: verdict ?? null }))
const changesIn = (guide: string) => [...guide.matchAll(/<!-- change: (\S+): (.+) => (.+) -->/g)]
  .map(([, file, from, to]) => ({ file: file!, from: from!, to: to! }))
const verdictsAfterChanges = (guide: string) => [...guide.matchAll(/<!-- verdict of (\S+): (.+) -->/g)]
  .map(([, file, verdict]) => ({ file: file!, verdict: verdict! }))

const dir = mkdtempSync(join(root, 'node_modules', '.guides-'))
afterAll(() => rmSync(dir, { recursive: true }))
/** To be run, it imports this clone: there is no package here. */
const put = (folder: string, { file, text }: Pick<Code, 'file' | 'text'>) =>
  writeFileSync(join(folder, file), text.replaceAll(/(?<=from ')unwedge(?=')/g, join(root, 'api/unwedge.ts')))

/** What the one connector that a file exports is found to be. */
async function verdictOf(file: string): Promise<string> {
  const { found: [loaded] } = await load(file)
  const { connector } = loaded!
  const runs = connector.clock === 'real' ? 5 : 150
  const { verdict, broken } = await attempt({ ...connector, burst: 20 }, { seed: 1, runs, asDrawn: true })
  return broken ? `broken: ${broken.law.name}` : verdict
}

for (const name of guides) {
  const guide = guideOf(name)
  const code = codeIn(guide)
  if (code.length === 0) continue

  describe(`The code of examples/${name}.md`, { timeout: 240_000 }, () => {
    // What is changed is in a folder of its own: a module is loaded once.
    const [before, after] = ['before', 'after'].map((when) => mkdtempSync(join(dir, `${name}-${when}-`)))
    beforeAll(() => {
      for (const { file, text } of code) {
        put(before!, { file, text })
        const changes = changesIn(guide).filter((change) => change.file === file)
        put(after!, { file, text: changes.reduce((changed, { from, to }) => changed.replace(from, to), text) })
      }
    })

    it('compiles as it stands', () => {
      const written = mkdtempSync(join(dir, `${name}-written-`))
      for (const { file, text } of code) writeFileSync(join(written, file), text)
      const paths = { unwedge: [join(root, 'api/unwedge.ts')] }
      writeFileSync(join(written, 'tsconfig.json'), JSON.stringify({
        extends: join(root, 'tsconfig.json'), compilerOptions: { paths }, include: ['*.ts'], exclude: [],
      }))
      expect(execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', written], { encoding: 'utf8' })).toBe('')
    })

    for (const { file, from } of changesIn(guide))
      it(`has in ${file} what is to be changed`, () => {
        expect(code.find((each) => each.file === file)?.text).toContain(from)
      })

    // Where a file that others import is changed on the way, those that come first have the verdict of before.
    const isChanged = changesIn(guide).length > 0
    for (const { file, verdict } of code)
      if (verdict !== null)
        it(`has the verdict that it says: ${file}, ${verdict}`, async () => {
          expect(await verdictOf(join(isChanged && verdict === 'lawful' ? after! : before!, file))).toBe(verdict)
        })
    for (const { file, verdict } of verdictsAfterChanges(guide))
      it(`has the verdict that it says once it is changed: ${file}, ${verdict}`, async () => {
        expect(await verdictOf(join(after!, file))).toBe(verdict)
      })
  })
}

describe('The guides', () => {
  it('are each named in the README, and name files that there are', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const there = new Set(readdirSync(examples))
    expect(guides.filter((name) => !readme.includes(`(examples/${name}.md)`))).toEqual([])
    for (const name of guides) {
      const linked = [...guideOf(name).matchAll(/\]\(([\w-]+\.(?:md|ts))\)/g)].map(([, file]) => file!)
      expect(linked.filter((file) => !there.has(file))).toEqual([])
    }
  })

  it('name each clause and each excuse, and none that there is not', () => {
    const named = [...guideOf('laws-exactly').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!)
    const excuses = [flagExcuses, copyExcuses, lossExcuses, orderExcuses].flatMap((table) => Object.keys(table))
    expect(named.sort()).toEqual([...clauses.map(({ name }) => name), ...otherClauses, ...excuses].sort())
  })
})
