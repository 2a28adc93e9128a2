/** What the clauses of the laws say of histories written by hand. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'
import { handMade } from './hand-made-history.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }

/** What is said of a history, for each by its title: null where it is lawful. */
type Cases = Readonly<Record<string, readonly [history: string, says: string | null, promised?: Partial<Connector>]>>

export function clause(name: string, law: LawName, cases: Cases): void {
  describe(`The clause ‘${name}’`, () => {
    for (const [title, [history, says, promised = {}]] of Object.entries(cases))
      it(title, () => {
        const found = judge({ ...connector, ...promised }, handMade(history))
        expect(found?.says ?? null).toBe(says)
        if (found) expect([found.law.name, found.clause]).toEqual([law, name])
      })
  })
}
