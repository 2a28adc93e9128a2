/** A connection in memory: two ends, for libraries that take a stream in place of a socket. */
import { Duplex } from 'node:stream'

type Done = (error?: Error | null) => void

/** Both ends of a new connection. What one writes, the other reads a round of the event loop later. */
export function wire(): readonly [near: End, far: End] {
  const [near, far] = [new End(), new End()]
  near.join(far)
  far.join(near)
  return [near, far]
}

/** One end, with as much of a socket’s manners as libraries ask for: an idle timeout, and an end with the other’s. */
export class End extends Duplex {
  readonly remoteAddress = '192.0.2.1'
  readonly remotePort = 1
  readonly localAddress = '192.0.2.2'
  readonly localPort = 2
  #peer: End | null = null
  /** The far side’s write that waits until something is read here. */
  #unread: Done | null = null
  #ended = false
  #idle = 0
  #timer: NodeJS.Timeout | undefined

  constructor() {
    super({ allowHalfOpen: false })
  }

  get readyState(): 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.readable) return this.writable ? 'open' : 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  }

  join(peer: End): void {
    this.#peer = peer
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#touch()
    setImmediate(() => {
      if (!this.#peer || this.#peer.destroyed) done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      else this.#peer.#arrive(chunk, done)
    })
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done)
  }

  override _read(): void {
    const done = this.#unread
    this.#unread = null
    done?.()
  }

  override _final(done: Done): void {
    this.#hangUp(done)
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#timer)
    this._read()
    this.#hangUp(() => done(error))
  }

  setTimeout(milliseconds: number, then?: () => void): this {
    this.#idle = milliseconds
    if (then) this.once('timeout', then)
    this.#touch()
    return this
  }

  setKeepAlive(): this { return this }
  setNoDelay(): this { return this }
  ref(): this { return this }
  unref(): this { return this }

  #arrive(chunk: Buffer, done: Done): void {
    this.#touch()
    if (this.#ended || this.push(chunk)) done()
    else this.#unread = done
  }

  #hangUp(done: Done): void {
    const peer = this.#peer
    setImmediate(() => {
      if (peer && !peer.#ended && !peer.destroyed) {
        peer.#ended = true
        peer.push(null)
      }
      done()
    })
  }

  #touch(): void {
    clearTimeout(this.#timer)
    if (this.#idle > 0 && !this.destroyed) this.#timer = setTimeout(() => this.emit('timeout'), this.#idle)
  }
}
