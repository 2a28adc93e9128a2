/** What tests of real transfer agents share: who is tried, where it is missing, and what a scenario shows of one. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { trial } from '../../engine/trial/trial.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Connector, History, MessageKind } from '../../spec/connector.ts'
import type { Burst, Scenario } from '../../spec/scenario.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const asksFor = process.env['UNWEDGE_AGENTS']
const areInstalled = existsSync(join(root, 'connectors/field/node_modules'))
/** Whether agents are asked for, and what they are tried with is there. */
export const areAsked = asksFor !== undefined && areInstalled
const isRequired = process.env['UNWEDGE_SERVICES'] === 'required'
/** Scenarios that a right agent is tried with: each takes seconds. */
export const runs = Number(asksFor || 20)

/** What a file of tests says when agents are not asked for, or cannot be tried. */
export const isTriedWhereAsked = () => it('is tried where it is asked for', () => {
  expect(asksFor === undefined || areInstalled, 'Install what it is tried with first: npm ci --prefix connectors/field').toBe(true)
})

/** A trial of an agent that may be missing. */
export function real(because: string | null, name: string, does: () => Promise<void>): void {
  if (because === null) it(name, { timeout: 0 }, does)
  else if (isRequired) it(name, () => expect.fail(because))
  else it.skip(`${name} (${because})`)
}

export const until = async (is: () => boolean) => { while (!is()) await new Promise((go) => setTimeout(go, 20)) }
/** Processes that are at work in a folder, or were started to put there what is temporary. */
export const within = (folder: string) => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder)
  } catch {
    return false
  }
})

export const burst = (kind: MessageKind, count = 1, link = 1): Burst => ({ kind, count, link })
const bare: Scenario = { workers: 1, links: 1, stream: [], faults: [], schedule: [] }
/** What a scenario shows of an agent: its history, and what is said against it. */
export async function shown(connector: Connector, scenario: Partial<Scenario>) {
  const history = await trial(connector, { ...bare, ...scenario })
  return { history, says: judge(connector, history)?.says ?? null }
}

/** Scenarios side by side: they wait most of the time, each for an agent of its own. */
export async function allAtOnce<T>(each: readonly T[], does: (one: T) => Promise<void>): Promise<void> {
  await Promise.all(each.map(does))
}

/** All that becomes of a message in the end, other than that the agent says so. */
export const becomes = (history: History, message: string) =>
  history.filter((event) => event.message === message).map(({ what }) => what)
    .filter((what) => what === 'recorded' || what === 'flagged').join(', ')

/**
 * Drawn scenarios show nothing against it, on a machine that is busy elsewhere too: not even an alarm that does not repeat. They wait
 * most of the time: three are tried side by side.
 */
export async function keepsEveryLaw(connector: Connector, most = runs): Promise<void> {
  const runner = Array.from({ length: 3 }, () => inProcess(connector))
  for (let seed = 1, done = 0; done < most; seed++) {
    const verdict = await attempt(connector, { seed, runs: Math.min(20, most - done), runner }).catch((error: unknown) => {
      if (!(error instanceof Unrepeatable)) throw error
      const { scenario, history } = error.seen
      const lines = history.map((event) => JSON.stringify(event)).join('\n')
      return expect.fail(`once, and not again, in seed ${seed}: ${error.message}\n${JSON.stringify(scenario)}\n${lines}`)
    })
    if (verdict.broken) expect.fail(violationPage(violationOf(connector, verdict, { seed, again: 'npm run trials:agents' })))
    expect([verdict.verdict, verdict.because], `seed ${seed}`).toEqual(['lawful', ''])
    done += verdict.runs
  }
}
