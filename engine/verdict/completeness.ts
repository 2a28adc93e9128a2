/** Whether a history is one: it ends in an end, and what was taken is what the scenario gave. Otherwise nothing can be said. */
import { eventNames, type History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const endings: ReadonlySet<string> = new Set(['end', 'livelock', 'crashed', 'gave up'])
const names: ReadonlySet<string> = new Set(eventNames)

/** Why nothing can be said of a history, in words that follow “because”; null when something can. */
export function incomplete(history: History, { stream, recipients = 1, links }: Scenario): string | null {
  const last = history.at(-1)
  if (!last) return 'its history is empty'
  const stranger = history.find(({ what }) => !names.has(what))
  if (stranger) return `its history holds ‘${String(stranger.what).slice(0, 40)}’, which is no event`
  const misused = history.find(({ what }) => what === 'misused')
  if (misused) return misused.detail ?? 'it is no connector'
  if (!endings.has(last.what)) return 'its history ends before the trial did'
  if (last.what === 'gave up') return last.detail ?? 'it was still busy when the budget of the trial was over'
  if (last.what === 'crashed') return null
  const given = stream.reduce((sum, { count }) => sum + count, 0) * Math.min(recipients, links)
  const taken = history.reduce((sum, { what }) => sum + (what === 'taken' ? 1 : 0), 0)
  return taken === given ? null : `its history has ${taken.toLocaleString('en-US')} messages of the ${given.toLocaleString('en-US')} that it was given`
}
