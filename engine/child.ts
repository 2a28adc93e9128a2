/** What runs in a supervised process: loads one connector, and puts it through the ordeals it is sent. */
import type { Connector, Event } from '../spec/connector.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import { load } from './load.ts'
import { mutated, type MutantName } from './mutants.ts'
import { trial } from './trial.ts'

/** What a child is sent, */
export interface Order {
  readonly ordeal: Ordeal
  readonly patience?: number
  /** Send every event as it happens, because this ordeal does not come back. */
  readonly live: boolean
}
/** and what it answers. */
export type Answer =
  | { readonly is: 'ready' }
  | { readonly is: 'event'; readonly event: Event }
  | { readonly is: 'history'; readonly history: readonly Event[] }
  | { readonly is: 'unfit'; readonly because: string }

const [file = '', as = '', mutant = ''] = process.argv.slice(2)
const say = (answer: Answer) => process.send?.(answer)

async function connectorOf(): Promise<Connector | null> {
  try {
    const found = (await load(file)).find((loaded) => loaded.as === as)
    if (found) return mutant === '' ? found.connector : mutated(found.connector, mutant as MutantName)
    say({ is: 'unfit', because: `${file} no longer exports ‘${as}’.` })
  } catch (error) {
    say({ is: 'unfit', because: error instanceof Error ? error.message : String(error) })
  }
  return null
}

const connector = await connectorOf()
if (connector) {
  process.on('disconnect', () => process.exit(0))
  process.on('message', ({ ordeal, patience, live }: Order) => {
    const options = {
      ...(patience === undefined ? {} : { patience }),
      ...(live ? { onEvent: (event: Event) => say({ is: 'event', event }) } : {}),
    }
    void trial(connector, ordeal, options).then((history) => say({ is: 'history', history }))
  })
  say({ is: 'ready' })
}
