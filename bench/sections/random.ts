/**
 * Random testing of the claim race: how soon the copy is found, how soon the smallest run that makes one is known, and
 * how many steps a second go through the right one. The same race for every tool, each in its own way of writing it.
 */
import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from '../../engine/model/build.ts'
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { walk } from '../../engine/walk/walk.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { noneTwice } from '../../spec/laws.ts'
import { inTurn, many, measured, medianOf, type Section, seconds, times } from '../measure.ts'
import { fastCheck, located } from '../peer.ts'
import { peers, within } from '../spin.ts'
import { raceScope } from './throughput.ts'

const [workers, messages, length] = [4, 6, 40]

interface Tried {
  /** Tests until the first that failed; NaN where none did, or where the tool does not say. */
  readonly first: number
  /** Seconds of processor time until the smallest run was known, start of the tool included. */
  readonly toLeast: number
  /** Steps of the smallest run found; of the run as it was found, for a tool that does not shrink. */
  readonly least: number
  /** Steps a second through the right race, without the start of the tool. */
  readonly rate: number
}
type Contender = (round: number) => Promise<Tried>

/** What the scripts of peers print, in one line. */
interface Told { readonly steps: number; readonly first: number | null; readonly least: number | null; readonly seconds: number }

async function script(command: string, args: (variant: string, tests: number) => readonly string[], cwd: string): Promise<Tried> {
  const told = ({ output }: { output: string }) => JSON.parse(output.slice(output.lastIndexOf('{"'))) as Told
  const wrong = await measured(command, args('asShipped', 1_000), { cwd })
  const right = told(await measured(command, args('fixed', 400), { cwd }))
  const { first, least } = told(wrong)
  return { first: first ?? Number.NaN, toLeast: wrong.cpu, least: least ?? Number.NaN, rate: right.steps / right.seconds }
}

/** Hypothesis of the system’s Python; null where it is missing. */
async function hypothesis(): Promise<Contender | null> {
  const python = '/usr/bin/python3'
  if (!(await works(python, ['-c', 'import hypothesis']))) return null
  return (round) => script(python, (variant, tests) =>
    ['claim_race.py', variant, ...[workers, messages, length, tests, round].map(String)], peers)
}

/** PropEr, compiled where nothing else is; null where it is missing. */
async function proper(directory: string): Promise<Contender | null> {
  await copyFile(join(peers, 'claim_race.erl'), join(directory, 'claim_race.erl'))
  if (!(await works('erlc', ['claim_race.erl'], directory))) return null
  return () => script('erl', (variant, tests) =>
    ['-noshell', '-run', 'claim_race', 'main', variant, ...[workers, messages, tests].map(String)], directory)
}

/** Quint’s simulator in TypeScript, which does not shrink; null where it is not installed. */
async function quint(directory: string): Promise<Contender | null> {
  const cli = located('@informalsystems/quint/dist/src/cli.js')
  if (cli === null) return null
  const race = await readFile(join(peers, 'claim_race.qnt'), 'utf8')
  for (const [variant, blind] of [['asShipped', 'true'], ['fixed', 'false']] as const)
    await writeFile(join(directory, `${variant}.qnt`),
      race.replace('1.to(WORKERS)', `1.to(${workers})`).replace('1.to(MESSAGES)', `1.to(${messages})`).replace('= BLIND or', `= ${blind} or`))
  const simulate = (variant: string, samples: number, round: number) => measured(process.execPath, [
    cli, 'run', '--backend', 'typescript', '--invariant', 'noneTwice', '--max-steps', `${length}`, '--max-samples', `${samples}`,
    '--seed', `${round}`, '--out-itf', `${variant}.itf.json`, `${variant}.qnt`,
  ], { cwd: directory, codes: [0, 1] })
  return async (round) => {
    const wrong = await simulate('asShipped', 10_000, round)
    const { states } = JSON.parse(await readFile(join(directory, 'asShipped.itf.json'), 'utf8')) as { states: readonly unknown[] }
    const { output } = await simulate('fixed', 400, round)
    const [, perSecond] = /at (\d+) traces\/second/.exec(output) ?? []
    const [, average] = /average=([\d.]+)/.exec(output) ?? []
    return { first: Number.NaN, toLeast: wrong.cpu, least: states.length - 1, rate: Number(perSecond) * (Number(average) - 1) }
  }
}

async function ours(round: number): Promise<Tried> {
  const fc = await fastCheck()
  const began = process.cpuUsage()
  const given = raceScope(workers, messages)
  const { runs, found } = randomWalks(claimQueue, 'asShipped', { seed: round, runs: 10_000, laws: [noneTwice], given, speed })
  const toLeast = since(began)
  const machine = build(claimQueue, 'fixed', given, { fresh: false })
  const stream = Array.from({ length: messages }, () => ({ count: 1 }))
  let steps = 0
  const then = process.cpuUsage()
  fc.assert(fc.property(fc.array(fc.nat(31), { minLength: length, maxLength: length }), (schedule: number[]) => {
    const walked = walk(machine, { stream, faults: [], schedule }, { laws: [noneTwice], speed })
    steps += walked.steps
    return walked.broken === null
  }), { numRuns: 4_000, seed: round })
  return { first: runs, toLeast, least: found?.run.moves.length ?? Number.NaN, rate: steps / since(then) }
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const works = (command: string, args: readonly string[], cwd?: string): Promise<boolean> =>
  promisify(execFile)(command, args, { ...(cwd === undefined ? {} : { cwd }) }).then(() => true, () => false)

export async function random(rounds: number): Promise<Section> {
  return within(async (directory) => {
    const all: Readonly<Record<string, Contender | null>> =
      { unwedge: ours, Hypothesis: await hypothesis(), PropEr: await proper(directory), Quint: await quint(directory) }
    const missing = Object.keys(all).filter((name) => all[name] === null)
    const turn: Record<string, number> = {}
    const results = await inTurn(rounds, Object.fromEntries(Object.entries(all).flatMap(([name, contender]) =>
      (contender ? [[name, () => contender(turn[name] = (turn[name] ?? 0) + 1)]] : []))))
    const of = (name: string, what: keyof Tried) => medianOf(results[name]!, (tried) => tried[what])
    return {
      title: 'Random testing of the claim race',
      says: [
        `${workers} workers, ${messages} messages, runs of at most ${length} steps, one seed a round. Ours in a process that is there (JIT and all); the others are `
          + 'whole processes, and steps a second without their start. Eight steps are the fewest there are; Quint shows the run as it was drawn.',
        ...(missing.length === 0 ? [] : [`Missing: ${missing.join(', ')}. (Debian: python3-hypothesis, erlang-proper-dev; npm ci --prefix bench/peers.)`]),
      ],
      columns: ['', 'tests until the first copy', 'processor time until the smallest run', 'its steps', 'steps a second', 'ours is faster by'],
      rows: Object.keys(results).map((name) => [
        name, many(of(name, 'first')), seconds(of(name, 'toLeast')), many(of(name, 'least')), many(of(name, 'rate')),
        name === 'unwedge' ? '' : times(of('unwedge', 'rate') / of(name, 'rate')),
      ]),
    }
  })
}
