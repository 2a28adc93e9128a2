/**
 * A second thread beside a connector that runs in this process: where the connector spins, nothing else here can say so, and the test
 * that runs it neither ends nor fails. It says which connector that is, and in which scenario, and ends nothing: it may be a long one.
 */
import { Worker } from 'node:worker_threads'
import type { Scenario } from '../../spec/scenario.ts'

interface Watching {
  /** What the connector is called. */
  readonly name: string
  /** Milliseconds without a turn of the event loop, and without another scenario, after which it is said. */
  readonly after?: number
  /** Where it is written: a file descriptor, for a stream of this process writes nothing while it stands still. */
  readonly to?: number
}

const usually = 20_000

/** Uses what is told of every scenario that begins. This takes the timers that are there when it is called. */
export async function besideStandstill<R>(
  { name, after = usually, to = 2 }: Watching, use: (begins: (scenario: Scenario) => void) => Promise<R>,
): Promise<R> {
  const seen = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(source, { eval: true, execArgv: [], env: {}, workerData: { name, after, to, seen } })
  worker.unref()
  const turning = setInterval(() => Atomics.add(seen, 0, 1), Math.min(after / 4, 1_000))
  turning.unref()
  const stop = clearInterval
  try {
    return await use((scenario) => worker.postMessage(JSON.stringify(scenario)))
  } finally {
    stop(turning)
    await worker.terminate()
  }
}

/** Plain JavaScript, so that the thread is there at once. */
const source = String.raw`
const { writeSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const { name, after, to, seen } = workerData
let scenario = null, turns = 0, since = Date.now()
const anew = () => { since = Date.now() }
parentPort.on('message', (text) => { scenario = text; anew() })
setInterval(() => {
  const now = Atomics.load(seen, 0)
  if (now !== turns) { turns = now; anew() }
  if (scenario === null || Date.now() - since < after) return
  const text = '\nunwedge: for ' + Math.round(after / 100) / 10 + ' seconds ' + name + ' has let nothing else in this process have a turn, in this scenario:\n'
    + scenario + '\nEither it takes long, or it spins. ‘npx unwedge check’ tries it in a process of its own, ends that, and shows where it spins.\n'
  scenario = null
  try { writeSync(to, text) } catch {}
}, Math.min(after / 4, 1000))
`
