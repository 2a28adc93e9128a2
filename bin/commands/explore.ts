/** `unwedge explore`: every state of one variant, at any scope. */
import { amount, amountOf, duration } from '../../reports/text/words.ts'
import { kinds, scopeOf } from '../../engine/model/build.ts'
import { type CheckedClaim, check, type Claim } from '../../engine/search/claims.ts'
import type { BesideOrbits } from '../../engine/search/exploration.ts'
import { TooManyStates } from '../../engine/states/memory-budget.ts'
import { type Log, toCome } from '../../engine/states/log.ts'
import { speed } from '../../engine/speed/speed.ts'
import { jsonReport } from '../../reports/formats/json.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { blamingFile, claimNamed } from '../input/loaded-component.ts'
import { scopeFrom, streamFrom, streamsIn } from '../input/names.ts'
import { pageAs, type PageOptions } from '../output/page-writers.ts'
import { colours, paper, progress, say, sayPage } from '../output/terminal.ts'
import { makeDirectory, writePages } from '../output/written-files.ts'

interface ExploreOptions extends PageOptions {
  readonly scope?: string
  readonly stream?: string
  /** At which to give up. */
  readonly states?: number
  /** One state of each orbit. */
  readonly symmetry?: boolean
  /** Files for the state graph, and for what was found; their endings say which. */
  readonly report?: readonly string[]
}

type Streams = readonly (readonly ModelBurst[])[] | undefined

export async function exploreVariant(what: string, options: ExploreOptions): Promise<number> {
  const entry = await claimNamed(what)
  const { component } = entry
  const scope = scopeFrom(component, options.scope)
  const streams = options.stream === undefined ? undefined : [streamFrom(component, scope, options.stream)]
  const starts = streams ? 1 : streamsIn(kinds(component.attributes(scope)).length, scope['messages'])
  const most = options.states ?? 20_000_000
  if (starts > most)
    throw new TooManyStates(`${component.name} has over ${amountOf(most, 'stream')} to start from at this scope: `
      + 'narrow the scope, or give one with --stream.')
  if (options.out !== undefined) makeDirectory(options.out)
  const reports = options.report ?? []
  const graph = reports.length === 0 ? null : await import('../files/graph-files.ts')
  if (graph) (await import('../files/report-files.ts')).checkReports(reports, graph.ofExplorations)
  const found = blamingFile(entry, () => explored({ ...entry, scope }, streams, options))
  // What is claimed of a variant is claimed at the scope of the claim, and says nothing of another.
  const claimed = scopeOf(component, entry.scope)
  const isClaimed = streams === undefined && Object.entries(scope).every(([size, n]) => claimed[size] === n)
  const checked = isClaimed ? found : { ...found, wrong: [] }
  if (options.format === 'json' && options.out === undefined) writeJson(checked)
  else writeText(checked, options)
  graph?.writeExploration(reports, { entry, scope, bursts: streams, checked })
  return checked.counterexamples.length === 0 ? 0 : 1
}

/** Visits every state, and shows on the terminal how far it is. */
function explored(entry: Claim, streams: Streams, { states, symmetry }: ExploreOptions): CheckedClaim {
  const name = `${entry.component.name}/${entry.variant}`
  const began = performance.now()
  progress.show(`exploring ${name} …`)
  try {
    return check(entry, {
      limits: {
        ...(states === undefined ? {} : { states }),
        beat: (log) => {
          progress.show(`${name}: ${howFar(log, performance.now() - began)} …`)
          return false
        },
      },
      speed,
      ...(symmetry === true ? { symmetry: true } : {}),
      ...(streams ? { streams } : {}),
    })
  } finally {
    progress.clear()
  }
}

function howFar(log: Log, milliseconds: number): string {
  const { states, expanded, levels, bytes } = log
  const rate = expanded / milliseconds
  const left = toCome(log)
  return `${short(states)} states, ${levels.length - 1} deep, ${short(states - expanded)} ahead, ${short(rate * 1000)}/s, `
    + `${Math.round(bytes / states)} B each${left === null ? '' : `, ${duration(left / rate)} left`}`
}

const short = (n: number) =>
  (n < 1e4 ? Math.round(n).toLocaleString('en-US') : n < 1e6 ? `${Math.round(n / 1e3)} k` : `${(n / 1e6).toFixed(1)} M`)

function writeJson(checked: CheckedClaim): void {
  const { claim: { component, variant }, scope, counterexamples, milliseconds } = checked
  const { states, beside, beyond, transitions, depth, machine: { words } } = checked.exploration
  const orbits = beside === null ? {} : { areOrbits: true, beside }
  const facts = { component: component.name, variant, scope, states, ...orbits, beyond, transitions, depth, words, milliseconds }
  process.stdout.write(jsonReport('exploration', facts, counterexamples))
}

/** What the counted states stand for, and what was visited beside them. */
function* orbitSentences({ round, followed, all }: BesideOrbits): Iterable<string> {
  yield 'Each of the states stands for all that differ only in which of several alike things is which.'
  if (round > 0) yield `Where runs may go round, ${amountOf(round, 'state')} ${were(round)} visited one by one.`
  if (followed > 0) yield `To follow one of several alike things, as laws about each of them ask, ${amountOf(followed, 'more state', 'more states')} ${were(followed)} visited.`
  if (all > 0) yield `Alike things have their turns in an order of their own, so ${amountOf(all, 'state')}, every one, ${were(all)} visited for laws about runs.`
}

const were = (n: number) => (n === 1 ? 'was' : 'were')

function writeText(checked: CheckedClaim, { format, out }: ExploreOptions): void {
  const { claim: { component, variant }, scope, counterexamples: pages, milliseconds } = checked
  const { states, beside, beyond, transitions, depth, machine: { words } } = checked.exploration
  if (out !== undefined) writePages(out, pages, format)
  else for (const page of pages) sayPage(pageAs[format](page, paper), format)
  say(`${component.name}/${variant} at ${Object.entries(scope).map(([size, n]) => `${size} ${amount(n)}`).join(', ')}:`)
  say(`${amountOf(states, 'state')} of ${amountOf(words, 'word')}, ${amountOf(transitions, 'transition')}, ${amountOf(depth, 'step')} deep; `
    + `${duration(milliseconds)}, ${amountOf(Math.round(states / milliseconds) * 1000, 'state')} a second.`)
  if (beside) for (const sentence of orbitSentences(beside)) say(sentence)
  if (beyond > 0) say(`${amountOf(beyond, 'more state lies', 'more states lie')} beyond the bound, and nothing was looked at after them.`)
  say(pages.length === 0 ? colours.green('Every law holds.') : colours.red(`Broken: ${pages.map(({ law }) => law.name).join(', ')}.`))
  if (out !== undefined) say(`${amountOf(pages.length, 'page')} written to ${out}.`)
}
