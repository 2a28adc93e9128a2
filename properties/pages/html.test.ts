import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { build } from '../../engine/model/build.ts'
import { check } from '../../engine/search/claims.ts'
import { answersOf } from '../../engine/run/answers.ts'
import { explained, thresholdsOf } from '../../engine/run/counterfactuals.ts'
import { readersOf } from '../../engine/run/playback.ts'
import { speed } from '../../engine/speed/speed.ts'
import { atFullSize } from '../../engine/walk/threshold.ts'
import { replay } from '../../engine/run/replay.ts'
import { parseSchedule } from '../../engine/run/schedule-text.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { limits } from '../../models/limits.ts'
import { relay } from '../../models/relay.ts'
import { dataOf } from '../../reports/html/page-data.ts'
import type { RunPage } from '../../reports/html/run-page-data.ts'
import { plain } from '../../reports/text/words.ts'
import { runModel } from '../../reports/html/script/run-model.ts'
import { htmlReport } from '../../reports/html/report.ts'
import type { Evidence, ExplainedCounterexample, Value } from '../../spec/evidence/suite-evidence.ts'
import { busy, evidenceOf, fullCache, hostile, loser, nasty, stranger, tried } from './exhibits.ts'

/** The part of the page’s script that knows every state, run here. */
interface RunModel {
  readonly length: number
  readonly rows: number
  state(steps: number): readonly Value[]
  sentence(step: number): string
  stepAt(row: number): number
  rowOf(step: number): number
}
const RunModel = new Function(`${runModel}\nreturn RunModel`)() as new (page: Pick<RunPage, 'playback' | 'breaks'>) => RunModel

const evidence = evidenceOf(
  'claim-queue/asShipped', 'gateway/asShipped', 'gateway/fixed', 'interchange/asShipped', 'relay/gateway.stripsEveryoneAfter')
const pageOf = ({ pages }: Evidence, variant: string): ExplainedCounterexample =>
  pages.find(({ found }) => `${found.component}/${found.variant}` === variant)!
const [lost] = loser.violations as [(typeof loser.violations)[number]]
const empty: Evidence = { command: '', claims: [], pages: [], connectors: [], thresholds: [] }

const dataIn = (html: string): unknown => JSON.parse(/<script type="application\/json" id="evidence">(.*?)<\/script>/s.exec(html)![1]!)

/** As a trial: a run of tens of thousands of steps takes seconds. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('A page of evidence', () => {
  const html = htmlReport({ ...evidence, connectors: [loser] })

  it('is one file under 300 kB without its data, and names no other place', () => {
    expect(Buffer.byteLength(htmlReport(empty))).toBeLessThan(300_000)
    const around = html.replace(/<script type="application\/json".*?<\/script>/s, '')
    expect(around).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|(?:src|href)="(?!#|data:,")/)
  })

  it('lets nothing run but its own script, and nothing be fetched', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${hash(/<script>(.*?)<\/script>/s.exec(html)![1]!)}`)
    expect(policy).toContain(`style-src ${hash(/<style>(.*?)<\/style>/s.exec(html)![1]!)}`)
    expect(policy).not.toContain('unsafe')
  })

  // No type checker reads the script: a name that was changed in one place only shows in a browser, or here.
  it('has a script in which every name is declared and every drawn element is one of SVG', () => {
    const script = /<script>(.*?)<\/script>/s.exec(html)![1]!
    const dir = mkdtempSync(join(tmpdir(), 'unwedge-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const file = join(dir, 'script.js')
    writeFileSync(file, script)
    const biome = fileURLToPath(new URL('../../node_modules/.bin/biome', import.meta.url))
    const lint = spawnSync(process.execPath, [biome, 'lint', '--only=correctness/noUndeclaredVariables', file], { encoding: 'utf8' })
    expect(lint.status, lint.stderr).toBe(0)
    const drawn = [...script.matchAll(/\bsvg\('(\w+)'/g)].map(([, name]) => name)
    expect(new Set(drawn)).toEqual(new Set(['circle', 'g', 'line', 'path', 'svg']))
  })

  it('writes text as text only', () => {
    const script = /<script>(.*?)<\/script>/s.exec(html)![1]!
    expect(() => new Function(script)).not.toThrow()
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|srcdoc|setHTML|createContextualFragment/)
    expect(script).not.toMatch(/\beval\b|Function\(/)
  })

  it('has the same parts whatever a run holds', () => {
    const harmed = htmlReport(hostile({ ...evidence, connectors: [loser] }))
    const around = (page: string) => page.replace(/(id="evidence">).*?(<\/script>)/s, '$1$2')
    expect(around(harmed)).toBe(around(html))
    const [data] = /(?<=id="evidence">).*?(?=<\/script>)/s.exec(harmed)!
    expect(data).not.toMatch(/[<>&\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
    expect(dataIn(harmed)).toEqual(JSON.parse(JSON.stringify(dataOf(hostile({ ...evidence, connectors: [loser] })))))
  })

  it('gives every run an address of its own', () => {
    const { pages } = dataOf({ ...evidence, connectors: [loser, loser] })
    expect(new Set(pages.map(({ id }) => id)).size).toBe(pages.length)
    expect(pages[0]!.id).toBe('claim-queue.asShipped.none-twice')
  })
})

describe('What stands over a report', () => {
  it('says how many laws were asked, and why ‘in order’ is not one of them', () => {
    const [row] = [tried([])]
    expect(dataOf({ ...empty, connectors: [row] }).kicker)
      .toBe('Message connectors, checked against five laws. '
        + 'The sixth, ‘in order’, is asked of a connector that promises an order; none here does')
    expect(dataOf({ ...empty, connectors: [row, { ...row, order: 'per link' }] }).kicker).toBe('Message connectors, checked against six laws')
  })
})

describe('A page of a connector', () => {
  it('says what to do, what it is like, and where it is written', () => {
    const [violation] = loser.violations
    const answers = answersOf(claimQueue, 'keepsDeadNames', components, 'claim-queue')
    const found = { ...violation!, answers, from: { file: 'q.ts', export: 'mine' } }
    const { pages: [page] } = dataOf({ ...empty, connectors: [tried([found])] })
    expect(page!.advice[0]).toContain('The last event about m2 is step 8')
    expect(page).toMatchObject({ answers, diagnosis: 'It behaves like claim-queue/keepsDeadNames.', breaks: null })
    expect(page!.written).toBe('my connectors/queue.ts:7, as mine')
  })

  it('that its model cannot explain says where they part, and what would have been allowed', () => {
    const { pages: [page], connectors: [row] } = dataOf({ ...empty, connectors: [stranger] })
    expect(page).toMatchObject({ id: 'a strange queue.as-a-claim-queue', breaks: 4, law: { says: 'The model of claim-queue cannot do what the connector did.' } })
    expect(page!.advice[0]).toBe('Up to step 3 a right claim-queue could have shown the same. At step 4, m1 is delivered; '
      + 'what a right one could have done there instead: m2 is delivered; or m1 is flagged.')
    expect(row!.broken).toEqual([{ law: 'as a claim-queue', says: stranger.divergence!.says, page: page!.id }])
  })
})

describe('A page at a real size', () => {
  it('stands beside the small one, and its limit before those of small models', () => {
    const limit = limits.find(({ component, variant }) => component.name === 'gateway' && variant === 'asShipped')!
    const real = explained(atFullSize(limit, 'asks for too many', speed)!, components)
    const pages = [...evidence.pages.filter(({ found }) => found.component === 'gateway'), real]
    const data = dataOf({ ...evidence, pages, thresholds: thresholdsOf(pages) })
    expect(data.pages.map(({ id }) => id)).toEqual([
      'gateway.asShipped.delivered-or-flagged', 'gateway.asShipped.nothing-wedges', 'gateway.asShipped.nothing-wedges.1025-attachments'])
    expect(data.pages.at(-1)!.name).toBe('gateway / asShipped with 1,025 attachments')
    expect(data.thresholds.map(({ isFull, passes, page }) => [isFull, passes, page])).toEqual([
      [false, 2, data.pages[0]!.id], [true, 1_024, data.pages.at(-1)!.id]])
    expect(JSON.stringify(data.pages.at(-1)).length).toBeLessThan(10_000)
  })
})

describe('A played-back run', () => {
  it('is in every state in which the model was, with the same steps', () => {
    const some = [['claim-queue', 'claimsBlindly'], ['gateway', 'asShipped'], ['relay', 'property-cache.leaksASlot']]
    for (const [component, variant] of some) {
      const entry = catalogue.find((each) => each.component.name === component && each.variant === variant)!
      for (const found of check(entry).counterexamples) {
        const { playback } = explained(found, components)
        const played = new RunModel({ playback, breaks: null })
        const machine = build(entry.component, entry.variant, found.scope)
        const { run } = replay(machine, found, parseSchedule(found.schedule), [])
        machine.load(machine.start(found.stream))
        for (const [i, move] of run.moves.entries()) {
          const { who, does } = machine.phrase(move)
          expect(played.sentence(i + 1)).toBe(`${who} ${does}`)
          machine.take(move)
          expect(played.state(i + 1)).toEqual(readersOf(machine).map(({ read }) => read()))
        }
        expect(played.length).toBe(run.moves.length)
      }
    }
  })

  it('names what else could have happened', () => {
    const { playback } = pageOf(evidence, 'claim-queue/asShipped')
    const [moments] = playback.stretches.map((stretch) => stretch.moments)
    expect(moments![0]!.could!.map((option) => playback.options[option])).toEqual([
      { says: 'worker 2 sees m1', kind: 'progress' }, { says: 'world sends m2, a fresh message', kind: 'heal' },
    ])
  })

  it.runIf(isWhole)('of 40,001 steps takes a few kilobytes, and is entered anywhere', () => {
    const { playback, found } = fullCache(20_000)
    expect(JSON.stringify(playback).length).toBeLessThan(5_000)
    const played = new RunModel({ playback, breaks: null })
    expect(played.length).toBe(found.length)
    expect(played.rows).toBeLessThan(10)
    const entries = playback.cells.findIndex(({ of, field }) => of === 'cache' && field === 'entries')
    for (const step of [1, 2, 3, 30_000, 30_001, 40_000]) expect(played.state(step)[entries], `step ${step}`).toBe(Math.ceil(step / 2))
  })

  it('of a connector knows where links and messages stand', () => {
    const { pages: [page] } = dataOf({ ...empty, connectors: [loser] })
    const played = new RunModel(page!)
    const cells = page!.playback.cells.map(({ of }) => of)
    expect(cells).toEqual(['link 1', 'm1', 'm2'])
    expect(played.sentence(8)).toBe('link 1 drops m2, before')
    expect(played.state(8)).toEqual(['refuses', 'said to be delivered', 'dropped'])
    expect(played.state(9)[0]).toBe('up')
  })

  it('of a connector tells what its disk holds where it starts again', () => {
    const [found] = loser.violations
    const starts = { what: 'starts again', time: 60_000, onDisk: ['offset', nasty], holds: ['3', nasty] } as const
    const { pages: [page] } = dataOf({ ...empty, connectors: [tried([{ ...found!, history: [...found!.history, starts] }])] })
    const played = new RunModel(page!)
    const cells = page!.playback.cells.flatMap(({ of, field }, i) =>
      (of === 'disk' ? [[field, played.state(9)[i], played.state(10)[i]]] : []))
    expect(cells).toEqual([['offset', '', '3'], [plain(nasty), '', plain(nasty)]])
    expect(played.sentence(10)).toContain('with ‘offset’ = 3 and ‘')
  })

  it('of 2,000 messages is folded, and every step still found', () => {
    const { pages: [page] } = dataOf({ ...empty, connectors: [busy(2_000)] })
    const played = new RunModel(page!)
    expect(played.length).toBe(8_001)
    expect(played.rows).toBeLessThan(40)
    for (let row = 0; row < played.rows; row++) expect(played.rowOf(played.stepAt(row))).toBe(row)
    expect(played.sentence(8_001)).toBe('link 1 records m2000')
  })

  it('folds away nothing that happens to the message it is about', () => {
    const [violation] = busy(100).violations
    const { pages: [page] } = dataOf({ ...empty, connectors: [tried([{ ...violation!, message: 'm7', law: lost.law, at: 302 }])] })
    const played = new RunModel(page!)
    const rows = Array.from({ length: played.rows }, (_, row) => played.sentence(played.stepAt(row)))
    expect(rows).toEqual(expect.arrayContaining(['the connector takes m7', 'link 1 is offered m7', 'link 1 records m7']))
    expect({ rows: played.rows < 60, breaks: page!.breaks }).toEqual({ rows: true, breaks: null })
  })
})

describe('What a counterexample is asked', () => {
  it('which steps matter: two workers must look before either adds', () => {
    const { without } = pageOf(evidence, 'claim-queue/asShipped')
    expect(without.filter(({ law }) => law === 'kept').map(({ step, what, says }) => [step, what, says])).toEqual([
      [1, 'worker 1 sees m1', 'm1 is delivered'], [2, 'worker 2 sees m1', 'm1 is delivered'],
    ])
    expect(without.filter(({ law }) => law === 'broken').every(({ later }) => later)).toBe(true)
  })

  it('which messages matter: with one attachment fewer the gateway does not stop', () => {
    const page = pageOf(evidence, 'gateway/asShipped')
    expect(page.without.filter(({ law }) => law === 'kept')).toEqual([
      { step: 0, what: 'm1 with attachments 2', times: 1, law: 'kept', says: 'm1 is delivered', later: false,
        limit: { of: 'attachments', passes: 2, breaks: 3 } },
    ])
    expect(thresholdsOf([page])).toEqual([
      { component: 'gateway', variant: 'asShipped', of: 'attachments', passes: 2, breaks: 3, does: 'break “delivered or flagged”',
        isFull: false },
    ])
  })

  it('which question was answered wrongly', () => {
    expect(pageOf(evidence, 'claim-queue/asShipped').answers).toEqual([{
      of: '', asks: 'A worker is about to add the message that it saw open. Given what the message is now, what does it do?',
      found: 'added', fixed: 'gives it up', here: 'adds it',
    }])
    expect(answersOf(relay, 'claim-queue.keepsDeadNames', components)).toEqual(
      answersOf(claimQueue, 'keepsDeadNames', components).map((answer) => ({ ...answer, of: 'claim-queue' })))
    for (const { component, variant } of catalogue)
      expect(answersOf(component, variant, components).length === 0, `${component.name}/${variant}`).toBe(variant === 'fixed')
  })

  it('what the fixed variant does with the same', () => {
    const { beside } = pageOf(evidence, 'interchange/asShipped')
    expect(beside).toMatchObject({ partsAt: 4, instead: ['thread 1 flags m1'], says: 'm1 is flagged' })
    expect(beside!.rows.slice(3)).toEqual([
      { step: 4, here: 'thread 1 refreshes and keeps m1', there: null, times: 1 },
      { step: null, here: null, there: 'thread 1 flags m1', times: 1 },
    ])
  })
})
