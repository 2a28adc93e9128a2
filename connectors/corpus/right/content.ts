/** Right connectors that strip what they declare, or have several recipients. */
import type { Connector } from '../../../spec/connector.ts'
import { sendTo, tries } from '../sending.ts'

/** Passes on 256 attachments; a message with more goes without them, and a line after its text says so. Address and header go with it. */
export const stripsMany: Connector = {
  name: 'strips more than 256 attachments, and says so', guarantee: 'at-least-once', strips: 256, carries: ['address', 'header'],
  start: (w) => ({
    async take({ link, content, address, header, attachments }) {
      const sent = attachments > 256 ? `${String(content)}\n[${attachments} attachments were removed]` : content
      await tries(() => sendTo(w, link, sent, { address, header }))
    },
  }),
}

/** Sends a message of more than 1,024 attachments without them, and says so after its text, as a gateway may. */
export const strips: Connector = {
  name: 'a gateway that strips', guarantee: 'at-least-once', component: 'gateway',
  start: (w) => ({
    take: (m) => w.send(m.attachments > 1_024 ? `${String(m.content)} (attachments stripped)` : m.content),
  }),
}

/** Each recipient has tries and a verdict of its own; who has had the message is on the disk, for when it is given again. */
export const severalRecipients: Connector = {
  name: 'a verdict for each recipient', guarantee: 'at-least-once', recipients: 3,
  start: (w) => ({
    take(m) {
      for (const { link } of m.recipients) {
        const key = `${m.id} ${link}`
        if (w.disk.has(key)) continue
        const name = m.recipients.length > 1 ? link : undefined
        const settle = (say: () => void) => {
          w.disk.set(key, 'settled')
          say()
        }
        void tries(() => sendTo(w, link, m.content))
          .then(() => settle(() => w.delivered(m.id, name)), (e) => settle(() => w.flag(m.id, e, name)))
      }
    },
  }),
}
