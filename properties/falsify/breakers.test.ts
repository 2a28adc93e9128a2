/** Breakers, which waves are for: open for longer than a connector may suffer, or not. */
import { describe, expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import type { Connector, Link } from '../../spec/connector.ts'

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
