/** The guide to models of one’s own: its parts of code, put together as it says. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const guide = readFileSync(fileURLToPath(new URL('../examples/model-of-your-own.md', import.meta.url)), 'utf8')

export const guideCode = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!).join('')
