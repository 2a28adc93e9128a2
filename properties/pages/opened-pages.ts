/** A real browser for the tests of pages: pages placed on a disk, and opened in windows of their own. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { htmlReport } from '../../reports/html/report.ts'
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executable = browsers.find((path) => existsSync(path))
const isRequired = (process.env['CI'] ?? 'false') !== 'false'
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

/** For a file of tests: its browser, which is closed after the last of them, and its directory. Without a browser they are skipped. */
export function aBrowser() {
  const scratch = mkdtempSync(join(tmpdir(), 'unwedge-'))
  const place = (name: string, shown: Evidence): string => {
    const path = join(scratch, `${name}.html`)
    writeFileSync(path, htmlReport(shown))
    return pathToFileURL(path).href
  }

  let browser: Browser
  beforeAll(async () => {
    if (executable !== undefined || isRequired) browser = await chromium.launch({ executablePath: executable ?? browsers[0]!, args: flags })
  }, 120_000)
  afterAll(async () => {
    await (browser as Browser | undefined)?.close()
    rmSync(scratch, { recursive: true })
  })
  beforeEach(({ skip }) => skip(executable === undefined && !isRequired, 'there is no chromium here: apt-get install chromium'))

  /** A page in a window of its own; anything that it says, asks for or trips over is kept. */
  async function open(href: string, { width = 1280, colorScheme = 'light' as 'light' | 'dark' } = {}) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => {
      const url = request.url()
      if (url !== href.replace(/#.*/, '') && !url.startsWith('data:')) complaints.push(`request: ${url}`)
    })
    await page.goto(href)
    return { page, complaints }
  }
  return { place, open }
}

/** Text for the browser: there is no DOM here for types to speak of. */
export const go = (page: Page, hash: string) => page.evaluate(`new Promise((done) => {
  location.hash = ${JSON.stringify(hash)}
  requestAnimationFrame(() => requestAnimationFrame(() => done()))
})`)
export const step = (page: Page) => page.locator('.controls output').textContent()
