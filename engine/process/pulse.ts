/**
 * A second thread in a supervised process. It goes on while the connector spins or blocks the first: it tells the suite
 * ten times a second whether that turns, and where it spins; it hands orders on; and it ends the process when the suite
 * is gone.
 */
import { MessageChannel, Worker } from 'node:worker_threads'

/** What is told of the process. */
export interface Pulse {
  /** How often the event loop of the first thread has turned, */
  readonly turns: number
  /** and how much has happened at the world’s edge. */
  readonly events: number
  /** Microseconds of processor time of the first thread; of the whole process where the system tells no better. */
  readonly processor: number
  /** Bytes of resident memory. */
  readonly memory: number
  /** Whether the first thread waits for something; null where the system does not tell. */
  readonly waits: boolean | null
}

/** Milliseconds from one pulse to the next. */
export const pulseEvery = 100

/** Places in what both threads see. */
const at = { turns: 0, events: 1 }

/**
 * Starts it. `told` is given every line that the suite sends; the function that comes back counts an event. Nothing of
 * this is faked, for it begins before a connector is loaded.
 */
export function startPulse(fd: number, secret: string, told: (line: string) => void): () => void {
  const seen = new Int32Array(new SharedArrayBuffer(8))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(source, {
    eval: true, execArgv: [], env: {}, workerData: { fd, secret, seen, port: port2, every: pulseEvery, at }, transferList: [port2],
  })
  worker.unref()
  port1.on('message', told)
  setInterval(() => Atomics.add(seen, at.turns, 1), pulseEvery / 2).unref()
  return () => Atomics.add(seen, at.events, 1)
}

/** Plain JavaScript, so that the thread is there at once. */
const source = String.raw`
const { readFileSync } = require('node:fs')
const { Session } = require('node:inspector')
const { Socket } = require('node:net')
const { SourceMap } = require('node:module')
const { fileURLToPath } = require('node:url')
const { fd, secret, seen, port, every, at } = require('node:worker_threads').workerData
const { pid, platform } = process
const channel = new Socket({ fd, readable: true, writable: true })
const say = (what) => channel.write('\n' + secret + JSON.stringify(what) + '\n')

// The suite is gone. Its watchdog ends this process and all that it started; where there is none, that is done here.
const leave = () => setTimeout(() => {
  try { process.kill(-pid, 'SIGKILL') } catch {}
  process.kill(pid, 'SIGKILL')
}, 1000)
channel.on('error', leave).on('end', leave).on('close', leave)

let rest = ''
channel.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const line of lines) if (line === 'where') where(); else if (line !== '') port.postMessage(line)
})

// Of the first thread: its state is the first field after its name, its times are fields 14 and 15, in hundredths of a second.
function firstThread() {
  if (platform !== 'linux') return null
  try {
    const fields = readFileSync('/proc/self/task/' + pid + '/stat', 'latin1').replace(/^.*\) /s, '').split(' ')
    return { processor: (Number(fields[11]) + Number(fields[12])) * 10000, waits: fields[0] === 'S' }
  } catch {
    return null
  }
}
setInterval(() => {
  const { user, system } = process.cpuUsage()
  const { processor, waits } = firstThread() ?? { processor: user + system, waits: null }
  say({ is: 'pulse', turns: seen[at.turns], events: seen[at.events], processor, memory: process.memoryUsage.rss(), waits })
}, every)

// The first thread is halted for this: what asks means to end it.
function where() {
  const session = new Session()
  const scripts = new Map()
  session.connectToMainThread()
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params))
  session.on('Debugger.paused', ({ params }) => {
    say({ is: 'where', frames: params.callFrames.slice(0, 50).flatMap((frame) => placeOf(frame, scripts.get(frame.location.scriptId))) })
  })
  session.post('Debugger.enable', () => session.post('Debugger.pause'))
}
function placeOf({ functionName, location: { lineNumber, columnNumber } }, script) {
  if (!script || !script.url.startsWith('file:')) return []
  const found = { name: functionName.slice(0, 100), file: fileURLToPath(script.url), line: lineNumber + 1 }
  const inline = /^data:application\/json;base64,(.*)$/s.exec(script.sourceMapURL ?? '')
  if (!inline) return [found]
  try {
    const entry = new SourceMap(JSON.parse(Buffer.from(inline[1], 'base64').toString())).findEntry(lineNumber, columnNumber)
    return [{ ...found, line: entry.originalLine + 1 }]
  } catch {
    return [found]
  }
}
`
