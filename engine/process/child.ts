/** What runs in a supervised process: loads one connector, and puts it through the scenarios it is sent. */
import type { Connector, Event } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { described, load } from './load.ts'
import { mutated, type MutantName } from '../falsify/mutants.ts'
import { trial } from '../trial/trial.ts'

/** What a child is sent, */
export interface Order {
  readonly scenario: Scenario
  readonly patience?: number
  /** Send every event as it happens, because this scenario does not come back. */
  readonly live: boolean
  /** Say how many could have had each turn. */
  readonly counting: boolean
}
/** and what it answers. */
export type Answer =
  | { readonly is: 'ready' }
  | { readonly is: 'event'; readonly event: Event }
  | { readonly is: 'history'; readonly history: readonly Event[]; readonly choices: readonly number[] }
  /** What the file exports, when no export was named: connectors without their `start`, which cannot leave the process. */
  | { readonly is: 'exports'; readonly found: readonly { readonly as: string; readonly connector: Omit<Connector, 'start'> }[] }
  | { readonly is: 'unfit'; readonly because: string }

const [file = '', as = '', mutant = ''] = process.argv.slice(2)
const say = (answer: Answer) => process.send?.(answer)

async function connectorOf(): Promise<Connector | null> {
  try {
    const loaded = await load(file)
    if (as === '') {
      say({ is: 'exports', found: loaded.map(({ as, connector }) => ({ as, connector: described(connector) })) })
      return null
    }
    const found = loaded.find((each) => each.as === as)
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
  process.on('message', ({ scenario, patience, live, counting }: Order) => {
    const choices: number[] = []
    const options = {
      ...(patience === undefined ? {} : { patience }),
      ...(live ? { onEvent: (event: Event) => say({ is: 'event', event }) } : {}),
      ...(counting ? { onChoice: (count: number) => choices.push(count) } : {}),
    }
    void trial(connector, scenario, options).then((history) => say({ is: 'history', history, choices }))
  })
  say({ is: 'ready' })
}
