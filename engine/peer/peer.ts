/** A connector in another program: what it is written in is its own business. `spec/peer/protocol.md` says what it is told and says. */
import type { Connector, World } from '../../spec/connector.ts'
import { peerProtocol } from '../../spec/peer/protocol.ts'
import { type Outside, outsideOf } from '../outside.ts'
import { UsageError } from '../usage-error.ts'
import { type Hello, Life } from './life.ts'
import { misuse, shown } from './misuse.ts'
import { nameOf, PeerProcess, type Program } from './peer-process.ts'
import { said } from './said.ts'

/** A connector in a program of any language, which speaks the protocol of `spec/peer/protocol.md` on its input and output. */
export interface PeerConnector extends Omit<Connector, 'start' | 'component'> {
  /** The program to run, such as `python3`; no shell reads it. */
  readonly command: string
  /** What it is given, such as `['my_connector.py']`. */
  readonly args?: readonly string[]
  /** Where it runs; here unless told otherwise. */
  readonly cwd?: string
  /** What it has in its environment besides what is there. */
  readonly env?: Readonly<Record<string, string>>
  /** The component that it implements, if it does. */
  readonly component?: string
}

/** The most messages in one burst, unless it is declared: each takes its way to another process and back. */
const usualBurst = 2_000

/** A program that has said hello. */
interface Introduced {
  readonly process: PeerProcess
  readonly hello: Hello
}

/**
 * Makes a connector of a program. What it declares is said here and by the program: where both say something of one thing, they must
 * say the same.
 */
export function peer({ command, args = [], cwd, env, ...declared }: PeerConnector): Connector {
  return connectorOf({ command, args, cwd, env }, declared)
}

/** Makes a connector of a program that declares itself what it is. */
export async function introducedPeer(program: Program): Promise<Connector> {
  const first = await introduced(program)
  return connectorOf(program, first.hello.connector, first)
}

function connectorOf(program: Program, declared: Omit<Connector, 'start'>, first: Introduced | null = null): Connector {
  const waiting: Introduced[] = first ? [first] : []
  /** Who is at work in a trial: what is started there again takes its place. */
  const lives = new WeakMap<object, { readonly life: Life; readonly process: PeerProcess }>()
  let complaint: Error | null = null

  /** A program that waits, or another. How long that takes to say hello is not its life. */
  const introduction = (outside: Outside | undefined) => {
    const ready = waiting.pop()
    if (ready && !ready.process.isOver) return ready
    const coming = introduced(program)
    outside?.holdFor(coming)
    return coming
  }

  const started = async (world: World) => {
    const outside = outsideOf(world)
    const key = outside ?? world
    const before = lives.get(key)
    before?.life.close()
    before?.process.end()
    if (complaint !== null) {
      const why = complaint
      complaint = null
      throw why
    }
    const one = await introduction(outside)
    const { process, hello } = one
    agree(declared, hello)
    const life = new Life(process, hello, world, declared.clock)
    lives.set(key, { life, process })
    const running = await life.start()
    return {
      ...running,
      end: async () => {
        await running.end?.()
        complaint ??= life.complaint
        if (!process.isOver && hello.scenarios !== 'one') waiting.push(one)
        else process.end()
      },
    }
  }
  return {
    ...declared, burst: declared.burst ?? usualBurst,
    notApplicable: { 'reporting fails': 'a program is not told whether its report arrived', ...declared.notApplicable },
    start: (world) => started(world).catch((error: unknown) => {
      if (error instanceof UsageError) outsideOf(world)?.fail(error)
      throw error
    }),
  }
}

/** Runs a program, and lets it say hello. */
function introduced(program: Program): Promise<Introduced> {
  return new Promise((fulfil, reject) => {
    const process = new PeerProcess(program)
    const name = shown(nameOf(program))
    const hello = '{"type":"hello","protocol":1,"connector":{"name":…,"guarantee":…}}'
    process.attend({
      line: (line, number) => {
        try {
          const word = said(line)
          if (word.type !== 'hello') throw misuse(`it says "${word.type}" before "hello": expected ${hello}`)
          if (word.protocol !== peerProtocol)
            throw misuse(`it speaks version ${word.protocol} of the protocol, and this suite version ${peerProtocol}`)
          process.satisfied()
          fulfil({ process, hello: word })
        } catch (error) {
          if (error instanceof UsageError) process.refuse(number, error.message)
          else reject(error)
        }
      },
      over: (why) => reject(why instanceof UsageError ? why : misuse(`${name}: ${why.message} before it said hello${lastOf(process.lastWords)}`)),
    })
    process.write(`${JSON.stringify({ type: 'hello', protocols: [peerProtocol], suite: 'unwedge' })}\n`)
    process.expect(`it owes ${hello}`, (why) => misuse(`${name}: ${why}`))
  })
}

function lastOf(words: string): string {
  const line = words.trimEnd().split('\n').at(-1)?.trim() ?? ''
  return line === '' ? `: expected a line {"type":"hello", …}` : `; it printed ${shown(line)}`
}

/** What is declared twice is declared alike. */
function agree(declared: Omit<Connector, 'start'>, { connector }: Hello): void {
  for (const [field, value] of Object.entries(connector)) {
    const here: unknown = declared[field as keyof typeof declared]
    if (JSON.stringify(here) !== JSON.stringify(value))
      throw misuse(`the program says that its ‘${field}’ is ${shown(value)}, and where it is made a connector it is ${shown(here)}: say the same, or leave it out of its hello`)
  }
}
