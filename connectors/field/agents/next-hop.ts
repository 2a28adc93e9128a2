/**
 * Where a transfer agent hands its mail to, for each link: a real mail server behind a fault proxy. It asks the world what becomes of
 * each command and each mail, and has the proxy do that to the connection.
 */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Link } from '../../../spec/connector.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import type { Connection } from '../../adapters/proxied-connection.ts'
import { wire } from '../wire.ts'
import { type Mail, mailIn } from './mail.ts'

interface Session {
  readonly id: string
  readonly envelope: { readonly mailFrom: { readonly address: string } | false; readonly rcptTo: readonly { readonly address: string }[] }
}
type Reply = (error: Error | null, text?: string) => void
interface Options {
  readonly [option: string]: unknown
  onConnect(session: Session, reply: Reply): void
  onMailFrom(address: unknown, session: Session, reply: Reply): void
  onRcptTo(address: { readonly address: string }, session: Session, reply: Reply): void
  onData(stream: AsyncIterable<Buffer>, session: Session, reply: Reply): void
}
interface Server {
  connect(socket: Duplex, options: { readonly id: string }): void
  on(event: 'error', listener: () => void): void
}
interface Package { readonly SMTPServer: new (options: Options) => Server }
const { SMTPServer } = createRequire(import.meta.url)('smtp-server') as Package

/** A server at a port of loopback, until it is closed. */
export interface MailServer {
  readonly port: number
  close(): Promise<void>
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })
const answers = { 'refused for now': answer(451, 'try again later'), 'refused for good': answer(550, 'not wanted here') }
/** Every command comes by itself, for each may meet a fault: no pipelining. What becomes of a mail, its sender tells: no DSN. */
const plainly = {
  authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false,
  hidePIPELINING: true, hideDSN: true,
}

interface Heard {
  /** A mail was recorded; whether its sender has heard the answer is known later. */
  readonly recorded: (id: string, heard: Promise<boolean>) => void
  /** Addresses as the agent has them, made what they were when they were given. */
  readonly given: (address: string) => string
}

/** Milliseconds in which an answer has reached whoever is at the other end of loopback. */
const onTheWay = 100

/** The next hop of a link. */
export async function nextHop(link: Link, { recorded, given }: Heard): Promise<MailServer> {
  const connections = new Map<string, Connection>()
  const inData = new Set<Connection>()
  /** Whether it goes on after a step; where not, that has been seen to. */
  const goesOn = async (name: string, connection: Connection): Promise<boolean> => {
    const outcome = await link.step(name, connection.gone)
    if (outcome === 'refused for now') {
      connection.say('421 try again later\r\n')
      connection.cut()
    } else if (outcome !== 'taken') drop(connection)
    return outcome === 'taken'
  }
  const step = (name: string, { id }: Session, reply: Reply, says: Error | null = null) =>
    void goesOn(name, connections.get(id)!).then((isOn) => { if (isOn) reply(says) })
  /** Whoever keeps a connection open for the next mail says nothing meanwhile, and has heard all the same. */
  const isStillThere = async (connection: Connection) => {
    await new Promise((go) => setTimeout(go, onTheWay))
    return !connection.gone.aborted && proxy.way === 'open'
  }
  const server = new SMTPServer({
    ...plainly,
    onConnect: (session, reply) => step('the greeting', session, reply),
    onMailFrom: (_address, session, reply) => step('MAIL FROM', session, reply),
    onRcptTo: ({ address }, session, reply) =>
      step('RCPT TO', session, reply, given(address).endsWith('@nowhere.example') ? answer(550, 'no such user') : null),
    onData(stream, { id, envelope }, reply) {
      const connection = connections.get(id)!
      const [to] = envelope.rcptTo
      void mailIn(stream).then(async (mail) => {
        inData.delete(connection)
        const outcome = await link.offer(mail.content, connection.gone, { address: given(to?.address ?? ''), ...mail.envelope })
        if (outcome === 'refused for now' || outcome === 'refused for good') return reply(answers[outcome])
        const isTaken = outcome.startsWith('taken')
        if (isTaken || outcome === 'dropped after') recorded(mail.id, Promise.race([connection.heard(), isStillThere(connection)]))
        if (isTaken) reply(null, 'taken')
        else if (connection.number % 3 === 0) {
          // The first digit of an answer says what it is; without the end of its line it is none.
          connection.endAfter(2)
          reply(null)
        } else drop(connection)
      }, reply)
    },
  })
  server.on('error', nobodyListens)
  const proxy = await FaultProxy.listening({
    dial(connection) {
      const [near, far] = wire()
      connections.set(`${connection.number}`, connection)
      far.once('close', () => connections.delete(`${connection.number}`))
      server.connect(far, { id: `${connection.number}` })
      return near
    },
    async passes(bytes, connection) {
      const command = inData.has(connection) ? undefined : /^(?:EHLO|HELO|DATA)\b/i.exec(bytes.toString('latin1', 0, 5))?.[0].toUpperCase()
      if (command === undefined) return true
      const isOn = await goesOn(command, connection)
      if (isOn && command === 'DATA') inData.add(connection)
      return isOn
    },
    seen({ fault, connection }) {
      if (fault === 'lost while frozen') link.hangUp(`connection ${connection} is lost, with what was withheld`)
    },
  })
  link.watch((now) => {
    if (now === 'refuses') proxy.refuse()
    else if (now === 'hangs') void proxy.freeze()
    else void proxy.open()
  })
  return proxy
}

/** Whoever was to have an answer in the midst of a mail is gone, and knows nothing of it: what comes of that, the agent shows. */
const nobodyListens = () => undefined

/** Where an agent sends its reports: they are taken, or, told so, refused but where nobody else is left. */
export async function reportServer(took: (to: string, mail: Mail) => void, isWanted: (to: string) => boolean): Promise<MailServer> {
  const server = new SMTPServer({
    ...plainly,
    onConnect: (_session, reply) => reply(null),
    onMailFrom: (_address, _session, reply) => reply(null),
    onRcptTo: ({ address }, _session, reply) => reply(isWanted(address) ? null : answers['refused for good']),
    onData: (stream, { envelope }, reply) => void mailIn(stream).then((mail) => {
      for (const { address } of envelope.rcptTo) took(address, mail)
      reply(null, 'taken')
    }, reply),
  })
  server.on('error', nobodyListens)
  return FaultProxy.listening({
    dial({ number }) {
      const [near, far] = wire()
      server.connect(far, { id: `${number}` })
      return near
    },
  })
}

/** One way or another, by the number of the connection. */
const drop = (connection: Connection) => (connection.number % 2 === 0 ? connection.cut() : connection.reset())
