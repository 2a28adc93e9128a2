/** Connectors that do not pass on what they were handed. */
import type { Connector } from '../../../spec/connector.ts'
import { again, entry, linkOf, pause, sendTo, tries } from '../sending.ts'

/** Everything goes through an eight-bit buffer: letters beyond Latin-1 arrive as others. */
export const latin1: Connector = {
  name: 'mangles other scripts', guarantee: 'at-least-once',
  start: (w) => ({
    take(m) {
      const wire = typeof m.content === 'string' ? Buffer.from(m.content, 'latin1').toString('latin1') : m.content
      return tries(() => sendTo(w, m.link, wire))
    },
  }),
}

/** An empty body is taken for “nothing to send”: claimed as delivered, and never sent. */
export const emptySwallowed: Connector = {
  name: 'an empty message is never sent', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      if (!m.content) return
      await tries(() => w.send(m.content))
    },
  }),
}

/** The envelope is handed over with the first try only: after a retry it arrives without address, header and attachments. */
export const envelopeLostOnRetry: Connector = {
  name: 'a retry forgets the envelope', guarantee: 'at-least-once', carries: ['address', 'header', 'attachments'],
  start: (w) => ({
    async take(m) {
      const { address, header, attachments } = m
      try { return await w.send(m.content, { address, header, attachments }) } catch (e) { if (!again(e)) throw e }
      await pause(10_000)
      await tries(() => w.send(m.content), 3)
    },
  }),
}

/** Attachments are a stream that the first try reads to its end: a retry has none left, and hands over all the rest. */
export const attachmentsReadOnce: Connector = {
  name: 'the first try reads the attachments to their end', guarantee: 'at-least-once', carries: ['address', 'header', 'attachments'],
  start: (w) => ({
    take(m) {
      const { address, header } = m
      let left = m.attachments
      return tries(() => {
        const attachments = left
        left = 0
        return sendTo(w, m.link, m.content, { address, header, attachments })
      })
    },
  }),
}

/** Decodes chunks of 16,384 bytes one by one: a letter that lies across two arrives as others, in long text of another script. */
export const chunkUtf8: Connector = {
  name: 'decodes UTF-8 chunk by chunk', guarantee: 'at-least-once',
  start(w) {
    const through = (text: string) => {
      const bytes = Buffer.from(text)
      let read = ''
      for (let at = 0; at < bytes.length; at += 16_384) read += bytes.subarray(at, at + 16_384).toString('utf8')
      return read
    }
    return { take: (m) => tries(() => linkOf(w, m).send(typeof m.content === 'string' ? through(m.content) : m.content), 4, 60_000) }
  },
}

/** Normalises what is between the letters: line ends, tabs and NUL arrive as others, or not at all. */
export const crlf: Connector = {
  name: 'normalises CRLF, tab and NUL', guarantee: 'at-least-once',
  start(w) {
    const normal = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\t', ' ').replaceAll('\0', '')
    return { take: (m) => tries(() => linkOf(w, m).send(typeof m.content === 'string' ? normal(m.content) : m.content), 4, 60_000) }
  },
}

/** Flags whatever is not one short line of ASCII, though nothing is wrong with it. */
export const flagsNonAscii: Connector = {
  name: 'flags whatever is not short ASCII in one line', guarantee: 'at-least-once',
  start: (w) => ({
    take(m) {
      if (typeof m.content !== 'string' || !/^[\x20-\x7e]{1,1000}$/.test(m.content)) throw new Error('unsupported')
      return tries(() => w.send(m.content), 4, 60_000)
    },
  }),
}

/** Says that it carries the envelope, and makes one up: every message arrives without attachments, under another address and header. */
export const attachments: Connector = {
  name: 'drops attachments and changes the address and header', guarantee: 'at-least-once',
  carries: ['address', 'header', 'attachments'],
  start(w) {
    const madeUp = { address: 'nobody@far.example', header: '', attachments: 0 }
    return { take: (m) => tries(() => w.send(m.content, madeUp), 4, 60_000) }
  },
}

/** Trims the message that it was handed, in place: whoever compares it with what was sent afterwards sees no difference. */
export const changesInPlace: Connector = {
  name: 'trims the message that it was handed, in place', guarantee: 'at-least-once',
  start: (w) => ({
    take(m) {
      const mutable: { content: unknown } = m
      if (typeof mutable.content === 'string') mutable.content = mutable.content.trim()
      return tries(() => w.send(mutable.content), 4, 60_000)
    },
  }),
}

/** Takes messages of equal content for one: the second of two that say the same is claimed, and never sent. */
export const dedupByContent: Connector = {
  name: 'dedup by content', guarantee: 'at-least-once',
  start(w) {
    const seen = new Map<string, Promise<void>>()
    return { take: (m) => entry(seen, JSON.stringify(m.content) ?? m.id, () => tries(() => w.send(m.content), 4, 60_000)) }
  },
}
