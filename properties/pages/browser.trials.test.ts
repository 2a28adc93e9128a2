/** The page in a real browser: that it opens, steps, stays harmless and can be read by everyone. */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../reports/html/page-data.ts'
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'
import { busy, evidenceOf, fullCache, held, hostile, longWinded, loser, stranger, wedged, wordy } from './exhibits.ts'
import { aBrowser, go, step } from './opened-pages.ts'

const found = evidenceOf(
  'claim-queue/asShipped', 'gateway/asShipped', 'gateway/fixed', 'interchange/asShipped', 'transfer-agent/losesTheSender',
  'relay/gateway.asShipped')
const evidence: Evidence = {
  ...found, pages: [...found.pages, fullCache()], connectors: [loser, busy(2_000), stranger, wedged, ...longWinded, held],
}
const harmed = hostile({ ...evidence, connectors: [loser, stranger] })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const { place, open } = aBrowser()
const [good, bad] = [place('good', evidence), place('bad', harmed)]
const ids = (shown: Evidence) => ['', ...dataOf(shown).pages.map(({ id }) => `#${encodeURIComponent(id)}`)]
const now = (page: Page) => page.locator('.state .now').textContent()

describe('The page of evidence', { timeout: 240_000 }, () => {
  it('opens from disk without a complaint and without asking for anything', async () => {
    const { page, complaints } = await open(good)
    expect(await page.title()).toBe('unwedge: what was checked')
    expect(await page.locator('h1').textContent()).toBe('What was checked, and what was found')
    for (const hash of ids(evidence)) await go(page, hash)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('is gone through by keys, and every step has an address', async () => {
    const { page, complaints } = await open(`${good}#claim-queue.asShipped.none-twice/3`)
    expect(await step(page)).toBe('Step 3 of 8')
    expect(await now(page)).toBe('worker 1 adds m1')
    const after: [string, string, string][] = [
      ['ArrowRight', 'Step 4 of 8', '/4'], ['End', 'Step 8 of 8', '/8'], ['ArrowRight', 'Step 8 of 8', '/8'],
      ['ArrowLeft', 'Step 7 of 8', '/7'], ['Home', 'Before the first step', '/0'],
    ]
    for (const [key, says, hash] of after) {
      await page.keyboard.press(key)
      expect(await step(page)).toBe(says)
      expect(new URL(page.url()).hash).toBe(`#claim-queue.asShipped.none-twice${hash}`)
    }
    await page.locator('input[type=range]').fill('6')
    expect(await now(page)).toBe('dispatcher delivers m1')
    expect(await page.locator('.state mark').allTextContents()).toEqual(['–', '1'])
    await page.locator('.time a', { hasText: 'sees m1' }).last().click()
    await expect.poll(() => step(page)).toBe('Step 2 of 8')
    expect(await page.locator('[aria-current=step]').count()).toBe(1)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('plays, and goes round where the run does', async () => {
    const { page } = await open(`${good}#interchange.asShipped.delivered-or-flagged/4`)
    await page.clock.install()
    await go(page, '#interchange.asShipped.delivered-or-flagged/3')
    await page.getByRole('button', { name: 'Play' }).click()
    const seen: (string | null)[] = []
    for (let i = 0; i < 4; i++) {
      await page.clock.runFor(900)
      seen.push(await step(page))
    }
    expect(seen).toEqual(['Step 4 of 4', 'Step 2 of 4', 'Step 3 of 4', 'Step 4 of 4'])
    await page.close()
  })

  it('goes from the index to a run and back', async () => {
    const { page } = await open(good)
    await page.getByRole('link', { name: 'asShipped breaks none twice in 8 steps' }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('✗ m1 is delivered twice.')
    await page.keyboard.press('ArrowLeft')
    await page.goBack()
    await expect.poll(() => page.locator('h1').textContent()).toBe('What was checked, and what was found')
    await page.close()
  })

  it('shows 131,073 steps as few rows, unfolds them and goes anywhere', async () => {
    const { page } = await open(`${good}#property-cache.asShipped.honest/100000`)
    expect(await page.locator('.time li').count()).toBeLessThan(10)
    await page.locator('.time button.unfold').click()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await step(page)).toBe('Step 131,072 of 131,073')
    expect(await page.locator('[aria-current=step] .no').textContent()).toBe('131,072')
    expect(await page.locator('.time li').count()).toBeLessThan(80)
    await page.close()
  })

  // No clock is asked, for it would tell of the machine: what a step costs is what it draws, and that does not grow.
  it('draws as little for a step of 262,000 as for one of 8,000', { timeout: 240_000 }, async () => {
    const most: number[] = []
    for (const messages of [2_000, 65_537]) {
      const shown = { ...evidence, claims: [], pages: [], connectors: [busy(messages)] }
      const { page, complaints } = await open(`${place(`busy-${messages}`, shown)}#a%20busy%20queue.none-twice`)
      most.push(await page.evaluate(`(() => {
        const key = (name) => document.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }))
        let most = 0
        const step = (name) => {
          key(name)
          most = Math.max(most, document.querySelectorAll('*').length)
        }
        for (let i = 0; i < 10; i++) step('ArrowLeft')
        for (let at; (at = document.querySelector('.unfold[aria-expanded=false]')); ) at.click()
        for (const name of ['ArrowLeft', 'Home', 'ArrowRight', 'ArrowRight', 'End', 'ArrowLeft']) step(name)
        const box = document.querySelector('.time')
        for (let part = 0; part <= 10; part++) {
          box.scrollTop = box.scrollHeight * part / 10
          box.dispatchEvent(new Event('scroll'))
          most = Math.max(most, document.querySelectorAll('*').length)
        }
        return most
      })()`))
      expect(await step(page)).toBe(`Step ${(4 * messages).toLocaleString('en-US')} of ${(4 * messages + 1).toLocaleString('en-US')}`)
      expect(complaints).toEqual([])
      await page.close()
    }
    expect(Math.max(...most)).toBeLessThan(600)
    expect(most[1]! - most[0]!).toBeLessThan(50)
  })

  it('opens with a megabyte of text wherever there can be some', async () => {
    const shown = { ...evidence, claims: [], pages: [], connectors: [wordy()] }
    const href = place('wordy', shown)
    expect(statSync(fileURLToPath(href)).size).toBeLessThan(1_000_000)
    const { page, complaints } = await open(href, { width: 390 })
    for (const hash of ids(shown)) {
      await go(page, hash)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(await page.evaluate('document.querySelectorAll("main b:not(.who, li > b)").length')).toBe(0)
    }
    await page.keyboard.press('ArrowLeft')
    expect(await step(page)).toBe('Step 8 of 9')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows as text what would do harm', async () => {
    const { page, complaints } = await open(bad)
    for (const hash of ids(harmed)) {
      await go(page, hash)
      const seen = await page.evaluate(String.raw`({
        harm: globalThis.harm ?? 0,
        strange: document.querySelectorAll('main script, main img, main style, main iframe, main [onerror]').length,
        scripts: document.scripts.length,
        hidden: /[\p{Cc}\p{Cf}\p{Cs}]/u.test(document.querySelector('main').textContent),
      })`)
      expect(seen, hash).toEqual({ harm: 0, strange: 0, scripts: 2, hidden: false })
    }
    expect(complaints).toEqual([])
    expect(await page.locator('h1').textContent()).toContain('</script><script>window.harm=1</script>')
    await page.close()
  })

  const [index, queue, lasso, relay, lost, late] = [0, 'claim-queue', 'interchange', 'relay', 'a queue', 'a wedged'].map((part) =>
    ids(evidence).find((id) => (part === 0 ? id === '' : id.startsWith(`#${encodeURIComponent(part)}`)))!)
  const looks = [
    { width: 1280, colorScheme: 'light', href: good, hashes: [index!, queue!, relay!, '#none'] },
    { width: 390, colorScheme: 'dark', href: good, hashes: [index!, lasso!, lost!, '#none'] },
    { width: 1280, colorScheme: 'dark', href: good, hashes: [queue!] },
    { width: 390, colorScheme: 'light', href: bad, hashes: ids(harmed).slice(0, 2) },
  ] as const
  for (const { width, colorScheme, href, hashes } of looks)
    it(`can be read by everyone, ${width} pixels wide and ${colorScheme}${href === bad ? ', whatever it holds' : ''}`, async () => {
      const { page } = await open(href, { width, colorScheme })
      await page.evaluate(axe)
      for (const hash of hashes) {
        await go(page, hash)
        const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`), hash).toEqual([])
      }
      await page.close()
    })

  it('cuts no step short where there is room for it, and lays nothing over one', async () => {
    const { page } = await open(good)
    for (const hash of [queue!, lasso!, lost!]) {
      await go(page, hash)
      expect(await page.evaluate(`[...document.querySelectorAll('.time .cell')]
        .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)`), hash).toEqual([])
    }
    await page.setViewportSize({ width: 390, height: 900 })
    await go(page, ids(evidence).find((id) => id.startsWith('#gateway.asShipped'))!)
    expect(await page.evaluate(`[...document.querySelectorAll('.time li')].flatMap((row) => {
      const [button, text] = ['.unfold', '.cell'].map((each) => row.querySelector(each)?.getBoundingClientRect())
      return button ? [button.top >= text.bottom - 2] : []
    })`)).toEqual([true])
    await page.close()
  })

  it('has all of the notes that stand beside the steps', async () => {
    const noted = evidenceOf('property-cache/sharesAnEntry')
    const { page } = await open(place('noted', noted))
    await go(page, ids(noted)[1]!)
    const notes = await page.evaluate(`[...document.querySelectorAll('.time .note')].map((each) => each.scrollWidth > each.clientWidth)`)
    expect(notes).not.toEqual([])
    expect(notes).not.toContain(true)
    await page.close()
  })

  it('says on a narrow page all of what a connector with a long name does', async () => {
    const name = 'a connector whose name says at some length what is wrong with it'
    const violations = loser.violations.map((found) => ({ ...found, connector: name }))
    const shown = { ...evidence, claims: [], pages: [], connectors: [{ ...loser, connector: name, violations }] }
    const { page } = await open(place('long-named', shown), { width: 390 })
    for (const hash of ids(shown).slice(1)) {
      await go(page, hash)
      const rows = (await page.evaluate(`[...document.querySelectorAll('.time li')].map((row) => {
        const text = row.querySelector('.cell, .band')
        const [outer, inner] = [row, text].map((each) => each.getBoundingClientRect())
        return [text.textContent, Math.max(text.scrollWidth - text.clientWidth, text.scrollHeight - text.clientHeight),
          Math.max(outer.top - inner.top, inner.bottom - outer.bottom)]
      })`)) as readonly (readonly [text: string, cut: number, over: number])[]
      expect(rows.map(([text]) => text)).toContainEqual(expect.stringMatching(/^the connector takes m2/))
      expect(rows.filter(([, cut, over]) => cut > 0 || over > 1), hash).toEqual([])
    }
    await page.close()
  })

  it('keeps a row across all lanes within them, wherever it starts', async () => {
    for (const width of [800, 900, 1000, 1100, 1200, 1280]) {
      const { page } = await open(good, { width })
      await go(page, late!)
      const rows = (await page.evaluate(`[...document.querySelectorAll('.time .band')].map((each) => [each.textContent,
        each.scrollWidth - each.clientWidth, each.getBoundingClientRect().right - each.closest('li').getBoundingClientRect().right])`)) as
        readonly (readonly [text: string, cut: number, over: number])[]
      expect(rows.map(([text]) => text)).toContainEqual(expect.stringMatching(/a fresh message, m3/))
      expect(rows.filter(([, cut, over]) => (width >= 1000 && cut > 0) || over > 1), `${width} wide`).toEqual([])
      await page.close()
    }
  })

  it('is never wider than the screen', async () => {
    for (const [href, hashes] of [[good, ids(evidence)], [bad, ids(harmed)]] as const) {
      const { page } = await open(href, { width: 390 })
      for (const hash of hashes) {
        await go(page, hash)
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), hash).toBeLessThanOrEqual(0)
      }
      await page.close()
    }
  })
})
