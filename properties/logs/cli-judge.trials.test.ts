/** `unwedge judge` as a command: what it exits with, where it reads from and writes to. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { commandLine } from '../commands/command-line.ts'

const dir = mkdtempSync(join(tmpdir(), 'unwedge-judge-'))
afterAll(() => rmSync(dir, { recursive: true }))
const path = (name: string) => join(dir, name)
const lines = (...events: readonly object[]) => events.map((event, i) => `${JSON.stringify({ time: i, ...event })}\n`).join('')
const lawful = lines({ what: 'taken', message: 'm1', link: 'a' }, { what: 'accepted', message: 'm1', link: 'a' })
const broken = `${lawful}${lines({}, {}, { what: 'accepted', message: 'm1', link: 'a' }).split('\n')[2]}\n`

interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number
}

function judge(words: readonly string[], input = ''): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [commandLine, 'judge', ...words], { cwd: dir, encoding: 'utf8' },
      (error, out, err) => done({ out, err, code: Number(error?.code ?? 0) }))
    child.stdin!.on('error', () => undefined).end(input)
  })
}

describe('unwedge judge', () => {
  it('exits as a check does', async () => {
    writeFileSync(path('torn.ndjson'), `${lawful}torn\n`)
    const [kept, lost, inHand, torn, none, wrongly] = await Promise.all([
      judge(['-'], lawful), judge(['-'], broken), judge(['-'], lawful.split('\n')[0]!.concat('\n')),
      judge(['torn.ndjson']), judge(['no.ndjson']),
      judge(['-', '--patience', '5'], lawful)])
    expect(kept).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Lawful: every message of the log has its verdict') })
    expect(lost).toMatchObject({ code: 1, err: '', out: expect.stringContaining('Line 3, doubled: m1 is recorded by a a second time.') })
    expect(inHand).toMatchObject({ code: 3, err: '', out: expect.stringContaining('1 message is still in hand when the log ends, the first at line 1.') })
    expect(torn).toMatchObject({ code: 2, err: 'unwedge: torn.ndjson: Line 3: it is no JSON: "torn".\n' })
    const text = await judge(['-'], '2026-11-28T06:00Z job 1 is taken\n')
    expect(text).toMatchObject({ code: 2, err: expect.stringContaining('\nunwedge: A log of another kind wants a map: --map postfix') })
    expect(none).toMatchObject({ code: 2, out: '', err: expect.stringContaining('There is no file') })
    expect(wrongly).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Use a number with a unit') })
  })

  it('reads what a map says, and refuses one that there is not', async () => {
    writeFileSync(path('map.json'), '{"lines":"text","events":[{"match":"^(?<time>\\\\d+) (?<message>\\\\w+) in","what":"taken"},'
      + '{"match":"^(?<time>\\\\d+) (?<message>\\\\w+) out","what":"accepted"}]}')
    const [own, none, wrongly, postfix] = await Promise.all([
      judge(['-', '--map', 'map.json'], '1 a in\n2 a out\n3 hello\n'), judge(['-', '--map', 'no.json']),
      judge(['-', '--map', 'torn.ndjson']),
      judge(['-', '--map', 'postfix'], 'Nov 28 06:54:20 agent postfix/master[1]: daemon started -- version 3.7.11\n')])
    expect(own).toMatchObject({ code: 0, err: '', out: expect.stringContaining('3 lines, 2 events, 1 message') })
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('use postfix, rabbitmq or a file of JSON.') })
    expect(wrongly).toMatchObject({ code: 2, err: expect.stringContaining('torn.ndjson is no map of a log: it is no JSON') })
    expect(postfix).toMatchObject({ code: 3, out: expect.stringContaining('no message is taken in it') })
  })

  it('reads what is compressed, and writes what it found to files', async () => {
    writeFileSync(path('log.gz'), gzipSync(broken))
    const { code, out, err } = await judge(['log.gz', '--format', 'json', '--report', 'page.md', 'page.xml', 'page.json', 'page.html'])
    expect([code, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toMatchObject({ kind: 'log', verdict: 'broken', counts: { 'no second copy': 1 }, findings: [{ line: 3, message: 'm1' }] })
    expect(readFileSync(path('page.json'), 'utf8')).toBe(out)
    expect(readFileSync(path('page.xml'), 'utf8')).toContain('failures="1"')
    expect(readFileSync(path('page.html'), 'utf8')).toContain('Broken: 1 doubled')
    expect(readFileSync(path('page.md'), 'utf8')).toContain('> ✗ Broken: 1 doubled')
    expect(await judge(['log.gz', '--report', 'page.sarif'])).toMatchObject({ code: 2, err: expect.stringContaining('ends in .html (a page)') })
  })
})
