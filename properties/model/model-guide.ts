/** The guide to models of one’s own: its parts of code, put together as it says, and what it quotes of the pager. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const guide = readFileSync(fileURLToPath(new URL('../../examples/model-of-your-own.md', import.meta.url)), 'utf8')

export const guideCode = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!).join('')

/** Parts of `examples/pager.ts`, as they stand there. */
export const pagerQuotes = [...guide.matchAll(/```ts pager\.ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
/** A line of `examples/pager-desk.ts`, and what is said of the connector without it, line by line. */
export const wrongDesks = [...guide.matchAll(/<!-- without: (.+) -->\n```text\n([\s\S]*?)```/g)]
  .map(([, line, says]) => ({ line: line!, says: says!.trimEnd().split('\n') }))
