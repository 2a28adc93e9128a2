/**
 * The house rules, held by reading the sources: imports go one way, a file is named for what it defines and stays
 * short, and the rooms that only describe touch no clock, no chance and no console.
 *
 * Each rule is a pure function that lists breaches, so that it can be shown to find one.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Room {
  /** The other rooms that it may import. */
  readonly rooms: readonly string[] | 'all'
  readonly packages: readonly string[] | 'all'
}

const rooms: Readonly<Record<string, Room>> = {
  spec: { rooms: [], packages: [] },
  models: { rooms: ['spec'], packages: ['ts-pattern'] },
  engine: { rooms: ['spec'], packages: ['node:', 'fast-check', '@sinonjs/fake-timers'] },
  connectors: { rooms: ['spec'], packages: 'all' },
  properties: { rooms: 'all', packages: 'all' },
  reports: { rooms: ['spec'], packages: 'all' },
  bin: { rooms: 'all', packages: 'all' },
  bench: { rooms: 'all', packages: 'all' },
}

/** Packages that stay in a few rooms, so that another could take their place. */
const keptTo: Readonly<Record<string, readonly string[]>> = {
  'fast-check': ['engine', 'properties'],
  vitest: ['properties'],
}

/** What lies beside the rooms. A new entry wants a line in the README’s map first. */
const besideTheRooms = [
  '.ci', '.editorconfig', '.github', '.gitignore', 'LICENSE', 'README.md', 'biome.json', 'package-lock.json',
  'package.json', 'tsconfig.json',
]

const mostLines = 300
const mostColumns = 140

interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = Object.keys(rooms).flatMap(sourcesIn)

describe('the house', () => {
  it('holds sources to read, in its first rooms at least', () => {
    for (const room of ['spec', 'models', 'engine', 'properties'])
      expect(sources.filter(({ path }) => roomOf(path) === room), `${room}/ has no sources`).not.toEqual([])
  })

  it('lets imports go one way', () => {
    expect(sources.flatMap(importsAstray)).toEqual([])
  })

  it('names files for what they define, and keeps tests in properties/', () => {
    expect(sources.flatMap(poorName)).toEqual([])
  })

  it('describes without a clock, chance or a console', () => {
    expect(sources.flatMap(effects)).toEqual([])
  })

  it(`keeps files to ${mostLines} lines of ${mostColumns} columns`, () => {
    expect(sources.flatMap(tooLong)).toEqual([])
  })

  it('says why wherever a type gives up', () => {
    expect(sources.flatMap(unexplainedAny)).toEqual([])
  })

  it('has nothing at the top that its map does not show', ({ skip }) => {
    skip(!existsSync(`${root}.git`), 'this copy is no git checkout, so what belongs to it is not known')
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    expect(strangers(tracked.split('\0'))).toEqual([])
  })

  it('explains every room and every dependency in its README', ({ skip }) => {
    skip(!existsSync(`${root}README.md`), 'there is no README.md yet')
    const { dependencies } = JSON.parse(read('package.json'))
    const names = [...Object.keys(rooms).map((room) => `${room}/`), ...Object.keys(dependencies)]
    expect(unmentioned(names, read('README.md'))).toEqual([])
  })
})

describe('a house rule', () => {
  it('finds an import that goes the wrong way, and says where and what may be imported', () => {
    const text = "import type { Law } from '../spec/laws.ts'\nimport {\n  gateway,\n} from '../models/gateway.ts'\n"
    expect(importsAstray({ path: 'engine/walk.ts', text })).toEqual([
      'engine/walk.ts:4 imports ../models/gateway.ts; engine/ may import spec/, node:, fast-check, @sinonjs/fake-timers',
    ])
    expect(importsAstray({ path: 'spec/laws.ts', text: "import type { Policy } from '../models/relay.ts'" })).toEqual([
      'spec/laws.ts:1 imports ../models/relay.ts; spec/ may import nothing',
    ])
  })

  it('finds every way to write an import, and those that leave the repository', () => {
    const astray = [
      "import '../engine/walk.ts'", "export * from '../engine/walk.ts'", "export type { Log } from '../engine/log.ts'",
      'import { walk } from "../engine/walk.ts"', "const walk = await import('../engine/walk.ts')",
      "type Walk = typeof import('../engine/walk.ts')", "const walk = require('../engine/walk.ts')",
      "import { match } from 'ts-pattern'", "import fs from 'node:fs'", "import { law } from '../../elsewhere/law.ts'",
    ]
    for (const text of astray) expect(importsAstray({ path: 'spec/laws.ts', text }), text).toHaveLength(1)
    const lawful = [" * import { x } from '../engine/x.ts'", "  // import('../engine/x.ts')", "import './verdict.ts'"]
    for (const text of lawful)
      expect(importsAstray({ path: 'spec/laws.ts', text }), text).toEqual([])
  })

  it('finds the packages that stay in a few rooms, and the house imported by its own name', () => {
    const refused = ['fast-check', 'vitest', 'vitest/config', 'unwedge', 'unwedge/engine', '#engine', '/etc/x.js']
    for (const name of refused) {
      expect(importsAstray({ path: 'connectors/smtp.ts', text: `import { x } from '${name}'` }), name).toHaveLength(1)
      expect(importsAstray({ path: 'bench/run.ts', text: `import { x } from '${name}'` }), name).toHaveLength(1)
    }
    for (const name of ['nodemailer', '@aws-sdk/client-sqs', '@scope/name/part', 'node:net'])
      expect(importsAstray({ path: 'connectors/smtp.ts', text: `import { x } from '${name}'` }), name).toEqual([])
    expect(importsAstray({ path: 'engine/walk.ts', text: "import fc from 'fast-check'" })).toEqual([])
    expect(importsAstray({ path: 'properties/gateway.test.ts', text: "import { it } from 'vitest'" })).toEqual([])
  })

  it('finds names that say nothing, and tests outside properties/', () => {
    const poor = ['spec/index.ts', 'engine/utils.ts', 'engine/helpers.ts', 'spec/types.ts', 'engine/common/log.ts',
      'properties/laws.spec.ts', 'engine/walk.test.ts']
    for (const path of poor) expect(poorName({ path, text: '' }), path).toHaveLength(1)
    expect(poorName({ path: 'properties/walk.test.ts', text: '' })).toEqual([])
  })

  it('finds what a description may not do, and lets other rooms do it', () => {
    const acts = ['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(f, 1)', "console.log('x')"]
    for (const act of acts) {
      expect(effects({ path: 'models/gateway.ts', text: `// why\n${act}` }), act).toHaveLength(1)
      expect(effects({ path: 'engine/run.ts', text: act }), act).toEqual([])
    }
    expect(effects({ path: 'spec/laws.ts', text: '/** No console.log here. */\n// nor Date.now()' })).toEqual([])
  })

  it('finds long files and long lines, and lets the longest pass', () => {
    expect(tooLong({ path: 'engine/walk.ts', text: 'x\n'.repeat(mostLines) })).toEqual([])
    expect(tooLong({ path: 'engine/walk.ts', text: 'x\n'.repeat(mostLines + 1) })).toEqual([
      `engine/walk.ts has ${mostLines + 1} lines; ${mostLines} is the most`,
    ])
    expect(tooLong({ path: 'engine/walk.ts', text: 'x'.repeat(mostColumns) })).toEqual([])
    expect(tooLong({ path: 'engine/walk.ts', text: `x\n${'x'.repeat(mostColumns + 1)}` })).toEqual([
      `engine/walk.ts:2 has ${mostColumns + 1} columns; ${mostColumns} is the most`,
    ])
  })

  it('finds a type that gives up without a reason', () => {
    // Put together here, or the rule would find them in this very file.
    const any = 'any'
    for (const text of [`let x: ${any}`, `f(x as ${any})`, `type X = Map<string, ${any}>`, `let x: ${any}[] = []`]) {
      expect(unexplainedAny({ path: 'engine/walk.ts', text }), text).toHaveLength(1)
      const ignored = '// biome-ignore lint/suspicious/noExplicitAny:'
      expect(unexplainedAny({ path: 'engine/walk.ts', text: `${ignored}\n${text}` }), text).toHaveLength(1)
      expect(unexplainedAny({ path: 'engine/walk.ts', text: `${ignored} scopes differ\n${text}` }), text).toEqual([])
    }
    expect(unexplainedAny({ path: 'engine/walk.ts', text: `'It waits: ${any} message will do.'` })).toEqual([])
  })

  it('finds what the map and the README leave out', () => {
    expect(strangers(['spec/laws.ts', 'README.md', 'notes.txt', 'scripts/a.sh', 'scripts/b.sh', ''])).toEqual([
      'notes.txt is not in the map', 'scripts is not in the map',
    ])
    expect(unmentioned(['tsx', 'bin/'], 'It starts from bin/.')).toEqual(['README.md does not mention tsx'])
  })
})

function importsAstray({ path, text }: Source): string[] {
  const room = roomOf(path)
  const allowed = rooms[room]!
  const mayImport = (name: string) => {
    if (name.startsWith('.')) {
      const there = roomOf(posix.join(posix.dirname(path), name))
      return there === room || (allowed.rooms === 'all' ? there !== '..' : allowed.rooms.includes(there))
    }
    const bare = packageOf(name)
    if (bare === 'unwedge' || /^[#/]/.test(name)) return false
    return (keptTo[bare] ?? [room]).includes(room) && (allowed.packages === 'all' || allowed.packages.includes(bare))
  }
  return importsIn(text).filter(({ name }) => !mayImport(name))
    .map(({ name, line }) => `${path}:${line} imports ${name}; ${room}/ may import ${summary(room, allowed)}`)
}

function summary(room: string, { rooms: others, packages }: Room): string {
  const kept = Object.keys(keptTo).filter((name) => !keptTo[name]!.includes(room))
  const all = kept.length > 0 ? `packages other than ${kept.join(' and ')}` : 'any package'
  return [
    ...(others === 'all' ? ['every room, by its path'] : others.map((other) => `${other}/`)),
    ...(packages === 'all' ? [all] : packages),
  ].join(', ') || 'nothing'
}

/** Imports and re-exports begin a line; `import('…')` and `require('…')` may stand anywhere but in a comment. */
function importsIn(text: string): { name: string; line: number }[] {
  const declared = /^(?:import\s(?:[^'"]*?\sfrom\s+)?|export\s[\w\s]*[*{][^'"]*?\sfrom\s+)['"]([^'"]+)['"]/gm
  const called = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
  const found = [...text.matchAll(declared), ...withoutComments(text).matchAll(called)]
  const lineAt = (match: RegExpMatchArray) => text.slice(0, match.index! + match[0].length).split('\n').length
  return found.map((match) => ({ name: match[1]!, line: lineAt(match) }))
}

function packageOf(name: string): string {
  if (name.startsWith('node:')) return 'node:'
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')
}

function poorName({ path }: Source): string[] {
  const base = posix.basename(path)
  if (/^(?:index|utils?|helpers?|types|common|misc)\./.test(base) || /(?:^|\/)(?:common|utils|helpers)\//.test(path))
    return [`${path} is not named for the noun it defines`]
  if (/\.spec\./.test(base)) return [`${path}: here a spec is not a test; tests are *.test.ts, in properties/`]
  if (/\.test\./.test(base) && roomOf(path) !== 'properties') return [`${path}: tests belong in properties/`]
  return []
}

const acts = /\b(?:Date\.now|new Date\b|Math\.random|performance\.now|set(?:Timeout|Interval|Immediate)\b|console\.\w)/
function effects({ path, text }: Source): string[] {
  const room = roomOf(path)
  if (room !== 'spec' && room !== 'models') return []
  return onLines(withoutComments(text), (line, number) => {
    const found = acts.exec(line)
    return found && `${path}:${number} uses ${found[0]}; ${room}/ only describes`
  })
}

function tooLong({ path, text }: Source): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length
  return [
    ...(lines > mostLines ? [`${path} has ${lines} lines; ${mostLines} is the most`] : []),
    ...onLines(text, (line, number) =>
      withoutSentences(line).length > mostColumns ? `${path}:${number} has ${line.length} columns; ${mostColumns} is the most` : null),
  ]
}

/** A sentence is not cut in two for the sake of a column: what a user reads stays one piece where it is written. */
const withoutSentences = (line: string) => line.replace(/'[^']{30,}'|`[^`]{30,}`?/g, '‘’')

function unexplainedAny({ path, text }: Source): string[] {
  const lines = text.split('\n')
  const explained = (number: number) => /biome-ignore lint\/suspicious\/noExplicitAny: \w/.test(lines[number - 2] ?? '')
  return onLines(withoutComments(text), (line, number) =>
    /(?:[:=<,|&]|\bas|\bextends)\s*any\b(?=\s*(?:[^\s\w.'’]|as\b|$))/.test(line) && !explained(number)
      ? `${path}:${number} gives up a type; write unknown, or a biome-ignore above it that says why` : null)
}

function strangers(paths: readonly string[]): string[] {
  const known = new Set([...Object.keys(rooms), ...besideTheRooms, ''])
  return [...new Set(paths.map(roomOf))].filter((name) => !known.has(name)).map((name) => `${name} is not in the map`)
}

function unmentioned(names: readonly string[], readme: string): string[] {
  return names.filter((name) => !readme.includes(name)).map((name) => `README.md does not mention ${name}`)
}

function onLines(text: string, breach: (line: string, number: number) => string | null): string[] {
  return text.split('\n').map((line, i) => breach(line, i + 1)).filter((found) => found !== null)
}

/** The same length and the same lines, so that places still hold. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/?\*).*$|\s\/\/\s.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
}

function roomOf(path: string): string {
  return path.split('/')[0]!
}

function sourcesIn(room: string): Source[] {
  if (!existsSync(root + room)) return []
  return readdirSync(root + room, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !/(?:^|\/)node_modules\//.test(name))
    .sort()
    .map((name) => ({ path: `${room}/${name}`, text: read(`${room}/${name}`) }))
}

function read(path: string): string {
  return readFileSync(root + path, 'utf8')
}
