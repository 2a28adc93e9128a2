import { describe, expect, it } from 'vitest'
import { gateway } from '../../connectors/references.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import type { Connector, Event, FaultName, MessageKind } from '../../spec/connector.ts'
import { faultsFor, kindsFor } from '../../spec/connector.ts'
import { wrongAboutFaults } from '../samples/wrong-about-faults.ts'
import { wrongAboutMessages } from '../samples/wrong-about-messages.ts'
import type { Wrong } from '../samples/wrong-connectors.ts'

/** A trial that is cut short leaves its clock behind. */
const patient = { timeout: 240_000 }

const because = 'another is tried'
const without = <Name extends string>(names: readonly Name[], but: readonly string[]) =>
  Object.fromEntries(names.filter((name) => !but.includes(name)).map((name) => [name, because])) as Readonly<Partial<Record<Name, string>>>

/** A wrong connector that only so many faults and kinds of message reach. */
function reachedBy({ about, law: _, with: more = [], ...rest }: Wrong, ...names: readonly (FaultName | MessageKind)[]): Connector {
  const connector: Connector = { name: `one that ${about}`, guarantee: 'at-least-once', burst: 50, ...rest }
  const reached = [...names, ...more, 'plain']
  return { ...connector, notApplicable: without(faultsFor(connector), reached), neverGiven: without(kindsFor(connector), reached) }
}

describe('A lawful connector', patient, () => {
  it('has a verdict that says what it was never tried with, and why', async () => {
    const { unreached } = await attempt({ ...gateway, burst: 50 }, { seed: 1, runs: 150 })
    expect(unreached.map(({ what, because }) => `${what}: ${because}`).sort()).toEqual([
      'acknowledgement is lost: it is handed its messages, and fetches none',
      'acknowledging fails: it is handed its messages, and fetches none',
      'disk fails: it makes no call of ‘world.storage’', 'disk is slow: it makes no call of ‘world.storage’',
      'link answers twice: it has no far side of its own that could: ‘send’ answers once',
      'link loses answer: it declares no ‘timeout’', 'link never answers: it declares no ‘timeout’',
      'receiving fails: it is handed its messages, and fetches none',
      'sender aborts: it never looks at a message’s ‘signal’',
      'service restarts: it has no ‘stop’', 'service stops: it has no ‘stop’',
      'source drops: it is handed its messages, and fetches none', 'source is late: it is handed its messages, and fetches none',
      'worker dies: it has no ‘kill’', 'workers change: it has no ‘scale’',
    ])
  })
})

/** As a trial, long enough to believe that nothing else reaches it. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const tries = { seed: 1, runs: 400, asDrawn: true }
const withoutIt = { ...tries, runs: isWhole ? 60 : 15 }

for (const [what, wrong] of Object.entries(wrongAboutFaults) as [FaultName, Wrong][])
  describe(`The fault ‘${what}’`, patient, () => {
    it.skipIf(!isWhole && what === 'source is late')(`catches one that ${wrong.about}`, async () => {
      const { broken } = await attempt(reachedBy(wrong, what), tries)
      expect(broken?.law.name).toBe(wrong.law)
      // That everything is healed in the end heals links too, and the schedule alone puts answers out of order.
      const happened = (event: Event) => event.what === what || (what === 'link heals' && event.what === 'healed')
      expect(what === 'link answers out of order' || broken?.history.some(happened)).toBe(true)
    })
    // The schedule alone puts answers out of order, too.
    if (what !== 'link answers out of order')
      it(`is what it takes: without any, one that ${wrong.about} keeps every law`, async () => {
        const { broken } = await attempt(reachedBy({ ...wrong, with: [] }), withoutIt)
        expect(broken?.says ?? null).toBeNull()
      })
  })

for (const [kind, wrong] of Object.entries(wrongAboutMessages) as [MessageKind, Wrong][])
  describe(`A message that is ‘${kind}’`, patient, () => {
    it(`catches one that ${wrong.about}`, async () => {
      const { broken } = await attempt(reachedBy(wrong, kind), tries)
      expect(broken?.law.name).toBe(wrong.law)
    })
    if (kind !== 'plain')
      it(`is what it takes: without it, one that ${wrong.about} keeps every law`, async () => {
        const { broken } = await attempt(reachedBy(wrong), withoutIt)
        expect(broken?.says ?? null).toBeNull()
      })
  })
