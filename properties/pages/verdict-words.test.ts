/** Words that stand under a verdict and on a page: what was left out, how many scenarios there were, what to do where nothing is found. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { inProcess } from '../../engine/falsify/runner.ts'
import { checked, load } from '../../engine/process/load.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { leftOutSentences, undeclaredSentence } from '../../reports/connectors/left-out.ts'
import { scenarioSentences, withoutPart } from '../../reports/connectors/scenario.ts'
import { brokeOnce, whatSettles } from '../../reports/connectors/settling.ts'
import { scenariosOf } from '../../reports/tables/verdict-table.ts'
import { wordsFor } from '../../reports/text/event.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Fault } from '../../spec/scenario.ts'
import { loser } from './exhibits.ts'

describe('What was left out of a trial', () => {
  it('is a sentence for each reason, of laws and then of all else', () => {
    expect(leftOutSentences([])).toEqual([])
    const no = { because: 'it has no ‘stop’' }
    expect(leftOutSentences([
      { what: 'service stops', ...no }, { what: 'list', because: 'it carries text' }, { what: 'honest', because: 'of its choice' },
      { what: 'service restarts', ...no }, { what: 'busy', ...no },
    ])).toEqual([
      'Not checked against ‘honest’, because of its choice.',
      'Not tried with ‘service stops’, ‘service restarts’ and ‘busy’, because it has no ‘stop’.',
      'Not tried with ‘list’, because it carries text.',
    ])
  })

  it('is told too where it is checked only of who declares it', () => {
    expect(undeclaredSentence({})).toEqual(['Not checked, because it does not declare them: the order of messages (‘order’), '
      + 'a verdict before a message is too old (‘expiry’) and how soon it works as before when a link is well again (‘recovery’).'])
    expect(undeclaredSentence({ order: 'per link', recovery: 0 }))
      .toEqual(['Not checked, because it does not declare it: a verdict before a message is too old (‘expiry’).'])
    expect(undeclaredSentence({ order: 'none', recovery: 1, expiry: 1 })).toEqual([])
  })
})

describe('A part of a scenario', () => {
  it('is told from others that are called alike', () => {
    const one = { count: 1, kind: 'plain', link: 1 } as const
    const hangs = { what: 'link hangs', after: 0, on: 1 } as const
    const scenario = { workers: 1, links: 1, stream: [one, { ...one, kind: 'twin' }, one] as const, faults: [hangs, hangs], schedule: [] }
    const told = (part: 'message' | 'fault', at: number, faults: readonly Fault[] = scenario.faults) =>
      withoutPart({ ...loser.violations[0]!, scenario: { ...scenario, faults } }, { part, at, law: null, outcome: 'kept', says: '' })[0]
    expect([0, 1, 2].map((at) => told('message', at))).toEqual([
      'the plain message for link 1, number 1 of 2 alike', 'the twin message for link 1', 'the plain message for link 1, number 2 of 2 alike',
    ])
    expect(told('fault', 1, [hangs, { ...hangs, after: 3 }])).toBe('the fault ‘link 1 hangs’, number 2 of 2 alike')
    // Nothing tells those apart that come at the same moment.
    expect(told('fault', 1)).toBe('the fault ‘link 1 hangs’, one of 2 alike')
  })
})

describe('The number of scenarios', () => {
  it('is that of those that were drawn, or else of those that were stored', () => {
    expect([{ runs: 0 }, { runs: 1_200, stored: 2 }, { runs: 0, stored: 2 }].map(scenariosOf)).toEqual(['0', '1,200', '2 stored'])
  })
})

describe('A run that does not repeat', () => {
  it('is told of chance, which nobody seeds', () => {
    expect(whatSettles(brokeOnce)).toContain('Math.random')
  })
})

describe('The words for a calm', () => {
  const mine: Connector = { name: 'mine', guarantee: 'at-least-once', start: ({ send }) => ({ take: ({ content }) => send(content) }) }
  const told = async (faults: readonly Fault[], connector = mine) => {
    const stream = [{ count: 1, kind: 'plain', link: 1 }] as const
    const history = await inProcess(connector)({ workers: 1, links: 1, stream, faults, schedule: [] })
    return wordsFor({ connector: connector.name, history })(history.find(({ what }) => what === 'calm')!).text
  }

  it('tell of time only where time passed', async () => {
    expect(await told([])).toBe('from here on, only fresh messages come')
    expect(await told([{ what: 'link refuses', on: 1, after: 0 }])).toBe('60,000 ms pass, for it to recover')
    expect(await told([{ what: 'link refuses', on: 1, after: 0 }], { ...mine, recovery: 0 })).toBe('from here on, only fresh messages come')
  })
})

describe('The words for a message that comes again', () => {
  const about = { message: 'm1', time: 0 } as const
  const told = (...history: History) => wordsFor({ connector: 'mine', history })(history.at(-1)!)

  it('tell who has it: the source, where it was fetched, and else the connector', () => {
    expect(told({ what: 'fetched', ...about }, { what: 'given again', ...about }))
      .toEqual({ lane: null, text: 'm1 is back at the source, to be fetched again' })
    expect(told({ what: 'fetched', ...about }, { what: 'given again', ...about, detail: 'put back' }))
      .toEqual({ lane: 'mine', text: 'puts m1 back, to be fetched again' })
    expect(told({ what: 'taken', ...about }, { what: 'given again', ...about })).toEqual({ lane: 'mine', text: 'is given m1 again' })
  })
})

describe('A file that imports what there is not', () => {
  const dir = mkdtempSync(fileURLToPath(new URL('../../node_modules/.imports-', import.meta.url)))
  afterAll(() => rmSync(dir, { recursive: true }))
  const said = async (imports: string) => {
    const file = join(dir, `${imports.replace(/\W+/g, '-')}.mjs`)
    writeFileSync(file, `import ${JSON.stringify(imports)}\nexport const mine = {}\n`)
    return load(file).then(() => 'loaded', (error: Error) => error.message)
  }

  it('is told how to import the suite, where it is that', async () => {
    mkdirSync(join(dir, 'node_modules/unwedge'), { recursive: true })
    writeFileSync(join(dir, 'node_modules/unwedge/package.json'), '{ "name": "unwedge", "exports": { "./model": "./dist/model.js" } }')
    expect(await said('unwedge/engine')).toContain('There are `unwedge`, `unwedge/assert`, `unwedge/vitest` and `unwedge/model`.')
    expect(await said('unwedge/model')).toContain('In a clone of the suite a file imports `api/unwedge.ts`')
    expect(await said('unwegde/model')).not.toMatch(/install|In a clone|There are/)
  })
})

describe('A connector that declares what there is not', () => {
  const mine: Connector = { name: 'mine', guarantee: 'at-least-once', start: () => ({}) }
  const said = (more: object) => {
    try {
      return checked({ ...mine, ...more } as Connector, 'mine.ts').name
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      return (error as Error).message
    }
  }

  it('is told which trouble of a link, and which parts of an envelope, can be declared', () => {
    expect(said({ trouble: ['refused for now'], carries: ['header'] })).toBe(mine.name)
    expect(said({ trouble: ['refused for good'] })).toBe('mine.ts: ‘trouble’ must be a list of refused for now, and is ["refused for good"].')
    expect(said({ trouble: 'refused for now' })).toBe('mine.ts: ‘trouble’ must be a list of refused for now, and is "refused for now".')
    expect(said({ carries: ['body'] })).toBe('mine.ts: ‘carries’ must be a list of address, header, attachments, and is ["body"].')
  })
})

describe('A scenario in words', () => {
  it('tells of bursts that are the same in a row as one', () => {
    const [found] = loser.violations
    const told = (...counts: readonly number[]) => {
      const stream = counts.map((count) => ({ count, kind: 'plain' as const, link: 1 }))
      return scenarioSentences({ ...found!, scenario: { ...found!.scenario, links: 1, stream } })[0]!.split(';')[0]
    }
    expect(told(1, 1, 1)).toBe('3 times 1 plain message for link 1')
    expect(told(1, 2, 2, 2, 1)).toBe('1 plain message for link 1, 3 times 2 plain messages for link 1, 1 plain message for link 1')
    expect(told(1, 1)).toBe('1 plain message for link 1, 1 plain message for link 1')
    expect(told(3)).toBe('3 plain messages for link 1')
  })
})
