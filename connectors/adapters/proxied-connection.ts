/** One connection through a fault proxy: what passes, what is done to it, and what is known of whoever dialled. */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What was seen to happen to a connection on the wire, and when in its life: after so many bytes of the far side. */
export interface Seen {
  readonly fault: 'refused' | 'frozen' | 'lost while frozen' | 'delayed' | 'cut' | 'reset' | 'ended early' | 'answer lost' | 'half open'
  /** Its number, from 1; 0 where nobody could connect. */
  readonly connection: number
  readonly bytes: number
}

export interface ProxyOptions {
  /** Opens the far side of a connection. */
  readonly dial: (connection: Connection) => Duplex
  /** Told when a fault shows on the wire: not when it is asked for. */
  readonly seen?: (what: Seen) => void
  /** Asked before what comes in is passed on, one piece after the other; false, and it is not. Everything passes unless told otherwise. */
  readonly passes?: (bytes: Buffer, connection: Connection) => boolean | Promise<boolean>
}

export type Way = 'open' | 'refusing' | 'frozen'

/** What a connection asks of the proxy that it goes through. */
interface Proxy {
  readonly way: Way
  readonly delay: number
  readonly see: (fault: Seen['fault'], connection: number, bytes: number) => void
}

export class Connection {
  readonly number: number
  readonly #proxy: Proxy
  readonly #near: Socket
  readonly #options: ProxyOptions
  #far: Duplex | null = null
  readonly #gone = new AbortController()
  /** Bytes of the far side that were passed on. */
  #answered = 0
  /** How many more of them pass until the connection is ended. */
  #left = Infinity
  #losesAnswers = false
  #isHalfOpen = false
  #isFrozen = false
  #isOver = false
  #wasWithheld = false
  #heard: ((isHeard: boolean) => void)[] = []
  /** What comes in is passed on one piece after the other, and what goes out. */
  #coming: Promise<unknown> = Promise.resolve()
  #going: Promise<unknown> = Promise.resolve()

  constructor(proxy: Proxy, number: number, near: Socket, options: ProxyOptions) {
    this.#proxy = proxy
    this.number = number
    this.#near = near
    this.#options = options
  }

  /** Aborted when the connection is over, whoever ended it. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Whether whoever dialled goes on once it has had the last answer: whether something comes from there before the end. */
  heard(): Promise<boolean> {
    return this.#isOver ? Promise.resolve(false) : new Promise((said) => this.#heard.push(said))
  }

  /** Ends it in good order, in the midst of whatever it was. */
  cut(): void {
    this.#ended('cut')
    this.#near.end()
    this.end()
  }

  /** Ends it as a host does that knows nothing of it. */
  reset(): void {
    if (this.#ended('reset')) this.#near.resetAndDestroy()
    this.end()
  }

  /** It is lost, in one way or another, by its number: ended, reset, or frozen before that. */
  lose(): void {
    if (this.number % 3 === 0) this.freeze(frozenFor)
    else if (this.number % 3 === 1) this.reset()
    else this.cut()
  }

  /** So many more bytes of the far side pass, and then it is cut. */
  endAfter(bytes: number): void {
    this.#left = bytes
  }

  /** What the far side says from now on is lost, and the connection stays. */
  loseAnswers(): void {
    this.#losesAnswers = true
  }

  /** The far side is gone, and whoever dialled hears nothing of that, nor of anything else. */
  halfOpen(): void {
    if (this.#isOver || this.#isHalfOpen) return
    this.#isHalfOpen = true
    this.#proxy.see('half open', this.number, this.#answered)
    this.#far?.destroy()
    this.#gone.abort()
    this.#hears(false)
  }

  /** Not a byte passes any more, either way, and neither side hears of that until it is lost, after so many milliseconds. */
  freeze(milliseconds: number): void {
    if (this.#isOver) return
    this.#withholds()
    this.#isFrozen = true
    setTimeout(() => this.thaw(), milliseconds)
  }

  /** Says something in the far side’s place. */
  say(text: string): void {
    if (!this.#isOver) this.#near.write(text)
  }

  /** For the proxy. */
  begin(): void {
    const lost = () => this.end()
    this.#near.on('error', lost).on('close', lost)
    this.#near.on('data', (bytes) => this.#comesIn(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
    this.#near.on('end', () => this.#hangsUp())
    if (this.#proxy.way === 'frozen') this.#withholds()
    else this.#dial()
  }

  /** What was withheld is not passed on after all: it is lost, and so is the connection. */
  thaw(): void {
    if (!this.#wasWithheld || this.#isOver) return
    this.#proxy.see('lost while frozen', this.number, this.#answered)
    this.#isOver = true
    this.#near.resetAndDestroy()
    this.end()
  }

  /** It is over: nobody is left at either end. */
  end(): void {
    this.#isOver = true
    this.#gone.abort()
    this.#hears(false)
    this.#far?.destroy()
    if (!this.#near.writableEnded) this.#near.destroy()
    else this.#near.destroySoon()
  }

  #dial(): void {
    const far = this.#options.dial(this)
    this.#far = far
    far.on('data', (bytes: Buffer) => this.#goesOut(bytes))
    far.on('error', () => this.#farEnds()).on('end', () => this.#farEnds()).on('close', () => this.#farEnds())
  }

  #comesIn(bytes: Buffer): void {
    if (this.#isOver || this.#isHalfOpen) return
    if (this.#isWithheld) return this.#withholds()
    this.#hears(true)
    this.#coming = this.#coming.then(async () => {
      await this.#delayed()
      if (!(await (this.#options.passes?.(bytes, this) ?? true)) || this.#isFrozen) return
      if (this.#far && !this.#far.destroyed && !this.#far.write(bytes)) await drained(this.#far)
    })
  }

  #goesOut(bytes: Buffer): void {
    if (this.#isOver || this.#isHalfOpen) return
    if (this.#isWithheld) return this.#withholds()
    if (this.#losesAnswers) return this.#proxy.see('answer lost', this.number, this.#answered)
    this.#going = this.#going.then(async () => {
      await this.#delayed()
      if (this.#isOver || this.#isFrozen || this.#near.destroyed) return
      const part = bytes.subarray(0, this.#left)
      this.#left -= part.length
      this.#answered += part.length
      if (!this.#near.write(part)) await drained(this.#near)
      if (this.#left > 0 || !this.#ended('ended early')) return
      this.#near.end()
      this.end()
    })
  }

  async #delayed(): Promise<void> {
    const { delay } = this.#proxy
    if (delay === 0) return
    this.#proxy.see('delayed', this.number, this.#answered)
    await new Promise((go) => setTimeout(go, delay))
  }

  get #isWithheld(): boolean {
    return this.#isFrozen || this.#proxy.way === 'frozen'
  }

  #withholds(): void {
    if (!this.#wasWithheld) this.#proxy.see('frozen', this.number, this.#answered)
    this.#wasWithheld = true
  }

  /** Whoever dialled has nothing more to say, and waits for nothing. */
  #hangsUp(): void {
    if (this.#isWithheld) return this.#withholds()
    this.#gone.abort()
    this.#hears(false)
    void this.#coming.then(() => (this.#isHalfOpen || this.#far === null ? this.end() : this.#far.end()))
  }

  #farEnds(): void {
    if (this.#isHalfOpen || this.#isOver) return
    if (this.#isWithheld) return this.#withholds()
    void this.#going.then(() => {
      if (this.#isOver) return
      this.#near.end()
      this.end()
    })
  }

  #ended(how: Seen['fault']): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#proxy.see(how, this.number, this.#answered)
    return true
  }

  #hears(isHeard: boolean): void {
    for (const say of this.#heard.splice(0)) say(isHeard)
  }
}

/** Milliseconds: long enough for whatever is under way, and short beside the time that a connector has to recover. */
const frozenFor = 100

const drained = (stream: Duplex) => new Promise<void>((go) => {
  const done = () => {
    stream.off('drain', done).off('close', done)
    go()
  }
  stream.once('drain', done).once('close', done)
})
