import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import { trial } from '../../engine/trial/trial.ts'
import type { Connector, World } from '../../spec/connector.ts'

const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

/** Dials all its links before it is there, and a link that does not answer again after a second. */
const dialling = (name: string, patient: (world: World, starts: number) => Promise<unknown>): Connector => {
  let starts = 0
  return {
    name,
    guarantee: 'at-least-once',
    async start(world) {
      await patient(world, ++starts)
      return { take: ({ content }) => world.send(content), stop: () => undefined }
    },
    exempt: { 'links are independent': 'it starts when all links are there' },
    burst: 32,
  }
}
const dialled = ({ links }: World) => Promise.all(links.map(async ({ step }) => {
  while (!(await step('dial')).startsWith('taken')) await pause(1_000)
}))

describe('A connector that takes its time to start', { timeout: 240_000 }, () => {
  it('is waited for, and keeps every law', async () => {
    const { verdict } = await attempt(dialling('one that starts in a second', () => pause(1_000)), { seed: 1, runs: 300 })
    expect(verdict).toBe('lawful')
  })

  it('may be met by a fault at every step of that, and still keeps every law', async () => {
    const { verdict, broken } = await attempt(dialling('one that dials', dialled), { seed: 1, runs: 300 })
    expect(broken?.says ?? null).toBeNull()
    expect(verdict).toBe('lawful')
  })

  it('is caught when it never comes back', async () => {
    const once = dialling('one that starts once', (world, starts) => (starts > 3 ? new Promise(() => undefined) : dialled(world)))
    const { broken } = await attempt(once, { seed: 1, runs: 300, asDrawn: true })
    expect(broken?.law.name).toMatch(/delivered or flagged|nothing wedges/)
  })

  it('is waited for where it reads a file, of which virtual time does not know', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'unwedge-starting-'))
    let files = 0
    const loads = dialling('one that reads a file', async () => {
      const file = join(dir, `${++files}.txt`)
      await writeFile(file, 'it is there')
      await pause(10)
      if ((await readFile(file, 'utf8')) !== 'it is there') throw new Error('It is not there.')
      await pause(10)
    })
    try {
      for (const seed of [1, 2, 3]) expect((await attempt(loads, { seed, runs: 20 })).broken?.says ?? null).toBeNull()
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})

describe('A connector whose word never comes', () => {
  for (const what of ['kill', 'scale', 'end', 'stop'] as const)
    it(`of its \`${what}\` keeps no trial from its end`, async () => {
      const silent: Connector = {
        name: `one that is silent about \`${what}\``, guarantee: 'at-least-once', burst: 8,
        start: ({ send }) => ({ take: ({ content }) => send(content), [what]: () => new Promise<void>(() => undefined) }),
      }
      const faults = (['worker dies', 'workers change', 'service stops'] as const).map((fault, i) => ({ what: fault, after: i, on: 1 }))
      const history = await trial(silent, { workers: 2, links: 1, stream: [{ count: 4, kind: 'plain', link: 1 }], faults, schedule: [] })
      expect(history.at(-1)?.what).toBe('end')
    })
})
