import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { scaffold } from '../../bin/commands/scaffold.ts'
import { modelScaffold } from '../../bin/commands/scaffold-model.ts'
import { catalogue } from '../../models/catalogue.ts'
import { variantsTable } from '../../reports/tables/readme-variants.ts'
import { guideCode } from '../model/model-guide.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** What stands between `<!-- name -->` and the next `<!-- end -->`. */
const between = (name: string, text = readme) => new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n?<!-- end -->`).exec(text)?.[1] ?? ''
const snippets = [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name, code]) => ({ name: name!, code: code! }))

describe('The README', () => {
  it('has the table of variants that the catalogue has', () => {
    expect(between('variants').trim()).toBe(variantsTable(catalogue.filter(({ component }) => component.name !== 'relay')))
  })

  it('opens with a page as it is in reports/golden', () => {
    const golden = readFileSync(join(root, 'reports/golden/claim-queue.asShipped.txt'), 'utf8')
    expect(between('page: claim-queue.asShipped')).toBe(`\`\`\`\n${golden.trim()}\n\`\`\``)
  })

  it('has a guide to pages, whose page is as it is in reports/golden, and which explains what stands there', () => {
    const golden = readFileSync(join(root, 'reports/golden/connectors/lost-message.txt'), 'utf8').trim()
    const guide = readFileSync(join(root, 'examples/reading-a-page.md'), 'utf8')
    expect(between('page: connectors/lost-message', guide)).toBe(`\`\`\`\n${golden}\n\`\`\``)
    const explained = [...guide.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words]) => words!)
    expect(explained.length).toBeGreaterThan(10)
    for (const words of explained) expect(golden.replace(/\s+/g, ' ')).toContain(words)
    expect(readme).toContain('(examples/reading-a-page.md)')
  })

  it('has snippets that compile as they stand, as does the guide to models and what `new` writes', { timeout: 240_000 }, () => {
    expect(snippets.map(({ name }) => name)).toEqual(['my-connector.ts', 'my-connector.test.ts'])
    const dir = mkdtempSync(join(root, 'node_modules', '.readme-'))
    try {
      const written = [
        { name: 'consumer.ts', code: guideCode }, { name: 'dead-letter.ts', code: modelScaffold('dead-letter.ts', 'unwedge/model') },
        { name: 'queue.ts', code: scaffold('queue.ts', 'unwedge') },
        ...([['mjs', 'ES modules'], ['cjs', 'CommonJS']] as const).flatMap(([ending, language]) => [
          { name: `plain-queue.${ending}`, code: scaffold(`plain-queue.${ending}`, 'unwedge', language) },
          { name: `plain-letter.${ending}`, code: modelScaffold(`plain-letter.${ending}`, 'unwedge/model', language) },
        ]),
      ]
      for (const { name, code } of [...snippets, ...written]) writeFileSync(join(dir, name), code)
      const paths = { unwedge: [join(root, 'api/unwedge.ts')], 'unwedge/*': [join(root, 'api/*.ts')] }
      writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({
        extends: join(root, 'tsconfig.json'), compilerOptions: { paths, checkJs: true }, include: ['*.ts', '*.mjs', '*.cjs'], exclude: [],
      }))
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      expect(execFileSync(process.execPath, [tsc, '-p', dir], { encoding: 'utf8' })).toBe('')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('names every law as it is stated', () => {
    for (const name of ['Delivered or flagged', 'None twice', 'Links are independent', 'Nothing wedges', 'Honest'])
      expect(readme).toContain(`**${name}.**`)
  })
})
