import { describe, expect, it } from 'vitest'
import { build } from '../../engine/model/build.ts'
import type { Run } from '../../engine/run/run.ts'
import { type Exploration, explore } from '../../engine/search/explore.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import type { Law } from '../../spec/laws.ts'
import {
  each, lineOf, maybe, type Model, one, oneOf, type Rule, rulesOver, type State, type StepKind, type Thing, upTo,
} from '../../spec/model.ts'

type End = 'in the end' | 'before time passes'
/** A law over whatever a puzzle has as its messages. */
const law = (when: 'always' | End, holds: (message: never, known: never) => boolean): Law =>
  ({ name: 'honest', says: 'It holds.', when, holds: holds as never })

const modelOf = (name: string, state: State, rules: readonly Rule[]): Model =>
  ({ name, state, rules, known: () => ({}) as never, facts: () => [] })

const explored = (model: Model, laws: readonly Law[]) => {
  const machine = compile(model)
  return explore(machine, [machine.start([])], { laws })
}
const counted = (model: Model) => sizeOf(explored(model, []))
const sizeOf = ({ states, transitions, depth }: Exploration) => ({ states, transitions, depth })
const brokenIn = (model: Model, ...laws: readonly Law[]) => explored(model, laws).broken[0]

describe('explore, on puzzles with known answers', () => {
  it('fetches four gallons with jugs of three and five in six steps', () => {
    const state = { message: one({ small: upTo(3), big: upTo(5) }) }
    const { rule } = rulesOver(state)
    const always = () => true
    const jugs = modelOf('die hard', state, [
      rule('message fills small', always, ({ message: m }) => { m.small = 3 }),
      rule('message fills big', always, ({ message: m }) => { m.big = 5 }),
      rule('message empties small', always, ({ message: m }) => { m.small = 0 }),
      rule('message empties big', always, ({ message: m }) => { m.big = 0 }),
      rule('message pours small into big', always, ({ message: m }) => {
        [m.small, m.big] = [Math.max(m.big + m.small - 5, 0), Math.min(m.big + m.small, 5)]
      }),
      rule('message pours big into small', always, ({ message: m }) => {
        [m.small, m.big] = [Math.min(m.big + m.small, 3), Math.max(m.big + m.small - 3, 0)]
      }),
    ])
    const broken = brokenIn(jugs, law('always', (m: { big: number }) => m.big !== 4))!
    expect(broken.run).toEqual({ start: 0, stem: null, moves: [1, 5, 2, 5, 1, 5] })
    expect(broken).toMatchObject({ shortest: true, subject: 1 })
    expect(counted(jugs)).toMatchObject({ states: 16, transitions: 96 })
  })

  /** Two processes that want a lock, which one has by asking in two steps and then entering. */
  const lock = (kind: 'Peterson’s' | 'turn first' | 'without turns' | 'for whoever is there') => {
    const state = {
      message: each(2, { at: oneOf('rest', 'asks', 'waits', 'inside'), flag: upTo(1) }),
      turn: one({ of: maybe('message') }),
    }
    type Process = Thing<typeof state, 'message'>
    type Scene = { message: Process; messages: readonly Process[]; turn: { of: Process | null } }
    const { rule, heal } = rulesOver(state)
    const hasTurns = kind === 'Peterson’s' || kind === 'turn first'
    const claims = (step: 'asks' | 'waits') => ({ message, messages, turn }: Scene) => {
      if ((step === 'asks') !== (kind === 'turn first')) message.flag = 1
      else if (hasTurns) turn.of = messages[2 - message.number]!
      message.at = step
    }
    const isFree = ({ message, messages, turn }: Scene) => {
      const other = messages[2 - message.number]!
      if (kind === 'for whoever is there') return other.at !== 'inside'
      return other.flag === 0 || (hasTurns && turn.of === message)
    }
    const known = ({ messages }: Scene) => ({ inside: () => messages.filter(({ at }) => at === 'inside').length })
    return {
      ...modelOf('lock', state, [
        rule('message goes on asking', ({ message }) => message.at === 'asks', claims('waits')),
        rule('message enters',
          (scene) => scene.message.at === 'waits' && isFree(scene),
          ({ message }) => { message.at = 'inside' }),
        rule('message leaves', ({ message }) => message.at === 'inside', ({ message }) => {
          message.at = 'rest'
          message.flag = 0
        }),
        // A heal is never owed: nobody has to want the lock.
        heal('message asks', ({ message }) => message.at === 'rest', claims('asks')),
      ]),
      known: known as never,
    }
  }
  const exclusive = law('always', (_: never, known: { inside: () => number }) => known.inside() < 2)
  const served = law('in the end', (m: { at: string }) => m.at === 'rest' || m.at === 'inside')

  it('finds nothing wrong with Peterson’s lock', () => {
    expect(brokenIn(lock('Peterson’s'), exclusive, served)).toBeUndefined()
  })
  it('finds both processes inside when the turn is given before the flag is raised', () => {
    expect(brokenIn(lock('turn first'), exclusive)!.run).toMatchObject({ stem: null, moves: { length: 6 } })
  })
  it('finds both processes stuck when nobody gives turns', () => {
    expect(brokenIn(lock('without turns'), exclusive)).toBeUndefined()
    expect(brokenIn(lock('without turns'), served)!.run).toMatchObject({ stem: null, moves: { length: 4 } })
  })
  it('finds a process passed over for ever where the lock goes to whoever is there', () => {
    const whoever = lock('for whoever is there')
    const machine = compile(whoever)
    const { run } = brokenIn(whoever, served)!
    // One asks and waits; the other asks, goes on, enters and leaves, again and again.
    expect(run).toMatchObject({ stem: 2, moves: { length: 6 } })
    expect(returns(machine, machine.start([]), run)).toBe(true)
  })
})

/** Whether a run can be taken, and its cycle leads back to where it began. */
function returns(machine: Machine, start: Int32Array, { moves, stem }: Run): boolean {
  machine.load(start)
  const states = [machine.save(), ...moves.map((move) => (machine.take(move) ? machine.save() : null))]
  if (stem === null || stem === moves.length || states.includes(null)) return false
  return `${states[stem]}` === `${states.at(-1)}`
}

describe('explore, where the number of states is known', () => {
  it('counts counters', () => {
    for (const [n, k] of [[1, 7], [3, 4], [6, 3], [12, 1]] as const) {
      const state = { counter: each(n, { at: upTo(k) }) }
      const { rule } = rulesOver(state)
      const counts = rule('counter counts', ({ counter }) => counter.at < k, ({ counter }) => { counter.at++ })
      const counters = modelOf('counters', state, [counts])
      const transitions = n * k * (k + 1) ** (n - 1)
      expect(counted(counters)).toEqual({ states: (k + 1) ** n, transitions, depth: n * k })
    }
  })

  it('counts the ways to dine at a round table: a Lucas number', () => {
    for (const [n, lucas, fibonacci] of [[3, 4, 1], [5, 11, 3], [12, 322, 89], [15, 1364, 377]] as const) {
      const state = { diner: each(n, { is: oneOf('hungry', 'eating') }) }
      const { rule } = rulesOver(state)
      const table = modelOf('table', state, [
        rule('diner sits down',
          ({ diner, diners }) => [-1, 0, 1].every((way) => diners.at((diner.number - 1 + way) % n)!.is === 'hungry'),
          ({ diner }) => { diner.is = 'eating' }),
        rule('diner gets up', ({ diner }) => diner.is === 'eating', ({ diner }) => { diner.is = 'hungry' }),
      ])
      expect(counted(table)).toEqual({ states: lucas, transitions: 2 * n * fibonacci, depth: Math.floor(n / 2) })
    }
  })

  it('counts the orders of a shelf of books', () => {
    for (const [n, orders] of [[2, 2], [4, 24], [6, 720], [7, 5040]] as const) {
      // How far each book is from its own place, so that the start is the sorted shelf.
      const state = { book: each(n, { moved: upTo(n - 1) }) }
      const place = (book: { number: number; moved: number }) => (book.number - 1 + book.moved) % n
      const { rule } = rulesOver(state)
      const swaps = rule('book swaps', ({ book }) => place(book) < n - 1, ({ book, books }) => {
        const next = books.find((other) => place(other) === place(book) + 1)!
        book.moved = (book.moved + 1) % n
        next.moved = (next.moved + n - 1) % n
      })
      const shelf = modelOf('shelf', state, [swaps])
      expect(counted(shelf)).toEqual({ states: orders, transitions: orders * (n - 1), depth: n * (n - 1) / 2 })
    }
  })

  it('counts the claim race as Spin, TLC and Murphi do', () => {
    const known = [[2, 2, 102, 228], [3, 3, 3290, 11742], [3, 4, 27952, 106432], [4, 4, 156056, 746960]] as const
    for (const [workers, messages, states, transitions] of known) {
      const scope = { workers, messages, deaths: 0, delays: 0, copies: 1, memory: 1 }
      const machine = build(claimQueue, 'fixed', scope, { fresh: false })
      const start = machine.start(Array.from({ length: messages }, () => ({ count: 1 })))
      expect(explore(machine, [start])).toMatchObject({ states, transitions, broken: [] })
    }
  })

  it('counts every start once, and as many as there are', () => {
    const state = { message: one({ arrived: upTo(9000), at: upTo(1) }) }
    const machine = compile(modelOf('starts', state, [going({ 0: 1 })]))
    for (const n of [1, 1790, 1791, 1792, 2048, 9000]) {
      const starts = Array.from({ length: n }, (_, i) => machine.start([{ count: i + 1 }]))
      const exploration = explore(machine, [...starts, ...starts], { laws: [] })
      expect(sizeOf(exploration)).toEqual({ states: 2 * n, transitions: n, depth: 1 })
    }
  })

  it('takes thousands of moves', () => {
    const state = { hand: one({ at: upTo(2000) }), lamp: each(2000, {}) }
    const { rule } = rulesOver(state)
    const lights = rule('hand lights lamp', ({ hand, lamp }) => hand.at + 1 === lamp.number, ({ hand }) => { hand.at++ })
    expect(counted(modelOf('lamps', state, [lights]))).toEqual({ states: 2001, transitions: 2000, depth: 2000 })
  })
})

/** A rule as a table: from which place it leads where. */
const going = (goes: Readonly<Record<number, number>>, kind: StepKind = 'progress'): Rule => ({
  sentence: 'message goes',
  kind,
  ...(kind === 'fault' ? { atMost: 1 } : {}),
  when: ({ message }: { message: { at: number } }) => goes[message.at] !== undefined,
  then: ({ message }: { message: { at: number } }) => { message.at = goes[message.at]! },
})

describe('explore, looking for cycles', () => {
  /** The run that keeps a message for ever from where it ought to end; null when none does. */
  const away = (when: End, good: readonly number[], rules: readonly Rule[]) => {
    const machine = compile(modelOf('places', { message: one({ arrived: upTo(1), at: upTo(7) }) }, rules))
    const start = machine.start([{ count: 1 }])
    const [broken] = explore(machine, [start], { laws: [law(when, (m: { at: number }) => good.includes(m.at))] }).broken
    if (!broken) return null
    if (broken.run.stem !== null) expect(returns(machine, start, broken.run)).toBe(true)
    expect(broken.shortest).toBe(true)
    return { moves: broken.run.moves, stem: broken.run.stem }
  }
  const awayFrom = (good: readonly number[], ...rules: readonly Rule[]) => away('in the end', good, rules)

  it('knows rest from a step that changes nothing', () => {
    expect(awayFrom([])).toEqual({ moves: [], stem: null })
    expect(awayFrom([], going({ 0: 0 }))).toEqual({ moves: [0], stem: 0 })
    expect(awayFrom([1], going({ 0: 0 }), going({ 0: 1 }))).toBeNull()
  })

  it('accepts no cycle on which an owed step could be taken all the way round and never is', () => {
    expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 0: 2, 1: 2 }))).toBeNull()
    expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 0: 2 }))).toEqual({ moves: [0, 0], stem: 0 })
    expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 0: 2, 1: 2 }, 'timer'))).toBeNull()
  })

  it('goes round far enough to take every step that is owed', () => {
    const rounds = [going({ 0: 1, 1: 0 }), going({ 0: 0, 1: 1 })]
    expect(awayFrom([], ...rounds)!.moves).toHaveLength(3)
    expect(awayFrom([], going({ 0: 0, 1: 1 }), going({ 0: 1 }, 'heal'))).toEqual({ moves: [0], stem: 0 })
  })

  it('takes no state for a cycle that has no step back to itself', () => {
    expect(awayFrom([3], going({ 0: 1, 1: 2, 2: 3 }))).toBeNull()
    expect(awayFrom([3], going({ 0: 1, 1: 1 }), going({ 2: 3 }))).toEqual({ moves: [0, 0], stem: 1 })
  })

  it('finds a cycle within states that can also reach better ones and come back', () => {
    const back = going({ 2: 0 })
    expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 1: 2 }), back)).toEqual({ moves: [0, 0], stem: 0 })
    expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 0: 2, 1: 2 }), back)).toBeNull()
    // Of two cycles among the states that lack, the shorter is unfair, the longer is not.
    const rules = [going({ 0: 1, 1: 0 }), going({ 0: 4, 1: 4 }), going({ 1: 2 }), going({ 2: 0 }), going({ 4: 0 })]
    expect(awayFrom([4], ...rules)).toEqual({ moves: [0, 2, 3], stem: 0 })
  })

  it('never owes a fault or a heal, and may heal for ever but not fail for ever', () => {
    for (const way of ['fault', 'heal'] as const)
      expect(awayFrom([2], going({ 0: 1, 1: 0 }), going({ 0: 2, 1: 2 }, way))).toEqual({ moves: [0, 0], stem: 0 })
    // Something is owed in either place, but not the same thing.
    const owed = [going({ 0: 2 }), going({ 1: 2 })]
    expect(awayFrom([2], ...owed, going({ 0: 1, 1: 0 }, 'heal'))).toEqual({ moves: [2, 2], stem: 0 })
    expect(awayFrom([2], ...owed, going({ 0: 1, 1: 0 }, 'fault'))).toBeNull()
  })

  it('neither owes nor takes a timer before time passes, and then blames only what healing would help', () => {
    const waits = [going({ 0: 2 }), going({ 1: 2 }), going({ 0: 1, 1: 0 }, 'timer')]
    expect(away('in the end', [2], waits)).toEqual({ moves: [2, 2], stem: 0 })
    expect(away('before time passes', [2], waits)).toBeNull()
    const expires = [going({ 0: 1, 1: 0 }), going({ 0: 2, 1: 2 }, 'timer')]
    expect(away('in the end', [2], expires)).toBeNull()
    expect(away('before time passes', [2], expires)).toBeNull()
    expect(away('before time passes', [2], [...expires, going({ 0: 2 }, 'heal')])).toEqual({ moves: [0, 0], stem: 0 })
  })
})

describe('explore, on wide states', () => {
  it('keeps ten wheels of 31 bits apart', () => {
    const most = 2 ** 31 - 1
    const state = { wheel: each(10, { at: upTo(most) }) }
    const turns = rulesOver(state).rule('wheel turns', () => true, ({ wheel }) => { wheel.at = most - wheel.at })
    const wheels = modelOf('wheels', state, [turns])
    expect(compile(wheels).layout.bits).toBe(310)
    expect(counted(wheels)).toEqual({ states: 1024, transitions: 10240, depth: 10 })
  })

  it('lets a queue that spans words go first in, first out', () => {
    const state = {
      message: one({ wrong: upTo(1) }),
      item: each(100, {}),
      belt: one({ line: lineOf('item', 9), put: upTo(100), taken: upTo(100) }),
    }
    const { rule } = rulesOver(state)
    const belt = modelOf('belt', state, [
      rule('belt gets the next', ({ belt }) => belt.put < 100 && belt.line.hasRoom, ({ belt, items }) => {
        belt.line.push(items[belt.put]!)
        belt.put++
      }),
      rule('belt gives the first', ({ belt }) => belt.line.first !== null, ({ belt, message }) => {
        belt.taken++
        const waited = belt.put - belt.taken + 1
        if (belt.line.first!.number !== belt.taken || belt.line.length !== waited) message.wrong = 1
        belt.line.shift()
      }),
    ])
    expect(compile(belt).words).toBe(3)
    expect(brokenIn(belt, law('always', (m: { wrong: number }) => m.wrong === 0))).toBeUndefined()
    // So many put, and from none to nine of them not yet taken.
    expect(counted(belt)).toEqual({ states: 10 * 101 - 45, transitions: 2 * 9 * 100 - 72, depth: 200 })
  })
})
