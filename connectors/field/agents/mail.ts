/** Mails as they come out of a transfer agent: what they carry, and what a delivery status notification says (RFC 3464). */
import { createRequire } from 'node:module'
import type { Envelope } from '../../../spec/connector.ts'
import { contentOf } from '../mail/mail-server.ts'

interface Parsed {
  readonly text?: string
  readonly attachments: readonly { readonly contentType: string; readonly content: Buffer }[]
}
interface Mailparser { simpleParser(mail: Buffer, options?: object): Promise<Parsed> }
const { simpleParser } = createRequire(import.meta.url)('mailparser-3.9.30') as Mailparser

export interface Mail {
  readonly source: Buffer
  /** The id of the message that it is; of a report, of the one that it is about. */
  readonly id: string
  readonly content: unknown
  readonly envelope: Omit<Envelope, 'address'>
}

export async function mailIn(stream: AsyncIterable<Buffer>): Promise<Mail> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const source = Buffer.concat(chunks)
  const text = source.toString('latin1')
  return { source, id: idOf(text), content: contentOf(text), envelope: envelopeOf(text) }
}

/** The domain of the ids that mails are given, by which they are known wherever they are quoted. */
export const messageDomain = 'message.near.example'
const idOf = (text: string) => /^Message-ID:\s*<(m\d+)@message\.near\.example>/im.exec(text)?.[1] ?? ''

/** The header that names its message, and how many parts come after the first. */
function envelopeOf(text: string): Mail['envelope'] {
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  const header = /^(X-Name-\d+|Subject): m\d+\r?$/m.exec(`${head}\r`)?.[1]
  const boundary = /^Content-Type: multipart\/mixed;\s+boundary="([^"]+)"/im.exec(head)?.[1]
  const attachments = boundary === undefined ? 0 : text.split(`\r\n--${boundary}\r\n`).length - 2
  return { ...(header === undefined ? {} : { header }), attachments }
}

/** What a report says of one recipient. */
export interface Status {
  readonly address: string
  readonly action: string
  readonly reason: string
}

/** What a report says of each recipient; null where the mail is no such report. */
export async function reportIn({ source }: Mail): Promise<readonly Status[] | null> {
  const { attachments } = await simpleParser(source, { keepDeliveryStatus: true })
  const status = attachments.find(({ contentType }) => contentType === 'message/delivery-status')
  if (!status) return null
  // The first group of fields is about the mail, each other one about a recipient.
  const groups = status.content.toString().replace(/\r?\n[ \t]+/g, ' ').trim().split(/(?:\r?\n){2,}/)
  return groups.map((group) => new Map(group.split(/\r?\n/).map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  }))).filter((fields) => fields.has('final-recipient')).map((fields) => ({
    address: (fields.get('original-recipient') ?? fields.get('final-recipient') ?? '').replace(/^\w+;\s*/, ''),
    action: (fields.get('action') ?? '').toLowerCase(),
    reason: [fields.get('status'), fields.get('diagnostic-code')].filter((each) => each !== undefined).join(': '),
  }))
}
