/** A client of NATS that is cut off in the midst of a handshake hears nothing of that, and must not wait for the rest for long. */
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const field = new URL('../../connectors/field/', import.meta.url)
interface Clients {
  readonly connected: (port: number) => Promise<{ close(): Promise<void> }>
}
const isInstalled = existsSync(fileURLToPath(new URL('node_modules', field)))

it.skipIf(!isInstalled)('is connected again soon, cut off before it has its PONG', async () => {
  const { connected } = await import(new URL('nats/jetstream.ts', field).href) as Clients
  const cuts = 3
  let count = 0
  let back = () => {}
  const isBack = new Promise<void>((go) => { back = go })
  // What a server says to whoever connects; the first connection is lost once it is there, and those after it in their handshakes.
  const server = createServer((socket) => {
    const number = ++count
    socket.on('error', () => undefined)
    socket.write(`INFO {"server_id":"x","version":"2.9.10","max_payload":1048576,"proto":1,"headers":true}\r\n`)
    socket.once('data', () => {
      if (number > 1 && number <= 1 + cuts) return void socket.destroy()
      socket.write('PONG\r\n')
      if (number === 1) setTimeout(() => socket.destroy(), 50)
      else back()
    })
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  const client = await connected((server.address() as AddressInfo).port)
  try {
    const late = new Promise<string>((go) => setTimeout(go, 5_000, `not connected again, after ${cuts} cuts`))
    expect(await Promise.race([isBack, late])).toBeUndefined()
    expect(count).toBe(2 + cuts)
  } finally {
    await client.close()
    server.close()
  }
})
