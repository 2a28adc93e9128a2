/** What vitest is told, whoever starts it here. */
import { readdirSync, readFileSync } from 'node:fs'

const tests = readdirSync(new URL('properties', import.meta.url), { encoding: 'utf8', recursive: true })
  .map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.test.ts'))
/** Whoever puts another module in the place of one needs a room of its own. All others share the modules of their process: loading them takes time. */
const alone = tests.filter((name) => readFileSync(new URL(`properties/${name}`, import.meta.url), 'utf8').includes('vi.mock('))
const paths = (names: readonly string[]) => names.map((name) => `properties/${name}`)
const together = paths(tests.filter((name) => !alone.includes(name)))

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration so
export default {
  test: {
    globalSetup: ['properties/bundle-for-tests.ts'],
    projects: [
      { extends: true, test: { name: 'together', isolate: false, include: together } },
      { extends: true, test: { name: 'alone', include: paths(alone) } },
    ],
  },
}
