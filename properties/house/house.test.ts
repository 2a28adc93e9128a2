/** The house rules, held by reading the sources; and each rule is shown to find a breach. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unusedExports } from './exports.ts'
import {
  circleIn, crowded, effects, homeless, importsAstray, importsAstrayInside, importsFromBelow, mostColumns, mostFiles, mostLines,
  poorName, roomOf, rooms, type Source, strangers, strayOn, tooLong, unexplainedAny, unmentioned,
} from './house-rules.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = Object.keys(rooms).flatMap(sourcesIn)

describe('the house', () => {
  it('holds sources to read, in its first rooms at least', () => {
    for (const room of ['spec', 'models', 'engine', 'properties'])
      expect(sources.filter(({ path }) => roomOf(path) === room), `${room}/ has no sources`).not.toEqual([])
  })

  it('lets imports go one way', () => {
    expect(sources.flatMap(importsAstray)).toEqual([])
  })

  it('lets imports between inner rooms go one way, and puts every file into one', () => {
    expect(sources.flatMap(importsAstrayInside)).toEqual([])
    expect(sources.flatMap(homeless)).toEqual([])
  })

  it('has no circle of imports', () => {
    expect(circleIn(sources)).toEqual([])
  })

  it(`keeps folders to ${mostFiles} sources`, () => {
    expect(crowded(sources)).toEqual([])
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

  it('exports what another file imports, and nothing else', () => {
    expect(unusedExports(sources)).toEqual([])
  })

  it('says why wherever a type gives up', () => {
    expect(sources.flatMap(unexplainedAny)).toEqual([])
  })

  it('takes each journey that CONTRIBUTING.md tells in 15 files at the most, each reached from one before it', () => {
    const journeys = read('CONTRIBUTING.md').split('## Four journeys')[1]!.split(/^## /m)[0]!.split(/^\*\*From /m).slice(1)
      .map((text) => [...text.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path!))
    expect(journeys).toHaveLength(4)
    for (const journey of journeys) {
      expect(journey.length).toBeLessThanOrEqual(15)
      expect(strayOn(journey, sources)).toEqual([])
    }
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

  it('has a map in its README in which imports go from lower lines to upper ones', () => {
    const map = [...read('README.md').split('## The map')[1]!.split('```')[1]!.matchAll(/^(\w+)\/ /gm)].map(([, room]) => room!)
    expect([...map].sort()).toEqual(Object.keys(rooms).sort())
    expect(sources.flatMap((source) => importsFromBelow(map, source))).toEqual([])
  })

  it('names, in what is written about it, files that there are', () => {
    const named = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].flatMap((page) =>
      [...read(page).matchAll(/`((?:\w+|\.ci)\/[\w./-]+)`/g)].map(([, path]) => path!)
        .filter((path) => !path.includes('NAME') && Object.keys(rooms).concat('.ci').includes(roomOf(path))))
    expect(named.length).toBeGreaterThan(40)
    expect([...new Set(named)].filter((path) => !existsSync(root + path))).toEqual([])
  })

  it('says in CONTRIBUTING.md what each of its commands does', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> }
    const commands = Object.keys(scripts).map((name) => (name === 'test' ? 'npm test' : `npm run ${name}`))
    const told = [...read('CONTRIBUTING.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, command]) => command!)
    expect(told.sort()).toEqual(commands.sort())
  })

  it('runs in some trial every test that `npm test` leaves out', () => {
    const lists = readFileSync(new URL('../trials.ts', import.meta.url), 'utf8')
    const leftOut = readdirSync(new URL('..', import.meta.url), { encoding: 'utf8', recursive: true })
      .filter((path) => path.endsWith('.trials.test.ts')).map((path) => basename(path))
    expect(leftOut.filter((name) => !lists.includes(`'${name.replace('.test.ts', '')}'`))).toEqual([])
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

  it('finds an import of a room that is below', () => {
    const text = "import { walk } from '../engine/walk/walk.ts'\nimport { other } from './other.ts'"
    expect(importsFromBelow(['models', 'engine'], { path: 'models/relay.ts', text })).toEqual(['models/relay.ts imports engine/, which is below it'])
    expect(importsFromBelow(['engine', 'models'], { path: 'models/relay.ts', text })).toEqual([])
  })

  it('finds an import between inner rooms that goes the wrong way, type-only ones too, and a file in no room', () => {
    const text = "import type { Exploration } from '../search/explore.ts'"
    expect(importsAstrayInside({ path: 'engine/trial/trial.ts', text })).toEqual([
      'engine/trial/trial.ts:1 imports ../search/explore.ts; engine/trial/ may import nothing else of engine/',
    ])
    expect(importsAstrayInside({ path: 'engine/states/kernel.ts', text: "import { build } from '../model/build.ts'" })).toEqual([])
    for (const room of ['model', 'run', 'search', 'walk'])
      expect(importsAstrayInside({ path: `engine/${room}/x.ts`, text: "import { speed } from '../speed/speed.ts'" })).toHaveLength(1)
    expect(importsAstrayInside({ path: 'engine/model/build.ts', text: "import { UsageError } from '../usage-error.ts'" })).toEqual([])
    expect(importsAstrayInside({ path: 'engine/usage-error.ts', text: "import { build } from './model/build.ts'" })).toHaveLength(1)
    expect(importsAstrayInside({ path: 'bin/unwedge.ts', text: "import { check } from './commands/check.ts'" })).toEqual([])
    expect(homeless({ path: 'engine/attic/x.ts', text: '' })).toEqual(['engine/attic/x.ts is in no room of engine/'])
  })

  it('finds a circle of imports, however long, and a crowded folder', () => {
    const source = (name: string, ...imported: readonly string[]): Source =>
      ({ path: `engine/run/${name}.ts`, text: imported.map((other) => `import type { X } from './${other}.ts'\n`).join('') })
    expect(circleIn([source('a', 'b'), source('b', 'c'), source('c'), source('d', 'a')])).toEqual([])
    expect(circleIn([source('d', 'a'), source('a', 'b'), source('b', 'c'), source('c', 'a')]))
      .toEqual(['engine/run/a.ts', 'engine/run/b.ts', 'engine/run/c.ts', 'engine/run/a.ts'])
    const many = Array.from({ length: mostFiles }, (_, i) => source(`f${i}`))
    expect(crowded(many)).toEqual([])
    expect(crowded([...many, source('g')])).toEqual([`engine/run holds ${mostFiles + 1} sources; ${mostFiles} is the most`])
  })

  it('finds where a journey goes astray', () => {
    const all = [
      { path: 'bin/check.ts', text: "const { walk } = await import('../engine/walk.ts')" },
      { path: 'engine/walk.ts', text: "import './run.ts'" }, { path: 'engine/run.ts', text: '' }, { path: 'spec/laws.ts', text: '' },
    ]
    expect(strayOn(['bin/check.ts', 'engine/walk.ts', 'engine/run.ts'], all)).toEqual([])
    expect(strayOn(['engine/run.ts', 'engine/walk.ts'], all)).toEqual([])
    expect(strayOn(['bin/check.ts', 'engine/run.ts', 'engine/walk.ts', 'spec/laws.ts', 'engine/lost.ts'], all))
      .toEqual(['engine/run.ts', 'spec/laws.ts', 'engine/lost.ts'])
  })

  it('finds every way to write an import, and those that leave the repository', () => {
    const astray = [
      "import '../engine/walk/walk.ts'", "export * from '../engine/walk/walk.ts'", "export type { Log } from '../engine/log.ts'",
      'import { walk } from "../engine/walk/walk.ts"', "const walk = await import('../engine/walk/walk.ts')",
      "type Walk = typeof import('../engine/walk/walk.ts')", "const walk = require('../engine/walk/walk.ts')",
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
    expect(poorName({ path: 'properties/search/walk.test.ts', text: '' })).toEqual([])
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

  it('finds an export that nobody imports, however either is written', () => {
    const path = 'engine/walk/walk.ts'
    const exported = [
      'export const walk = 1', 'export async function walk() {}', 'export class walk {}', 'export interface walk {}',
      'export type walk = 1', 'export { step as walk }', "export { type walk } from './step.ts'", 'export const walk = <T>(t: T) => t',
    ]
    const imported = [
      "import { walk } from '../engine/walk/walk.ts'", "import {\n  run,\n  type walk as other,\n} from '../engine/walk/walk.ts'",
      "import type { walk } from '../engine/walk/walk.ts'", "export { walk as go } from '../engine/walk/walk.ts'",
      "export * from '../engine/walk/walk.ts'", "import * as walking from '../engine/walk/walk.ts'",
      "const { walk } = await import('../engine/walk/walk.ts')",
    ]
    const elsewhere = [
      '', "import { walk } from '../engine/walk/run.ts'", "import { walks } from '../engine/walk/walk.ts'",
      "const { run } = await import('../engine/walk/walk.ts')", "import { step as walk } from '../engine/walk/walk.ts'",
    ]
    const found = (text: string, from: string) => unusedExports([{ path, text }, { path: 'api/walk.ts', text: from }])
    for (const text of exported) {
      for (const from of imported) expect(found(text, from), `${text}\n${from}`).toEqual([])
      for (const from of elsewhere)
        expect(found(text, from), `${text}\n${from}`).toEqual([`${path} exports walk, and no other file imports it`])
    }
    for (const room of ['api', 'examples', 'connectors/field'])
      expect(unusedExports([{ path: `${room}/walk.ts`, text: exported[0]! }]), room).toEqual([])
  })

  it('finds what the map and the README leave out', () => {
    expect(strangers(['spec/laws.ts', 'README.md', 'notes.txt', 'scripts/a.sh', 'scripts/b.sh', ''])).toEqual([
      'notes.txt is not in the map', 'scripts is not in the map',
    ])
    expect(unmentioned(['tsx', 'bin/'], 'It starts from bin/.')).toEqual(['README.md does not mention tsx'])
  })
})

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
