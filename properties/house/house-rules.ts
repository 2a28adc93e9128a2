/**
 * The house rules, as pure functions of sources that list breaches: imports go one way, a file is named for what it
 * defines and stays short, and the rooms that only describe touch no clock, no chance and no console.
 */
import { posix } from 'node:path'

interface Room {
  /** The other rooms that it may import. */
  readonly rooms: readonly string[] | 'all'
  readonly packages: readonly string[] | 'all'
}

export const rooms: Readonly<Record<string, Room>> = {
  spec: { rooms: [], packages: [] },
  models: { rooms: ['spec'], packages: ['ts-pattern'] },
  engine: { rooms: ['spec'], packages: ['node:', 'fast-check', '@sinonjs/fake-timers'] },
  // The variants as connectors ask the policies of the models, so that a question has one answer and not two.
  connectors: { rooms: ['spec', 'models'], packages: 'all' },
  examples: { rooms: ['spec', 'api'], packages: 'all' },
  api: { rooms: 'all', packages: 'all' },
  package: { rooms: 'all', packages: 'all' },
  properties: { rooms: 'all', packages: 'all' },
  reports: { rooms: ['spec'], packages: 'all' },
  bin: { rooms: 'all', packages: 'all' },
  bench: { rooms: 'all', packages: 'all' },
}

/**
 * The rooms inside a room, and what else of it each may import. A file beside them may be imported by all of them, and
 * imports none of them, but in `bin`: there the command line itself stands on top.
 */
const inner: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  spec: { components: [''], evidence: [''], peer: [''] },
  engine: {
    model: [], run: ['model'], orbits: ['model'], states: ['model'], search: ['model', 'run', 'orbits', 'states'],
    walk: ['model', 'run', 'search', 'states'], speed: ['model', 'run', 'states', 'walk'],
    trial: [], verdict: [], falsify: ['trial', 'verdict'], peer: [], process: ['trial', 'falsify', 'peer'],
    store: ['falsify'], config: ['process'],
    conform: ['model', 'orbits', 'search'], diagnosis: ['model', 'run', 'falsify', 'conform'],
    logs: ['verdict', 'conform', 'model'],
  },
  reports: {
    text: [], advice: ['text'], connectors: ['text', 'advice'], tables: ['text'],
    formats: ['text', 'advice', 'connectors', 'tables'],
    html: ['text', 'advice', 'connectors', 'tables', 'html/script'], 'html/script': [],
  },
  bin: {
    input: [], output: ['input'], checks: ['input', 'output'], files: ['input', 'output', 'checks'],
    commands: ['input', 'output', 'checks', 'files'],
  },
}

/** Packages that stay in a few rooms, so that another could take their place. */
const keptTo: Readonly<Record<string, readonly string[]>> = {
  'fast-check': ['engine', 'properties'],
  vitest: ['properties', 'api'],
}

/** What lies beside the rooms. A new entry wants a line in the README’s map first. */
const besideTheRooms = [
  '.ci', '.editorconfig', '.github', '.gitignore', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md',
  'biome.json', 'package-lock.json', 'package.json', 'tsconfig.json',
  'vitest.config.ts',
]

export const mostLines = 300
export const mostFiles = 14
/** A room of tests holds those of several files of a room. */
const mostTests = 22
export const mostColumns = 140

export interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

export function importsAstray({ path, text }: Source): string[] {
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

/** Rooms in the order of a map, and imports that go from an upper one to a lower one. */
export const importsFromBelow = (map: readonly string[], { path, text }: Source): string[] =>
  importsIn(text).filter(({ name }) => name.startsWith('.')).map(({ name }) => roomOf(posix.join(posix.dirname(path), name)))
    .filter((there) => map.indexOf(there) > map.indexOf(roomOf(path))).map((there) => `${path} imports ${there}/, which is below it`)

/** The inner room of a file, by its longest name that there is; '' beside the rooms, null in a folder that is none. */
function innerRoomOf(path: string): string | null {
  const rest = posix.dirname(path).split('/').slice(1).join('/')
  return rest === '' || Object.hasOwn(inner[roomOf(path)] ?? {}, rest) ? rest : null
}

export function importsAstrayInside({ path, text }: Source): string[] {
  const room = roomOf(path)
  const rules = inner[room]
  const here = innerRoomOf(path)
  if (!rules || here === null) return []
  return importsIn(text).filter(({ name }) => name.startsWith('.')).flatMap(({ name, line }) => {
    const target = posix.join(posix.dirname(path), name)
    const there = roomOf(target) === room ? innerRoomOf(target) : here
    if (there === here || there === '' || (here === '' && room === 'bin') || (here !== '' && rules[here]!.includes(there ?? '?'))) return []
    const allowed = here === '' ? [] : rules[here]!
    return [`${path}:${line} imports ${name}; ${posix.join(room, here)}/ may import `
      + `${allowed.length === 0 ? 'nothing else' : allowed.map((other) => `${other}/`).join(', ')} of ${room}/`]
  })
}

export const homeless = ({ path }: Source) =>
  inner[roomOf(path)] && innerRoomOf(path) === null ? [`${path} is in no room of ${roomOf(path)}/`] : []

/** The files of one circle of imports, the first of them again at the end; empty where there is none. */
export function circleIn(all: readonly Source[]): readonly string[] {
  const known = new Map(all.map((source) => [source.path, source]))
  const done = new Set<string>()
  const way: string[] = []
  const visit = (path: string): readonly string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    const source = known.get(path)
    if (!source || done.has(path)) return []
    way.push(path)
    for (const { name } of declaredIn(source.text)) {
      const circle = name.startsWith('.') ? visit(posix.join(posix.dirname(path), name)) : []
      if (circle.length > 0) return circle
    }
    way.pop()
    done.add(path)
    return []
  }
  for (const { path } of all) {
    const circle = visit(path)
    if (circle.length > 0) return circle
  }
  return []
}

/** Files of a journey that neither import one before them nor are imported, or loaded, or started by it. */
export function strayOn(journey: readonly string[], all: readonly Source[]): readonly string[] {
  const textOf = (path: string) => all.find((source) => source.path === path)?.text ?? ''
  const names = (from: string, to: string) =>
    [...textOf(from).matchAll(/'(\.{1,2}\/[^']+)'/g)].some(([, name]) => posix.join(posix.dirname(from), name!) === to)
  return journey.filter((path, i) => i > 0 && !journey.slice(0, i).some((before) => names(before, path) || names(path, before)))
}

export function crowded(all: readonly Source[]): string[] {
  const folders = new Map<string, number>()
  for (const { path } of all) {
    const folder = posix.dirname(path)
    folders.set(folder, (folders.get(folder) ?? 0) + 1)
  }
  const most = (folder: string) => (roomOf(folder) === 'properties' ? mostTests : mostFiles)
  return [...folders].filter(([folder, count]) => count > most(folder))
    .map(([folder, count]) => `${folder} holds ${count} sources; ${most(folder)} is the most`)
}

function summary(room: string, { rooms: others, packages }: Room): string {
  const kept = Object.keys(keptTo).filter((name) => !keptTo[name]!.includes(room))
  const all = kept.length > 0 ? `packages other than ${kept.join(' and ')}` : 'any package'
  return [
    ...(others === 'all' ? ['every room, by its path'] : others.map((other) => `${other}/`)),
    ...(packages === 'all' ? [all] : packages),
  ].join(', ') || 'nothing'
}

interface Import {
  readonly name: string
  readonly line: number
}

/** Imports and re-exports begin a line. Those of types count: what a type names, a reader has to look up. */
function declaredIn(text: string): readonly Import[] {
  const declared = /^(?:import\s(?:[^'"]*?\sfrom\s+)?|export\s[\w\s]*[*{][^'"]*?\sfrom\s+)['"]([^'"]+)['"]/gm
  return [...text.matchAll(declared)].map((match) => importAt(text, match))
}

/** Those, and `import('…')` and `require('…')`, which may stand anywhere but in a comment. */
function importsIn(text: string): readonly Import[] {
  const called = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
  return [...declaredIn(text), ...[...withoutComments(text).matchAll(called)].map((match) => importAt(text, match))]
}

const importAt = (text: string, match: RegExpMatchArray): Import =>
  ({ name: match[1]!, line: text.slice(0, match.index! + match[0].length).split('\n').length })

function packageOf(name: string): string {
  if (name.startsWith('node:')) return 'node:'
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')
}

export function poorName({ path }: Source): string[] {
  const base = posix.basename(path)
  if (/^(?:index|utils?|helpers?|types|common|misc)\./.test(base) || /(?:^|\/)(?:common|utils|helpers)\//.test(path))
    return [`${path} is not named for the noun it defines`]
  if (/\.spec\./.test(base)) return [`${path}: here a spec is not a test; tests are *.test.ts, in properties/`]
  if (/\.test\./.test(base) && roomOf(path) !== 'properties') return [`${path}: tests belong in properties/`]
  return []
}

const acts = /\b(?:Date\.now|new Date\b|Math\.random|performance\.now|set(?:Timeout|Interval|Immediate)\b|console\.\w)/
export function effects({ path, text }: Source): string[] {
  const room = roomOf(path)
  if (room !== 'spec' && room !== 'models') return []
  return onLines(withoutComments(text), (line, number) => {
    const found = acts.exec(line)
    return found && `${path}:${number} uses ${found[0]}; ${room}/ only describes`
  })
}

export function tooLong({ path, text }: Source): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length
  return [
    ...(lines > mostLines ? [`${path} has ${lines} lines; ${mostLines} is the most`] : []),
    ...onLines(text, (line, number) =>
      withoutSentences(line).length > mostColumns ? `${path}:${number} has ${line.length} columns; ${mostColumns} is the most` : null),
  ]
}

/** A sentence is not cut in two for the sake of a column: what a user reads stays one piece where it is written. */
const withoutSentences = (line: string) => line.replace(/'[^']{30,}'|`[^`]{30,}`?/g, '‘’')

export function unexplainedAny({ path, text }: Source): string[] {
  const lines = text.split('\n')
  const explained = (number: number) => /biome-ignore lint\/suspicious\/noExplicitAny: \w/.test(lines[number - 2] ?? '')
  return onLines(withoutComments(text), (line, number) =>
    /(?:[:=<,|&]|\bas|\bextends)\s*any\b(?=\s*(?:[^\s\w.'’]|as\b|$))/.test(line) && !explained(number)
      ? `${path}:${number} gives up a type; write unknown, or a biome-ignore above it that says why` : null)
}

export function strangers(paths: readonly string[]): string[] {
  const known = new Set([...Object.keys(rooms), ...besideTheRooms, ''])
  return [...new Set(paths.map(roomOf))].filter((name) => !known.has(name)).map((name) => `${name} is not in the map`)
}

export function unmentioned(names: readonly string[], readme: string): string[] {
  return names.filter((name) => !readme.includes(name)).map((name) => `README.md does not mention ${name}`)
}

function onLines(text: string, breach: (line: string, number: number) => string | null): string[] {
  return text.split('\n').map((line, i) => breach(line, i + 1)).filter((found) => found !== null)
}

/** The same length and the same lines, so that places still hold. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/?\*).*$|\s\/\/\s.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
}

export function roomOf(path: string): string {
  return path.split('/')[0]!
}
