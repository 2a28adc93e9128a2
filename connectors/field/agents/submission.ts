/** How mail is given to a transfer agent: over SMTP, as a program does that has a message to send. */
import { createRequire } from 'node:module'
import type { Message } from '../../../spec/connector.ts'
import { written } from '../text.ts'
import { messageDomain } from './mail.ts'

interface Refused { readonly recipient: string; readonly message: string }
interface Submitted { readonly rejectedErrors?: readonly Refused[] }
interface Envelope { readonly from: string; readonly to: readonly string[] }
interface Connection {
  on(event: 'error', listener: (error: Error) => void): void
  connect(connected: (error?: Error) => void): void
  send(envelope: Envelope, mail: Buffer, sent: (error: Error | null, info?: Submitted) => void): void
  quit(): void
  close(): void
}
interface Composer { compile(): { build(built: (error: Error | null, mail: Buffer) => void): void } }
const load = createRequire(import.meta.url)
const SMTPConnection = load('nodemailer-10.6.0/lib/smtp-connection') as new (options: object) => Connection
const MailComposer = load('nodemailer-10.6.0/lib/mail-composer') as new (mail: object) => Composer

/** How many new header names each message with one has beside its own. */
interface Manner { readonly moreNames: number }

/** Without a text at all, what is attached first would stand in its place. */
const textOf = (content: unknown) => ({ content: Buffer.from(written(content)) })

let names = 0
/** A mail with what a message carries, and its header. */
export function mailOf({ id, content, address, header, attachments }: Message, { moreNames }: Manner): Promise<Buffer> {
  const more = header === 'Subject' ? 0 : moreNames
  return new Promise((built, failed) => new MailComposer({
    from: 'sender@near.example', to: address, text: textOf(content), messageId: `<${id}@${messageDomain}>`,
    headers: { [header]: id, ...Object.fromEntries(Array.from({ length: more }, () => [`X-Further-${++names}`, 'new'])) },
    attachments: Array.from({ length: attachments }, (_, i) => ({ filename: `${i}`, content: `${i}` })),
  }).compile().build((error, mail) => (error ? failed(error) : built(mail))))
}

/** Fulfilled when the agent has taken the mail for some of its recipients: with those that it has refused. */
export function submit(port: number, from: string, to: readonly string[], mail: Buffer): Promise<readonly Refused[]> {
  return new Promise((taken, refused) => {
    const connection = new SMTPConnection({
      port, host: '127.0.0.1', secure: false, ignoreTLS: true, name: 'client.near.example', logger: false,
    })
    const failed = (error: Error) => {
      connection.close()
      refused(error)
    }
    // One that was killed may be noticed twice: as what it sends is lost, and as it is written to.
    connection.on('error', failed)
    connection.connect((error) => {
      if (error) return failed(error)
      connection.send({ from, to }, mail, (wrong, info) => {
        if (wrong) return failed(wrong)
        connection.quit()
        taken(info?.rejectedErrors ?? [])
      })
    })
  })
}
