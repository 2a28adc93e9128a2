/** The scenarios of a check on the command line: each in a line, and any of them whole. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { placing, right, silent, source } from './placed-connectors.ts'

const { place } = placing('scenarios')

describe('A check of a connector', { timeout: 240_000 }, () => {
  it('has each scenario in a line where it is asked for, with what it printed, and any of them whole', async () => {
    const printing = source('printing 1.0', "(m) => { console.log('got ' + m.content); return send(m.content) }")
    const { unwedge } = place('shown', { 'mine.ts': printing, 'silent.ts': silent, 'two.ts': `${right}${right.replace('mine', 'other')}` })
    const { out, code } = await unwedge('check', 'mine.ts', '--runs', '6', '--verbose')
    const lines = out.split('\n').filter((line) => /^ +\d+ ✓ /.test(line))
    expect({ code, numbers: lines.map((line) => parseInt(line, 10)) }).toEqual({ code: 0, numbers: [1, 2, 3, 4, 5, 6] })
    expect(out).toMatch(/^ {8}prints \d+ lines: got m1/m)
    expect(out).not.toContain('\u001b')
    const [, events] = /\(([\d,]+) events\)/.exec(lines[3]!)!

    const shown = await unwedge('check', 'mine.ts', '--runs', '6', '--show', '4')
    expect({ code: shown.code, err: shown.err }).toEqual({ code: 0, err: '' })
    expect(shown.out).toContain('✓ This scenario breaks no law.')
    expect(/^ +([\d,]+) .*at rest again/m.exec(shown.out)![1]).toBe(events)
    expect(shown.out).toMatch(/^ {2}npx unwedge check 'mine\.ts#mine' --seed 1 --runs 6 --show 4$/m)
    const asJson = JSON.parse((await unwedge('check', 'mine.ts', '--runs', '6', '--show', '4', '--verbose', '--format', 'json')).out)
    expect(asJson).toMatchObject({ kind: 'trial', number: 4, seed: 1, inconclusive: null })

    const broken = await unwedge('check', 'silent.ts', '--verbose')
    expect(broken.out).toMatch(/^ {2}Not tried with ‘.*, because no scenario came to it\./m)
    const at = Number(/^ +(\d+) ✗ /m.exec(broken.out)![1])
    const page = await unwedge('check', 'silent.ts', '--show', String(at))
    expect({ code: page.code, marks: page.out.match(/ ✗/g)?.length }).toEqual({ code: 1, marks: 2 })
    expect(page.out).toContain(`Found in scenario ${at} of seed 1, and left as it was drawn.`)

    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['mine.ts', '--runs', '6', '--show', '7'], 'There is no scenario 7: this check has 6 scenarios. Draw more with --runs 7.'],
      [['silent.ts', '--show', '200'],
        `There is no scenario 200: scenario ${at} breaks a law, and none is drawn after it. Show ${at}, or one before it.`],
      [['two.ts', '--show', '1'], '--show shows a scenario of one connector, and there are 2: name one of two.ts#mine, two.ts#other.'],
      [['gateway', '--show', '1'], '--show shows a scenario of a connector: name the file of one, as in my-connector.ts.'],
      [['mine.ts', '--show', '0'], "option '--show <n>' argument '0' is invalid. Use a whole number from 1."],
    ]
    for (const [words, says] of wrong)
      expect(await unwedge('check', ...words)).toEqual({ code: 2, out: '', err: `unwedge: ${says}\n` })
  })
})

describe('A doctor whose patient breaks a law itself', { timeout: 240_000 }, () => {
  it('says what `check` says, and keeps the scenario', async () => {
    const { unwedge, dir } = place('ill', { 'silent.ts': silent })
    const { out, code } = await unwedge('doctor', 'silent.ts', '--runs', '20', '--report', 'ill.xml')
    expect(code).toBe(1)
    const [kept] = readdirSync(join(dir, '.unwedge'))
    expect(out).toContain(`npx unwedge replay .unwedge/${kept}`)
    expect(out).toMatch(/^ {2}✗ In the end, every message taken has been delivered or flagged\.$/m)
    expect(out).toContain('silent 1.0 itself breaks ‘delivered or flagged’: ')
    expect(readFileSync(join(dir, 'ill.xml'), 'utf8')).toContain('What to do')
    expect((await unwedge('replay', `.unwedge/${kept}`)).code).toBe(1)
  })
})
