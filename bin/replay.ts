/** `unwedge replay`: one run again, and which law it breaks. */
import { Mistaken } from '../engine/build.ts'
import { amountOf, makeDirectory, pageAs, runAs, type Shows, say, sayPage, writePages } from './output.ts'
import { readPages } from './page-file.ts'
import { askedFor, type Shown, show, type Typed } from './run.ts'

export async function replayRun(what: string, schedule: string | undefined, options: Shows & Typed): Promise<number> {
  const asked = schedule === undefined ? readPages(fileNamed(what, options)) : [askedFor(what, schedule, options)]
  if (options.out !== undefined) makeDirectory(options.out)
  const shown = asked.map(show)
  if (options.out !== undefined) writePages(options.out, shown.flatMap(({ broken }) => broken ?? []), options.format)
  for (const each of shown) {
    const page = each.broken ? pageAs[options.format](each.broken) : runAs[options.format](each.run)
    if (options.out === undefined) sayPage(page, options.format)
    if (options.out !== undefined || options.format === 'text') remark(each)
  }
  return shown.some(({ broken }) => broken) ? 1 : 0
}

function fileNamed(what: string, { scope, stream, law }: Typed): string {
  if (/\.json$/i.test(what)) {
    if (scope === undefined && stream === undefined && law === undefined) return what
    throw new Mistaken('A page says at which scope, with which stream and by which law: leave out --scope, --stream and --law.')
  }
  const name = what.includes('/') ? what : `${what}/fixed`
  throw new Mistaken(`Say which schedule of ${name} to replay, as in ${name} 0/1/0; or name a page that --format json wrote.`)
}

/** What a page does not say: that the schedule goes on, or that the run does. */
function remark({ run, broken, left, owes }: Shown): void {
  const why = broken ? 'the law was broken before' : 'nothing more can happen'
  if (left > 0) say(`${amountOf(left, 'position')} of the schedule not taken: ${why}.`)
  if (!broken && owes.length > 0)
    say(`The run could go on: ${owes.slice(0, 3).join('; ')}${owes.length > 3 ? `; and ${owes.length - 3} more` : ''}.`)
  if (broken && run.length === 0) say('It is broken from the start.')
}
