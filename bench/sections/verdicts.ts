/** From source text to a verdict, and to a counterexample: whole processes, with all that a tool does before it searches. */
import { fileURLToPath } from 'node:url'
import { build } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import type { Component } from '../../spec/component.ts'
import { noneTwice } from '../../spec/laws.ts'
import { inTurn, many, measured, medianOf, type Section, seconds, times } from '../measure.ts'
import { definitions, read, spinArguments, within } from '../spin.ts'
import { raceScope } from './throughput.ts'

interface Reached {
  readonly wall: number
  /** NaN for what visits none. */
  readonly states: number
  /** Of the counterexample; NaN without one. */
  readonly steps: number
}
type Contenders = Readonly<Record<string, () => Promise<Reached>>>
interface Asked {
  readonly variant: string
  readonly workers: number
  readonly messages: number
  /** Whether the world sends a fresh message too, when it likes: about ten times as many states, and one law more. */
  readonly fresh: boolean
}
type Size = Omit<Asked, 'variant'>

const commandLine = fileURLToPath(new URL('../../bin/unwedge.js', import.meta.url))
const streamOf = (messages: number) => Array.from({ length: messages }, () => ({ count: 1 }))

/** `unwedge explore`, as it is typed. It always sends the fresh message too, and holds every law. */
async function typed({ variant, workers, messages }: Asked, ...more: readonly string[]): Promise<Reached> {
  const scope = `workers=${workers},messages=${messages},deaths=0,delays=0`
  const args = [commandLine, 'explore', `claim-queue/${variant}`, '--scope', scope, '--stream', Array(messages).fill(1).join(), '--format', 'json']
  const { wall, output } = await measured(process.execPath, [...args, ...more], { codes: [0, 1] })
  const { states, pages } = JSON.parse(output)
  return { wall, states, steps: pages[0]?.length ?? Number.NaN }
}

/** The model’s source read anew: each time it is another module. */
async function source(): Promise<Component> {
  const file = '../../models/claim-queue.ts'
  return (await import(`${file}?${++readings}`)).claimQueue
}
let readings = 0

/** From the source of the model on, in a process that is there already. */
async function here({ variant, workers, messages, fresh }: Asked, symmetry: boolean): Promise<Reached> {
  const began = performance.now()
  const machine = build(await source(), variant, raceScope(workers, messages), { fresh: fresh })
  const { states, broken } = explore(machine, [machine.start(streamOf(messages))], { symmetry, speed })
  return { wall: (performance.now() - began) / 1000, states, steps: broken[0]?.run.moves.length ?? Number.NaN }
}

/** Walks as fast-check draws them, and the smallest run found. */
async function walked({ variant, workers, messages }: Asked): Promise<Reached> {
  const began = performance.now()
  const given = raceScope(workers, messages)
  const { found } = randomWalks(await source(), variant, { seed: 1, runs: 10_000, laws: [noneTwice], given, speed })
  return { wall: (performance.now() - began) / 1000, states: Number.NaN, steps: found?.run.moves.length ?? Number.NaN }
}

/** Spin writes a verifier, gcc compiles it, and it searches. */
function generated({ variant, workers, messages, fresh }: Asked, compile: readonly string[], search: readonly string[]): Promise<Reached> {
  return within(async (cwd) => {
    const began = performance.now()
    const define = definitions('claim-queue', variant, raceScope(workers, messages), streamOf(messages), fresh)
    await measured('spin', spinArguments('claim-queue', define), { cwd })
    await measured('gcc', ['-w', '-DNOREDUCE', '-DSAFETY', ...compile, '-o', 'pan', 'pan.c'], { cwd })
    const { output } = await measured(`${cwd}/pan`, ['-E', ...search], { cwd })
    const depth = Number(/violated .*\(at depth (\d+)\)/.exec(output)?.[1])
    const { states, truncated } = read(output)
    if (truncated) throw new Error('Spin did not see every state of the claim race, for want of depth.')
    return { wall: (performance.now() - began) / 1000, states, steps: depth }
  })
}

const unoptimised = 'spin, gcc -O0, pan'
const optimised = 'spin, gcc -O2, pan'
const columns = ['workers × messages', 'clock', 'states', 'steps', 'faster than Spin, gcc -O0, by', 'than Spin, gcc -O2']

/** The sizes at which a process of its own is asked as well; the last is of one process, and of three rounds at the most. */
const sizesOf = (quick: boolean): readonly Size[] => [
  { workers: 2, messages: 2, fresh: true }, { workers: 3, messages: 3, fresh: true },
  ...(quick ? [] : [{ workers: 4, messages: 4, fresh: true }, { workers: 4, messages: 6, fresh: false }]),
]

async function compared(sizes: readonly Size[], rounds: number, contenders: (size: Size) => Contenders) {
  const rows: (readonly string[])[] = []
  for (const size of sizes) {
    const results = await inTurn(size.fresh ? rounds : Math.min(rounds, 3), contenders(size))
    const wall = (name: string) => (results[name] ? medianOf(results[name], (reached) => reached.wall) : Number.NaN)
    for (const [name, [one]] of Object.entries(results)) {
      const peers = [unoptimised, optimised]
      const ratios = peers.map((peer) => (peers.includes(name) ? '' : times(wall(peer) / wall(name))))
      rows.push([`${size.workers} × ${size.messages}: ${name}`, seconds(wall(name)), many(one!.states), many(one!.steps), ...ratios])
    }
  }
  return rows
}

const withFresh = 'Sizes are workers × messages, with a fresh message that the world may send at any time; 4 × 6 is without, and the size of the race above.'

export async function toVerdict(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const rows = await compared(sizesOf(quick), rounds, (size) => {
    const asked = { variant: 'fixed', ...size }
    return {
      'in one process, one state of each orbit': () => here(asked, true),
      'in one process, every state': () => here(asked, false),
      ...(size.fresh ? {
        '`unwedge explore --symmetry`': () => typed(asked, '--symmetry'),
        '`unwedge explore`': () => typed(asked),
      } : {}),
      ...(spin ? {
        [unoptimised]: () => generated(asked, ['-O0'], ['-c0']),
        [optimised]: () => generated(asked, ['-O2'], ['-c0']),
      } : {}),
    }
  })
  return {
    title: 'From source text to verdict',
    says: [
      `The claim race, by the clock. ${withFresh} In one process, ours reads the model’s TypeScript anew, as a test runner would, `
        + 'and V8 has seen the engine before; `unwedge explore` is a process of its own, and so are Spin’s three.',
      'Ours is held to every law, cycles too; Spin is asked only what must always hold, which is one search instead of three. '
        + 'Where workers and messages are alike, one state of each orbit is enough for the same verdict, which Spin has no way to say.',
    ],
    columns, rows,
  }
}

export async function toCounterexample(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const rows = await compared(sizesOf(quick), rounds, (size) => {
    const asked = { variant: 'asShipped', ...size }
    const large = size.messages > 3
    return {
      'in one process, walks': () => walked(asked),
      ...(large ? {} : {
        'in one process, one state of each orbit': () => here(asked, true),
        '`unwedge explore --symmetry`': () => typed(asked, '--symmetry'),
        '`unwedge explore`': () => typed(asked),
      }),
      ...(spin ? {
        [unoptimised]: () => generated(asked, ['-O0', '-DBFS'], []),
        [optimised]: () => generated(asked, ['-O2', '-DBFS'], []),
      } : {}),
    }
  })
  return {
    title: 'From source text to a counterexample',
    says: [
      `The same of \`claim-queue/asShipped\`, by the clock. ${withFresh} Spin searches breadth first, stops at the first counterexample, `
        + 'and counts the failing assertion as a step. Walks stop there too, and are then shrunk; the others visit every state, '
        + 'and know then a shortest run for every law that is broken, so they are left out where the states are many.',
    ],
    columns, rows,
  }
}
