/** What must hold in the end, at ten million states and more: cycles looked for in a process of its own, and by Spin. */
import { fileURLToPath } from 'node:url'
import { kinds, scopeOf } from '../../engine/model/build.ts'
import { interchange } from '../../models/interchange.ts'
import type { Scope } from '../../spec/component.ts'
import type { Asked } from '../laws.ts'
import { inTurn, many, measured, medianOf, type Section, seconds } from '../measure.ts'
import { definitions, prepare, read, within } from '../spin.ts'

interface Work {
  readonly variant: string
  readonly scope: Scope
}
interface Found {
  readonly wall: number
  readonly bytes: number
  readonly states: number
  readonly says: string
}

const works: readonly (readonly [variant: string, changes: Scope])[] = [
  ['fixed', { messages: 5, threads: 3, tries: 1, restarts: 1 }],
  ['fixed', { messages: 9, threads: 4, tries: 2, restarts: 2 }],
  ['asShipped', { messages: 8, threads: 3, tries: 2, restarts: 0 }],
  ['asShipped', { messages: 8, threads: 5, tries: 2, restarts: 3 }],
]
const law = 'delivered or flagged'
/** Minutes that Spin is given, and megabytes. */
const patience = 2
const most = 5_000

function streamOf(scope: Scope) {
  const all = kinds(interchange.attributes(scope as never))
  return Array.from({ length: scope['messages']! }, (_, i) => all[i % all.length]!)
}

async function ours({ variant, scope }: Work): Promise<Found> {
  const command = fileURLToPath(new URL('../laws.ts', import.meta.url))
  const args = ['--import', 'tsx', command, 'interchange', variant, JSON.stringify(scope), JSON.stringify(streamOf(scope)), law]
  const { wall, bytes, output } = await measured(process.execPath, args)
  const { states, steps, stem, shortest }: Asked = JSON.parse(output)
  const says = steps === null ? 'holds' : `broken in ${steps} steps, ${stem === null ? 'at rest' : `on a cycle after ${stem}`}`
  return { wall, bytes, states, says: shortest ? says : `${says}, perhaps not the shortest` }
}

/** Compiled beforehand. */
async function verifier(directory: string, { variant, scope }: Work): Promise<() => Promise<Found>> {
  const define = ['FAIR', 'DELIVERED_OR_FLAGGED', ...definitions('interchange', variant, scope, streamOf(scope), true)]
  await prepare(directory, 'interchange', { define, compile: ['-O2', '-DNOREDUCE', '-DNFAIR=20', `-DMEMLIM=${most}`] })
  return async () => {
    const { wall, bytes, output } = await measured(`${directory}/pan`, ['-a', '-f', '-m1000000', '-w24', `-Q${patience}`], { cwd: directory, codes: [0, 1, 2] })
    const { states, errors, truncated } = read(output)
    const depth = /acceptance cycle \(at depth (\d+)\)/.exec(output)?.[1]
    const isWhole = !truncated && !/Search not completed/.test(output)
    return { wall, bytes, states, says: errors > 0 ? `broken, ${many(Number(depth))} steps deep` : isWhole ? 'holds' : 'no answer' }
  }
}

export async function liveness(rounds: number, spin: boolean, quick: boolean): Promise<Section> {
  const rows: (readonly string[])[] = []
  for (const [variant, changes] of quick ? works.slice(0, 1) : works)
    await within(async (directory) => {
      const work = { variant, scope: scopeOf(interchange, changes) }
      const contenders: Record<string, () => Promise<Found>> = { unwedge: () => ours(work) }
      if (spin) contenders['Spin'] = await verifier(directory, work)
      const scope = Object.entries(changes).map(([size, n]) => `${size}=${n}`).join(' ')
      for (const [name, found] of Object.entries(await inTurn(rounds, contenders)))
        rows.push([
          `interchange/${variant}, ${scope}: ${name}`, seconds(medianOf(found, ({ wall }) => wall)), many(found[0]!.states),
          many(medianOf(found, ({ bytes }) => bytes) / 2 ** 20), found[0]!.says,
        ])
    })
  return {
    title: 'What must hold in the end, at ten million states and more',
    says: [
      `‘${law}’ on every fair run, with a fresh message that the world may send: messages of every kind in turn. Ours sees every state, `
        + 'looks for cycles that are fair among them, and gives a shortest run; the whole process, by the clock.',
      `Spin is asked with \`-DNFAIR=20\` and \`pan -a -f\`, compiled beforehand, for ${patience} minutes and ${many(most)} MB at the most. It keeps to weak `
        + 'fairness by a copy of the states for each process, and stops at the first cycle, which is where its states end too.',
    ],
    columns: ['', 'clock', 'states', 'MB', 'answer'],
    rows,
  }
}
