/** What transfer agents are tried with: mail servers at the far end of a link, and the mails that are given and come. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Link, Message } from '../../spec/connector.ts'
import { areAsked, isTriedWhereAsked } from './agents-on-trial.ts'

const nextHops = areAsked ? await import('../../connectors/field/agents/next-hop.ts') : null
const submission = areAsked ? await import('../../connectors/field/agents/submission.ts') : null
const mails = areAsked ? await import('../../connectors/field/agents/mail.ts') : null

const dialogue = ['EHLO near.example', 'MAIL FROM:<a@near.example>', 'RCPT TO:<b@far.example>', 'DATA', 'text\r\n.']

describe('A mail server at the far end of a link', () => {
  isTriedWhereAsked()
  if (!nextHops) return

  it.each(['the greeting', 'MAIL FROM', 'RCPT TO', 'DATA', 'the mail'])('stays when its answer to %s finds nobody', async (at) => {
    const hop = await nextHops.nextHop(linkThatWaitsAt(at), { given: (address) => address, recorded: () => undefined })
    const crashes: unknown[] = []
    const crash = (error: unknown) => void crashes.push(error)
    process.on('uncaughtException', crash)
    for (let i = 1; i <= 5; i++) {
      const client = connect(hop.port, '127.0.0.1')
      const gone = once(client, 'close')
      client.on('data', () => client.write(words.shift() ?? ''))
      const words = dialogue.map((line) => `${line}\r\n`)
      await new Promise((go) => setTimeout(go, 250))
      client.resetAndDestroy()
      await gone
      await new Promise((go) => setTimeout(go, 20))
    }
    process.off('uncaughtException', crash)
    await hop.close()
    expect(crashes).toEqual([])
  })
})

describe('A mail', () => {
  isTriedWhereAsked()
  if (!submission || !mails) return

  it.each(['', 'text', '0'])('carries what its message does, whatever is attached: ‘%s’', async (content) => {
    for (const attachments of [0, 1, 2]) {
      const message = { id: 'm1', content, address: 'm1@far.example', header: 'Subject', attachments } as Message
      const mail = await submission.mailOf(message, { moreNames: 0 })
      const { id, content: carried, envelope } = await mails.mailIn(Readable.from([mail]))
      expect([id, carried, envelope]).toEqual(['m1', content, { header: 'Subject', attachments }])
    }
  })
})

/** One that takes what it is asked for at once, but for one thing: that it takes when whoever asked is gone. */
function linkThatWaitsAt(at: string): Link {
  const taken = async (what: string, gone: AbortSignal) => {
    if (what === at) await once(gone, 'abort')
    return 'taken'
  }
  return {
    name: 'link 1', step: taken, offer: (_content: unknown, gone: AbortSignal) => taken('the mail', gone),
    watch: () => undefined, hangUp: () => undefined,
  } as unknown as Link
}
