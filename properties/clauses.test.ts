import { describe, expect, it } from 'vitest'
import { judge } from '../engine/verdict/judge.ts'
import type { Connector } from '../spec/connector.ts'
import { handMade } from './hand-made-history.ts'

type Promised = Partial<Connector>
const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const judged = (history: string, promised: Promised) => judge({ ...connector, ...promised }, handMade(history))

/** What is said of a history, for each by its title: null where it is lawful. */
type Cases = Readonly<Record<string, readonly [history: string, says: string | null, promised?: Promised]>>

function clause(name: string, law: string, cases: Cases): void {
  describe(`The clause ‘${name}’`, () => {
    for (const [title, [history, says, promised = {}]] of Object.entries(cases))
      it(title, () => {
        const found = judged(history, promised)
        expect(found?.says ?? null).toBe(says)
        if (found) expect([found.law.name, found.clause]).toEqual([law, name])
      })
  })
}

const inOrder = { order: 'per link' } as const
const overtaken = 'm1 is recorded after m2, which was taken after it and goes over link 1 too.'
const two = 'taken m1; taken m2'
clause('in the order in which they were taken', 'in order', {
  'keeps whoever records one after another': [`${two}; taken m3; sent m1 #1; sent m2 #2; sent m3 #3`, null, inOrder],
  'is broken by who records the second first': [`${two}; sent m2 #1; sent m1 #2`, overtaken, inOrder],
  'is broken by who leaves one out in the middle': [
    `${two}; taken m3; sent m1 #1; sent m3 #2; sent m2 #3`, 'm2 is recorded after m3, which was taken after it and goes over link 1 too.', inOrder],
  'is not broken as long as the first may still be flagged': [`${two}; sent m2 #1; refused m1 #2; flagged m1`, null, inOrder],
  'is for those who promise it': [`${two}; sent m2 #1; sent m1 #2`, null],
  'is about each link by itself': ['taken m1 over 2; taken m2; sent m2 #1; sent m1 #2', null, inOrder],
  'does not ask for one that was flagged': ['taken m1 (bad address); taken m2; flagged m1; sent m2 #1', null, inOrder],
  'does not ask for one that was given again, nor for one that was interrupted': [
    'taken m1; given again m1; taken m2; worker dies; taken m3; sent m3 #1; sent m2 #2; sent m1 #3', null, inOrder],
  'is not about a second copy': [`${two}; taken m3; sent m1 #1 untold; sent m2 #2; sent m1 #3`, null, inOrder],
})
