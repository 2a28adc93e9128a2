/**
 * A TCP proxy on the loopback interface that does to a connection what networks do: refuse it, let it hang, delay it, cut it, end it
 * after some bytes, lose what it answers, or leave it half open. Whoever adapts a daemon puts it between the daemon and a far side of
 * its own, and decides there what becomes of a message: the proxy only carries that out, so that a fault strikes once.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { type HeldPort, holdPort } from './ports.ts'
import { Connection, type ProxyOptions, type Seen, type Way } from './proxied-connection.ts'

export class FaultProxy {
  readonly #options: ProxyOptions
  readonly #connections = new Set<Connection>()
  #server: Server | null = null
  /** Held while it refuses too: a daemon that took it then would be called in place of this. */
  #port: HeldPort | null = null
  #count = 0
  #way: Way = 'open'
  #isClosed = false
  /** Milliseconds that every byte takes, each way. */
  delay = 0

  private constructor(options: ProxyOptions) {
    this.#options = options
  }

  /** Listens at a port that was free. */
  static async listening(options: ProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    await proxy.#listen()
    return proxy
  }

  /** The same for as long as it lives. */
  get port(): number {
    return this.#port?.number ?? 0
  }

  get way(): Way {
    return this.#way
  }

  /** As usual again. A connection on which something was withheld is lost, as nobody knows what has become of that. */
  async open(): Promise<void> {
    const before = this.#way
    this.#way = 'open'
    if (before === 'frozen') for (const connection of [...this.#connections]) connection.thaw()
    if (before === 'refusing') await this.#listen()
  }

  /** Nobody listens: whoever dials is refused. Connections that are open stay so. */
  refuse(): void {
    if (this.#way === 'frozen') for (const connection of [...this.#connections]) connection.thaw()
    this.#way = 'refusing'
    this.#server?.close()
    this.#server = null
    this.see('refused', 0, 0)
  }

  /** Connections stay open and new ones come about, and not a byte passes, either way. */
  async freeze(): Promise<void> {
    const before = this.#way
    this.#way = 'frozen'
    if (before === 'refusing') await this.#listen()
  }

  /** Every connection is lost, in one way or another. Those that are dialled next are not. */
  drop(): void {
    for (const connection of [...this.#connections]) connection.lose()
  }

  /** Nobody listens any more, and every connection is lost. */
  async close(): Promise<void> {
    this.#isClosed = true
    const server = this.#server
    this.#server = null
    for (const connection of [...this.#connections]) connection.end()
    if (server) await new Promise<void>((closed) => server.close(() => closed()))
    this.#port?.release()
  }

  /** For its connections. */
  see(fault: Seen['fault'], connection: number, bytes: number): void {
    this.#options.seen?.({ fault, connection, bytes })
  }

  async #listen(): Promise<void> {
    for (let tries = 0; !this.#isClosed && this.#server === null; tries++) {
      const held = this.#port ?? await holdPort()
      const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.#accept(near))
      const error = await new Promise<NodeJS.ErrnoException | null>((done) => {
        server.once('error', done).listen(held.number, '127.0.0.1', () => done(null))
      })
      if (error === null) {
        server.unref()
        this.#server = server
        this.#port = held
      } else if (error.code !== 'EADDRINUSE' || tries > mostTries) throw error
      else if (this.#port !== null) await new Promise((go) => setTimeout(go, 10))
      else held.release()
    }
    // Meanwhile it may have been told otherwise.
    if ((this.#isClosed || this.#way === 'refusing') && this.#server) {
      this.#server.close()
      this.#server = null
    }
    if (this.#isClosed) this.#port?.release()
  }

  #accept(near: Socket): void {
    const connection = new Connection(this, ++this.#count, near, this.#options)
    this.#connections.add(connection)
    near.once('close', () => this.#connections.delete(connection))
    connection.begin()
  }
}

const mostTries = 300

