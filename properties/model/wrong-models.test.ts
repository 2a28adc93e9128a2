/** Models that are declared or written wrongly: each mistake is named, whichever way the model is read. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/model/machine.ts'
import { replay } from '../../engine/run/replay.ts'
import { explore } from '../../engine/search/explore.ts'
import { fill } from '../../engine/states/kernel.ts'
import { decided } from '../../engine/speed/decided-rules.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { walk } from '../../engine/walk/walk.ts'
import {
  alike, type Domain, each, fate, lineOf, maybe, type Model, one, oneOf, type Rule, rulesOver, type State, upTo,
} from '../../spec/model.ts'
import { commandLine } from '../commands/command-line.ts'
import { delivery } from '../../spec/verdict.ts'
import { atOnce } from '../search/log-digest.ts'

const modelOf = (state: State, rules: readonly Rule[] = []): Model =>
  ({ name: 'wrong', state, rules, known: () => ({ due: () => delivery }), facts: () => [] })

/** What is said of a mistake; it must be a usage error, in one line. */
function saidOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).not.toContain('\n')
    return (error as Error).message
  }
  return 'nothing'
}
const declared = (state: State, rules: readonly Rule[] = []) => saidOf(() => compile(modelOf(state, rules)))
const field = (domain: Domain) => declared({ hand: one({ at: domain }), message: one(fate({})) })

describe('a sentence that would not be read as it is meant', () => {
  const state: State = { hand: one({ at: maybe('message') }), message: each(2, fate({})) }
  const said = (sentence: string) => declared(state, [rulesOver(state).rule(sentence as 'hand waits', () => true, () => undefined)])

  it('is refused for a comma that sticks to a name, and says where', () => {
    expect(said('hand delivers its at, and rests'))
      .toBe('wrong: ‘at,’ in ‘hand delivers its at, and rests’ would not be read as at: write the sentence without ‘,’ there.')
    expect(said('hand sees message, and rests'))
      .toBe('wrong: ‘message,’ in ‘hand sees message, and rests’ would not be read as message: write the sentence without ‘,’ there.')
    expect(said('hand rests, and sees message.')).toMatch(/‘message\.’ .* read as message: write the sentence without ‘\.’ there\.$/)
    expect(said('hand rests, at last, with its at')).toBe('nothing')
  })
})

describe('a state that cannot be packed is a usage error that', () => {
  it('names a number that no field can hold, and the most that one can', () => {
    for (const most of [2 ** 31, 2 ** 32 + 5, 2 ** 40])
      expect(field(upTo(most))).toBe(`wrong: ‘at’ of hand is up to ${most.toLocaleString('en-US')}: 2,147,483,647 is the most.`)
    expect(field(upTo(2 ** 31 - 1))).toBe('nothing')
    for (const most of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(field(upTo(most))).toBe(`wrong: ‘at’ of hand is up to ${most}: use a whole number from 0.`)
    expect(field(upTo(0))).toBe('nothing')
  })

  it('names words that are none, or the same', () => {
    expect(field(oneOf())).toBe('wrong: ‘at’ of hand is one of no words: name one at least.')
    expect(field(oneOf('up', 'down', 'up'))).toBe('wrong: ‘at’ of hand names ‘up’ twice.')
  })

  it('names a queue that has no length, and a kind that is not there', () => {
    for (const most of [-1, 0.5, Number.NaN])
      expect(field(lineOf('message', most))).toBe(`wrong: ‘at’ of hand is a line of up to ${most}: use a whole number from 0.`)
    expect(field(lineOf('message', 1e9))).toBe('wrong: ‘at’ of hand is a line of up to 1,000,000,000: 32,768 is the most.')
    expect(field(maybe('lorry'))).toBe('wrong: ‘at’ of hand refers to ‘lorry’, and there is no such kind: there are hand, message.')
  })

  it('names a kind of which there are none, or no whole number', () => {
    for (const count of [0, -1, 2.5, Number.NaN])
      expect(declared({ hand: each(count, {}) })).toBe(`wrong: there are ${count} of ‘hand’: use a whole number from 1.`)
  })

  it('names a field that rules could not reach', () => {
    expect(declared({ hand: one({ number: upTo(1) }) })).toMatch(/^wrong: ‘number’ of hand/)
    expect(declared({ hand: one({ 'a b': upTo(1) }) })).toMatch(/^wrong: ‘a b’ of hand/)
  })

  it('names kinds that rules could not tell apart, or reach', () => {
    expect(declared({ 'left hand': one({}) })).toBe('wrong: ‘left hand’ cannot name a kind: use one word of letters and digits.')
    expect(declared({ hand: each(2, {}), hands: one({}) })).toBe('wrong: ‘hands’ is a kind, and so are all of ‘hand’ called: name one otherwise.')
    expect(declared({ hand: one({}), hands: one({}) })).toBe('nothing')
  })

  it('names what a sentence calls ‘its’ and is something else already', () => {
    const hammer = maybe('hammer')
    const state = { hand: one({ belt: hammer, hammers: hammer, hammer }), belt: one({}), hammer: each(2, {}) }
    const takes = (its: string): Rule => ({ sentence: `hand drops its ${its}`, kind: 'progress', when: () => true, then: () => undefined })
    const says = (its: string) => `wrong: ‘hand drops its ${its}’ would hide ${its}, which is there already: name the field otherwise.`
    expect(declared(state, [takes('belt')])).toBe(says('belt'))
    expect(declared(state, [takes('hammers')])).toBe(says('hammers'))
    expect(declared(state, [takes('hammer')])).toBe('nothing')
  })

  it('says how large it is, and how large it may be', () => {
    expect(declared({ hand: each(1025, { at: upTo(2 ** 31 - 1) }) }))
      .toBe('wrong has over 1,024 words in a state at this scope: narrow it.')
    expect(declared({ hand: each(1024, { at: upTo(2 ** 31 - 1) }) })).toBe('nothing')
    expect(declared({ hand: each(1e9, {}) })).toBe('wrong has over 32,768 things at this scope: narrow it.')
  })

  it('says how many moves there are, and how many there may be', () => {
    const state = { hand: each(300, {}), message: each(300, fate({})) }
    const meets = rulesOver(state).rule('hand meets message', ({ hand, message }) => hand !== null && message !== null, () => undefined)
    expect(declared(state, [meets])).toBe('wrong has 90,000 moves at this scope, and 65,535 is the most: narrow it.')
    const many = { hand: each(10_000, {}), foot: each(10_000, {}) }
    const trips = rulesOver(many).rule('hand and foot', ({ hand, foot }) => hand.number + foot.number > 0, () => undefined)
    expect(declared(many, [trips])).toBe('wrong has 100,000,000 moves at this scope, and 65,535 is the most: narrow it.')
  })

  it('names a fault that may happen a strange number of times', () => {
    const state = { hand: one({}) }
    const { fault } = rulesOver(state)
    for (const times of [-1, 0.5, Number.NaN, 2 ** 40])
      expect(declared(state, [fault('hand slips', times, () => true, () => undefined)])).toMatch(/^wrong: ‘hand slips’ may happen /)
    expect(declared(state, [fault('hand slips', 0, () => true, () => undefined)])).toBe('nothing')
  })

  it('is said in one line by the command line, with what to do, and exits as a mistake', () => {
    const command = [commandLine, 'explore', 'claim-queue', '--scope', 'workers=300,messages=300', '--stream', '1']
    const run = () => execFileSync(process.execPath, command, { encoding: 'utf8', stdio: 'pipe' })
    let failed: { status?: number; stderr?: string } = {}
    try {
      run()
    } catch (error) {
      failed = error as typeof failed
    }
    expect(failed.status).toBe(2)
    expect(failed.stderr).toBe('unwedge: claim-queue has 91,804 moves at this scope, and 65,535 is the most: narrow it.\n')
  })
})

describe('a rule that sets what a field cannot hold', () => {
  const state = {
    hand: each(2, { holds: maybe('hammer'), wide: upTo(7), is: oneOf('open', 'shut') }),
    belt: one({ line: lineOf('hammer', 3) }),
    hammer: each(2, {}),
    nail: each(40, {}),
    message: one(fate({})),
  }
  const stray = compile(modelOf({ hammer: each(2, {}), hand: one({ holds: maybe('hammer') }) })).bind['all0_hammer'] as readonly object[]
  type Scene = {
    hand: { holds: unknown; wide: unknown; is: unknown }; nail: object; hammers: readonly object[]
    belt: { line: { push(thing: unknown): void } }
  }
  const wrongs: readonly (readonly [name: string, says: RegExp, then: (scene: Scene) => void])[] = [
    ['a thing of another kind', /hand 1’s holds cannot be nail \d+: it may be a hammer, or null/,
      ({ hand, nail }) => { hand.holds = nail }],
    ['a thing of another state', /hand 1’s holds cannot be hammer 1 of another state: it may be/,
      ({ hand }) => { hand.holds = stray[0] }],
    ['no thing at all', /hand 1’s holds cannot be undefined: it may be/, ({ hand }) => { hand.holds = undefined }],
    ['a number for a thing', /hand 1’s holds cannot be 2: it may be/, ({ hand }) => { hand.holds = 2 }],
    ['a thing of another kind in a queue', /belt 1’s line cannot be nail \d+: it may be a hammer\./,
      ({ belt, nail }) => belt.line.push(nail)],
    ['nobody in a queue', /belt 1’s line cannot be null: it may be a hammer/, ({ belt }) => belt.line.push(null)],
    ['too many in a queue', /belt 1’s line cannot be 4 long: it may be at most 3 long/, ({ belt, hammers }) => {
      for (let i = 0; i < 4; i++) belt.line.push(hammers[0])
    }],
    ['too much', /hand 1’s wide cannot be 8: it may be a whole number from 0 to 7/, ({ hand }) => { hand.wide = 8 }],
    ['too little', /hand 1’s wide cannot be -1: it may be/, ({ hand }) => { hand.wide = -1 }],
    ['a part of a number', /hand 1’s wide cannot be 0.5: it may be/, ({ hand }) => { hand.wide = 0.5 }],
    ['no number', /hand 1’s wide cannot be NaN: it may be/, ({ hand }) => { hand.wide = Number.NaN }],
    ['another word', /hand 1’s is cannot be ajar: it may be open or shut/, ({ hand }) => { hand.is = 'ajar' }],
  ]
  const rests = ({ hand }: { hand: object | null }) => hand === null
  const waits: Rule = { sentence: 'hand rests', kind: 'progress', when: rests, then: () => undefined }
  const meets = ({ hand, nail }: { hand: object; nail: object }) => hand !== nail
  for (const [name, says, then] of wrongs)
    it(`such as ${name} is named with its field, its value and itself, on every way that it is taken`, () => {
      const machine = compile(modelOf(state, [waits, { sentence: 'hand strikes nail', kind: 'progress', when: meets, then }]))
      const start = machine.start([])
      const scenario = { stream: [], faults: [], schedule: [] }
      const first = machine.moves.findIndex(({ rule }) => rule.sentence === 'hand strikes nail')
      const ways: readonly (() => unknown)[] = [
        () => { machine.load(start); machine.take(first) },
        () => { machine.load(start); machine.next(0, machine.ends.progress) },
        () => explore(machine, [start]),
        () => fill(machine, [start], true, { states: 1000, speed: atOnce(decided({ machine, words: start, states: 1 })) }),
        () => explore(machine, [start], { symmetry: true }),
        () => walk(machine, scenario),
        () => walk(machine, { ...scenario, schedule: [1] }),
        () => replay(machine, scenario, [0]),
      ]
      for (const way of ways) {
        const said = saidOf(way)
        expect(said).toMatch(says)
        expect(said).toContain('‘hand strikes nail’ of wrong')
      }
    })

  it('leaves its neighbours’ bits alone', () => {
    const machine = compile(modelOf(state, [{ sentence: 'hand strikes nail', kind: 'progress', when: () => true, then: wrongs[0]![2] }]))
    machine.load(machine.start([]))
    expect(() => machine.take(39)).toThrow(UsageError)
    expect([...machine.save()]).toEqual([...machine.start([])])
  })
})

describe('a stream that a model cannot be given is a usage error that', () => {
  const state = {
    message: each(2, { link: maybe('link'), is: oneOf('new', 'old'), line: lineOf('link', 2), ...fate({}) }),
    link: alike(2, {}),
  }
  const given = (values: Readonly<Record<string, string | number>>) =>
    saidOf(() => compile(modelOf(state)).start([{ count: 1, ...values }]))

  it('names the field and the value', () => {
    expect(given({ colour: 'red' })).toMatch(/has no ‘colour’ to set to red/)
    expect(given({ link: 3 })).toMatch(/link cannot be 3: it may be from 1 to 2/)
    expect(given({ link: 0 })).toMatch(/link cannot be 0/)
    expect(given({ is: 'red' })).toMatch(/is cannot be red: it may be new or old/)
    expect(given({ line: 1 })).toMatch(/line/)
    expect(given({ link: 2, is: 'old' })).toBe('nothing')
  })
  it('says for how many bursts there is room', () => {
    expect(saidOf(() => compile(modelOf(state)).start(Array.from({ length: 3 }, () => ({ count: 1 })))))
      .toBe('wrong has room for 2 bursts of messages; the stream has 3.')
  })
})
