/** What a terminal shows: pages in colours, and tables no wider than it is. */
import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { paintedPage } from '../../bin/output/painted-page.ts'
import { scenarioPage } from '../../reports/connectors/scenario-page.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { modelCoverageText } from '../../reports/tables/model-coverage-table.ts'
import { verdictText } from '../../reports/tables/verdict-table.ts'
import { textPage } from '../../reports/text/run-page.ts'
import { evidenceOf, held, longWinded, loser } from './exhibits.ts'

const colours = pc.createColors(true)
const [lost] = loser.violations as [(typeof loser.violations)[number]]
const [altered] = longWinded[0]!.violations as [typeof lost]
const bare = stripVTControlCharacters

/** Each line of a page, painted: which colour it is in from its first letter on. */
const codes = { bold: 1, red: 31, green: 32, yellow: 33 } as const
const colourOf = (line: string) => Object.entries(codes).find(([, code]) => line.includes(`\u001b[${code}m`))?.[0] ?? ''
const linesOf = (page: string) => paintedPage(page, colours).split('\n').map((line) => [colourOf(line), bare(line).trim()] as const)
const inColour = (page: string, colour: string) => linesOf(page).filter(([is]) => is === colour).map(([, text]) => text)

describe('A page on a terminal', () => {
  it('has its whole title in one colour, and the law, on however many lines they are', () => {
    const page = violationPage({ ...lost, connector: 'the gateway of the northern region, release candidate 2' }, { columns: 40 })
    expect(inColour(page, 'bold')).toEqual(['the gateway of the northern region,', 'release candidate 2, at-least-once'])
    // What the clause asks stands right under the law, and is not painted; the guilty row is.
    expect(inColour(page, 'red')).toEqual([
      '✗ In the end, every message taken', 'has been delivered or flagged.', '9    60 s ✗───────── everything is healed ─────────'])
    expect(inColour(page, '').join(' ')).toContain('Once everything is healed, every message is delivered or flagged.')
  })

  it('has every line of the row that breaks the law in its colour, and no line of the next', () => {
    const page = violationPage(altered, { columns: 80 })
    const red = inColour(page, 'red').join(' ')
    expect(red).toContain('records m1 as ‘the first word')
    expect(red).toContain('the last word’')
    expect(red).not.toContain('says that m1 is delivered')
  })

  it('says the same without colours', () => {
    const pages = [
      ...evidenceOf('claim-queue/asShipped', 'gateway/flagsEverything').pages.flatMap(({ found }) =>
        [textPage(found, { columns: 60 }), textPage(found)]),
      violationPage(lost), violationPage({ ...lost, found: 'once' }, { columns: 50 }), violationPage(altered, { columns: 80 }),
    ]
    for (const page of pages) {
      expect(bare(paintedPage(page, colours))).toBe(page)
      expect(paintedPage(page, pc.createColors(false))).toBe(page)
    }
  })

  it('has what is lawful in green, and what is not settled in yellow', () => {
    const shown = { ...lost, number: 1, seed: 1, inconclusive: null }
    expect(inColour(scenarioPage(shown), 'green')).toEqual(['✓ This scenario breaks no law.'])
    const open = scenarioPage({ ...shown, inconclusive: 'its process gave no sign of life, and no more is known of it' }, { columns: 50 })
    expect(inColour(open, 'yellow').join(' ')).toBe('? Inconclusive: its process gave no sign of life, and no more is known of it.')
  })
})

describe('A table on a terminal', () => {
  const row = { verdict: 'broken', because: '', violations: [lost, altered], divergence: null, runs: 1_234, milliseconds: 56_789 } as const
  const rows = [
    { ...row, connector: 'the gateway of the northern region, release candidate 2' },
    { ...row, connector: 'short', verdict: 'lawful', violations: [] } as const,
    { ...row, connector: 'open', verdict: 'inconclusive', violations: [], because: 'it broke a law once, and not when it ran again' } as const,
  ]

  it('fits it, and says every word', () => {
    for (const columns of [64, 80, 120]) {
      const text = bare(verdictText(rows, colours, { columns }))
      expect(text.split('\n').filter((line) => line.length > columns), `${columns}`).toEqual([])
      for (const word of bare(verdictText(rows, colours)).split(/\s+/)) expect(text.replace(/\s+/g, '')).toContain(word)
    }
    expect(verdictText(rows, pc.createColors(false)).split('\n')).toHaveLength(4)
    const coverage = modelCoverageText(held.exercised!, colours, { columns: 44 })
    expect(bare(coverage).split('\n').filter((line) => line.length > 44)).toEqual([])
  })

  it('paints every line of a verdict that takes several', () => {
    const lines = verdictText(rows, colours, { columns: 64 }).split('\n')
    const first = lines.findIndex((line) => line.includes('✗ broken'))
    const broken = lines.slice(first, lines.findIndex((line) => line.startsWith('short')))
    expect(broken.length).toBeGreaterThan(1)
    for (const line of broken.filter((each) => /flagged|honest|broken/.test(each))) expect(line).toContain('\u001b[31m')
  })
})
