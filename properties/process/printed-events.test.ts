import { describe, expect, it } from 'vitest'
import { type Mark, type Piece, withPrints } from '../../engine/process/printed-events.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Connector, History } from '../../spec/connector.ts'
import { brokenClauses } from '../verdict/broken-clauses.ts'
import { loser } from '../pages/exhibits.ts'
import { handMade } from '../verdict/hand-made-history.ts'

const piece = (text: string, from = 0, on: Piece['on'] = 'stdout'): Piece => ({ on, from, bytes: Buffer.from(text) })
const history = handMade('taken m1; 5: offered m1 #1; 9: recorded m1 #1; end')
const said = (all: History) => all.map(({ what, detail, time }) => (what === 'prints' ? `${detail} (${time})` : what))
const three = ['taken', 'offered', 'recorded', 'end']

describe('What a connector prints', () => {
  it('stands before the event by which it was written, whatever pieces it came in', () => {
    const marks: readonly Mark[] = [[0, 4, 0], [1, 10, 0], [3, 21, 4]]
    const pieces = [piece('old\nfirs', 0), piece('t\nsecond li', 8), piece('ne', 19), piece('err\n', 0, 'stderr')]
    expect(said(withPrints(history, marks, pieces))).toEqual([
      'taken', 'first (5)', 'offered', 'recorded', 'second line (9)', 'err (9)', 'end',
    ])
  })

  it('stands before the end where it went past the streams, and changes nothing where there is none', () => {
    expect(said(withPrints(history, [[0, 0, 0]], [piece('FATAL ERROR: heap', 0, 'stderr')]))).toEqual([
      ...three.slice(0, -1), 'FATAL ERROR: heap (9)', 'end'])
    expect(withPrints(history, [[0, 7, 0], [2, 7, 0]], [piece('before\n')])).toBe(history)
  })

  it('is no more than a page has room for, and says first what went wrong', () => {
    const many = Array.from({ length: 40 }, (_, i) => (i === 30 ? 'TypeError: x is not a function' : `line ${i}`)).join('\n')
    const shown = withPrints(history, [[0, 0, 0], [1, many.length, 0]], [piece(many)])
    expect(said(shown).slice(1, 6)).toEqual([
      'line 0 (5)', 'line 1 (5)', 'line 2 (5)', 'line 3 (5)', 'TypeError: x is not a function (and 35 more lines) (5)'])
    const long = Array.from({ length: 100 }, (_, i) => handMade(`taken m${i + 1}`)[0]!)
    const each = long.map((_, i): Mark => [i, i * 2, 0])
    const noisy = withPrints(long, each, [piece('a\n'.repeat(100))])
    expect(noisy.filter(({ what }) => what === 'prints')).toHaveLength(60)
    expect(withPrints(history, [[0, 0, 0]], [piece('x'.repeat(10_000))]).find(({ what }) => what === 'prints')!.detail).toHaveLength(201)
  })

  it('is on the page, as text that steers nothing; of the calm only what comes with the accused message', () => {
    const { connector } = brokenClauses[0]!
    const mine: Connector = { ...connector, name: 'a printer' }
    const events = handMade('taken m1; prints (\u001b[31mred ::error::x); flagged m1; calm; fresh m2; prints (about m2); fresh m3; '
      + 'prints (about m3); end')
    const broken = {
      ...loser.violations[0]!, clause: 'fresh messages are delivered', message: 'm3', history: events, at: 8, tries: 1,
    }
    const page = violationPage(violationOf(mine, { broken, runs: 1, repeats: true }, { seed: 1, again: '' }))
    expect(page).toContain('prints: \\u{1b}[31mred ::error::x')
    expect(page).toContain('prints: about m3')
    expect(page).not.toContain('about m2')
  })
})
