/** What the notation says no to, for it would go wrong in silence; and what queues and sets can be asked. */
import { describe, expect, it } from 'vitest'
import {
  alike, check, component, each, explore, lawsOver, lineOf, maybe, type Model, one, oneOf, type OwnLaw, question, type Rule, rulesOver,
  setOf, type State, UsageError, upTo,
} from '../../api/model.ts'
import { compile } from '../../engine/model/machine.ts'
import { fill } from '../../engine/states/kernel.ts'
import { decided } from '../../engine/speed/decided-rules.ts'
import { atOnce, digest } from '../search/log-digest.ts'

const modelOf = (state: State, rules: readonly Rule[], laws: readonly OwnLaw[] = []): Model => ({ name: 'own', state, rules, laws })
const explored = (model: Model) => {
  const machine = compile(model)
  return explore(machine, [machine.start([])], model.laws!.length > 0 ? {} : { laws: [] })
}
function refused(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  return 'nothing'
}

describe('A sentence', () => {
  const state = { cell: each(3, { is: oneOf('asleep', 'awake'), next: maybe('cell') }), clock: one({ n: upTo(3) }), cat: each(2, {}) }
  const { rule } = rulesOver(state)

  it('is refused where it names two of one kind, which would be the same one twice', () => {
    const wakes = rule('cell wakes cell', () => true, () => undefined)
    expect(refused(() => compile(modelOf(state, [wakes])))).toBe('own: ‘cell wakes cell’ names cell twice, and would mean the same one both '
      + 'times: name it once, and let the other be in a field of it, or look for it among ‘cells’.')
    const law = lawsOver(state).always('calm', 'Where one cell sleeps, no cell wakes.', () => true)
    expect(refused(() => compile(modelOf(state, [], [law])))).toMatch(/^own: the sentence of ‘calm’, ‘Where .*’, names cell twice/)
    const besides = rule('cell wakes its next cat', ({ cat }) => cat.number > 0, () => undefined)
    expect(refused(() => compile(modelOf(state, [besides])))).toBe('nothing')
  })

  it('is refused where it names one of several whom its rule asks nothing of, so that each would be a step of its own', () => {
    const says = (...rules: readonly Rule[]) => refused(() => compile(modelOf(state, rules)))
    const next = (sentence: string, when: (scene: never) => boolean, then: (scene: never) => void): Rule =>
      ({ sentence, kind: 'progress', when, then })
    const wake = ({ cells }: { cells: readonly { is: string }[] }) => { cells[0]!.is = 'awake' }
    expect(says(next('cell wakes', ({ cells }: { cells: { is: string }[] }) => cells[0]!.is === 'asleep', wake)))
      .toBe('own: ‘cell wakes’ names one of 3, cell, and asks nothing of it: each of them would be a step that does the same. '
        + 'Ask for ‘cell’ in the guard or the effect, or leave the word out.')
    expect(says(next('clock wakes cell', ({ clock }: { clock: { n: number } }) => clock.n < 3, wake)))
      .toMatch(/^own: ‘clock wakes cell’ names one of 3, cell,/)
    // One that is alone makes no second step, and whom ‘its’ is about is asked what it has.
    expect(says(next('clock strikes', () => true, wake))).toBe('nothing')
    expect(says(rule('cell wakes its next', ({ next }) => next !== null, wake))).toBe('nothing')
    // What is asked by somebody who is given all of it, nobody can see from here.
    const isAwake = (scene: { cell: { is: string } }) => scene.cell.is === 'awake'
    expect(says(next('cell wakes', (scene) => isAwake(scene), wake))).toBe('nothing')
    expect(says(next('cell wakes', ({ cell: one }: { cell: { is: string } }) => one.is === 'asleep', wake))).toBe('nothing')
  })

  it('has whom it names and nobody else: what another rule was about is not there', () => {
    const wakes = rule('cell wakes', ({ cell }) => cell.is === 'asleep', ({ cell }) => { cell.is = 'awake' })
    const stray = (when: (scene: never) => boolean, then: (scene: never) => void = () => undefined): Rule =>
      ({ sentence: 'clock ticks', kind: 'progress', when, then })
    const says = 'own: the rule ‘clock ticks’ asks for ‘cell’, and has only cells, clock, cats: name in its sentence whom it is about.'
    expect(refused(() => explored(modelOf(state, [wakes, stray(({ cell }: { cell: object }) => cell !== null)])))).toBe(says)
    expect(refused(() => explored(modelOf(state, [wakes, stray(() => true, ({ cell }: { cell: object }) => void cell)])))).toBe(says)
    expect(refused(() => explored(modelOf(state, [stray(({ next }: { next: unknown }) => next === undefined)])))).toMatch(/asks for ‘next’/)
    const calm = { own: true, name: 'calm', says: 'All is calm.', when: 'always' } as const
    const law = { ...calm, holds: ({ cell }: { cell: object }) => cell !== null }
    expect(refused(() => explored(modelOf(state, [wakes], [law])))).toMatch(/^own: the law ‘calm’ asks for ‘cell’, and has only cells/)
  })
})

describe('A guard', () => {
  const state = { cell: each(2, { n: upTo(3), m: upTo(3) }), wide: each(40, { n: upTo(2 ** 31 - 1) }) }
  const { rule } = rulesOver(state)
  const goes = rule('cell goes on', ({ cell }) => cell.n < 3, ({ cell }) => { cell.n += 1 })
  const says = 'own: the guard of ‘cell slips’ changes the state. A guard only asks: what is to change, the effect changes.'
  const narrow = { cell: state.cell }

  it('that changes the state is refused, whether or not it lets its rule happen, and however rarely it does', () => {
    for (const there of [narrow, state]) {
      const slips = (when: (cell: { n: number; m: number }) => boolean) =>
        refused(() => explored(modelOf(there, [goes, rule('cell slips', ({ cell }) => when(cell), ({ cell }) => { cell.m = 1 }), goes])))
      expect(slips((cell) => { cell.m = 2; return true })).toBe(says)
      expect(slips((cell) => { cell.m = 2; return false })).toBe(says)
      expect(slips((cell) => { if (cell.n === 3) cell.m = 2; return cell.n === 3 })).toBe(says)
      expect(slips((cell) => cell.m === 0)).toBe('nothing')
    }
  })

  it('is no law, which may not change it either', () => {
    const { always, everyStep } = lawsOver(narrow)
    const change = ({ cells }: { readonly cells: readonly { m: number }[] }) => { cells[0]!.m = 1 }
    for (const law of [
      always('a', 'All is well.', (scene) => { change(scene); return true }),
      everyStep('a', 'All is well.', (scene) => { change(scene); return 0 }, () => true),
    ]) expect(refused(() => explored(modelOf(narrow, [goes], [law])))).toBe('own: the law ‘a’ changes the state. A law only asks.')
  })
})

describe('A name', () => {
  it('is refused that would stand for something else, in a state, a sentence or a page', () => {
    const declared = (state: State) => refused(() => compile(modelOf(state, [])))
    expect(declared({ m: each(2, {}), ms: each(2, {}) })).toBe('own: ‘ms’ is a kind, and so are all of ‘m’ called: name one otherwise.')
    for (const kind of ['its', 'm1', 'constructor', 'toString', '__proto__'])
      expect(declared(Object.fromEntries([[kind, one({})]])), kind).toBe(`own: a kind cannot be called ‘${kind}’: name it otherwise.`)
    for (const field of ['number', 'constructor', 'toString', 'valueOf', 'its'])
      expect(declared({ thing: one({ [field]: upTo(1) }) }), field).toMatch(new RegExp(`^own: ‘${field}’ of thing cannot be called so`))
  })

  it('may be a word that a program has, and may look like two others put together', () => {
    const words = { new: upTo(1), class: maybe('c'), default: lineOf('c', 2), b_c: oneOf('x', 'y') }
    const state = { a: one(words), a_b: each(2, { c: oneOf('y', 'z') }), c: alike(2, {}) }
    const { rule } = rulesOver(state)
    const sets = rule('a_b sets', ({ a, a_b }) => a.b_c === 'x' && a_b.c === 'y', ({ a, a_b, cs }) => {
      a.b_c = 'y'
      a_b.c = 'z'
      a.new = 1
      a.class = cs[0]!
    })
    expect(explored(modelOf(state, [sets])).states).toBe(3)
  })
})

describe('A law that says nothing', () => {
  it('is told of a right variant: what it begins with is so in no state', () => {
    const lamp = component({
      name: 'lamp', sizes: {}, questions: { burns: question('Does it burn?', ['yes', 'no']) },
      variants: { fixed: { burns: 'yes' } },
      model() {
        const state = { lamp: one({ is: oneOf('off', 'on', 'broken') }) }
        const { rule } = rulesOver(state)
        return {
          name: 'lamp', state, rules: [rule('lamp goes on', ({ lamp }) => lamp.is === 'off', ({ lamp }) => { lamp.is = 'on' })],
          laws: [lawsOver(state).leadsTo('mended', 'What is broken is mended.',
            ({ lamp }) => lamp.is === 'broken', ({ lamp }) => lamp.is === 'off')],
        }
      },
    })
    expect(check({ component: lamp, variant: 'fixed', says: 'burns', scope: {} }).wrong)
      .toEqual(['lamp/fixed: the law ‘mended’ says nothing, for what it begins with is so in no state.'])
  })
})

describe('A queue', () => {
  const state = { belt: one({ line: lineOf('item', 4), seen: upTo(7) }), item: each(3, { n: upTo(3) }) }
  const { rule } = rulesOver(state)

  for (const most of [4, 20])
    it(`of ${most} is asked what stands where and whether something does, and gives up what is in its middle`, () => {
      const there = { ...state, belt: one({ line: lineOf('item', most), seen: upTo(7) }), wide: each(most, { n: upTo(2 ** 31 - 1) }) }
      const machine = compile(modelOf(there, [rule('belt works', () => true, ({ belt, items }) => {
        const [a, b, c] = items as [typeof items[0], typeof items[0], typeof items[0]]
        for (const item of [a!, b!, a!, c!]) belt.line.push(item)
        expect([belt.line.at(0), belt.line.at(1), belt.line.at(-1), belt.line.at(4), belt.line.at(-5)]).toEqual([a, b, c, null, null])
        expect([belt.line.contains(b!), belt.line.remove(b!)]).toEqual([true, true])
        expect([belt.line.contains(b!), belt.line.remove(b!)]).toEqual([false, false])
        expect([belt.line.length, belt.line.at(0), belt.line.at(1), belt.line.at(2)]).toEqual([3, a, a, c])
        belt.line.remove(a!)
        expect([belt.line.length, belt.line.first, belt.line.at(-1)]).toEqual([2, a, c])
        expect(refused(() => belt.line.contains(belt as never))).toMatch(/belt 1’s line cannot be belt 1: it may be a item/)
      })]))
      machine.load(machine.start([]))
      expect(machine.take(0)).toBe(true)
      expect(machine.plain()[0]!['belt']).toMatchObject({ line: [1, 3] })
    })
})

describe('A set', () => {
  const state = { club: one({ in: setOf('guest'), had: setOf('guest') }), guest: each(3, { n: upTo(2) }) }
  const { rule } = rulesOver(state)
  const rules = [
    rule('guest comes', ({ club, guest }) => !club.in.has(guest) && club.in.size < 2, ({ club, guest }) => {
      club.in.add(guest)
      club.had.add(guest)
    }),
    rule('guest goes', ({ club, guest }) => club.in.has(guest) && [...club.in].every(({ number }) => number <= guest.number),
      ({ club, guest }) => { club.in.remove(guest) }),
  ]

  it('has whoever was added and not removed, in the order of their numbers', () => {
    const machine = compile(modelOf(state, rules))
    machine.load(machine.start([]))
    for (const move of [2, 1]) expect(machine.take(move)).toBe(true)
    expect(machine.plain()[0]!['club']).toEqual({ in: [2, 3], had: [2, 3] })
    expect([machine.may(0), machine.may(4), machine.take(5)]).toEqual([false, false, true])
    expect(machine.plain()[0]!['club']).toEqual({ in: [2], had: [2, 3] })
    expect(machine.facts(true)).toEqual(['club: in guest 2', 'club: had guest 2, guest 3'])
    expect(machine.layout.bits).toBe(6 + 6)
  })

  it('is as many states as it has, and the same fast and slow', () => {
    const machine = compile(modelOf(state, rules))
    const start = machine.start([])
    const whole = fill(machine, [start], true, { states: 1_000 })
    // Any two of three may be in, of those that were.
    expect(whole.states).toBe(1 + 3 * 2 + 3 * 4 + 1 * 7)
    const speed = atOnce(decided(whole))
    expect(digest(fill(machine, [start], true, { states: 1_000, speed }))).toEqual(digest(whole))
  })

  it('refuses a stranger', () => {
    const odd = rule('club opens', () => true, ({ club }) => { club.in.add(club as never) })
    expect(refused(() => explored(modelOf(state, [odd])))).toMatch(/^club 1’s in cannot be club 1: it may be a guest\. The rule/)
  })
})
