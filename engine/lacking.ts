/** Which parts of an ordeal matter: each is left out in its turn, and the connector is put through the rest. */
import type { Connector } from '../spec/connector.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import type { Lacking } from '../spec/trouble.ts'
import { judge } from './judge.ts'
import { type Bench, calibrated } from './try.ts'

/** More parts than this are not tried: it was not shrunk far enough to tell anything. */
const manyParts = 24

/** What happens without each part. As many as there is time for. */
export async function lacking(connector: Connector, ordeal: Ordeal, raw: Bench, seconds: number): Promise<readonly Lacking[]> {
  const until = performance.now() + seconds * 1000
  const parts = partsOf(ordeal)
  if (parts.length > manyParts) return []
  const bench = await calibrated(connector, raw)
  const found: Lacking[] = []
  for (const { less, ...left } of parts) {
    if (performance.now() > until) break
    const judgement = judge(connector, await bench(less))
    found.push({ ...left, law: judgement?.law.name ?? null, says: judgement?.says ?? '' })
  }
  return found
}

type Part = Pick<Lacking, 'part' | 'at'> & { readonly less: Ordeal }

/** One message fewer, a plain one instead, one fault fewer, one worker, and no order but the usual. */
function partsOf(ordeal: Ordeal): readonly Part[] {
  const { stream, faults, schedule, workers } = ordeal
  return [
    ...stream.flatMap((batch, at): readonly Part[] => {
      const fewer = batch.count > 1 ? stream.with(at, { ...batch, count: batch.count - 1 }) : stream.toSpliced(at, 1)
      return [
        // An ordeal has messages.
        ...(fewer.length === 0 ? [] : [{ part: 'message' as const, at, less: { ...ordeal, stream: fewer } }]),
        ...(batch.kind === 'plain' ? []
          : [{ part: 'kind' as const, at, less: { ...ordeal, stream: stream.with(at, { ...batch, kind: 'plain' as const }) } }]),
      ]
    }),
    ...faults.map((_, at): Part => ({ part: 'fault', at, less: { ...ordeal, faults: faults.toSpliced(at, 1) } })),
    ...(workers > 1 ? [{ part: 'workers' as const, at: 0, less: { ...ordeal, workers: workers - 1 } }] : []),
    ...(schedule.some((position) => position > 0) ? [{ part: 'order' as const, at: 0, less: { ...ordeal, schedule: [] } }] : []),
  ]
}
