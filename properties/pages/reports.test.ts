import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonPage, jsonRun } from '../../reports/formats/json.ts'
import { markdownPage, markdownRun } from '../../reports/text/run-markdown.ts'
import { variantMarkdown, type VariantRow, variantText } from '../../reports/tables/variant-table.ts'
import { textPage, textRun } from '../../reports/text/run-page.ts'
import { replayCommand } from '../../reports/text/run-sentences.ts'
import { duration } from '../../reports/text/words.ts'
import type { Counterexample, Step } from '../../spec/evidence/counterexample.ts'

/** A counterexample with one of everything, each text in it made from the name of its field. */
function sample(word: (field: string) => string): Counterexample {
  const step = (who: string, kind: Step['kind'], more: Partial<Step> = {}): Step =>
    ({ who: word(who), does: word(`${who}Does`), kind, position: 0, facts: [], factsGone: [], ...more })
  return {
    component: word('component'), variant: word('variant'), from: null, says: word('says'),
    source: word('source'), title: word('title'), isVariation: false,
    law: { name: 'nothing wedges', says: word('law'), when: 'recovers' },
    scope: { [word('size')]: 1_111, other: 2 },
    stream: [{ count: 2_222, field: 'value' }], begin: 0,
    messages: [{ name: word('firstName'), is: word('firstIs') }, { name: word('secondName'), is: '' }],
    start: [word('startFact')],
    run: [
      { steps: [step('worker', 'progress', { logs: word('log'), facts: [word('fact'), word('other')] })], times: 1 },
      { steps: [step('sender', 'timer')], times: 3_333 },
      { steps: [step('worker', 'progress'), step('sender', 'progress')], times: 44 },
      { steps: [step('link', 'fault', { facts: [word('down')] })], times: 1 },
      { steps: [step('worker', 'progress')], times: 1 },
    ],
    length: 3_424, stem: 3_423, message: word('message'), about: word('message'), since: null, culprit: word('culprit'),
    answers: [{ of: '', asks: word('asks'), found: word('found'), fixed: word('fixed'), here: word('here') }],
    threshold: { of: word('of'), passes: 5_555, breaks: 5_556, does: word('does') },
    minimality: { known: 'proved', nearer: 6_666 },
    schedule: word('schedule'), replay: word('replay'),
  }
}

/** Every word that a sample was made of, and every number that a page is to show. */
const words = (() => {
  const seen = new Set<string>()
  sample((field) => {
    seen.add(field)
    return field
  })
  return [...seen]
})()
const numbers = ['1,111', '3,333', '44 times', '5,555', '5,556', '6,666']

const pages: Readonly<Record<string, (found: Counterexample) => string>> = { textPage, markdownPage, jsonPage }
const runs: Readonly<Record<string, (found: Counterexample) => string>> = { textRun, markdownRun, jsonRun }

const hostile = 'x\u001b[31m\u0007\r\nnpx evil; # %%{init}%% <b>&amp;`$(id)````\u202e|*_[a](b)\u2028\ud800 end'
  + '\u009b1m\u{e0041}@you www.x.y http://x.y'
/** Letters, fragments of every notation a page is written in, and whatever else there is. */
/** The same draws each time. */
const drawn200 = { numRuns: 200, seed: 1 }
const nasty = fc.array(fc.oneof(
  fc.constantFrom(...'\u001b[2J|\n|\r|;|#|<|>|```|`|\\|%%|end|loop|*|_|[|](|$$|\u202e|\ud83d|\u2028|:|wrap:|{|}|"|\''.split('|')),
  fc.constantFrom('1. ', '- ', '&lt;', '@x', '|', '~~', '!', '\t', 'http://x', 'www.'),
  fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 }).map((parts) => parts.join(''))

describe('A page', () => {
  it('tells every fact of its counterexample, and nothing else', () => {
    for (const [name, page] of Object.entries(pages)) {
      const [one, other] = [page(sample((field) => `Qa${field}`)), page(sample((field) => `Qb${field}`))]
      for (const word of words) expect(one, `${name} does not tell ${word}`).toContain(`Qa${word}`)
      if (name !== 'jsonPage') for (const number of numbers) expect(one, `${name} does not tell ${number}`).toContain(number)
      expect(one.replaceAll('Qa', 'Qb')).toBe(other)
    }
  })

  it('of a run that breaks no law has no law to tell, nor who is to blame', () => {
    for (const page of Object.values(runs)) {
      const written = page(sample((field) => `Qa${field}`))
      expect(written).toContain('Qafirst')
      for (const absent of ['Qalaw', 'Qaculprit', '5,555', '6,666', '✗']) expect(written).not.toContain(absent)
    }
  })

  it('steers no terminal, whatever a run is called', () => {
    for (const page of [...Object.values(pages), ...Object.values(runs)])
      expect(page(sample(() => hostile))).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  })

  it('has no line that a run could have forged', () => {
    const lines = (page: string) => page.split('\n').length
    fc.assert(fc.property(nasty, (text) => {
      for (const page of [textPage, textRun, markdownPage, markdownRun])
        expect(lines(page(sample((field) => `${field}${text}`)))).toBe(lines(page(sample((field) => field))))
    }), drawn200)
  })

  it('ends with a command that a shell takes as it was meant', () => {
    const found = { ...sample((field) => field), replay: '--stream 1' }
    expect(replayCommand({ ...found, schedule: '0/1x4' })).toBe('npx unwedge replay component/variant 0/1x4 --stream 1')
    expect(replayCommand({ ...found, schedule: '0/(0/1)x9' })).toBe("npx unwedge replay component/variant '0/(0/1)x9' --stream 1")
    expect(replayCommand({ ...found, schedule: '' })).toBe("npx unwedge replay component/variant '' --stream 1")
    expect(replayCommand({ ...found, variant: "a'; b" })).toBe("npx unwedge replay 'component/a'\\''; b' schedule --stream 1")
  })
})

describe('A page of Markdown', () => {
  const parts = (page: string) => /^(.*?)\n```mermaid\n(.*?)\n```\n(.*?)\n```sh\n(.*?)\n```\n$/s.exec(page)!.slice(1)
  const text = '(?:[\\p{L}\\p{N} ,.()’‘“”–…·✗✓_/=!?-]|#\\d+;)*'
  const statements = [
    `participant p\\d+ as ${text}`, `p\\d+->>p\\d+: ${text}`, `Note (?:over|right of) p\\d+(?:,p\\d+)?: ${text}`,
    'loop (?:for ever|[\\d,]+ times)', 'end',
  ]
  const statement = new RegExp(`^  (?:${statements.join('|')})$`, 'u')

  it('draws nothing but what it means to draw', () => {
    fc.assert(fc.property(nasty, (drawn) => {
      const [head, ...lines] = parts(markdownPage(sample((field) => `${field}${drawn}`)))[1]!.split('\n')
      expect(head).toBe('sequenceDiagram')
      for (const line of lines) expect(line).toMatch(statement)
    }), drawn200)
  })

  it('shows markup as text', () => {
    fc.assert(fc.property(nasty, (drawn) => {
      const [before, , notes, command] = parts(markdownPage(sample((field) => `${field}${drawn}`)))
      for (const line of `${before}\n${notes}`.split('\n')) {
        const shown = line.replace(/^(?:## |> |- )/, '').replace(/\\[!-/:-@[-`{-~]/g, 'escaped')
        expect(shown).not.toMatch(/[`*[\]<>#|~&$!@\\]|:\/\/|\bwww\./)
      }
      expect(command).not.toContain('\n')
    }), drawn200)
    const [before] = parts(markdownPage(sample(() => '1. *x* <b> [a](http://b) www.c.d')))
    expect(before).toContain('> ✗ 1. \\*x\\* \\<b\\> \\[a\\](http\\://b) www\\.c.d')
  })

  it('draws a lane for each actor, a loop for what repeats and another for what goes on for ever', () => {
    const diagram = parts(markdownPage({ ...sample((field) => field), start: [], culprit: null, threshold: null }))[1]
    expect(diagram).toMatchInlineSnapshot(`
      "sequenceDiagram
        participant p1 as worker
        participant p2 as sender
        p1->>p1: 1. workerDoes (log)
        Note right of p2: fact, other
        loop 3,333 times
        p2->>p2: 2–3,334. senderDoes
        end
        loop 44 times
        p1->>p1: 3,335 … workerDoes
        p2->>p2: 3,336 … senderDoes
        end
        Note over p1,p2: 3,423. link linkDoes
        Note right of p2: down
        loop for ever
        p1->>p1: 3,424. workerDoes
        end
        Note over p1,p2: ✗ The run goes round for ever, and message is not delivered."
    `)
  })

  it('has a lane to draw on when only the world acts', () => {
    const found = sample((field) => field)
    const diagram = parts(markdownPage({ ...found, run: found.run.slice(3, 4), stem: null }))[1]
    expect(diagram).toContain('participant p1 as world')
    expect(diagram).toContain('Note over p1: 1. link linkDoes')
  })
})

describe('A page of JSON', () => {
  it('reads back as its counterexample, whatever a run is called', () => {
    fc.assert(fc.property(nasty, (text) => {
      const found = sample((field) => `${field}${text}`)
      expect(JSON.parse(jsonPage(found))).toEqual({ schema: 2, kind: 'counterexample', ...found })
    }), drawn200)
  })

  it('has its keys in one order, whatever made it', () => {
    const found = sample((field) => field)
    const backwards = Object.fromEntries(Object.entries(found).reverse()) as unknown as Counterexample
    expect(jsonPage(backwards)).toBe(jsonPage(found))
    expect(Object.keys(JSON.parse(jsonPage(found))).slice(0, 4)).toEqual(['schema', 'kind', 'law', 'component'])
  })
})

describe('The table', () => {
  const row: VariantRow = { component: 'gateway', variant: 'fixed', breaks: [], states: 1_234, milliseconds: 12.3, wrong: false }
  const rows: readonly VariantRow[] = [row, {
    component: 'relay', variant: 'x|y\u001b', states: 7, milliseconds: 4_321, wrong: true,
    breaks: [{ law: 'none twice', steps: 8 }, { law: 'honest', steps: 1_025 }],
  }]

  it('has a row for each variant, numbers to the right', () => {
    expect(variantText(rows)).toBe([
      'component  variant    law                                  states     steps   time',
      'gateway    fixed      lawful                                1,234         –  12 ms',
      'relay      x|y\\u{1b}  none twice, honest (not as claimed)       7  8, 1,025  4.3 s',
    ].join('\n'))
  })

  it('does not mark as broken what only has other numbers than are claimed', () => {
    expect(variantText([{ ...row, wrong: true }]).split('\n')[1]).toBe('gateway    fixed    lawful (not as claimed)   1,234      –  12 ms')
  })

  it('is the same in Markdown', () => {
    expect(variantMarkdown(rows).split('\n').slice(1)).toEqual([
      '| --- | --- | --- | ---: | ---: | ---: |',
      '| gateway | fixed | lawful | 1,234 | – | 12 ms |',
      '| relay | x\\|y\\\\u{1b} | none twice, honest (not as claimed) | 7 | 8, 1,025 | 4.3 s |',
    ])
  })

  it('rounds a time to what it is good for', () => {
    expect([0, 0.6, 999.4, 999.5, 61_000].map(duration)).toEqual(['0 ms', '1 ms', '999 ms', '1.0 s', '61.0 s'])
  })
})
