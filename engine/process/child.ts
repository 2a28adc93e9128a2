/** What runs in a supervised process: loads one connector, and tries it with the scenarios that it is sent. */
import { writeSync } from 'node:fs'
import type { Connector, Event } from '../../spec/connector.ts'
import { mutated, type MutantName, mutants } from '../falsify/mutants.ts'
import { realImmediate } from '../real-time.ts'
import { trial } from '../trial/trial.ts'
import { holdVirtualTime } from '../trial/virtual-time.ts'
import type { Answer, Order } from './answer.ts'
import { described, load } from './load.ts'
import { startPulse } from './pulse.ts'

/** What the suite and this process share: the second thread’s channel, and this one’s. */
const channels = { pulse: 3, answers: 4 } as const

/** Taken out of sight: a connector has no business with them. */
const [file = '', as = '', mutant = '', secret = ''] = process.argv.splice(2)

/** As it is before a connector is loaded. */
const { stringify } = JSON
const { stdout, stderr } = process

/** Written at once, for what comes next may be the end of this process. The time it takes is the suite’s. */
function say(answer: Answer): void {
  const bytes = Buffer.from(`\n${secret}${stringify(answer)}\n`)
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(channels.answers, bytes, sent)
}

async function connectorOf(): Promise<Connector | null> {
  try {
    const { found, unfit, components } = await load(file)
    if (as === '') {
      say({ is: 'exports', found: found.map(({ as, connector }) => ({ as, connector: described(connector) })), unfit, components })
      return null
    }
    const one = found.find((each) => each.as === as)
    if (one) return isMutant(mutant) ? mutated(one.connector, mutant) : one.connector
    say({ is: 'unfit', because: `${file} no longer exports ‘${as}’.` })
  } catch (error) {
    say({ is: 'unfit', because: error instanceof Error ? error.message : String(error) })
  }
  return null
}

const isMutant = (name: string): name is MutantName => Object.hasOwn(mutants, name)

let connector: Promise<Connector | null>
async function run({ number, scenario, patience, live, counting }: Order): Promise<void> {
  const subject = await connector
  if (!subject) return
  const choices: number[] = []
  let happenings = 0
  const marks: [number, number, number][] = [[0, stdout.bytesWritten, stderr.bytesWritten]]
  const history = await trial(subject, scenario, {
    ...(patience === undefined ? {} : { patience }),
    onEvent: (event: Event) => {
      happened()
      const [, out, err] = marks.at(-1)!
      if (stdout.bytesWritten !== out || stderr.bytesWritten !== err) marks.push([happenings, stdout.bytesWritten, stderr.bytesWritten])
      happenings++
      if (live) say({ is: 'event', number, event, printed: [marks[0]!, marks.at(-1)!].flatMap((mark) => mark.slice(1)) })
    },
    ...(counting ? { onChoice: (count: number) => choices.push(count) } : {}),
  })
  marks.push([happenings, stdout.bytesWritten, stderr.bytesWritten])
  // In parts, and the event loop turns between them: the time that a long one takes is not the connector’s.
  let said = 0
  for (; history.length - said > mostAtOnce; said += mostAtOnce) {
    say({ is: 'part', number, part: history.slice(said, said + mostAtOnce) })
    happened()
    await realImmediate()
  }
  say({ is: 'history', number, history: history.slice(said), choices, marks })
}
/** Events of a history that are told at once. */
const mostAtOnce = 5_000

const happened = startPulse(channels.pulse, secret, (line) => void run(JSON.parse(line) as Order))
connector = connectorOf()
const subject = await connector
// Held for as long as this process lives: nothing here waits for real time but the connector’s own scenarios.
if (subject && subject.clock !== 'real') holdVirtualTime()
if (subject) say({ is: 'ready', patience: subject.clock === 'real' ? (subject.patience ?? 0) : 0 })
