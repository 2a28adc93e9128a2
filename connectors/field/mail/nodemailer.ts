/**
 * nodemailer: a pool of SMTP connections for each link. In memory it is dialled through a proxy that is the link; over TCP it dials a mail
 * server on loopback behind a fault proxy, which does to its connections what is done to the link, once, on the wire.
 */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link, LinkState, Message, Running, World } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { type MailServer, nextHop } from '../agents/next-hop.ts'
import { carriesMail, diesWhole, fetchesNone, hasSockets, writesNothing } from '../never.ts'
import { type Sink, smtpSink } from './mail-server.ts'
import { written } from '../text.ts'

type Dialled = (error: Error | null, opened?: { readonly connection: Duplex }) => void
interface Transport {
  set(key: string, handler: (proxy: unknown, options: unknown, done: Dialled) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  sendMail(mail: Readonly<Record<string, unknown>>): Promise<unknown>
  close(): void
}
interface Nodemailer { createTransport(options: Readonly<Record<string, unknown>>): Transport }

interface Manner {
  readonly over?: 'memory' | 'loopback'
  /** Never closed before its last message is settled, as where it lives as long as the process. */
  readonly lifelong?: boolean
  /** Whether it listens for the sender’s signal: since 10.5.0. */
  readonly listens?: boolean
}

const smarthost = { host: 'far.example', port: 25, proxy: 'link://near.example' }

/** A mail of a message, as nodemailer is given it. */
const mailOf = ({ id, content, address, header, signal, attachments }: Message) => ({
  from: 'sender@near.example', to: address, headers: { [header]: id }, text: written(content), signal,
  attachments: Array.from({ length: attachments }, (_, i) => ({ filename: `${i}`, content: `${i}` })),
})

const inMemory = (nodemailer: Nodemailer) => ({ links, workers, report }: World): Running => {
  const sinks = links.map(smtpSink)
  const transports = new Map(links.map((link, i) => {
    const transport = nodemailer.createTransport({ ...smarthost, pool: true, maxConnections: workers })
    transport.set('proxy_handler_link', dialling(link, sinks[i]!))
    transport.on('error', report)
    return [link.name, transport]
  }))
  return {
    take: (message) => transports.get(message.link)!.sendMail(mailOf(message)),
    stop() {
      for (const transport of transports.values()) transport.close()
    },
  }
}

const overTcp = (nodemailer: Nodemailer) => async ({ links, workers, report }: World): Promise<Running> => {
  const hops: readonly MailServer[] =
    await Promise.all(links.map((link) => nextHop(link, { recorded: () => undefined, given: (to) => to })))
  const transports = new Map(links.map((link, i) => {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: hops[i]!.port, pool: true, maxConnections: workers })
    transport.on('error', report)
    return [link.name, transport]
  }))
  const inHand = new Set<Promise<unknown>>()
  const leave = () => Promise.all(hops.map((hop) => hop.close()))
  return {
    take(message) {
      const sent = transports.get(message.link)!.sendMail(mailOf(message))
      const over: Promise<unknown> = sent.catch(() => undefined).finally(() => inHand.delete(over))
      inHand.add(over)
      return sent
    },
    stop() {
      for (const transport of transports.values()) transport.close()
      // What it has in hand it may finish.
      void Promise.all(inHand).then(leave)
    },
    end: leave,
  }
}

const pool = (name: string, nodemailer: Nodemailer, { over = 'memory', lifelong, listens }: Manner = {}): Connector => ({
  name,
  guarantee: 'at-least-once',
  start: (over === 'memory' ? inMemory : overTcp)(nodemailer),
  notApplicable: {
    ...fetchesNone,
    ...diesWhole,
    ...writesNothing,
    ...(over === 'loopback' ? hasSockets : {}),
    'link answers twice': 'a second answer would be one to the next command, which no mail server gives',
    ...(listens ? {} : { 'sender aborts': 'what is handed over cannot be called back: signals came with 10.5.0' }),
    ...(lifelong ? { 'service stops': 'it lives as long as its process, and is never closed before' } : {}),
  },
  neverGiven: carriesMail,
  ...(over === 'loopback' ? { clock: 'real', patience: 1_500, recovery: 1_000, links: [1, 2], burst: 16 } : { burst: 128 }),
})

/** Dials over a link: in vain while it refuses; while it hangs nobody answers until it heals. */
function dialling(link: Link, sink: Sink): (proxy: unknown, options: unknown, done: Dialled) => void {
  let state: LinkState = 'up'
  const waiting: (() => void)[] = []
  link.watch((now) => {
    state = now
    for (const go of waiting.splice(0)) go()
  })
  const dial = (done: Dialled): void => {
    if (state === 'hangs') waiting.push(() => dial(done))
    else if (state === 'refuses') done(refusal(link))
    else sink.dial().then((connection) => done(null, { connection }), (error: Error) => done(error))
  }
  return (_proxy, _options, done) => dial(done)
}

const refusal = (link: Link) => Object.assign(new Error(`${link.name} refuses the connection`), { code: 'ECONNREFUSED' })

const load = createRequire(import.meta.url) as (name: string) => Nodemailer

export const nodemailer911 = pool('nodemailer 9.1.1, pool', load('nodemailer-9.1.1'), { lifelong: true })
export const nodemailer1000 = pool('nodemailer 10.0.0, pool', load('nodemailer-10.0.0'), { lifelong: true })
export const nodemailer10011 = pool('nodemailer 10.0.11, pool', load('nodemailer-10.0.11'))
export const nodemailer10012 = pool('nodemailer 10.0.12, pool', load('nodemailer-10.0.12'))
export const nodemailer1060 = pool('nodemailer 10.6.0, pool', load('nodemailer-10.6.0'), { listens: true })
export const nodemailer1060OverLoopback =
  pool('nodemailer 10.6.0, pool, over loopback', load('nodemailer-10.6.0'), { over: 'loopback', listens: true })

export const trials: readonly Trial[] = [{
  row: 5, buggy: nodemailer911, fixed: nodemailer1000, laws: ['delivered or flagged', 'nothing wedges'],
  trigger: 'one connection, and the first dial fails: its place in the pool is gone, and the second message waits for it',
  smallest: 3,
  published: 'nodemailer changelog 10.0.0, 204a344',
}, {
  row: 6, buggy: nodemailer10011, fixed: nodemailer10012, laws: ['delivered or flagged'],
  trigger: 'a message that is sent once the pool is closed is never settled', smallest: 2,
  published: 'nodemailer changelog 10.0.12, 63ccd66',
}]
export const mustPass: readonly Connector[] = [nodemailer1060, nodemailer1060OverLoopback]
export const current: readonly Finding[] = []
