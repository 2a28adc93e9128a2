/** Laws of one’s own: each kind of them is broken where it ought to be, in the fewest steps, and nowhere else. */
import { describe, expect, it } from 'vitest'
import {
  alike, begins, each, explore, type Exploration, lawsOver, maybe, type Model, model, one, oneOf, type OwnLaw, type Rule, rulesOver,
  type State, strongly, UsageError, upTo,
} from '../../api/model.ts'
import { startsOf } from '../../engine/model/build.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { replay } from '../../engine/run/replay.ts'
import { possibleMoves } from '../../engine/run/run.ts'
import { walk } from '../../engine/walk/walk.ts'

const explored = (machine: Machine): Exploration => explore(machine, startsOf(machine, [[]]).map(({ words }) => words))

/**
 * For each law that is broken, by how many steps, whether they go round, and for whom. Its run is replayed, and breaks the same law
 * for the same; a fair walk breaks no law that is kept.
 */
function brokenIn(written: Model) {
  const machine = compile(written)
  const starts = startsOf(machine, [[]])
  const exploration = explored(machine)
  for (const { law, run, subject, since } of exploration.broken) {
    if (law.when === 'can be reached') continue
    const start = starts[run.start]!
    machine.load(start.words)
    const positions = run.moves.map((move) => {
      const position = possibleMoves(machine).indexOf(move)
      expect(machine.take(move)).toBe(true)
      return position
    })
    const again = replay(machine, start, positions, [law])
    expect(again.broken).toEqual({ law, subject, ...(since === undefined ? {} : { since }) })
    expect([again.run.moves, again.run.stem]).toEqual([run.moves, run.stem])
  }
  const names = exploration.broken.map(({ law }) => law.name)
  for (let schedule = 0; schedule < 40; schedule++) {
    const positions = Array.from({ length: 10 }, (_, i) => (schedule >> (i % 5)) + i)
    const { broken } = walk(machine, { stream: [], begin: schedule, faults: [{ after: 2, pick: schedule }], schedule: positions })
    if (broken) expect(names).toContain(broken.law.name)
  }
  return Object.fromEntries(exploration.broken.map(({ law, run, subject }) =>
    [law.name, [run.moves.length, run.stem, machine.ask(law).subjects[subject - 1]]]))
}

const modelOf = <S extends State>(state: S, rules: readonly Rule[], laws: readonly OwnLaw[], more: Partial<Model> = {}): Model =>
  ({ name: 'own', state, rules, laws, ...more })

/** A lamp that goes from one colour to the next. */
const lamp = { lamp: one({ is: oneOf('red', 'green', 'amber', 'dark') }) }
type Colour = 'red' | 'green' | 'amber' | 'dark'
const goes = (from: Colour, to: Colour, kind: Rule['kind'] = 'progress'): Rule => ({
  sentence: `lamp turns ${to}`, kind, ...(kind === 'fault' ? { atMost: 1 } : {}),
  when: ({ lamp }: { lamp: { is: Colour } }) => lamp.is === from,
  then: ({ lamp }: { lamp: { is: Colour } }) => { lamp.is = to },
})
const ofLamp = lawsOver(lamp)
const is = (...colours: readonly Colour[]) => ({ lamp }: { lamp: { is: Colour } }) => colours.includes(lamp.is)
const turns = (rules: readonly Rule[], ...laws: readonly OwnLaw[]) => brokenIn(modelOf(lamp, rules, laws))

describe('A law of one’s own', () => {
  it('that must always hold is broken by the nearest state that breaks it', () => {
    const law = ofLamp.always('lit', 'The lamp is lit.', is('red', 'green', 'amber'))
    expect(turns([goes('red', 'green'), goes('green', 'dark')], law)).toEqual({ lit: [2, null, ''] })
    expect(turns([goes('red', 'green')], law)).toEqual({})
  })

  it('about steps is broken by the nearest step that breaks it', () => {
    const order: readonly Colour[] = ['red', 'green', 'amber', 'dark']
    const law = ofLamp.everyStep('onward', 'The lamp only goes on.',
      ({ lamp }) => order.indexOf(lamp.is), (before, after) => after >= before)
    expect(turns([goes('red', 'green'), goes('green', 'amber'), goes('amber', 'red')], law)).toEqual({ onward: [3, null, ''] })
    expect(turns([goes('red', 'green'), goes('green', 'green')], law)).toEqual({})
  })

  it('that must hold in the end is broken where nothing is owed, and on a fair cycle that never comes there', () => {
    const law = ofLamp.inTheEnd('green', 'The lamp is green in the end.', is('green'))
    expect(turns([goes('red', 'green'), goes('green', 'amber')], law)).toEqual({ green: [2, null, ''] })
    expect(turns([goes('red', 'amber'), goes('amber', 'red')], law)).toEqual({ green: [2, 0, ''] })
    // It comes to green again and again; and no fair scheduler stays where it could leave.
    expect(turns([goes('red', 'green'), goes('green', 'amber'), goes('amber', 'red')], law)).toEqual({})
    expect(turns([goes('red', 'red'), goes('red', 'green')], law)).toEqual({})
  })

  it('that must hold at some time is kept though it ends again, and broken where that time need not come', () => {
    const law = ofLamp.eventually('green once', 'The lamp is green at some time.', is('green'))
    expect(turns([goes('red', 'green'), goes('green', 'amber')], law)).toEqual({})
    expect(turns([goes('red', 'amber'), goes('amber', 'green', 'choice')], law)).toEqual({ 'green once': [1, null, ''] })
    expect(turns([goes('red', 'amber'), goes('amber', 'red'), goes('red', 'green')], law)).toEqual({ 'green once': [2, 0, ''] })
  })

  it('by which one thing leads to another is asked from where the one is so', () => {
    const law = ofLamp.leadsTo('amber to red', 'Amber leads to red.', is('amber'), is('red'))
    expect(turns([goes('red', 'green'), goes('green', 'amber'), goes('amber', 'dark')], law)).toEqual({ 'amber to red': [3, null, ''] })
    expect(turns([goes('red', 'amber'), goes('amber', 'green'), goes('green', 'green')], law)).toEqual({ 'amber to red': [3, 2, ''] })
    expect(turns([goes('red', 'amber'), goes('amber', 'green'), goes('green', 'red')], law)).toEqual({})
    // What is never due is never missing; and a choice or a fault on the way counts.
    expect(turns([goes('red', 'dark')], law)).toEqual({})
    expect(turns([goes('red', 'amber'), goes('amber', 'red'), goes('amber', 'dark', 'fault')], law))
      .toEqual({ 'amber to red': [2, null, ''] })
  })

  it('says after how many steps it was due', () => {
    const law = ofLamp.leadsTo('amber to red', 'Amber leads to red.', is('amber'), is('red'))
    const found = explored(compile(modelOf(lamp, [goes('red', 'green'), goes('green', 'amber'), goes('amber', 'dark')], [law])))
    expect(found.broken[0]!.since).toBe(2)
  })

  it('about what can be reached is broken where no run comes there, faults and choices included', () => {
    const law = ofLamp.canBeReached('dark', 'The lamp can go dark.', is('dark'))
    expect(turns([goes('red', 'green')], law)).toEqual({ dark: [0, null, ''] })
    expect(turns([goes('red', 'green'), goes('green', 'dark', 'fault')], law)).toEqual({})
  })

  it('about what can always be reached is broken at the nearest state without a way there, and a fault is no way', () => {
    const law = ofLamp.canAlwaysBeReached('back', 'The lamp can always turn green.', is('green'))
    expect(turns([goes('red', 'green'), goes('green', 'amber'), goes('amber', 'red')], law)).toEqual({})
    expect(turns([goes('red', 'green'), goes('green', 'dark')], law)).toEqual({ back: [2, null, ''] })
    expect(turns([goes('red', 'green'), goes('red', 'amber', 'choice'), goes('amber', 'green', 'fault')], law))
      .toEqual({ back: [1, null, ''] })
  })

  it('ranges over a kind that its sentence names, and says of which it does not hold', () => {
    const state = { client: each(3, { is: oneOf('idle', 'asking', 'served') }), server: one({ serves: maybe('client') }) }
    const { rule, choice } = rulesOver(state)
    const laws = lawsOver(state)
    const rules = [
      rule('server serves client', ({ client }) => client.is === 'asking' && client.number !== 2, ({ client, server }) => {
        client.is = 'served'
        server.serves = client
      }),
      choice('client asks', ({ client }) => client.is === 'idle', ({ client }) => { client.is = 'asking' }),
    ]
    expect(brokenIn(modelOf(state, rules, [
      laws.leadsTo('served', 'Each client, that asks, is served.', ({ client }) => client.is === 'asking', ({ client }) => client.is === 'served'),
      laws.canBeReached('can be served', 'Any client can be served.', ({ client }) => client.is === 'served'),
      laws.always('is who it serves', 'The server serves who is served.', ({ server }) => server.serves?.is !== 'idle'),
      laws.always('not two', 'No client is served while others ask.',
        ({ client, clients }) => client.is !== 'served' || clients.every(({ is }) => is !== 'asking')),
    ]))).toEqual({ served: [1, null, 'client 2'], 'can be served': [0, null, 'client 2'], 'not two': [3, null, 'client 1'] })
  })

  it('is asked beside the five laws only where there are messages, and some law there must be', () => {
    const machine = compile(modelOf(lamp, [goes('red', 'green')], []))
    expect(machine.laws).toEqual([])
    expect(() => explored(machine)).toThrow(UsageError)
    expect(() => explored(machine)).toThrow('own has nothing to hold to a law: give it messages with the fields of a fate, or laws of its own.')
  })
})

describe('A scheduler', () => {
  const state = { door: one({ is: oneOf('open', 'shut') }), guest: one({ is: oneOf('out', 'in') }) }
  const { rule, choice } = rulesOver(state)
  const opens = rule('door opens', ({ door }) => door.is === 'shut', ({ door }) => { door.is = 'open' })
  const shuts = rule('door shuts', ({ door }) => door.is === 'open', ({ door }) => { door.is = 'shut' })
  const enters = rule('guest enters', ({ door, guest }) => door.is === 'open' && guest.is === 'out', ({ guest }) => { guest.is = 'in' })
  const law = lawsOver(state).eventually('gets in', 'The guest gets in.', ({ guest }) => guest.is === 'in')

  it('that owes a step weakly may pass it over while it is not possible all the time', () => {
    expect(brokenIn(modelOf(state, [opens, shuts, enters], [law]))).toEqual({ 'gets in': [2, 0, ''] })
    expect(brokenIn(modelOf(state, [opens, enters], [law]))).toEqual({})
  })

  it('that owes it strongly takes it once it is possible again and again', () => {
    expect(brokenIn(modelOf(state, [opens, shuts, strongly(enters)], [law]))).toEqual({})
    // It need not become possible again and again, if the door may stay shut.
    const mayOpen = choice('door is opened', ({ door }) => door.is === 'shut', ({ door }) => { door.is = 'open' })
    expect(brokenIn(modelOf(state, [shuts, strongly(enters), mayOpen], [law]))).toEqual({ 'gets in': [1, null, ''] })
  })

  it('that owes a step strongly may stay among states where it is not possible, though it could leave them', () => {
    const rooms = { walker: one({ at: upTo(4), done: upTo(1) }) }
    const { rule: step } = rulesOver(rooms)
    const to = (from: number, there: number) =>
      step(`walker goes to ${there}`, ({ walker }) => walker.at === from, ({ walker }) => { walker.at = there })
    const ends = strongly(step('walker ends', ({ walker }) => walker.at === 2 && walker.done === 0, ({ walker }) => { walker.done = 1 }))
    const done = lawsOver(rooms).eventually('done', 'The walker is done.', ({ walker }) => walker.done === 1)
    // 0 → 1 ⇄ 2 → 1, and 1 ⇄ 3: round by 3 for ever, where ending is not possible.
    const rules = [to(0, 1), to(1, 2), to(2, 1), to(1, 3), to(3, 1)]
    expect(brokenIn(modelOf(rooms, [...rules, ends], [done]))).toEqual({ done: [3, 1, ''] })
    // Without the way round by 3 every cycle passes 2.
    expect(brokenIn(modelOf(rooms, [to(0, 1), to(1, 2), to(2, 1), ends], [done]))).toEqual({})
  })

  it('owes no choice: what may be done may be left undone', () => {
    const mayEnter = choice('guest enters', ({ door, guest }) => door.is === 'open' && guest.is === 'out', ({ guest }) => { guest.is = 'in' })
    expect(brokenIn(modelOf(state, [mayEnter], [law]))).toEqual({ 'gets in': [0, null, ''] })
  })
})

describe('A model begins', () => {
  const state = { light: each(3, { is: begins(oneOf('off', 'on'), 'off', 'on') }), count: one({ n: begins(upTo(5), 2) }) }
  const { rule } = rulesOver(state)
  const laws = lawsOver(state)
  const law = laws.canBeReached('any', 'Anything can be.', () => true)
  const states = (more: Partial<Model>, rules: readonly Rule[] = []) => explored(compile(modelOf(state, rules, [law], more))).states

  it('wherever its fields may, each independently, or wherever it says', () => {
    expect(states({})).toBe(8)
    const starts = ({ lights }: { lights: readonly { is: string }[] }) => lights.filter(({ is }) => is === 'on').length === 2
    expect(states({ starts })).toBe(3)
    expect(() => states({ starts: () => false })).toThrow('own has nowhere to begin: ‘starts’ holds of none of 8 initial states.')
  })

  it('in a way that has a number, by which it is replayed', () => {
    const none = laws.always('not all', 'Not all are on.', ({ lights }) => lights.some(({ is }) => is === 'off'))
    const machine = compile(modelOf(state, [rule('light goes on', ({ light }) => light.is === 'off', ({ light }) => { light.is = 'on' })], [none]))
    const starts = startsOf(machine, [[]])
    const { broken: [found] } = explore(machine, starts.map(({ words }) => words))
    expect([found!.run.moves, starts[found!.run.start]!.begin]).toEqual([[], 7])
    expect(replay(machine, { stream: [], begin: 7 }, []).broken).toMatchObject({ law: none })
    expect(replay(machine, { stream: [], begin: 6 }, [0]).broken).toMatchObject({ law: none })
    expect(replay(machine, { stream: [], begin: 0 }, []).broken).toBeNull()
    expect(() => machine.start([], 8)).toThrow('own begins in 8 ways, and there is no 8: they are counted from 0.')
  })

  it('nowhere that a field does not hold', () => {
    const declared = (field: object) => () => compile(modelOf({ thing: one({ at: field as never }), other: each(2, {}) }, [], []))
    expect(declared({ ...upTo(2), begins: [3] })).toThrow('own: ‘at’ of thing begins at 3: use a whole number from 0 to 2.')
    expect(declared({ ...oneOf('a', 'b'), begins: ['c'] })).toThrow('own: ‘at’ of thing begins at "c": use a or b.')
    expect(declared({ ...maybe('other'), begins: [null, 3] }))
      .toThrow('own: ‘at’ of thing begins at 3: use the number of a thing of the kind other, from 1, or null.')
    expect(declared({ ...upTo(2), begins: [] })).toThrow('own: ‘at’ of thing begins at no value: name one at least.')
  })
})

describe('A bound', () => {
  const state = { counter: alike(2, { n: upTo(100) }) }
  const { rule } = rulesOver(state)
  const laws = lawsOver(state)
  const counts = rule('counter counts', ({ counter }) => counter.n < 100, ({ counter }) => { counter.n += 1 })
  const within = ({ counters }: { counters: readonly { n: number }[] }) => counters.every(({ n }) => n <= 3)
  const bounded = (...held: readonly OwnLaw[]) => explored(compile(modelOf(state, [counts], held, { within })))

  it('is not gone on from, and what lies beyond it is counted apart', () => {
    expect(bounded(laws.canBeReached('any', 'Anything can be.', () => true))).toMatchObject({ states: 16, beyond: 8, transitions: 32 })
  })

  it('hides no state that was come to, and is no rest', () => {
    type Scene = { readonly counters: readonly { readonly n: number }[] }
    const all = (n: number) => ({ counters }: Scene) => counters.every((each) => each.n === n)
    expect(bounded(laws.always('under four', 'No counter is at four.', ({ counters }) => counters.every(({ n }) => n < 4))).broken[0]!.run)
      .toMatchObject({ moves: { length: 4 } })
    expect(bounded(laws.inTheEnd('all at a hundred', 'All are at a hundred.', all(100))).broken).toEqual([])
    expect(bounded(laws.canAlwaysBeReached('all at seven', 'All can be at seven.', all(7))).broken).toEqual([])
  })

  it('ends a walk, of which nothing is said then', () => {
    const law = laws.inTheEnd('at one', 'All are at one.', ({ counters }) => counters.every(({ n }) => n === 1))
    const machine = compile(modelOf(state, [counts], [law], { within }))
    expect(walk(machine, { stream: [], faults: [], schedule: [0, 0, 0, 0, 0, 0] })).toMatchObject({ steps: 4, broken: null })
  })
})

describe('A model without a `message`', () => {
  it('is a mistake that a compiler finds where a law asks for what its sentence or its state does not have', () => {
    const state = { client: each(2, { is: oneOf('idle', 'busy') }), server: one({ n: begins(upTo(3), 1) }) }
    const { always, everyStep } = lawsOver(state)
    // @ts-expect-error: the sentence names no client
    always('a', 'All is well.', ({ client }) => client.is === 'idle')
    // @ts-expect-error: a server has no such field
    always('a', 'All is well.', ({ server }) => server.m === 0)
    // @ts-expect-error: a client is not ready
    always('a', 'Each client is well.', ({ client }) => client.is === 'ready')
    // @ts-expect-error: a thing has changed by the time the next state is seen
    everyStep('a', 'Each client stays.', ({ client }) => client, () => true)
    // @ts-expect-error: there is no such word
    expect(begins(oneOf('idle', 'busy'), 'ready')).toBeDefined()
  })

  it('is written without a cast, and its page says of each step what it changed', () => {
    const state = { client: alike(2, { is: oneOf('idle', 'holding') }), server: one({ holder: maybe('client'), token: upTo(2) }) }
    const { rule } = rulesOver(state)
    const { always } = lawsOver(state)
    const written = model({
      name: 'lock', state,
      rules: [rule('client takes it', ({ client, server }) => client.is === 'idle' && server.token < 2, ({ client, server }) => {
        client.is = 'holding'
        server.holder = client
        server.token += 1
      })],
      laws: [always('one holder', 'At most one holds it.', ({ clients }) => clients.filter(({ is }) => is === 'holding').length < 2)],
    })
    const machine = compile(written)
    expect(explored(machine).broken[0]!.run.moves).toHaveLength(2)
    machine.load(machine.start([]))
    expect(machine.facts(true)).toEqual([])
    expect(machine.take(1)).toBe(true)
    expect(machine.facts(true)).toEqual(['client 2: is holding', 'server: holder client 2', 'server: token 1'])
    expect(machine.facts()).toContain('client 1: is idle')
  })
})
