/** What a page shows first, in a real browser: the verdicts on its index, and on the page of a run what happened, and where. */
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'
import { evidenceOf, held, longWinded, loser, stranger, tried } from './exhibits.ts'
import { handMade } from '../verdict/hand-made-history.ts'
import { aBrowser, go, step } from './opened-pages.ts'

const found = evidenceOf('claim-queue/asShipped', 'transfer-agent/losesTheSender')
const evidence: Evidence = { ...found, connectors: [loser, stranger, ...longWinded, held] }
const { place, open } = aBrowser()
const good = place('good', evidence)
const few: Evidence = { ...evidence, claims: [], pages: [], thresholds: [], connectors: [held, tried([], 'a right one')] }

describe('Steps that are folded', { timeout: 240_000 }, () => {
  const each = (count: number, does: (n: number) => string, every = 1) =>
    Array.from({ length: count }, (_, i) => does(1 + i * every)).join('; ')
  const history = handMade([
    each(32, (n) => `taken m${n}`), 'taken m33', each(32, (n) => `sent m${n} #${n}`), each(16, (n) => `claims delivered m${n}`, 2), 'healed; end',
  ].join('; '))
  const many = loser.violations.map((violation) => ({ ...violation, message: 'm33', history, at: history.length - 1 }))
  const shown = { ...evidence, claims: [], pages: [], thresholds: [], connectors: [tried(many)] }

  it('name the first and the last of their messages, and how many where not all between them', async () => {
    for (const width of [1280, 390]) {
      const { page } = await open(`${place('many', shown)}#a queue 1.0.delivered-or-flagged`, { width })
      const rows = await page.evaluate(`[...document.querySelectorAll('.time li')].map((row) => row.innerText.replace(/\\s+/g, ' '))`) as string[]
      expect(rows.slice(0, 2).map((row) => row.replace(' unfold', ''))).toEqual([
        expect.stringMatching(/^1–32 (?:the connector )?takes m1 … m32$/), expect.stringMatching(/^33 (?:the connector )?takes m33$/)])
      expect(rows[2]).toMatch(/is offered m1$/)
      expect(rows[3]).toMatch(/records m1 these 2, to m32/)
      expect(rows[4]).toMatch(/says that m1 … m31 is delivered 16 of them/)
      expect(await page.evaluate(`[...document.querySelectorAll('.time .cell')]
        .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)`)).toEqual([])
      await page.close()
    }
  })
})

describe('The index of a page', { timeout: 240_000 }, () => {
  it('leads the index with the verdicts, and has the laws behind them', async () => {
    const { page } = await open(good)
    expect(await page.locator('ul.lead li').allTextContents()).toEqual([
      expect.stringMatching(/^✗ 4 connectors break a law/),
      '– 1 keeps all it was checked against, and was not checked against every law: a held queue.'])
    expect((await page.locator('h2').allTextContents()).slice(0, 1)).toEqual(['Connectors on trial'])
    expect((await page.locator('h2').allTextContents()).at(-1)).toBe('What the laws ask')
    expect(await page.locator('table.coverage tbody tr').allTextContents()).toEqual([
      'pager gives up8', 'unansweredflagged8', 'pager restarts · it cannot: it has no ‘stop’– cannot'])
    await page.close()
  })

  it('shows the index, with a word, where a link names no page of it', async () => {
    const { page } = await open(`${good}#no%20such.page/3`)
    expect(await page.locator('.notice').textContent()).toContain('This file has no page ‘no such.page’.')
    expect(await page.locator('h2', { hasText: 'Connectors on trial' }).count()).toBe(1)
    // A program that passes a link on may have decoded it, and a page that is loaded again shows the same.
    for (const hash of ['#a queue 1.0.delivered-or-flagged/3', '#%zz']) await go(page, hash)
    expect(await page.locator('.notice').textContent()).toContain('‘%zz’')
    await go(page, '#a queue 1.0.delivered-or-flagged/3')
    await page.reload()
    expect(await step(page)).toBe('Step 3 of 9')
    await go(page, '#')
    expect(await page.locator('.notice').count()).toBe(0)
    await page.close()
  })

  it('never shows what is not checked as what is kept', async () => {
    for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']] as const) {
      const { page } = await open(place('few', few), { width, colorScheme })
      const seen = (await page.evaluate(`[...document.querySelectorAll('table.kill tbody tr')].map((row) => [row.querySelector('th').innerText,
        ...[...row.querySelectorAll('td.law span:first-child')].filter((each) => !each.hasAttribute('aria-hidden'))
          .map((each) => [each.innerText.trim(), getComputedStyle(each).color])])`)) as [string, ...[string, string][]][]
      const [kept, , unchecked] = seen[0]!.slice(1) as [string, string][]
      expect([kept![0], unchecked![0]].map((each) => each.slice(0, 1))).toEqual(['✓', '–'])
      expect(kept![1]).not.toBe(unchecked![1])
      expect(width === 1280 ? unchecked![0] : seen[0]![0]).toContain('not checked')
      expect(seen[0]![0]).toContain('✓ lawful in what was checked')
      await page.close()
    }
  })
})

describe('The page of a run', { timeout: 240_000 }, () => {
  it('cuts no word of the step that breaks the law, and lays nothing over it', async () => {
    for (const width of [390, 700, 1280]) {
      const { page } = await open(good, { width })
      for (const { connector } of longWinded) {
        await go(page, `#${encodeURIComponent(`${connector}.honest`)}`)
        const [cut, over, text] = (await page.evaluate(`(() => {
          const row = document.querySelector('.time .breaks')
          const text = row.querySelector('.cell, .band')
          const [outer, inner, next] = [row, text, row.nextElementSibling].map((each) => each.getBoundingClientRect())
          return [Math.max(text.scrollWidth - text.clientWidth, text.scrollHeight - text.clientHeight),
            Math.max(outer.top - inner.top, inner.bottom - outer.bottom, inner.right - outer.right, outer.bottom - next.top),
            text.textContent]
        })()`)) as [number, number, string]
        expect(text).toMatch(/^✗ .*and the last word/)
        expect({ cut: cut > 0, over: over > 1 }, `${connector}, ${width} wide: ${cut}, ${over}`).toEqual({ cut: false, over: false })
      }
      await page.close()
    }
  })

  it('says what to do before it shows the run, and so does the index where little broke', async () => {
    const shown = { ...evidenceOf('gateway/asShipped'), connectors: [loser] }
    const { page } = await open(place('little', shown))
    const brief = await page.locator('.brief').allTextContents()
    expect(brief).toHaveLength(3)
    expect(brief[0]).toMatch(/^✗ m1 is never delivered or flagged\. .*When it is ‘none’: ‘copies it’, where the fixed one/)
    expect(brief[2]).toContain('Look at what the connector does from there')
    await page.locator('.brief a').first().click()
    expect((await page.locator('h2').allTextContents()).slice(0, 2)).toEqual(['What to do', 'The run'])
    expect(await page.locator('.advice').textContent()).toMatch(/^What to doAnswer as the fixed one does\..*strips the message/)
    await page.close()
  })

  it('shows where the message stands that nothing ever happens to, and no column of noughts', async () => {
    const { page } = await open(place('still', evidenceOf('transfer-agent/asShipped')))
    await go(page, '#transfer-agent.asShipped.links-are-independent')
    const state = await page.locator('.state > table tbody').allTextContents()
    expect(state.find((each) => each.startsWith('m2'))).toBe('m2linklink 2arrived1')
    await page.close()
  })

  it('marks what never happens at the end, in the lane in which it should have', async () => {
    const { page } = await open(`${good}#${encodeURIComponent('a queue 1.0.delivered-or-flagged')}`)
    expect(await page.locator('.never').textContent()).toBe('✗ never records m2')
    const [lane, mark, last] = (await page.evaluate(`(() => {
      const circle = document.querySelector('.time svg .nowhere')
      const head = [...document.querySelectorAll('.heads span')].find((each) => each.textContent === 'link 1')
      const at = (each) => each.getBoundingClientRect()
      return [at(head).left, at(circle).left + at(circle).width / 2,
        at(circle).top - at(document.querySelector('.time li:last-child')).bottom]
    })()`)) as [number, number, number]
    expect(Math.abs(mark - lane)).toBeLessThan(25)
    expect(last).toBeGreaterThanOrEqual(0)
    await go(page, '#transfer-agent.losesTheSender.nothing-wedges')
    expect(await page.locator('.never').textContent()).toBe('✗ never delivers m2  the fixed one does')
    await go(page, '#claim-queue.asShipped.none-twice')
    expect(await page.locator('.never').isVisible()).toBe(false)
    await page.close()
  })
})
