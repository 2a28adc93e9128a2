/** `unwedge replay`: one run again, and which law it breaks. */
import { amountOf } from '../../reports/text/words.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { pageAs, type PageOptions, runAs } from '../output/page-writers.ts'
import { paper, say, sayPage } from '../output/terminal.ts'
import { makeDirectory, writePages } from '../output/written-files.ts'
import { readAll } from '../input/page-file.ts'
import { requestedRun, type ReplayedRun, show, type RunOptions } from '../input/requested-run.ts'
import type { ProcessChoice } from '../input/loaded-connector.ts'
import { isFile } from '../input/names.ts'

interface ReplayOptions extends PageOptions, RunOptions, ProcessChoice {
  /** Files to write the run to as a trace; `.itf.json`. */
  readonly report?: readonly string[]
}

export async function replayRun(what: string, schedule: string | undefined, options: ReplayOptions): Promise<number> {
  const reports = options.report ?? []
  const graph = reports.length === 0 ? null : await import('../files/graph-files.ts')
  if (graph) (await import('../files/report-files.ts')).checkReports(reports, graph.ofReplays)
  const file = schedule === undefined ? fileNamed(what, options) : null
  const asked = file === null ? [await requestedRun(what, schedule!, options)] : await readAll(file)
  if (options.out !== undefined) makeDirectory(options.out)
  const shown = asked.flatMap((each) => ('entry' in each ? [show(each)] : []))
  if (options.out !== undefined) writePages(options.out, shown.flatMap(({ broken }) => broken ?? []), options.format)
  for (const each of shown) {
    const page = each.broken ? pageAs[options.format](each.broken, paper) : runAs[options.format](each.run, paper)
    if (options.out === undefined) sayPage(page, options.format)
    if (options.out !== undefined || options.format === 'text') remark(each)
  }
  let breaks = shown.some(({ broken }) => broken)
  for (const stored of asked)
    if (!('entry' in stored)) breaks = (await (await import('../checks/replayed-scenario.ts')).replayScenario(stored, file!, options)) || breaks
  graph?.writeTraces(reports, asked.flatMap((each) => ('entry' in each ? [each] : [])))
  return breaks ? 1 : 0
}

function fileNamed(what: string, { scope, stream, law }: RunOptions): string {
  if (/\.json$/i.test(what)) {
    if (scope === undefined && stream === undefined && law === undefined) return what
    throw new UsageError('A page says at which scope, with which stream and by which law: leave out --scope, --stream and --law.')
  }
  const name = what.includes('/') || isFile(what) ? what : `${what}/fixed`
  throw new UsageError(`Say which schedule of ${name} to replay, as in ${name} 0/1/0; or name a page that --format json wrote.`)
}

/** What a page does not say: that the schedule goes on, or that the run does. */
function remark({ run, broken, left, owes }: ReplayedRun): void {
  const why = broken ? 'the law was broken before' : 'nothing more can happen'
  if (left > 0) say(`${amountOf(left, 'position')} of the schedule not taken: ${why}.`)
  if (!broken && owes.length > 0)
    say(`The run could go on: ${owes.slice(0, 3).join('; ')}${owes.length > 3 ? `; and ${owes.length - 3} more` : ''}.`)
  if (broken && run.length === 0) say('It is broken from the start.')
}
