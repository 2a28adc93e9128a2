import { describe, expect, it } from 'vitest'
import { mostBytes, summaryReport } from '../../reports/formats/summary.ts'
import { busy, evidenceOf, hostile, loser, stranger, tried } from './exhibits.ts'

const evidence = { ...evidenceOf('claim-queue/asShipped', 'gateway/fixed'), connectors: [loser, tried([], 'a right one'), stranger] }
const size = (text: string) => Buffer.byteLength(text)
/** What stands outside of code, where Markdown and markup would count. */
const outside = (text: string) => text.replace(/^> /gm, '').replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, '').replace(/<code>.*<\/code>/g, '')

describe('A summary', () => {
  const summary = summaryReport(evidence)

  it('has a verdict, a table, and folded under it what is broken', () => {
    expect(summary).toMatch(/^## ✗ unwedge: 3 broken\n/)
    expect(summary).toContain('| a queue 1\\.0 | ✗ broken: delivered or flagged | Everything is healed'.replace('\\.', '.'))
    expect(summary).toContain('| a right one | lawful | Not checked against ‘links are independent’. | 100 | 1.2 s |')
    expect(summary).toContain('2 variants: 1 keep every law, 1 break one. All is as claimed.')
    expect(summary).toContain('| claim-queue / asShipped | none twice in 8 steps |')
    expect([...summary.matchAll(/<details><summary>(.*)<\/summary>/g)].map(([, title]) => title)).toEqual([
      '✗ a queue 1.0: Everything is healed and at rest, and m2 has no verdict.',
      '✗ a strange queue: m1 is delivered here; claim-queue would have allowed: nothing more.',
      '✗ claim-queue / asShipped: No message is delivered twice.',
    ])
    expect(summary.match(/^```mermaid\nsequenceDiagram$/gm)).toHaveLength(2)
    expect(summary).toContain('not caught: a mutant that sends every third message once more')
  })

  it('says that all is well where it is, and folds nothing', () => {
    const claims = evidence.claims.map((claim) => ({ ...claim, fails: false }))
    const well = summaryReport({ ...evidence, connectors: [{ ...tried([], 'a right one'), exempt: {} }], claims })
    expect(well).toMatch(/^## ✓ unwedge: every law holds\n/)
    expect(well).not.toContain('<details>')
  })

  it('does not take what is not checked for what is well', () => {
    const claims = evidence.claims.map((claim) => ({ ...claim, fails: false }))
    const connectors = [tried([], 'a right one')]
    expect(summaryReport({ ...evidence, connectors, claims })).toMatch(/^## ✓ unwedge: every law that was checked holds\n/)
    const unchecked = Array.from({ length: 60 }, (_, i) => `gateway/v${i}: the 2 seconds were over.`)
    const some = summaryReport({ ...evidence, connectors, claims, unchecked })
    expect(some).toMatch(/^## unwedge: 60 not checked\n/)
    expect(some).toContain('\n- gateway/v49: the 2 seconds were over.\n- and 10 more\n')
  })

  it('has what a connector exercised of its model, folded', () => {
    const rules = [
      { rule: 'gateway strips its message', histories: 2, because: null,
        answers: [{ question: 'creates', found: 'none', answer: 'strips the message', histories: 2 }] },
      { rule: 'gateway is restarted with its message', histories: 0, because: 'it has no ‘stop’', answers: [] },
    ]
    const connectors = evidence.connectors.map((each) => ({ ...each, exercised: { component: 'gateway', histories: 3, rules, notChecked: ['fresh messages', 'order'] } }))
    const [, folded = ''] = summaryReport({ ...evidence, connectors }).split('what it exercised of the model of gateway</summary>')
    expect(folded.split('</details>')[0]!.trim().split('\n')).toEqual([
      '| rule, and what it asks | answer | histories |', '| --- | --- | ---: |', '| gateway strips its message |  | 2 |',
      '| · creates: none | strips the message | 2 |', '| gateway is restarted with its message |  | – |', '',
      'In so many of 3 histories a run of the model that explains it takes the rule. ‘gateway is restarted with its message’ cannot: '
        + 'it has no ‘stop’. Not checked against: fresh messages; order.',
    ])
  })

  it('is as long as there is room for, and says what it left out', () => {
    const long500 = busy(500)
    for (const [room, count] of [[mostBytes, 500], [60_000, 40]] as const) {
      const connectors = Array.from({ length: count }, (_, i) => (i % 50 === 20 ? long500 : loser))
      const long = summaryReport({ ...evidence, connectors }, room)
      expect(size(long)).toBeLessThanOrEqual(room)
      expect(long).toMatch(/\n\d+ more pages are too long for a summary: write them with `--report page\.html`\.\n/)
    }
    const megabyte = 'y'.repeat(1_000_000)
    const connectors = [tried([{ ...loser.violations[0]!, says: megabyte }], megabyte)]
    const huge = summaryReport({ ...evidence, command: megabyte, connectors })
    expect(size(huge)).toBeLessThan(100_000)
    expect(size(summaryReport(evidence, 1_000))).toBeLessThanOrEqual(1_000)
    expect(size(summaryReport(evidence, -5))).toBeLessThan(200)
  })

  it('shows as text what would do harm', () => {
    const harmed = summaryReport(hostile(evidence))
    expect(harmed).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    expect(outside(harmed).replace(/<\/?(?:details|summary)>/g, '').replace(/\\./g, '')).not.toMatch(/[<>]|!\[|\]\(/)
    const drawn = [...harmed.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].flatMap(([, lines]) => lines!.split('\n').slice(1))
    const statement = /^ {2}(?:participant p\d+ as|p\d+->>p\d+:|Note (?:over|right of) p\d+(?:,p\d+)?:|loop|end)(?: (.*))?$/u
    for (const line of drawn) expect(statement.exec(line)?.[1] ?? '').toMatch(/^(?:[\p{L}\p{N} ,.()’‘“”–…·✗✓_/=!?-]|#\d+;)*$/u)
    for (const line of drawn) expect(line).toMatch(statement)
    expect(drawn.length).toBeGreaterThan(10)
  })
})
