/** Pages are as wide as the terminal, and no wider. */
import { describe, expect, it } from 'vitest'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { divergencePage } from '../../reports/connectors/divergence-page.ts'
import { narrowLanes } from '../../reports/text/paper.ts'
import { textPage } from '../../reports/text/run-page.ts'
import type { Event } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { evidenceOf, loser, stranger, wedged } from './exhibits.ts'

/** A gateway of a long name between three links, one of which has a fault with a long sentence. */
const wide: Violation = {
  ...wedged.violations[0]!, connector: 'the gateway of the northern region, release candidate 2', at: 13, message: 'm3',
  history: [1, 2, 3].flatMap((n): readonly Event[] => {
    const about = { message: `m${n}`, link: `link ${n}`, time: n * 70_000 }
    return [
      { what: 'taken', ...about, detail: 'plain' }, { what: 'link loses answer', link: about.link, time: about.time }, { what: 'offered', ...about },
      n === 2 ? { what: 'dropped', ...about, detail: 'before it was recorded' } : { what: 'recorded', ...about },
      { what: 'flagged', ...about, detail: 'the far side hung up before it had answered for the message' },
    ]
  }),
}
const models = evidenceOf('claim-queue/asShipped', 'relay/gateway.stripsEveryoneAfter', 'relay/claim-queue.claimsBlindly', 'gateway/flagsEverything')
  .pages.map(({ found }) => found)
const connectors = [wide, loser.violations[0]!, wedged.violations[0]!]

const pagesAt = (columns?: number) => {
  const paper = columns === undefined ? {} : { columns }
  return [
    ...models.map((found) => textPage(found, paper)), ...connectors.map((found) => violationPage(found, paper)),
    divergencePage(stranger.divergence!, paper),
  ]
}
/** A command is not broken: it is there to be copied. */
const lines = (page: string) => page.split('\n').filter((line) => !line.startsWith('  npx unwedge '))
const words = (page: string) => lines(page).join(' ').replace(/[─\s]+/g, ' ').trim()

/** What stands over rows that are in no columns: where there are some, each has its name. */
const headOfRows = 'further in: what each link does, by its name'

describe('A page', () => {
  it('says whose rows are whose where it has no room for columns, in a file too', () => {
    const head = / {12,}the gateway of the northern region, release candidate 2\n {15,}further in: what each link does.*\n +1 .* takes m1/
    expect(violationPage(wide)).toMatch(head)
    expect(violationPage(loser.violations[0]!), 'columns have their own heads').not.toContain('further in')
  })

  for (const columns of [80, 120])
    it(`fits a terminal of ${columns} columns`, () => {
      for (const page of pagesAt(columns)) for (const line of lines(page)) expect(line.length, line).toBeLessThanOrEqual(columns)
    })

  it('is as wide as is usual in a file, and wider than a narrow terminal', () => {
    expect(Math.max(...pagesAt().flatMap(lines).map(({ length }) => length))).toBeGreaterThan(120)
  })

  it('says the same at every width', () => {
    const usual = pagesAt()
    for (const columns of [80, 120, 400])
      for (const [i, page] of pagesAt(columns).entries()) {
        // Where there is no room for columns a row begins with the name of its lane.
        const said = new Set(words(page).split(' '))
        for (const word of words(usual[i]!.replace(headOfRows, '')).split(' ')) expect(said.has(word) || page.replace(/\s+/g, '').includes(word), word).toBe(true)
      }
  })

  it('has a column for each of three links at 80, and says what a shortened name stands for', () => {
    const page = violationPage(wide, { columns: 80 })
    expect(page).toMatch(/^ +the gateway of the north… 2 +link 1 +link 2 +link 3$/m)
    expect(page).toMatch(/^ {2}the gateway of the north… 2: the gateway of the northern region, release\n {4}candidate 2$/m)
    expect(violationPage(loser.violations[0]!, { columns: 80 })).not.toMatch(/^ {2}a queue.*: a queue/m)
  })
})

describe('Narrow lanes', () => {
  it('keep the number of a name, and never give two lanes one name', () => {
    const { head, legend } = narrowLanes(['the dispatcher of reports', 'session 11', 'session 12'], 46)
    expect(head.trimEnd().split(/ {2,}/)).toEqual(['the dispatc…', 'session 11', 'session 12'])
    expect(legend).toEqual(['the dispatc…: the dispatcher of reports'])
  })

  it('are steps of an indentation where names would be too short to tell apart', () => {
    const { starts, head } = narrowLanes(['northern one', 'northern two', 'northern three', 'northern four'], 34)
    expect([starts, head]).toEqual([[0, 3, 6, 9], ''])
  })
})

describe('The page of a connector that parts from its model', () => {
  const { divergence } = stranger
  const calm = [
    { what: 'calm', time: 0 }, ...['m8', 'm9'].map((message): Event => ({ what: 'fresh', message, link: 'link 1', time: 0 })),
    { what: 'recorded', message: 'm8', link: 'link 1', time: 0 },
  ] as const satisfies readonly Event[]
  const long = { ...divergence!, history: [...divergence!.history.filter(({ what }) => what !== 'calm' && what !== 'fresh'), ...calm] }

  it('ends before fresh messages come, of which the model is not asked, and says so', () => {
    const page = divergencePage(long)
    expect(page).not.toMatch(/m8|m9/)
    expect(page).toContain('  Not shown: 2 fresh messages that came after this. They are checked against the laws, and not against the model.')
    expect(divergencePage({ ...long, history: long.history.slice(0, -calm.length) })).not.toContain('Not shown')
  })

  it('has the calm where they part in it', () => {
    expect(divergencePage({ ...long, at: long.history.length - 1 })).toMatch(/m8/)
  })
})
