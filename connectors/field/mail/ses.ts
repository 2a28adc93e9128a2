/** nodemailer’s SES transport: each mail becomes a command, and a client in memory sends that over a link. */
import { createRequire } from 'node:module'
import type { Connector } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { carriesMail, never } from '../never.ts'
import { contentOf } from './mail-server.ts'
import { written } from '../text.ts'

interface Input {
  readonly Content: { readonly Raw: { readonly Data: Buffer } }
  readonly Destination: { readonly ToAddresses?: readonly string[] }
}
interface Nodemailer {
  createTransport(options: Readonly<Record<string, unknown>>): {
    sendMail(mail: Readonly<Record<string, unknown>>): Promise<unknown>
  }
}

/** The longest address that there can be: RFC 5321, less its brackets. */
const longest = 254

/** Holds what it is given against the service’s rules as it is built: a command that exists can be sent. */
class SendEmailCommand {
  readonly input: Input
  constructor(input: Input) {
    const to = input.Destination.ToAddresses ?? []
    if (to.length === 0) throw new TypeError('a command needs somebody to send to')
    for (const address of to)
      if (address.length > longest) throw new TypeError(`an address of ${address.length} characters`)
    this.input = input
  }
}

const overSes = (name: string, nodemailer: Nodemailer): Connector => ({
  name: `${name}, SES`,
  guarantee: 'at-least-once',
  start({ send }) {
    const sesClient = {
      config: { region: async () => 'eu-west-1' },
      send: async ({ input }: SendEmailCommand) => {
        const mail = input.Content.Raw.Data.toString('latin1')
        await send(contentOf(mail))
        return { MessageId: 'taken' }
      },
    }
    const transport = nodemailer.createTransport({ SES: { sesClient, SendEmailCommand } })
    return {
      take: ({ id, content, address, header, attachments }) => transport.sendMail({
        from: 'sender@near.example', to: address, headers: { [header]: id }, text: written(content),
        attachments: Array.from({ length: attachments }, (_, i) => ({ filename: `${i}`, content: `${i}` })),
      }),
    }
  },
  neverGiven: {
    ...carriesMail,
    'many attachments': 'a mail of a thousand parts takes half a second to write, a burst of them minutes',
  },
  notApplicable: {
    ...never,
    'sender aborts': 'a mail once given to the service cannot be called back',
    'service stops': 'this transport holds nothing, and has nothing to close',
    'service restarts': 'this transport holds nothing, and has nothing to close',
  },
  // It keeps no backlog, and an address of 3,000 groups takes it 70 ms.
  burst: 32,
})

const load = createRequire(import.meta.url) as (name: string) => Nodemailer

export const nodemailer901 = overSes('nodemailer 9.0.1', load('nodemailer-9.0.1'))

export const trials: readonly Trial[] = [
  {
    row: 7,
    buggy: nodemailer901,
    fixed: overSes('nodemailer 9.0.2', load('nodemailer-9.0.2')),
    laws: ['delivered or flagged', 'nothing wedges'],
    trigger: 'a message whose command cannot be built: its mail never settles, and a rejection is unhandled',
    smallest: 1,
    published: 'nodemailer/nodemailer #1831',
  },
]

export const mustPass: readonly Connector[] = [overSes('nodemailer 10.6.0', load('nodemailer-10.6.0'))]
