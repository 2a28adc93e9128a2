/** What a page shows first, in a real browser: the verdicts on its index, what happened in a run, and where; and its lanes. */
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

describe('The head of a page', { timeout: 240_000 }, () => {
  it('has the name of a field in a clause as code', async () => {
    const violations = loser.violations.map((violation) => ({ ...violation, clause: 'fresh messages are delivered promptly' as const }))
    const shown = { ...few, connectors: [tried(violations)] }
    const { page } = await open(`${place('clause', shown)}#a queue 1.0.delivered-or-flagged`)
    const clause = page.locator('p .quiet', { hasText: 'a fresh message takes no longer than' })
    expect(await clause.textContent()).toBe('Once everything is healed, a fresh message takes no longer than the declared recovery.')
    expect(await clause.locator('code').allTextContents()).toEqual(['recovery'])
    await page.close()
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

const alone: Evidence = { command: '', claims: [], pages: [], thresholds: [], connectors: [loser, tried([], 'a right one')] }

describe('A file in which one thing broke', { timeout: 120_000 }, () => {
  it('opens on that, and leads back to all that was tried', async () => {
    const href = place('alone', alone)
    const { page, complaints } = await open(href)
    expect(await page.locator('h1').textContent()).toBe('✗ m2 is never delivered or flagged.')
    expect(await page.locator('.back').textContent()).toBe('← All that was tried 2 connectors: 1 broken, 1 lawful.')
    expect(await page.locator('.lead + .where').textContent()).toBe('my connectors/queue.ts:7')
    await page.locator('.back a').click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('What was checked, and what was found')
    await page.reload()
    expect(await page.locator('h1').textContent()).toBe('What was checked, and what was found')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('opens on the index where more broke', async () => {
    const { page } = await open(place('more', { ...alone, connectors: [loser, { ...loser, connector: 'another' }] }))
    expect(await page.locator('h1').textContent()).toBe('What was checked, and what was found')
    await page.close()
  })
})

describe('The lanes of a run', { timeout: 120_000 }, () => {
  const history = handMade('taken m1; taken m2; offered m1 #1; offered m2 #2; refused m1 #1 (for good); '
    + 'flagged m1 (a reason that is longer than the lane is wide, and so it reaches over those beside it); refused m2 #2 (for good); flagged m2; end')
  const violations = loser.violations.map((found) => ({ ...found, connector: 'one with much to say', history, at: history.length - 1 }))
  const wordy = tried(violations, 'one with much to say')
  const shown = { ...evidenceOf('claim-queue/asShipped'), connectors: [...alone.connectors, wordy] }
  const hashes = ['#claim-queue.asShipped.none-twice', '#a queue 1.0.delivered-or-flagged', '#one with much to say.delivered-or-flagged']

  it('lead from one to another through no text', async () => {
    const { page } = await open(place('lanes', shown))
    for (const hash of hashes) {
      await go(page, hash)
      const through = (await page.evaluate(`(() => {
        const texts = [...document.querySelectorAll('.time .cell')].map((each) => {
          const range = document.createRange()
          range.selectNodeContents(each)
          return [each, range.getBoundingClientRect()]
        })
        return [...document.querySelectorAll('.time svg .life')].flatMap((path) => {
          const toPage = path.getScreenCTM()
          const along = Array.from({ length: Math.ceil(path.getTotalLength()) }, (_, at) => at)
          const points = along.map((at) => path.getPointAtLength(at).matrixTransform(toPage))
          return texts.flatMap(([cell, box]) => {
            const within = points.filter(({ x, y }) => x > box.left && x < box.right && y > box.top + 2 && y < box.bottom - 2)
            const isHidden = getComputedStyle(cell).backgroundColor !== 'rgba(0, 0, 0, 0)'
            const goesAcross = within.some(({ x }) => Math.abs(x - within[0].x) > 1)
            return within.length > 0 && (goesAcross || !isHidden) ? [cell.textContent] : []
          })
        })
      })()`)) as readonly string[]
      expect(through, hash).toEqual([])
    }
    await page.close()
  })

  it('are named on a phone too, each over its line', async () => {
    const { page } = await open(place('lanes', shown), { width: 390 })
    for (const hash of hashes) {
      await go(page, hash)
      const lanes = (await page.evaluate(`(() => {
        const middle = (each) => { const { left, width } = each.getBoundingClientRect(); return left + width / 2 }
        const rails = [...document.querySelectorAll('.time svg .rail')].map(middle)
        return [...document.querySelectorAll('.heads span')].map((each, i) => [each.textContent, Math.abs(middle(each) - rails[i]),
          each.scrollHeight > each.clientHeight + 1])
      })()`)) as readonly (readonly [name: string, off: number, isCut: boolean])[]
      expect(lanes.map(([name]) => name)).toEqual(hash === hashes[0] ? ['worker 1', 'worker 2', 'dispatcher'] : ['the connector', 'link 1'])
      expect(lanes.filter(([, off, isCut]) => off > 4 || isCut), hash).toEqual([])
    }
    await page.close()
  })
})

describe('A name', { timeout: 120_000 }, () => {
  it('breaks between its words alone', async () => {
    const { page } = await open(place('names', evidenceOf('gateway/stopsAtTheLimit', 'relay/gateway.stripsEveryoneAfter')), { width: 390 })
    const breaks = (await page.evaluate(`[...document.querySelectorAll('table.rows th[scope=row]')].flatMap((head) => {
      const walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT)
      const all = []
      for (let node; (node = walker.nextNode()); )
        for (let at = 0; at < node.data.length; at++) {
          const range = document.createRange()
          range.setStart(node, at)
          range.setEnd(node, at + 1)
          all.push([node.data[at], range.getBoundingClientRect().top])
        }
      return all.flatMap(([letter, top], i) => i > 0 && top > all[i - 1][1] + 4 ? [all[i - 1][0] + letter] : [])
    })`)) as readonly string[]
    expect(breaks.length).toBeGreaterThan(0)
    expect(breaks.filter((around) => !/^[\s/.-]|^[a-z][A-Z]|\s$/.test(around))).toEqual([])
    await page.close()
  })
})
