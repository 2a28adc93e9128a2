/** mailparser: a gateway that takes mails apart and passes on what they say; what cannot be parsed is flagged. */
import { createRequire } from 'node:module'
import type { Connector, Message } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { carriesMail, never } from '../never.ts'
import { read, written } from '../text.ts'

interface Mail { readonly text?: string; readonly attachments: readonly unknown[] }
interface Mailparser { simpleParser(mail: string): Promise<Mail> }

/** `everything` is let in, or mails of a thousand parts are turned away at the door. */
const gateway = (name: string, { simpleParser }: Mailparser, { everything = false } = {}): Connector => ({
  name,
  guarantee: 'at-least-once',
  start: ({ send }) => ({
    async take(message) {
      const mail = await simpleParser(mailOf(message))
      if (mail.attachments.length < message.attachments) throw new Error('some of its attachments are missing')
      // The last line break is the mail’s, not the text’s.
      await send(read((mail.text ?? '').replace(/\n$/, '')))
    },
  }),
  notApplicable: {
    ...never,
    'sender aborts': 'a mail that has come in cannot be called back',
    'service stops': 'there is nothing to shut down: it holds no connection and no queue',
    'service restarts': 'there is nothing to shut down: it holds no connection and no queue',
  },
  neverGiven: { ...carriesMail, ...(everything ? {} : { 'many attachments': 'the server in front of it turns such mails away' }) },
  burst: 256,
})

/** The mail as it comes in. */
function mailOf({ id, content, address, header, attachments }: Message): string {
  const head = ['From: sender@near.example', `To: ${address}`, `${header}: ${id}`, 'MIME-Version: 1.0']
  const text = ['Content-Type: text/plain; charset=utf-8', '', written(content)]
  if (attachments === 0) return [...head, ...text, ''].join('\r\n')
  const attachment = ['--part', 'Content-Type: application/octet-stream', 'Content-Disposition: attachment', '', 'attached']
  const parts = ['--part', ...text, ...Array.from({ length: attachments }, () => attachment).flat(), '--part--']
  return [...head, 'Content-Type: multipart/mixed; boundary="part"', '', ...parts, ''].join('\r\n')
}

const load = createRequire(import.meta.url) as (name: string) => Mailparser

export const mailparser390 = gateway('mailparser 3.9.0', load('mailparser-3.9.0'))
export const mailparser391 = gateway('mailparser 3.9.1', load('mailparser-3.9.1'))
export const mailparser3929 = gateway('mailparser 3.9.29, of many parts', load('mailparser-3.9.29'), { everything: true })
export const mailparser3930 = gateway('mailparser 3.9.30, of many parts', load('mailparser-3.9.30'), { everything: true })

export const trials: readonly Trial[] = [{
  row: 17, buggy: mailparser390, fixed: mailparser391, laws: ['nothing wedges'],
  trigger: 'a mail to 3,000 groups, one in another: the process ends', smallest: 1,
  published: 'nodemailer/mailparser b61b9c0',
}, {
  row: 19, buggy: mailparser3929, fixed: mailparser3930, laws: ['delivered or flagged'],
  trigger: 'a mail of 999 attachments or more is past a limit that nobody hears of: its promise is never settled', smallest: 1,
  published: 'nodemailer/mailparser 3.9.30, af3fe56',
}]
export const mustPass: readonly Connector[] = []
