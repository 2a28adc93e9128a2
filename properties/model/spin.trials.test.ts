/** A short round of the oracle in `bench/oracle.ts`: Spin counts the same states and finds the same laws broken. */
import { describe, expect, it } from 'vitest'
import { compare, disagreements } from '../../bench/oracle.ts'
import { ask, definitions, missing } from '../../bench/spin.ts'
import { build } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import type { LawName } from '../../spec/laws.ts'

const why = await missing()
/** Where nobody waits for a verdict Spin may be missing; on a build machine something is wrong then. */
function needsSpin(skip: (condition: boolean, note?: string) => void): void {
  skip(why !== null && process.env['CI'] === undefined, why ?? '')
  if (why !== null) throw new Error(why)
}
const patience = 60_000
/** One size and one law where the whole suite has to be quick: `npm run oracle` asks of all. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('Spin, an independent checker', () => {
  for (const [workers, messages, states, transitions] of [[2, 2, 102, 228], [3, 3, 3290, 11742], [3, 4, 27952, 106432]] as const)
    it.skipIf(!isWhole && states > 1_000)(`counts ${states} states of ${workers} workers and ${messages} messages, as we do`, async ({ skip }) => {
      needsSpin(skip)
      const scope = { workers, messages, deaths: 0, delays: 0, copies: 1, memory: 1 }
      const stream = Array.from({ length: messages }, () => ({ count: 1 }))
      const machine = build(claimQueue, 'fixed', scope, { fresh: false })
      expect(explore(machine, [machine.start(stream)])).toMatchObject({ states, transitions, broken: [] })
      const define = ['COUNT', ...definitions('claim-queue', 'fixed', scope, stream, false)]
      const answer = await ask('claim-queue', { define, compile: ['-O1', '-DNOREDUCE', '-DSAFETY'], search: ['-m100000', '-E'] })
      expect(answer).toMatchObject({ states, transitions, errors: 0 })
    }, patience)

  /** One law that stands for each component: those that always hold, two in the end, and one while a link is down. */
  const shown: Readonly<Record<string, readonly [variant: string, law: LawName]>> = {
    gateway: ['asShipped', 'delivered or flagged'],
    'claim-queue': ['asShipped', 'none twice'],
    'transfer-agent': ['asShipped', 'links are independent'],
    'property-cache': ['asShipped', 'honest'],
    interchange: ['requeuesAtTheTail', 'delivered or flagged'],
    consumer: ['looksNothingUp', 'none twice'],
    'report-relay': ['reportsEachTry', 'honest'],
    spool: ['acknowledgesFirst', 'delivered or flagged'],
  }
  const quick = ['claim-queue']
  for (const { name } of components.filter((component) => component.name in shown))
    it.skipIf(!isWhole && !quick.includes(name))(`finds in ${name}/${shown[name]![0]} what we find: ‘${shown[name]![1]}’ is broken`, async ({ skip }) => {
      needsSpin(skip)
      const [variant, law] = shown[name]!
      const entry = catalogue.find((other) => other.component.name === name && other.variant === variant)!
      const compared = await compare(entry, [law])
      expect(disagreements(compared)).toEqual([])
      expect(compared.verdicts).toEqual([{ law, spin: 'broken', ours: 'broken' }])
    }, patience)
})
