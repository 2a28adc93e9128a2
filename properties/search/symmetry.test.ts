import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/model/machine.ts'
import { build, scopeOf, streams } from '../../engine/model/build.ts'
import { type Exploration, explore } from '../../engine/search/explore.ts'
import { catalogue } from '../../models/catalogue.ts'
import { check } from '../../engine/search/claims.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import type { Component } from '../../spec/component.ts'
import { interchange } from '../../models/interchange.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { type Law, laws, linksAreIndependent } from '../../spec/laws.ts'
import { alike, fate, lineOf, maybe, type Model, one, oneOf, type Rule, rulesOver, type State, upTo } from '../../spec/model.ts'
import { delivery } from '../../spec/verdict.ts'

const lengths = ({ broken }: Exploration) => Object.fromEntries(broken.map(({ law, run }) => [law.name, run.moves.length]))

/** As a trial: what takes a second each. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('One state of each orbit', () => {
  for (const [workers, messages, states, orbits] of [[2, 2, 102, 33], [3, 3, 3_290, 176], [4, 4, 156_056, 813]] as const)
    it.skipIf(!isWhole && workers === 4)(`of the claim race, ${workers} × ${messages}, is ${orbits} of ${states} states`, () => {
      const machine = build(claimQueue, 'fixed', { workers, messages, deaths: 0, delays: 0, copies: 1, memory: 1 }, { fresh: false })
      const start = machine.start(Array.from({ length: messages }, () => ({ count: 1 })))
      expect(explore(machine, [start]).states).toBe(states)
      expect(explore(machine, [start], { symmetry: true }).states).toBe(orbits)
    })

  it.runIf(isWhole)('of the claim race, 4 × 6, is 3,111 of 17,217,472', () => {
    const machine = build(claimQueue, 'fixed', { workers: 4, messages: 6, deaths: 0, delays: 0, copies: 1, memory: 1 }, { fresh: false })
    const start = machine.start(Array.from({ length: 6 }, () => ({ count: 1 })))
    expect(explore(machine, [start], { symmetry: true }).states).toBe(3_111)
  })

  for (const [at, { component, variant, scope: changes }] of catalogue.entries())
    if (component.name !== 'relay')
      it.skipIf(!isWhole && at % 3 !== 0)(`of ${component.name}/${variant} breaks the same laws in as many steps, by a real run`, () => {
        const scope = scopeOf(component, changes)
        const machine = build(component, variant, scope)
        const all = streams(component, scope)
        const starts = all.map((stream) => machine.start(stream))
        const reduced = explore(machine, starts, { symmetry: true })
        expect(lengths(reduced)).toEqual(lengths(explore(machine, starts)))
        for (const { run } of reduced.broken) {
          machine.load(starts[run.start]!)
          for (const move of run.moves) expect(machine.take(move)).toBe(true)
        }
      })

  for (const variant of ['asShipped', 'requeuesAtTheTail', 'retriesTransientsForEver'])
    it.runIf(isWhole)(`of three threads of interchange/${variant} spares no cycle that is shorter`, () => {
      const machine = build(interchange, variant, scopeOf(interchange, { messages: 3, threads: 3 }))
      const start = machine.start(['invalid', 'busy', 'invalid'].map((address) => ({ count: 1, address })))
      const shortest = ({ broken }: Exploration) => broken.map(({ law, run, shortest }) => [law.name, run.moves.length, run.stem, shortest])
      expect(shortest(explore(machine, [start], { symmetry: true }))).toEqual(shortest(explore(machine, [start])))
    })

  it.runIf(isWhole)('proves that a pool of 16 is stopped by no fewer than 16 messages to a dead link', () => {
    const scope = { messages: 2, links: 2, pool: 16, failures: 1, losses: 0, burst: 16 }
    const machine = build(transferAgent, 'sharedSenders', scope, { fresh: false })
    const broken = (count: number) =>
      explore(machine, [machine.start([{ count, link: 1 }, { count: 1, link: 2 }])], { laws: [linksAreIndependent], symmetry: true }).broken
    expect(broken(15)).toEqual([])
    expect(broken(16)[0]?.run.moves.length).toBe(17)
  })
})

const modelOf = (state: State, rules: readonly Rule[], known: Model['known'] = () => ({ due: () => delivery })): Model =>
  ({ name: 'crew', state, rules, known, facts: () => [] })

describe('What is declared alike', () => {
  const state = {
    worker: alike(3, { at: upTo(3), message: maybe('message') }),
    last: one({ is: upTo(3) }),
    queue: one({ line: lineOf('message', 2) }),
    message: alike(2, fate({ delivered: 2, flagged: 1 })),
  }
  const { rule } = rulesOver(state)
  const goesOn = rule('worker goes on', ({ worker }) => worker.at < 3, ({ worker }) => { worker.at++ })
  const takes = rule('worker takes message',
    ({ worker, message }) => worker.message === null && message.arrived > message.delivered,
    ({ worker, message }) => { worker.message = message })
  const delivers = rule('worker delivers its message', () => true, ({ worker, message }) => {
    message.delivered = Math.min(2, message.delivered + 1)
    worker.message = null
  })
  const searched = (model: Model, held: readonly Law[] = laws) => {
    const machine = compile(model)
    return explore(machine, [machine.start([{ count: 1 }, { count: 1 }])], { symmetry: true, laws: held })
  }
  const refused = (model: Model) => {
    try {
      searched(model)
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      return (error as Error).message
    }
    return 'nothing'
  }
  const refusedFor = (...rules: readonly Rule[]) => refused(modelOf(state, [goesOn, ...rules]))
  const says = (kind: string, what: string) =>
    `crew declares ${kind} alike, but ${what} tells one ${kind} from another: declare it with each(…), or let nothing turn on which one it is.`

  it('is refused where a guard asks for a number, such as whether the second goes before the first has taken two steps', () => {
    expect(refusedFor(rule('worker overtakes', ({ worker, workers }) => worker.number === 2 && worker.at > 0 && workers[0]!.at < 2,
      ({ messages }) => { messages[0]!.delivered = 2 }))).toBe(says('worker', 'the rule ‘worker overtakes’'))
  })

  it('is refused where an effect does', () => {
    expect(refusedFor(rule('worker signs', ({ worker }) => worker.at === 1, ({ worker, last }) => { last.is = worker.number })))
      .toBe(says('worker', 'the rule ‘worker signs’'))
  })

  it('is refused where a rule goes by the place in a list', () => {
    const looks = rule('last looks', ({ workers, last }) => workers[0]!.at > workers[1]!.at && last.is === 0, ({ last }) => { last.is = 1 })
    expect(refusedFor(looks)).toBe(says('worker', 'the rule ‘last looks’'))
  })

  it('is refused where messages are told apart, in hand or in a queue', () => {
    const drops = rule('worker drops its message', ({ message }) => message.number === 1, ({ worker }) => { worker.message = null })
    expect(refusedFor(takes, drops)).toBe(says('message', 'the rule ‘worker drops its message’'))
    expect(refusedFor(
      rule('queue gets message', ({ queue, message }) => queue.line.hasRoom && message.flagged === 0, ({ queue, message }) => {
        queue.line.push(message)
        message.flagged = 1
      }),
      rule('queue gives', ({ queue }) => queue.line.first?.number === 2, ({ queue }) => { queue.line.shift() }),
    )).toBe(says('message', 'the rule ‘queue gives’'))
  })

  it('is refused where a law does, by what is known of a message', () => {
    const known = () => ({ due: ({ number }: { number: number }) => ({ ...delivery, whole: number === 1 }) })
    expect(refused(modelOf(state, [takes, delivers], known))).toBe(says('message', 'the law ‘honest’'))
  })

  it('may be asked for the first that will do: it does not matter which that is', () => {
    const isFree = ({ at, message }: { at: number; message: unknown }) => at === 0 && message === null
    const hires = rule('last calls', ({ workers }) => workers.some(isFree), ({ workers, last }) => {
      workers.find(isFree)!.at = 1
      last.is = Math.min(3, last.is + 1)
    })
    const model = modelOf(state, [hires, takes, delivers])
    const machine = compile(model)
    const all = explore(machine, [machine.start([{ count: 1 }, { count: 1 }])])
    expect(all.broken).not.toEqual([])
    expect(lengths(searched(model))).toEqual(lengths(all))
    expect(searched(model).states).toBeLessThan(all.states)
  })

  it('is refused however deep it shows', () => {
    const deep = { worker: alike(3, { at: upTo(30) }), last: one({ is: upTo(1) }), message: alike(2, fate({})) }
    const { rule } = rulesOver(deep)
    expect(refused(modelOf(deep, [
      rule('worker goes on', ({ worker }) => worker.at < 30, ({ worker }) => { worker.at++ }),
      rule('worker slips', ({ worker }) => worker.at === 29 && worker.number === 3, ({ last }) => { last.is = 1 }),
    ]))).toBe(says('worker', 'the rule ‘worker slips’'))
  })
})

describe('A claim that is checked by orbits', () => {
  it('is refused for what is told apart at the small scope, whatever the scope it is made for', () => {
    const crew = (tellsApart: number): Component<{ messages: number; workers: number }, Record<string, never>> => ({
      name: 'crew', source: '–', title: '–', questions: {}, variants: { fixed: {} }, attributes: () => ({}), vacuous: {},
      sizes: { messages: { says: 'messages', least: 1, small: 1, most: 1 }, workers: { says: 'workers', least: 1, small: 2, most: 9 } },
      model({ workers }) {
        const state = { worker: alike(workers, { at: upTo(1) }), message: alike(2, fate({})) }
        const starts = rulesOver(state).rule('worker starts',
          ({ worker }) => worker.at === 0 && (workers !== tellsApart || worker.number > 1), ({ worker }) => { worker.at = 1 })
        return modelOf(state, [starts])
      },
    })
    const claim = { variant: 'fixed', says: '–', states: 0, breaks: {} }
    const checked = (tellsApart: number, workers: number) => () =>
      check({ ...claim, component: crew(tellsApart), scope: { messages: 1, workers } }, { symmetry: true })
    expect(checked(2, 5)).toThrow(/declares worker alike, but the rule ‘worker starts’/)
    expect(checked(5, 5)).toThrow(/declares worker alike, but the rule ‘worker starts’/)
    expect(checked(9, 5)().exploration.states).toBe(6)
  })
})

describe('What healing would help', () => {
  const state = {
    link: one({ is: oneOf('up', 'down') }),
    message: alike(2, { ...fate({}), kind: oneOf('good', 'stuck') }),
  }
  const { rule, heal, fault } = rulesOver(state)
  const rules = [
    rule('link delivers message',
      ({ link, message }) => link.is === 'up' && message.kind === 'good' && message.delivered < message.arrived,
      ({ message }) => { message.delivered = 1 }),
    heal('link heals', ({ link }) => link.is === 'down', ({ link }) => { link.is = 'up' }),
    fault('link fails', 1, ({ link }) => link.is === 'up', ({ link }) => { link.is = 'down' }),
  ]
  const found = (downFor: string, symmetry: boolean) => {
    const known = () => ({ due: () => delivery, anotherIsDown: ({ kind }: { kind: string }) => downFor.includes(kind) })
    const machine = compile(modelOf(state, rules, known))
    const start = machine.start([{ count: 1, kind: 'stuck' }, { count: 1, kind: 'good' }])
    const { broken } = explore(machine, [start], { symmetry, laws: [linksAreIndependent] })
    return broken.map(({ run, subject }) => [run.moves.length, subject])
  }

  it('is asked of every message that is stuck, not only of the first', () => {
    expect(found('stuck good', false)).toEqual([[1, 2]])
    expect(found('stuck good', true)).toEqual([[1, 2]])
  })

  it('is asked of the same message all the way, in a search of orbits too', () => {
    expect(found('stuck', false)).toEqual([])
    expect(found('stuck', true)).toEqual([])
  })
})
