import { describe, expect, it } from 'vitest'
import { advice } from '../reports/text/advice.ts'
import { violationPage } from '../reports/text/violation-page.ts'
import type { Event, EventName } from '../spec/connector.ts'
import { deliveredOrFlagged, honest, type Law, linksAreIndependent, noneTwice, nothingWedges } from '../spec/laws.ts'
import type { Violation } from '../spec/evidence/violation.ts'
import { loser } from './exhibits.ts'

const [lost] = loser.violations
const event = (what: EventName, message?: string, link = 'link 1'): Event =>
  ({ what, link, time: 0, ...(message === undefined ? {} : { message }) })

/** A connector that breaks a law at the last event, for m1 unless told otherwise. */
const broken = (law: Law, history: readonly Event[], message: string | null = 'm1', clause = ''): Violation =>
  ({ ...lost!, law: { name: law.name, says: law.says }, clause, message, history, at: history.length - 1 })
const first = (found: Violation) => advice(found)[0]

describe('What to look for', () => {
  it('is what comes after the last event about a lost message', () => {
    expect(first(lost!)).toBe('The last event about m2 is step 8, “link 1 drops m2, before”. Look at what the connector does from there: '
      + 'on that path it neither sends m2 again nor settles its promise.')
    expect(first(broken(deliveredOrFlagged, [event('taken', 'm1'), event('healed')]))).toMatch(/^m1 was taken at step 1, and never sent\./)
  })

  it('is why a message that is given up waits for its verdict', () => {
    const history = [event('taken', 'm1'), event('sender aborts', 'm1'), event('at rest'), event('healed'), event('flagged', 'm1')]
    const found = { ...broken(deliveredOrFlagged, history), at: 2 }
    expect(first(found))
      .toMatch(/^The sender of m1 gives it up at step 2, and at step 3 nothing more happens; its verdict comes only at step 5\./)
    expect(first({ ...found, history: history.slice(0, 4) })).toContain('its verdict never comes.')
  })

  it('is what starts the second sending', () => {
    const twice = ['taken', 'offered', 'recorded', 'offered', 'recorded'].map((what) => event(what as EventName, 'm1'))
    expect(first(broken(noneTwice, twice))).toMatch(/^m1 arrived at step 3 and is sent again at step 4, though/)
    const once = { ...broken(noneTwice, twice), guarantee: 'exactly-once' as const }
    expect(advice(once).at(-1)).toContain('promise ‘at-least-once’ then')
  })

  it('is what links share', () => {
    const history = [event('taken', 'm1', 'link 2'), event('link hangs'), event('at rest')]
    expect(first(broken(linksAreIndependent, history)))
      .toMatch(/^From step 2, “link 1 hangs” on, m1, which goes over link 2, waits too\. Look for what the links share:/)
  })

  it('is what is still blocked, or what was thrown where nobody catches it', () => {
    const held = [event('link hangs'), event('taken', 'm1'), event('healed'), event('fresh', 'm2'), event('end')]
    expect(first(broken(nothingWedges, held, 'm2'))).toContain('m2 does not get through. Something is still blocked since step 1, “link 1 hangs”')
    const fell = [event('taken', 'm1'), event('crashed')]
    expect(first(broken(nothingWedges, fell, null))).toMatch(/^An error was thrown where nobody catches it, after step 1, “takes m1”/)
  })

  it('is where a false word comes from', () => {
    const says = (what: EventName, clause?: string) => first(broken(honest, [event('taken', 'm1'), event(what, 'm1')], 'm1', clause))
    expect(says('claims delivered')).toContain('when the link has answered')
    expect(says('flagged')).toContain('was healthy')
    expect(says('flagged', 'one verdict')).toContain('Two paths settle m1')
    expect(says('recorded altered')).toContain('not what was taken')
  })

  it('stands on the page, whose events have the same numbers', () => {
    const page = violationPage(lost!)
    expect(page.replace(/\s+/g, ' ')).toContain(`What to do: ${advice(lost!).join(' ')}`)
    expect(page).toMatch(/^ +8 .*drops m2, before$/m)
  })
})
