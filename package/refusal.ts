/** Part of what is built, for a package. In a clone it may be older than the sources beside it: there it refuses to run. */
import { existsSync } from 'node:fs'

if (existsSync(new URL('../api/unwedge.ts', import.meta.url)))
  throw new Error('dist/ is what a package is made of, and may be older than its sources here. Import api/unwedge.ts from this clone instead.')
