/**
 * One exploration with every law, in a process of its own: `laws.ts component variant scope stream`, scope and stream as
 * JSON. Every transition is kept, and circles are looked for among all states.
 */
import { firstBroken } from '../engine/broken.ts'
import { build } from '../engine/build.ts'
import { statesThatFit } from '../engine/explore.ts'
import { fill } from '../engine/kernel.ts'
import { Room } from '../engine/room.ts'
import { components } from '../models/catalogue.ts'
import { laws } from '../spec/laws.ts'

const [name, variant, scope, stream] = process.argv.slice(2)
const component = components.find((other) => other.name === name)!
const machine = build(component, variant!, JSON.parse(scope!))
const start = machine.start(JSON.parse(stream!))
const log = timed('states and transitions', () => fill(machine, [start], true, { states: statesThatFit(machine) }))
const graph = { log, room: new Room(log) }
console.log(`${log.states.toLocaleString('en-US')} states, ${log.transitions.toLocaleString('en-US')} transitions`)
for (const law of laws) {
  const found = timed(law.name, () => firstBroken(graph, law))
  if (!found) continue
  const { run: { moves, stem }, nearer, shortest } = found
  const ends = stem === null ? 'at rest' : `on a circle after ${stem}${shortest ? '' : ', not known to be the shortest'}`
  console.log(`  broken in ${moves.length} steps, ${ends}; ${nearer.toLocaleString('en-US')} states nearer`)
}

function timed<T>(what: string, does: () => T): T {
  const before = process.cpuUsage()
  const result = does()
  const { user, system } = process.cpuUsage(before)
  console.log(`${what}: ${((user + system) / 1e6).toFixed(1)} s of processor time, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident`)
  return result
}
