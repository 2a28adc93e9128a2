/**
 * opossum: a circuit breaker for each link, which fails fast while its link is down. Half open it lets one message pass, and
 * would fail the others: they wait for what becomes of that one.
 */
import { createRequire } from 'node:module'
import type { Connector } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { never } from '../never.ts'

type Breaker = new (action: (content: unknown) => Promise<void>, options: {
  timeout: number
  errorThresholdPercentage: number
  resetTimeout: number
  errorFilter: (error: { readonly outcome?: string }) => boolean
}) => CircuitBreaker
interface CircuitBreaker { readonly halfOpen: boolean; fire(content: unknown): Promise<void>; shutdown(): void }

const seconds = 1_000
const opening = 'open the breaker, which then fails healthy messages fast: that is what it is for'

const breaking = (name: string, CircuitBreaker: Breaker): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ links }) {
    const breakers = new Map(links.map(({ name: link, send }) => [link, new CircuitBreaker(send, {
      timeout: 10 * seconds, errorThresholdPercentage: 50, resetTimeout: 30 * seconds,
      // What is refused for good is the message’s fault, and says nothing of the link.
      errorFilter: ({ outcome }) => outcome === 'refused for good',
    })]))
    const trying = new Map<string, Promise<void>>()
    return {
      async take({ link, content }) {
        while (trying.has(link)) await trying.get(link)!.catch(() => undefined)
        const breaker = breakers.get(link)!
        if (!breaker.halfOpen) return breaker.fire(content)
        const word = breaker.fire(content).finally(() => trying.delete(link))
        trying.set(link, word)
        return word
      },
      stop() {
        for (const breaker of breakers.values()) breaker.shutdown()
      },
    }
  },
  timeout: 10 * seconds,
  // It counts a far side that is busy like one that is down.
  trouble: ['refused for now'],
  notApplicable: {
    ...never,
    'time passes': `a call that waits an hour for its turn will ${opening}`,
    'sender aborts': 'a call once made cannot be called back',
  },
})

const load = createRequire(import.meta.url) as (name: string) => Breaker

export const opossum420 = breaking('opossum 4.2.0', load('opossum-4.2.0'))

export const trials: readonly Trial[] = [
  {
    row: 16,
    buggy: opossum420,
    fixed: breaking('opossum 4.2.1', load('opossum-4.2.1')),
    laws: ['nothing wedges', 'honest'],
    trigger: 'of messages that fail at once, one more than it takes to open the breaker: it stays open',
    smallest: 4,
    published: 'nodeshift/opossum #385',
  },
]

// It asks for Node 22 or later, but runs on Node 20 as well: it uses nothing newer.
export const mustPass: readonly Connector[] = [breaking('opossum 10.0.0', load('opossum-10.0.0'))]
