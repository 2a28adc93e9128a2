/** Which faults were drawn for a connector and never came about, and why not: nothing is passed over in silence. */
import type { FaultName, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

export interface Unreached {
  readonly what: FaultName
  readonly because: string
}

const why: Readonly<Partial<Record<FaultName, string>>> = {
  'worker dies': 'it has no ‘kill’',
  'service stops': 'it has no ‘stop’',
  'service restarts': 'it has no ‘stop’',
  'service dies': 'it runs on the real clock, and its sockets cannot be taken from it',
  'sender aborts': 'it never looks at a message’s ‘signal’',
  'receiving fails': 'it is handed its messages, and fetches none',
  'acknowledging fails': 'it is handed its messages, and fetches none',
  'link answers twice': 'it has no far side of its own that could: ‘send’ answers once',
}

export class Reach {
  readonly #drawn = new Set<FaultName>()
  readonly #seen = new Set<FaultName>()

  see({ faults }: Scenario, history: History): void {
    const fresh = faults.filter(({ what }) => !this.#seen.has(what))
    for (const { what } of fresh) {
      this.#drawn.add(what)
      if (history.some((event) => (what === 'link answers twice' ? event.detail === 'twice' : event.what === what))) this.#seen.add(what)
    }
  }

  get unreached(): readonly Unreached[] {
    return [...this.#drawn].filter((what) => !this.#seen.has(what))
      .map((what) => ({ what, because: why[what] ?? 'no scenario came to it' }))
  }
}
