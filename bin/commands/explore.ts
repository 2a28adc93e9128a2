/** `unwedge explore`: every state of one variant, at any scope. */
import { amountOf, duration } from '../../reports/text/words.ts'
import { kinds } from '../../engine/model/build.ts'
import { type Checked, check } from '../../engine/search/claims.ts'
import { TooManyStates } from '../../engine/search/memory-budget.ts'
import { toCome } from '../../engine/search/log.ts'
import { speed } from '../../engine/speed/speed.ts'
import { jsonReport } from '../../reports/formats/json.ts'
import { entryNamed, scopeFrom, streamFrom, streamsIn } from '../input/names.ts'
import { pageAs, type PageOptions } from '../output/page-formats.ts'
import { colours, progress, say, sayPage } from '../output/terminal.ts'
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

const short = (n: number) =>
  (n < 1e4 ? Math.round(n).toLocaleString('en-US') : n < 1e6 ? `${Math.round(n / 1e3)} k` : `${(n / 1e6).toFixed(1)} M`)

export async function exploreVariant(what: string, options: ExploreOptions): Promise<number> {
  const entry = entryNamed(what)
  const { component, variant } = entry
  const scope = scopeFrom(component, options.scope)
  const streams = options.stream === undefined ? undefined : [streamFrom(component, scope, options.stream)]
  const starts = streams ? 1 : streamsIn(kinds(component.attributes(scope)).length, scope['messages']!)
  const most = options.states ?? 20_000_000
  if (starts > most)
    throw new TooManyStates(`${component.name} has over ${amountOf(most, 'stream')} to start from at this scope: `
      + 'narrow the scope, or give one with --stream.')
  if (options.out !== undefined) makeDirectory(options.out)
  const reports = options.report ?? []
  const graph = reports.length === 0 ? null : await import('../files/graph.ts')
  if (graph) (await import('../files/evidence.ts')).checkReports(reports, graph.ofExplorations)
  const began = performance.now()
  progress.show(`exploring ${component.name}/${variant} …`)
  let checked: Checked
  try {
    checked = check({ ...entry, scope }, {
      limits: {
        ...(options.states === undefined ? {} : { states: options.states }),
        beat: (log) => {
          const { states, expanded, levels, bytes } = log
          const rate = expanded / (performance.now() - began)
          const left = toCome(log)
          progress.show(`${component.name}/${variant}: ${short(states)} states, ${levels.length - 1} deep, ${short(states - expanded)} ahead, `
            + `${short(rate * 1000)}/s, ${Math.round(bytes / states)} B each${left === null ? '' : `, ${duration(left / rate)} left`} …`)
          return false
        },
      },
      speed,
      ...(options.symmetry === true ? { symmetry: true } : {}),
      ...(streams ? { streams } : {}),
    })
  } finally {
    progress.clear()
  }
  const { counterexamples: pages, exploration: { states, transitions, depth, machine: { words } }, milliseconds } = checked
  const facts = { component: component.name, variant, scope, states, transitions, depth, words, milliseconds }
  if (options.out !== undefined) writePages(options.out, pages, options.format)
  else if (options.format !== 'json') for (const page of pages) sayPage(pageAs[options.format](page), options.format)
  if (options.format === 'json' && options.out === undefined)
    process.stdout.write(jsonReport('exploration', facts, pages))
  else {
    say(`${component.name}/${variant} at ${Object.entries(scope).map(([size, n]) => `${size} ${n.toLocaleString('en-US')}`).join(', ')}:`)
    say(`${amountOf(states, 'state')} of ${amountOf(words, 'word')}, ${amountOf(transitions, 'transition')}, `
      + `${amountOf(depth, 'step')} deep; `
      + `${duration(milliseconds)}, ${amountOf(Math.round(states / milliseconds) * 1000, 'state')} a second.`)
    say(pages.length === 0 ? colours.green('Every law holds.') : colours.red(`Broken: ${pages.map(({ law }) => law.name).join(', ')}.`))
    if (options.out !== undefined) say(`${amountOf(pages.length, 'page')} written to ${options.out}.`)
  }
  graph?.writeExploration(reports, { entry, scope, bursts: streams, checked })
  return pages.length === 0 ? 0 : 1
}
