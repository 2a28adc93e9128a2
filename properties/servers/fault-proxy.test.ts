/** What a proxy does to connections, as whoever dials meets it, and what is told of that. The far side says back what it is told. */
import { connect, type Socket } from 'node:net'
import { PassThrough, Transform } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../connectors/adapters/fault-proxy.ts'
import { hold } from '../../connectors/adapters/ports.ts'
import type { Connection, Seen } from '../../connectors/adapters/proxied-connection.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => { for (const each of open.splice(0)) await each.close() })

/** A proxy in front of an echo, its connections, and what was seen. */
async function echo(passes?: (bytes: Buffer, connection: Connection) => boolean | Promise<boolean>) {
  const connections: Connection[] = []
  const seen: string[] = []
  const proxy = await FaultProxy.listening({
    dial: (connection) => { connections.push(connection); return new PassThrough() },
    seen: ({ fault, connection, bytes }: Seen) => seen.push(`${connection}: ${fault} after ${bytes}`),
    ...(passes ? { passes } : {}),
  })
  open.push(proxy)
  return { proxy, connections, seen }
}

class Client {
  text = ''
  how = ''
  readonly socket: Socket
  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.socket.setEncoding('utf8').on('data', (text: string) => { this.text += text })
    this.socket.on('error', (error: NodeJS.ErrnoException) => { this.how ||= error.code ?? error.message })
    this.socket.on('end', () => { this.how ||= 'end' })
  }
  say(text: string): void { this.socket.write(text) }
  /** Waits for it to be so: without end, but for the test’s own. */
  async until(is: (client: this) => boolean): Promise<void> {
    while (!is(this)) await new Promise((go) => setTimeout(go, 2))
  }
  ended(): Promise<void> { return this.until(({ how }) => how !== '') }
}
const dialled = (port: number) => {
  const client = new Client(port)
  open.push({ close: async () => { client.socket.destroy() } })
  return client
}
/** One that has said a word and had it back. */
async function talking(port: number): Promise<Client> {
  const client = dialled(port)
  client.say('one ')
  await client.until(({ text }) => text === 'one ')
  return client
}
/** Long enough for whatever should not pass. */
const aWhile = () => new Promise((go) => setTimeout(go, 60))

describe('A fault proxy', () => {
  it('passes on whatever comes, large or in pieces, and sees nothing', async () => {
    const { proxy, seen } = await echo()
    const client = await talking(proxy.port)
    const much = 'x'.repeat(3_000_000)
    client.say(much)
    await client.until(({ text }) => text.length === much.length + 4)
    client.socket.end()
    await client.ended()
    expect([client.text === `one ${much}`, client.how, seen]).toEqual([true, 'end', []])
  })

  it('refuses, and listens at the same port again', async () => {
    const { proxy, seen } = await echo()
    const { port } = proxy
    const before = await talking(port)
    proxy.refuse()
    const refused = dialled(port)
    await refused.ended()
    before.say('two')
    await before.until(({ text }) => text === 'one two')
    await proxy.open()
    await talking(port)
    expect([refused.how, proxy.port, seen]).toEqual(['ECONNREFUSED', port, ['0: refused after 0']])
  })

  it('has its port for itself while it refuses too, until it is closed', async () => {
    const { proxy } = await echo()
    const { port } = proxy
    proxy.refuse()
    expect(await hold(port)).toBeNull()
    await proxy.close()
    const held = await hold(port)
    expect(held?.number).toBe(port)
    held?.release()
  })

  it('freezes, and loses afterwards what it withheld something of, and nothing else', async () => {
    const { proxy, connections, seen } = await echo()
    const [idle, busy] = [await talking(proxy.port), await talking(proxy.port)]
    await proxy.freeze()
    const late = dialled(proxy.port)
    busy.say('two')
    await late.until(() => seen.length === 2)
    await aWhile()
    expect([busy.text, busy.how, late.how, connections.length]).toEqual(['one ', '', '', 2])
    await proxy.open()
    await Promise.all([busy.ended(), late.ended()])
    idle.say('two')
    await idle.until(({ text }) => text === 'one two')
    expect([busy.how, late.how]).toEqual(['ECONNRESET', 'ECONNRESET'])
    expect(seen.sort()).toEqual([
      '2: frozen after 4', '2: lost while frozen after 4', '3: frozen after 0', '3: lost while frozen after 0'])
  })

  it('does what it was told last, however soon after the one before', async () => {
    const { proxy, seen } = await echo()
    const { port } = proxy
    proxy.refuse()
    const frozen = proxy.freeze()
    await Promise.all([proxy.open(), frozen])
    await talking(port)
    await proxy.freeze()
    proxy.refuse()
    const opened = proxy.open()
    proxy.refuse()
    await opened
    const refused = dialled(port)
    await refused.ended()
    expect([refused.how, seen.filter((each) => each.includes('frozen'))]).toEqual(['ECONNREFUSED', []])
  })

  it('withholds also an answer that was on its way', async () => {
    const { proxy, seen } = await echo(async () => { await proxy.freeze(); return true })
    const client = dialled(proxy.port)
    client.say('one')
    await client.until(() => seen.length === 1)
    await proxy.open()
    await client.ended()
    expect([client.text, client.how, seen]).toEqual(['', 'ECONNRESET', ['1: frozen after 0', '1: lost while frozen after 0']])
  })

  it('cuts and resets what is open, once', async () => {
    const { proxy, connections, seen } = await echo()
    const [one, two] = [await talking(proxy.port), await talking(proxy.port)]
    connections[0]!.cut()
    connections[0]!.reset()
    connections[1]!.reset()
    connections[1]!.cut()
    await Promise.all([one.ended(), two.ended()])
    expect([one.how, two.how, seen]).toEqual(['end', 'ECONNRESET', ['1: cut after 4', '2: reset after 4']])
  })

  it('ends a connection within an answer, when that comes', async () => {
    const { proxy, connections, seen } = await echo()
    const client = await talking(proxy.port)
    connections[0]!.endAfter(2)
    await aWhile()
    expect([client.how, seen]).toEqual(['', []])
    client.say('three')
    await client.ended()
    expect([client.text, client.how, seen]).toEqual(['one th', 'end', ['1: ended early after 6']])
  })

  it('loses answers and keeps the connection, and sees it when there is one', async () => {
    const { proxy, connections, seen } = await echo()
    const client = await talking(proxy.port)
    connections[0]!.loseAnswers()
    expect(seen).toEqual([])
    client.say('two')
    await client.until(() => seen.length > 0)
    await aWhile()
    expect([client.text, client.how, connections[0]!.gone.aborted, seen]).toEqual(['one ', '', false, ['1: answer lost after 4']])
  })

  it('leaves a connection half open: the far side is gone, and nobody is told', async () => {
    const { proxy, connections, seen } = await echo()
    const client = await talking(proxy.port)
    connections[0]!.halfOpen()
    client.say('two')
    await aWhile()
    expect([client.text, client.how, connections[0]!.gone.aborted, seen]).toEqual(['one ', '', true, ['1: half open after 4']])
  })

  it('delays, and keeps what is said in order', async () => {
    const { proxy, seen } = await echo()
    const client = await talking(proxy.port)
    proxy.delay = 20
    for (const word of ['two ', 'three ', 'four']) client.say(word)
    await client.until(({ text }) => text === 'one two three four')
    expect(new Set(seen.map((each) => each.slice(0, 10)))).toEqual(new Set(['1: delayed']))
  })

  it('asks before it passes something on, in order, and says what it is told to say', async () => {
    const { proxy } = await echo(async (bytes, connection) => {
      await new Promise((go) => setTimeout(go, bytes.length))
      if (!String(bytes).startsWith('no')) return true
      connection.say('not that ')
      return false
    })
    const client = dialled(proxy.port)
    client.say('a long one ')
    await client.until(({ text }) => text === 'a long one ')
    client.say('no ')
    await client.until(({ text }) => text === 'a long one not that ')
  })

  it('knows whether an answer was heard', async () => {
    const { proxy, connections } = await echo()
    const [goesOn, ends, isCut] = [await talking(proxy.port), await talking(proxy.port), await talking(proxy.port)]
    const heard = Promise.all(connections.map((each) => each.heard()))
    goesOn.say('thanks')
    ends.socket.end()
    connections[2]!.cut()
    await isCut.ended()
    expect(await heard).toEqual([true, false, false])
    expect(await connections[2]!.heard()).toBe(false)
  })

  it('closes with everything that is open', async () => {
    const { proxy } = await echo()
    const client = await talking(proxy.port)
    await proxy.close()
    await client.ended()
    const late = dialled(proxy.port)
    await late.ended()
    expect(late.how).toBe('ECONNREFUSED')
  })

  it('loses every connection in one way or another, and none that is dialled next', async () => {
    const { proxy, seen } = await echo()
    const clients = [await talking(proxy.port), await talking(proxy.port), await talking(proxy.port)]
    proxy.drop()
    const next = await talking(proxy.port)
    clients[2]!.say('two ')
    await Promise.all(clients.map((client) => client.ended()))
    expect(clients.map(({ how, text }) => [how, text])).toEqual([['ECONNRESET', 'one '], ['end', 'one '], ['ECONNRESET', 'one ']])
    expect(seen.slice(0, 3)).toEqual(['1: reset after 4', '2: cut after 4', '3: frozen after 4'])
    expect(seen.slice(3)).toEqual(['3: lost while frozen after 4'])
    next.say('two ')
    await next.until(({ text }) => text === 'one two ')
  })

  it('freezes one connection for a while, and its neighbours go on', async () => {
    const { proxy, connections, seen } = await echo()
    const [client, neighbour] = [await talking(proxy.port), await talking(proxy.port)]
    connections[0]!.freeze(150)
    client.say('two ')
    neighbour.say('two ')
    await neighbour.until(({ text }) => text === 'one two ')
    await aWhile()
    expect([client.text, client.how, seen]).toEqual(['one ', '', ['1: frozen after 4']])
    await client.ended()
    expect([client.text, client.how, seen]).toEqual(['one ', 'ECONNRESET', ['1: frozen after 4', '1: lost while frozen after 4']])
  })

  it('leaves no listener with a far side that is slow, however often it waits for it', async () => {
    const far = new Transform({ highWaterMark: 1, transform: (bytes, _, done) => void setImmediate(() => done(null, bytes)) })
    const proxy = await FaultProxy.listening({ dial: () => far })
    open.push(proxy)
    const client = dialled(proxy.port)
    for (let words = 0; words < 20; words++) {
      client.say('word ')
      await client.until(({ text }) => text.length === 5 * (words + 1))
    }
    expect(far.listenerCount('close')).toBeLessThan(5)
  })
})
