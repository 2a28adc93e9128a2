import { describe, expect, it } from 'vitest'
import { addressOf, altered, contentOf, idIn, sameContent, words } from '../../engine/trial/content.ts'
import { depth } from '../../spec/message.ts'
import { messageKinds } from '../../spec/connector.ts'
import { inWorld } from './bare-world.ts'

const nested = (inner: unknown, levels: number) => {
  let all = inner
  for (let level = 0; level < levels; level++) all = { in: all }
  return all
}

const isWellFormed = (text: string) => Buffer.from(text).toString() === text

describe('The content of a message', () => {
  it('carries its id, whatever its kind, but for an empty one', () => {
    for (const kind of messageKinds) expect(idIn(contentOf('m12', kind)), kind).toBe(kind === 'empty' ? null : 'm12')
  })

  it('is what its kind says', () => {
    const text = (kind: (typeof messageKinds)[number]) => String(contentOf('m1', kind))
    expect(text('plain')).toBe('m1')
    expect(text('twin')).toBe('m1, and again')
    expect(text('other script')).toMatch(/^m1: .*ß.*п.*漢.*\u0301.*🙂/)
    expect(text('lines').split('\n')).toEqual(['m1', '.', '..', '', '  indented, and then spaces  '])
    for (const control of ['\r\n', '\r', '\t', '\0', '\u0085', '\u2028']) expect(text('control characters')).toContain(control)
    expect([text('long').length, contentOf('m1234', 'long')]).toEqual([100_000, `m1234 ${'x'.repeat(99_994)}`])
    expect(isWellFormed(text('lone surrogate'))).toBe(false)
    expect(contentOf('m1', 'list')).toEqual(['m1', 'm1, second part'])
    expect(contentOf('m1', 'wrong type')).toEqual(Object.assign(Object.create(null), { id: 'm1' }))
    expect(() => String(contentOf('m1', 'wrong type'))).toThrow(TypeError)
    expect(contentOf('m1', 'empty')).toBe('')
    expect(JSON.stringify(contentOf('m1', 'deep')).length).toBe(depth * 7 + 4)
  })

  it('of other scripts and long, is longer than 64 KiB, with whole letters of two to four bytes', () => {
    const text = String(contentOf('m1', 'long other script'))
    expect(Buffer.byteLength(text)).toBeGreaterThan(64 * 1024)
    expect(Buffer.byteLength(text)).toBeLessThan(70 * 1024)
    expect([isWellFormed(text), new Set(text.slice(4))]).toEqual([true, new Set(['é', '漢', '🙂'])])
    expect(text.startsWith('m1: é漢🙂é')).toBe(true)
  })

  it('is made anew at every call, where it is no text', () => {
    for (const kind of ['list', 'wrong type', 'deep'] as const) expect(new Set([1, 2].map(() => contentOf('m1', kind))).size, kind).toBe(2)
  })
})

describe('A message', () => {
  it('has a few attachments, or none, for a connector that carries them: no more than it passes on', async () => {
    const few: number[][] = []
    for (const promised of [{}, { strips: 1 }, { carries: ['address', 'header'] }] as const)
      await inWorld({ carries: ['attachments'], ...promised }, ({ take }) => {
        few.push([1, 2, 3, 4].map(() => take().envelope.attachments))
      })
    expect(few).toEqual([[1, 2, 0, 1], [1, 1, 0, 1], [0, 0, 0, 0]])
  })
})

describe('The address of a message', () => {
  it('is well-formed, but for some kinds', () => {
    expect(addressOf('m1', 'plain')).toBe('m1@far.example')
    expect(addressOf('m1', 'oversized')).toBe(`${'a'.repeat(300)}@far.example`)
    expect(addressOf('m1', 'bad address')).toBe('m1 at nowhere')
    expect(addressOf('m1', 'no such destination')).toBe('m1@nowhere.example')
    const deep = addressOf('m1', 'deep')
    expect([deep.slice(0, 11), deep.slice(-24), deep.split(':').length]).toEqual(['g0: g1: g2:', ': g2999: m1@far.example;', depth + 1])
  })
})

describe('The id that content carries', () => {
  it('is at the start of a text, as a whole word', () => {
    for (const content of ['m1', 'm1 and more', 'm1, x', ['m1'], { id: 'm1' }, { in: { in: 'm1' } }, { id: ['m1'] }])
      expect(idIn(content)).toBe('m1')
    for (const content of ['', 'm', ' m1', 'xm1', 'm1x', 'mm1', 17, null, undefined, {}, { in: null }, [], [1], true])
      expect(idIn(content)).toBeNull()
  })

  it('is looked for as deep as the deepest message goes, and no deeper', () => {
    expect(idIn(nested('m1', depth + 1))).toBe('m1')
    expect(idIn(nested('m1', depth + 2))).toBeNull()
    const loop: { in?: unknown } = {}
    loop.in = loop
    expect(idIn(loop)).toBeNull()
  })
})

describe('The same content', () => {
  it('is alike, whatever the objects', () => {
    for (const kind of messageKinds) expect(sameContent(contentOf('m1', kind), contentOf('m1', kind)), kind).toBe(true)
    expect(sameContent(Number.NaN, Number.NaN)).toBe(true)
    expect(sameContent({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(sameContent({ a: 1, b: [2] }, { a: 1, b: ['2'] })).toBe(true)
    expect(sameContent({}, {})).toBe(true)
  })

  it('is not what differs in a letter, a key, a length, a level or a type', () => {
    const differing: readonly (readonly [unknown, unknown])[] = [
      ['m1', 'm1 '], ['m1', ['m1']], [['m1'], { 0: 'm1' }], [['m1', 'a'], ['m1', 'b']], [['m1'], ['m1', 'm1']], 
      [{ id: 'm1' }, { id: 'm2' }],
      [{ id: 'm1' }, { in: 'm1' }], [{ a: 1, b: 2 }, { a: 1, c: 2 }], [null, {}], [{}, null], ['m1', null], [null, 'm1'],
      [{ a: 1, b: 2 }, { a: 1, b: 3 }],
      [{ a: { b: 1 } }, { a: { b: 2 } }], [nested('m1', 5), nested('m1', 6)], [contentOf('m1', 'deep'), contentOf('m2', 'deep')],
      [{ a: 0, b: 2 }, { a: 1, b: 2 }],
    ]
    for (const [a, b] of differing) expect(sameContent(a, b), `${JSON.stringify(a)} ${JSON.stringify(b)}`.slice(0, 60)).toBe(false)
  })

  it('is compared as deep as the deepest message goes', () => {
    expect(sameContent(nested('m1', depth + 1), nested('m1', depth + 1))).toBe(true)
    const [a, b]: { in?: unknown }[] = [{}, {}]
    a!.in = a
    b!.in = b
    expect(sameContent(a, b)).toBe(false)
  })
})

describe('Words for what came', () => {
  it('are the message of an error, a text, or what can be shown, and not too many', () => {
    expect(words(new Error('no'))).toBe('no')
    expect(words('a "text"')).toBe('a "text"')
    expect([{ a: 1 }, undefined, null, 5, () => 1].map(words)).toEqual(['{"a":1}', 'undefined', 'null', '5', '() => 1'])
    expect(words('x'.repeat(300))).toBe('x'.repeat(200))
    expect(words(contentOf('m1', 'wrong type'))).toBe('{"id":"m1"}')
    for (const value of [1n, { toJSON() { throw new Error('never') } }]) expect(words(value)).toBe('something that cannot be shown')
  })

  it('say of a long text where it is no longer what was sent', () => {
    const sent = `m1 ${'x'.repeat(1_997)}`
    expect(altered(sent, `${sent.slice(0, 1_500)}y`)).toBe('m1 xxxxxxxxxxxxxxxxx…, the same for 1,500 of 2,000 characters')
    expect(altered(sent, `${sent}yy`)).toBe('m1 xxxxxxxxxxxxxxxxx…, the same for 2,000 of 2,000 characters')
    expect(altered(sent, 'other')).toBe('other…, the same for 0 of 2,000 characters')
    expect(altered('x'.repeat(200), 'y')).toBe('y…, the same for 0 of 200 characters')
    expect(altered('x'.repeat(199), 'y')).toBe('y')
    expect([altered(sent, null), altered(['m1'], 'm1'), altered({ id: 'm1' }, 'abc')]).toEqual(['null', 'm1', 'abc'])
  })
})
