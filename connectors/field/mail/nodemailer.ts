/** nodemailer: a pool of SMTP connections for each link, dialled through a proxy that is the link. */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link, LinkState } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
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

const pool = (name: string, nodemailer: Nodemailer, { over = 'memory', lifelong, listens }: Manner = {}): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ links, workers, report }) {
    const sinks = links.map((link) => smtpSink(link, over))
    const transports = new Map(links.map((link, i) => {
      const transport = nodemailer.createTransport({ ...smarthost, pool: true, maxConnections: workers })
      transport.set('proxy_handler_link', dialling(link, sinks[i]!))
      transport.on('error', report)
      return [link.name, transport]
    }))
    return {
      take: ({ id, content, address, header, link, signal, attachments }) => transports.get(link)!.sendMail({
        from: 'sender@near.example', to: address, headers: { [header]: id }, text: written(content), signal,
        attachments: Array.from({ length: attachments }, (_, i) => ({ filename: `${i}`, content: `${i}` })),
      }),
      stop() {
        for (const transport of transports.values()) transport.close()
        for (const sink of sinks) sink.close()
      },
    }
  },
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
  ...(over === 'loopback' ? { clock: 'real', burst: 16 } : { burst: 128 }),
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
/** The same over TCP must pass too, and takes seconds a run: its server greets after a tenth of one. */
export const mustPass: readonly Connector[] = [nodemailer1060]
export const current: readonly Finding[] = []
