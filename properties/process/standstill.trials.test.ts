import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { besideStandstill } from '../../engine/process/standstill.ts'
import type { Scenario } from '../../spec/scenario.ts'

const dir = mkdtempSync(join(tmpdir(), 'unwedge-standstill-'))
afterAll(() => rmSync(dir, { recursive: true }))

const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))
const spin = (milliseconds: number) => { for (const until = Date.now() + milliseconds; Date.now() < until; ) Math.sqrt(until) }

/** What is written while this is done. */
async function written(name: string, does: (begins: (scenario: Scenario) => void) => Promise<void>): Promise<string> {
  const file = join(dir, `${name.replaceAll(' ', '-')}.txt`)
  const to = openSync(file, 'w')
  try {
    // The thread is there a moment after it is asked for.
    await besideStandstill({ name, after: 600, to }, async (begins) => { await pause(500); await does(begins) })
  } finally {
    closeSync(to)
  }
  return readFileSync(file, 'utf8')
}

describe('What a test says of a connector that lets nothing else have a turn', { timeout: 60_000 }, () => {
  it('is which one it is, and in which scenario, once, while it stands still', async () => {
    const text = await written('the spinner', async (begins) => { begins(scenario); spin(3_000) })
    expect(text).toContain('unwedge: for 0.6 seconds the spinner has let nothing else in this process have a turn')
    expect(text).toContain(`\n${JSON.stringify(scenario)}\n`)
    expect(text.match(/unwedge: for/g)).toHaveLength(1)
  })

  it('is nothing where it waits, nor where no scenario has begun', async () => {
    expect(await written('one that waits', async (begins) => { begins(scenario); await pause(2_000) })).toBe('')
    expect(await written('one that has not begun', async () => spin(2_000))).toBe('')
  })

  it('is nothing where scenarios follow each other without a turn', async () => {
    expect(await written('a quick one', async (begins) => { for (let i = 0; i < 10; i++) { begins(scenario); spin(200) } })).toBe('')
  })
})
