/** Which parts of a scenario matter: each is left out in its turn, and the connector is tried with the rest. */
import type { Connector } from '../../spec/connector.ts'
import { type Fault, plainly, type Scenario } from '../../spec/scenario.ts'
import type { Lacking } from '../../spec/evidence/violation.ts'
import { type Runner, calibrated } from './runner.ts'
import { ran } from './verdict-of-run.ts'
import { realNow } from '../real-time.ts'

/** More parts than this are not tried: it was not shrunk far enough to tell anything. */
const manyParts = 24

/** What happens without each part; of those for which there is no time, that they were not tried. */
export async function lacking(connector: Connector, scenario: Scenario, raw: Runner, seconds: number): Promise<readonly Lacking[]> {
  const until = realNow() + seconds * 1000
  const parts = partsOf(scenario)
  if (parts.length > manyParts) return []
  const runner = await calibrated(connector, raw)
  const found: Lacking[] = []
  for (const { less, ...left } of parts) {
    if (realNow() > until) {
      found.push({ ...left, outcome: 'not known', law: null, says: 'It was not tried, for lack of time.' })
      continue
    }
    const { judgement, inconclusive } = await ran(connector, less, runner)
    found.push({
      ...left, law: judgement?.law.name ?? null, outcome: judgement ? 'broken' : inconclusive === null ? 'kept' : 'not known',
      says: judgement?.says ?? (inconclusive === null ? '' : `Nothing can be said, because ${inconclusive}.`),
    })
  }
  return found
}

const isSame = (a: Fault, b: Fault) => a.what === b.what && a.on === b.on && a.after === b.after

type ScenarioPart = Pick<Lacking, 'part' | 'at'> & { readonly less: Scenario }

/** One message fewer, a plain one instead, one fault fewer, one worker, recipient or fresh message fewer, and no order but the usual. */
function partsOf(scenario: Scenario): readonly ScenarioPart[] {
  const { stream, faults, schedule, workers, recipients = 1, calm = [] } = scenario
  return [
    ...stream.flatMap((burst, at): readonly ScenarioPart[] => {
      const fewer = burst.count > 1 ? stream.with(at, { ...burst, count: burst.count - 1 }) : stream.toSpliced(at, 1)
      return [
        // A scenario has messages.
        ...(fewer.length === 0 ? [] : [{ part: 'message' as const, at, less: { ...scenario, stream: fewer } }]),
        ...(burst.kind === 'plain' ? []
          : [{ part: 'kind' as const, at, less: { ...scenario, stream: stream.with(at, plainly(burst)) } }]),
      ]
    }),
    // Of several that are the same, whichever is left out, the rest is the same.
    ...faults.flatMap((fault, at): readonly ScenarioPart[] => (at > 0 && isSame(faults[at - 1]!, fault) ? []
      : [{ part: 'fault', at, less: { ...scenario, faults: faults.toSpliced(at, 1) } }])),
    ...(workers > 1 ? [{ part: 'workers' as const, at: 0, less: { ...scenario, workers: workers - 1 } }] : []),
    ...(recipients > 1 ? [{ part: 'recipients' as const, at: 0, less: { ...scenario, recipients: recipients - 1 } }] : []),
    ...(calm.length < 2 ? []
      : calm.map((_, at): ScenarioPart => ({ part: 'fresh', at, less: { ...scenario, calm: calm.toSpliced(at, 1) } }))),
    ...(schedule.some((position) => position > 0) ? [{ part: 'order' as const, at: 0, less: { ...scenario, schedule: [] } }] : []),
  ]
}
