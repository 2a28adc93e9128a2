/** Pictures of the gallery, for the README: what the pages look like in a browser, by day and by night. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const pictures = [
  { name: 'run.png', page: 'catalogue.html#claim-queue.asShipped.none-twice/8', width: 1180, height: 790, colorScheme: 'light' },
  { name: 'connector.png', page: 'field-trial.html#aedes%200.44.1.delivered-or-flagged', width: 1180, height: 960, colorScheme: 'light' },
  { name: 'phone.png', page: 'catalogue.html#interchange.asShipped.delivered-or-flagged/3', width: 390, height: 844, colorScheme: 'dark' },
] as const

/** Takes each picture of the pages in a directory. Null where there is no browser; else their names. */
export async function takePictures(dir: string): Promise<readonly string[] | null> {
  const executablePath = browsers.find((path) => existsSync(path))
  if (executablePath === undefined) return null
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    for (const { name, page: address, width, height, colorScheme } of pictures) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme })
      const [file, hash] = address.split('#')
      await page.goto(`${pathToFileURL(join(dir, file!)).href}#${hash}`)
      await page.locator('.state .now').waitFor()
      await page.screenshot({ path: join(dir, name) })
      await page.close()
    }
  } finally {
    await browser.close()
  }
  return pictures.map(({ name }) => name)
}
