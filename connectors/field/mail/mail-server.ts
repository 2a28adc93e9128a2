/** A mail server at the far end of a link: a real one, which asks the world what becomes of each message. */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Link } from '../../../spec/connector.ts'
import { read } from '../text.ts'
import { wire } from '../wire.ts'

interface Session { readonly id: string }
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

export interface Sink {
  /** Opens a connection to it. */
  readonly dial: () => Promise<Duplex>
}

/** In memory: one over TCP stands behind a fault proxy (`agents/next-hop.ts`). */
export function smtpSink(link: Link): Sink {
  const accept = receiving(link)
  return {
    dial: async () => {
      const [near, far] = wire()
      accept(far)
      return near
    },
  }
}

const notNow = Object.assign(new Error('try again later'), { responseCode: 421 })
const noSuchUser = Object.assign(new Error('no such user'), { responseCode: 550 })
const answers = {
  'refused for now': Object.assign(new Error('try again later'), { responseCode: 451 }),
  'refused for good': Object.assign(new Error('not wanted here'), { responseCode: 550 }),
}

/** A server for one link; it is given its connections one by one. */
function receiving(link: Link): (socket: Duplex) => void {
  const sockets = new Map<string, { readonly socket: Duplex; readonly gone: AbortController }>()
  let connections = 0
  const drop = (id: string) => sockets.get(id)?.socket.destroy()
  /** The link may fail at every command; when it does not, the server goes on. */
  const step = (name: string, { id }: Session, reply: Reply, answer: Error | null = null) =>
    void link.step(name, sockets.get(id)?.gone.signal).then((outcome) => {
      if (outcome === 'taken') reply(answer)
      else if (outcome === 'refused for now') reply(notNow)
      else drop(id)
    })
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false,
    onConnect: (session, reply) => step('the greeting', session, reply),
    onMailFrom: (_address, session, reply) => step('MAIL FROM', session, reply),
    onRcptTo: ({ address }, session, reply) => step('RCPT TO', session, reply, address.endsWith('@nowhere.example') ? noSuchUser : null),
    onData(stream, { id }, reply) {
      textOf(stream).then((mail) => link.offer(contentOf(mail))).then((outcome) => {
        if (outcome === 'taken') reply(null, 'taken')
        else if (outcome === 'refused for now' || outcome === 'refused for good') reply(answers[outcome])
        else drop(id)
      }, (error: Error) => reply(error))
    },
  })
  // Whoever was to have an answer in the midst of a mail is gone.
  server.on('error', () => undefined)
  return (socket) => {
    const id = `${++connections}`
    const gone = new AbortController()
    sockets.set(id, { socket, gone })
    socket.on('close', () => {
      sockets.delete(id)
      gone.abort()
    })
    server.connect(socket, { id })
  }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

/** What a mail carries: its only part or the first, in whatever encoding that is. */
export function contentOf(mail: string): unknown {
  const end = mail.indexOf('\r\n\r\n')
  const headers = mail.slice(0, end).replace(/\r\n\s+/g, ' ')
  const body = mail.slice(end + 4)
  const boundary = /^Content-Type: multipart\/.*boundary="([^"]+)"/m.exec(headers)?.[1]
  if (boundary !== undefined) return contentOf(body.split(`--${boundary}`)[1] ?? '')
  const encoding = /^Content-Transfer-Encoding: (\S+)/m.exec(headers)?.[1]
  if (encoding === 'base64') return read(Buffer.from(body, 'base64').toString())
  // A line of a mail ends in CRLF, and so does the last one.
  const text = body.replace(/\r\n$/, '')
  return read((encoding === 'quoted-printable' ? unquoted(text) : text).replaceAll('\r\n', '\n'))
}

const unquoted = (text: string) => Buffer.from(
  text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))),
  'latin1').toString()
