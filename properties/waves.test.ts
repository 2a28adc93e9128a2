/** Waves: messages that keep coming in the course of a long trouble. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attempt } from '../engine/falsify/falsify.ts'
import { wavesFor } from '../engine/falsify/waves.ts'
import type { Connector, Link } from '../spec/connector.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const drawn = (promised: Partial<Connector> = {}) => fc.sample(wavesFor({ ...base, ...promised })!, { seed: 3, numRuns: 300 })

describe('Waves', () => {
  it('come with time between them, and are answered before the next one, but over a link that hangs', () => {
    for (const { stream, faults, schedule } of drawn({ notApplicable: { 'link hangs': 'no' } })) {
      expect(stream.length).toBeGreaterThanOrEqual(2)
      expect(schedule.filter((position) => position === 0)).toHaveLength(stream.length)
      const arrivals = schedule.flatMap((position, turn) => (position === 0 ? [turn] : []))
      arrivals.forEach((turn, wave) => {
        const next = arrivals[wave + 1] ?? schedule.length
        if (faults[0]!.what !== 'link hangs') expect(next - turn).toBe(1 + stream[wave]!.count)
        expect(faults.some(({ what, after }) => what === 'time passes' && after === next)).toBe(true)
      })
    }
  })

  it('are for the link in trouble and for another, before its end, at it and long after, and with every other fault meanwhile', () => {
    const all = drawn()
    expect(new Set(all.map(({ faults }) => faults[0]!.what)))
      .toEqual(new Set(['link refuses', 'link hangs', 'link drops before', 'time passes']))
    expect(all.some(({ stream }) => new Set(stream.map(({ link }) => link)).size === 2)).toBe(true)
    const ends = all.filter(({ faults }) => faults.some(({ what }) => what === 'link heals'))
    expect([ends.length > 50, ends.length < 290]).toEqual([true, true])
    const others = new Set(all.flatMap(({ faults }) => faults.map(({ what }) => what)).filter((what) => !what.startsWith('link')))
    expect(others.size).toBeGreaterThan(15)
  })

  it('hold nothing that cannot happen to a connector, and are not drawn where no time can pass', () => {
    const left = drawn({
      notApplicable: { 'link refuses': 'no', 'service dies': 'no' }, neverGiven: { refused: 'no', busy: 'no' }, burst: 4,
    })
    const faults = new Set(left.flatMap(({ faults }) => faults.map(({ what }) => what)))
    expect([faults.has('link refuses'), faults.has('service dies'), faults.has('clock goes back')]).toEqual([false, false, true])
    expect(left.every(({ stream }) => stream.every(({ kind, count }) => kind === 'plain' && count <= 4))).toBe(true)
    for (const none of [{ clock: 'real' }, { notApplicable: { 'time passes': 'no' } }] as const)
      expect(wavesFor({ ...base, ...none })).toBeNull()
  })
})

/** Open for so long, by a timer or by the clock: the same to whoever sends. */
function breaker(name: string, openFor: number, by: 'timer' | 'clock'): Connector {
  class Breaker {
    readonly #link: Link
    #failures = 0
    #until = 0

    constructor(link: Link) {
      this.#link = link
    }

    async send(content: unknown): Promise<void> {
      if (this.#until > performance.now()) throw new Error('it is open')
      try {
        await this.#link.send(content)
        this.#failures = 0
      } catch (error) {
        if ((error as { outcome?: string }).outcome !== 'refused for good' && ++this.#failures >= 3) this.#open()
        throw error
      }
    }

    #open(): void {
      this.#until = by === 'clock' ? performance.now() + openFor : Infinity
      if (by === 'timer') setTimeout(() => { this.#until = 0; this.#failures = 0 }, openFor)
    }
  }
  return {
    name, guarantee: 'at-least-once', neverGiven: { busy: 'it counts as a failure of the link' }, burst: 50,
    start({ links }) {
      const breakers = new Map(links.map((link) => [link.name, new Breaker(link)]))
      return { take: ({ link, content }) => breakers.get(link)!.send(content) }
    },
  }
}

describe('A breaker', { timeout: 240_000 }, () => {
  for (const by of ['timer', 'clock'] as const) {
    it(`that is open for half an hour by its ${by} is caught, for it declares no recovery of more than a minute`, async () => {
      const { broken } = await attempt(breaker('one', 1_800_000, by), { seed: 1, runs: 200, asDrawn: true })
      expect(['nothing wedges', 'honest']).toContain(broken?.law.name)
    })

    it(`that is open for half a minute by its ${by}, or says for how long, keeps every law`, async () => {
      for (const right of [breaker('one', 30_000, by), { ...breaker('one', 1_800_000, by), recovery: 1_800_000 }])
        expect(await attempt(right, { seed: 1, runs: 100, asDrawn: true })).toMatchObject({ verdict: 'lawful' })
    })
  }
})
