/** The graph of all states that XState’s own tool draws of the claim race, against ours. Where it is installed. */
import { build } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { speed } from '../../engine/speed/speed.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { inTurn, many, medianOf, type Section, seconds, times } from '../measure.ts'
import { peer } from '../peer.ts'
import { Adds, Delivers, type Race, raceOf, Sees, type Step, Takes } from '../peers/commands.ts'
import { raceScope } from './throughput.ts'

interface Drawn {
  readonly seconds: number
  readonly states: number
}

export async function graphs(rounds: number, quick: boolean): Promise<Section> {
  const [xstate, graph] = [await peer('xstate'), await peer('@xstate/graph')]
  const rows: (readonly string[])[] = []
  for (const [workers, messages] of quick ? [[2, 2]] as const : [[2, 2], [3, 3]] as const) {
    const results = await inTurn(rounds, {
      unwedge: () => drawn(() => {
        const machine = build(claimQueue, 'fixed', raceScope(workers, messages), { fresh: false })
        return explore(machine, [machine.start(Array.from({ length: messages }, () => ({ count: 1 })))], { speed }).states
      }),
      ...(xstate && graph ? {
        [`XState ${xstate.version}, @xstate/graph ${graph.version}`]: () => drawn(() => {
          const steps = stepsOf(workers, messages)
          const next = (race: Race, { step }: { step: number }) => (steps[step]!.check(race) ? steps[step]!.after(race) : race)
          const logic = xstate.exports.fromTransition(next, raceOf(workers, messages))
          const events = steps.map((_, step) => ({ type: 'step', step }))
          return Object.keys(graph.exports.getAdjacencyMap(logic, { events, limit: Infinity })).length
        }),
      } : {}),
    })
    const time = (name: string) => medianOf(results[name]!, (one) => one.seconds)
    for (const [name, [one]] of Object.entries(results))
      rows.push([`${workers} × ${messages}: ${name}`, seconds(time(name)), many(one!.states), name === 'unwedge' ? '' : times(time(name) / time('unwedge'))])
  }
  return {
    title: 'The graph of the claim race, in a process that is there',
    says: xstate && graph ? ['Ours holds every law besides.'] : ['Missing: XState and its graph, which `npm install --prefix bench/peers` brings.'],
    columns: ['workers × messages', 'clock', 'states', 'ours is faster by'],
    rows,
  }
}

async function drawn(draw: () => number): Promise<Drawn> {
  const began = performance.now()
  const states = draw()
  return { seconds: (performance.now() - began) / 1000, states }
}

/** Every step there could be. */
const stepsOf = (workers: number, messages: number): readonly Step[] => [
  ...Array.from({ length: workers }, (_, w) => Array.from({ length: messages }, (_, m) => new Sees(w, m + 1))).flat(),
  ...Array.from({ length: workers }, (_, w) => new Adds(w)), new Takes(), new Delivers(),
]
