import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { failureOf } from '../../bin/input/exit-code.ts'
import { importable, languageOf } from '../../bin/input/imports.ts'
import { readAll } from '../../bin/input/page-file.ts'
import * as references from '../../connectors/references.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { scenarios } from '../../engine/falsify/generator.ts'
import { namesFor, scaffold } from '../../bin/commands/scaffold.ts'
import { canonical, entriesIn, forget, keep, misfit, nameOf, readStored, type Stored, slug, storedFrom } from '../../engine/store/store.ts'
import { connectorLaws } from '../../spec/laws.ts'
import type { Fresh, Scenario } from '../../spec/scenario.ts'
import { regression } from '../../api/vitest.ts'

const scratch = mkdtempSync(join(tmpdir(), 'unwedge-store-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let next = 0
const freshStore = () => join(scratch, `${next++}`)

const scenario: Scenario = {
  workers: 1, links: 2, stream: [{ count: 3, kind: 'busy', link: 1 }], faults: [{ after: 2, what: 'link hangs', on: 1 }], schedule: [0, 2],
}
const stored: Stored = {
  schema: 3, kind: 'scenario', connector: 'my queue 1.0', export: 'mine', file: 'my.ts', law: 'honest', says: 'so it is', scenario,
  found: { seed: 1, run: 7, by: 'drawing' },
}
const calm = fc.array(fc.constantFrom<Fresh>({ kind: 'twin', link: 2 }, { kind: 'plain', link: 1, later: true }), { minLength: 1 })
const drawn = fc.oneof(scenarios(references.transferAgent), scenarios({ ...references.transferAgent, recipients: 3 }),
  fc.tuple(scenarios(references.transferAgent), calm).map(([scenario, fresh]) => ({ ...scenario, calm: fresh })))
const errorOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}
const few = { seed: 1, numRuns: 50 }

describe('A failure that is kept', () => {
  it('reads back as it was, whatever the scenario', () => {
    const dir = freshStore()
    fc.assert(fc.property(drawn, (each) => {
      expect(readStored(keep(dir, { ...stored, scenario: each }))).toEqual({ ...stored, scenario: each })
    }), few)
    expect(entriesIn(dir).every((entry) => 'stored' in entry)).toBe(true)
  })

  it('reads back whichever law it broke', () => {
    const dir = freshStore()
    for (const { name: law } of connectorLaws) expect(readStored(keep(dir, { ...stored, law }))).toEqual({ ...stored, law })
  })

  it('is named for its connector and for what it holds, and is one file however often it is found', () => {
    const dir = freshStore()
    const path = keep(dir, stored)
    expect(path).toMatch(/[/\\]my-queue-1\.0-[0-9a-f]{10}\.json$/)
    expect(keep(dir, { ...stored, found: { seed: 2, run: 1, by: 'every order' }, file: 'elsewhere.ts' })).toBe(path)
    expect(readStored(path).file).toBe('elsewhere.ts')
    expect(keep(dir, { ...stored, law: 'none twice' })).not.toBe(path)
    expect(keep(dir, { ...stored, scenario: { ...scenario, workers: 2 } })).not.toBe(path)
    expect(readdirSync(dir)).toHaveLength(3)
    forget(path)
    expect(existsSync(path)).toBe(false)
  })

  it('does not take the place of what another file’s connector of the same name broke in the same way', () => {
    const dir = freshStore()
    const other = join(scratch, 'other.ts')
    writeFileSync(other, '')
    const theirs = keep(dir, { ...stored, file: other })
    const ours = keep(dir, stored)
    expect(ours).not.toBe(theirs)
    expect(keep(dir, stored)).toBe(ours)
    expect([readStored(theirs).file, readStored(ours).file]).toEqual([other, stored.file])
    rmSync(other)
    expect(keep(dir, stored), 'a file that is gone has no say any more').toBe(theirs)
  })

  it('has the same name in whatever order its fields stand', () => {
    const backwards = Object.fromEntries(Object.entries(scenario).reverse()) as unknown as Scenario
    expect(nameOf({ ...stored, scenario: backwards })).toBe(nameOf(stored))
    expect(canonical({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}')
  })

  it('has a name that no file system takes for more than a name', () => {
    for (const name of ['../../etc/passwd', '.hidden', 'a/b\\c:d', 'é🎉', '\u001b[2J', 'x'.repeat(500), '--help', ''])
      expect(slug(name), name).toMatch(/^[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?$/)
  })

  it('is written whole or not at all, and the reason of the system is given', () => {
    const dir = freshStore()
    writeFileSync(dir, '')
    expect(() => keep(dir, stored)).toThrow(/EEXIST/)
    const other = freshStore()
    mkdirSync(other)
    mkdirSync(join(other, `${nameOf(stored)}.json`))
    expect(() => keep(other, stored)).toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    expect(readdirSync(other)).toEqual([`${nameOf(stored)}.json`])
  })
})

describe('A store', () => {
  it('is empty where there is none', () => {
    expect(entriesIn(join(scratch, 'nowhere'))).toEqual([])
  })

  it('tells in one line of what it cannot read, and goes on', () => {
    const dir = freshStore()
    keep(dir, stored)
    const others = {
      'a.json': '{', 'b.json': '{"schema": 4, "kind": "scenario"}', 'c.json': '7', 'd.json': JSON.stringify({ ...stored, law: 'no law' }),
      'e.json': JSON.stringify({ ...stored, scenario: { ...scenario, stream: [{ count: 1e9, kind: 'plain', link: 1 }] } }), 'notes.txt': 'x',
      'g.json': JSON.stringify({ ...stored, scenario: { ...scenario, stream: Array(1_000).fill({ count: 1e5, kind: 'plain', link: 1 }) } }),
      'h.json': JSON.stringify({ ...stored, scenario: { ...scenario, stream: [{ count: 1, kind: 'refused', link: 1, only: 0 }] } }),
    }
    for (const [name, text] of Object.entries(others)) writeFileSync(join(dir, name), text)
    mkdirSync(join(dir, 'f.json'))
    const read = entriesIn(dir).map((entry) => ('stored' in entry ? 'read' : entry.unreadable.replace(dir, '').replace(/^[/\\]/, '')))
    expect(read).toEqual([
      'a.json cannot be read: it is no JSON.', 'b.json cannot be read: it is of schema 4, and this unwedge knows 3.',
      'c.json cannot be read: it is no stored scenario.', 'd.json cannot be read: it names no law.',
      "e.json cannot be read: its ‘count’ is no whole number from 1 to 100,000.", 'f.json is no file.',
      'g.json cannot be read: its scenario has more than 500,000 messages.',
      'h.json cannot be read: its ‘only’ is no whole number from 1 to 1,000.', 'read',
    ])
    for (const name of Object.keys(others)) expect(readFileSync(join(dir, name), 'utf8')).toBe(others[name as keyof typeof others])
  })

  it('reads what an older one wrote, and leaves its file as it is', async () => {
    const dir = freshStore()
    mkdirSync(dir)
    const path = join(dir, 'my-queue-1.0-6a3c7fb1d2.json')
    for (const older of [1, 2]) {
      const old = readFileSync(fileURLToPath(new URL(`./stored/schema-${older}.json`, import.meta.url)), 'utf8')
      writeFileSync(path, old)
      expect(entriesIn(dir)).toEqual([{ path, stored }])
      expect(await readAll(path)).toEqual([stored])
      expect(readFileSync(path, 'utf8')).toBe(old)
    }
    for (const schema of [0, 1.5, '1', null, -1]) {
      writeFileSync(path, JSON.stringify({ ...stored, schema }))
      expect(entriesIn(dir)).toEqual([{ path, unreadable: `${path} cannot be read: it is no stored scenario.` }])
    }
  })

  it('keeps nothing by halves on a full disk, and says so', ({ skip }) => {
    const dir = freshStore()
    mkdirSync(dir)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', dir]).status === 0
    skip(!mounted, 'there is no right to mount a full disk here')
    try {
      writeFileSync(join(dir, 'other'), 'x'.repeat(4_096))
      expect(failureOf(errorOf(() => keep(dir, stored)))?.says).toBe(`${join(dir, `${nameOf(stored)}.json`)} cannot be written: no space is left.`)
      expect(readdirSync(dir)).toEqual(['other'])
    } finally {
      spawnSync('umount', [dir])
    }
  })

  it('takes nothing on trust, whatever has happened to an entry', () => {
    const wrong = (why: string) => new UsageError(why)
    fc.assert(fc.property(fc.constantFrom(...Object.keys(stored), ...Object.keys(scenario)), fc.jsonValue(), (field, value) => {
      const changed = field in stored ? { ...stored, [field]: value } : { ...stored, scenario: { ...scenario, [field]: value } }
      try {
        expect(storedFrom(changed, wrong).scenario.stream.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }), { seed: 1, numRuns: 300 })
  })

  it('knows what a connector is not given any more', () => {
    expect(misfit(references.gateway, scenario)).toBeNull()
    expect(misfit({ ...references.gateway, neverGiven: { busy: 'none is' } }, scenario)).toBe('it is never given ‘busy’')
    expect(misfit({ ...references.gateway, links: [1, 1] }, scenario)).toBe('it is not given 2 links')
    expect(misfit({ ...references.gateway, workers: [2, 4] }, scenario)).toBe('it is not given 1 workers')
    expect(misfit(references.gateway, { ...scenario, links: 900 })).toBe('it is not given 900 links')
    const many = (count: number) => ({ ...scenario, stream: Array.from({ length: 2 }, () => ({ count, kind: 'plain' as const, link: 1 })) })
    expect(misfit({ ...references.gateway, burst: 100 }, many(250))).toBeNull()
    expect(misfit({ ...references.gateway, burst: 100 }, many(251))).toBe('it is not given 502 messages, but at most 500')
  })
})

regression(references.transferAgent, scenario, 'honest')

describe('A connector to start from', () => {
  it('is called after its file', () => {
    expect(namesFor('a/my-queue.ts')).toEqual({ name: 'my queue', as: 'myQueue' })
    expect(namesFor('SQS_consumer.v2.ts')).toEqual({ name: 'SQS consumer v2', as: 'sqsConsumerV2' })
    for (const path of ['class.ts', 'connector.ts', '9.ts', '….ts', 'Connector.ts'])
      expect(namesFor(path).as, path).toBe('connector')
  })

  it('is in the language of its file, and of its package where that leaves it open', () => {
    const root = freshStore()
    mkdirSync(join(root, 'old'), { recursive: true })
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(root, 'old/package.json'), 'broken')
    const names = ['a.ts', 'a.mts', 'a.mjs', 'a.cjs', 'deep/down/a.js', 'old/a.js']
    expect(names.map((name) => languageOf(join(root, name))))
      .toEqual(['TypeScript', 'TypeScript', 'ES modules', 'CommonJS', 'ES modules', 'CommonJS'])
    expect(scaffold('my-queue.cjs', 'unwedge', 'CommonJS'))
      .toMatch(/\n\/\*\* @type \{import\('unwedge'\)\.Connector\} \*\/\nconst myQueue = \{\n[\s\S]*\nmodule\.exports = \{ myQueue \}\n$/)
  })

  it('imports the contract from where it is', () => {
    expect(scaffold('my-queue.ts', '../../spec/connector.ts')).toContain("import type { Connector } from '../../spec/connector.ts'\n")
    expect(scaffold('my-queue.ts', importable('/a/b', "/a/it's/connector.ts"))).toContain("from '../it\\'s/connector.ts'\n")
  })
})
