/** One life of a program in a world: from a start to its end, or its death. What it says is done there, and it is told what comes of it. */
import { type Connector, type Link, outcomeOf, type Message, type Running, type World } from '../../spec/connector.ts'
import type { FromPeer, PeerAbility, ToPeer } from '../../spec/peer/protocol.ts'
import { type Outside, outsideOf } from '../outside.ts'
import { UsageError } from '../usage-error.ts'
import { misuse, shown } from './misuse.ts'
import type { PeerProcess } from './peer-process.ts'
import { said } from './said.ts'

export type Hello = Extract<FromPeer, { readonly type: 'hello' }>

/** Somebody waits for a word that it owes. */
interface Owed {
  readonly fulfil: () => void
  readonly reject: (error: unknown) => void
}
type Word = 'started' | 'stopped' | 'ended'

export class Life {
  isOver = false
  /** What went wrong when it was told to end: the trial is over by then, so the next one tells. */
  complaint: Error | null = null
  #isEnding = false
  readonly #process: PeerProcess
  readonly #hello: Hello
  readonly #world: World
  readonly #outside: Outside | undefined
  readonly #clock: 'virtual' | 'real'
  readonly #links: ReadonlyMap<string, Link>
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()
  readonly #owed = new Map<Word, Owed>()
  /** Calls that have had no answer: a number stands for one of them at a time. */
  readonly #calls = new Set<number>()
  #buffer: string[] = []
  #turns = 0
  /** Over when all that it was told is dealt with. */
  #dealtWith: Promise<void> = Promise.resolve()
  #done = 0
  readonly #open: Owed[] = []

  constructor(process: PeerProcess, hello: Hello, world: World, clock: Connector['clock']) {
    this.#process = process
    this.#hello = hello
    this.#world = world
    this.#outside = outsideOf(world)
    this.#clock = clock ?? 'virtual'
    this.#links = new Map(world.links.map((link) => [link.name, link]))
    process.attend({ line: (line, number) => this.#heard(line, number), over: (why) => this.#died(why) })
  }

  async start(): Promise<Running> {
    const { workers, links, disk } = this.#world
    const names = links.map(({ name }) => name)
    this.#tell({ type: 'start', workers, links: names, clock: this.#clock, disk: Object.fromEntries(disk) })
    if (this.#hello.hears?.includes('link states'))
      for (const { name, watch } of links) watch((now) => this.#tell({ type: 'link', link: name, now }))
    await this.#word('started')
    const can = new Set<PeerAbility>(this.#hello.can ?? ['take'])
    return {
      ...(can.has('take') ? { take: (message: Message) => this.#take(message) } : {}),
      ...(can.has('stop') ? { stop: (within: number) => this.#ask({ type: 'stop', within }, 'stopped') } : {}),
      ...(can.has('kill') ? { kill: (worker: number) => this.#tell({ type: 'kill', worker }) } : {}),
      ...(can.has('scale') ? { scale: (count: number) => this.#tell({ type: 'scale', workers: count }) } : {}),
      end: () => this.#end(),
    }
  }

  /** Its life is over, whatever it says from now on. */
  close(): void {
    this.isOver = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#buffer = []
    for (const { fulfil } of [...this.#open.splice(0), ...this.#owed.values()]) fulfil()
    this.#owed.clear()
  }

  #end(): Promise<void> {
    if (this.isOver) return Promise.resolve()
    this.#isEnding = true
    const word = this.#ask({ type: 'end' }, 'ended').catch(() => undefined)
    // What it says in that turn is said to this life, and not to the next one.
    const ended = Promise.all([word, this.#dealtWith]).then(() => this.close())
    if (this.#clock === 'real') this.#process.expect('it was told to end, and owes "ended"', (why) => new Error(why))
    this.#outside?.holdFor(ended)
    return ended
  }

  #take(message: Message): void {
    // Whoever looks at the signal is told of an abort, and owes a verdict then.
    const { id, kind, content, link, address, header, attachments, recipients } = message
    this.#tell({ type: 'take', message: { id, kind, content, link, address, header, attachments, recipients } })
    if (!this.#hello.hears?.includes('aborts')) return
    const { signal } = message
    const aborted = () => this.#tell({ type: 'abort', id })
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted, { once: true })
  }

  #ask(line: ToPeer, word: Word): Promise<void> {
    this.#tell(line)
    return this.#word(word)
  }

  #word(word: Word): Promise<void> {
    return new Promise((fulfil, reject) => {
      this.#owed.get(word)?.fulfil()
      this.#owed.set(word, { fulfil, reject })
    })
  }

  /** What is told in one go is one turn: on virtual time nothing else happens until it is dealt with. */
  #tell(line: ToPeer): void {
    if (this.isOver) return
    if (this.#buffer.length === 0) {
      if (this.#clock === 'virtual') {
        this.#dealtWith = new Promise<void>((fulfil, reject) => this.#open.push({ fulfil, reject }))
        this.#outside?.holdFor(this.#dealtWith)
      }
      queueMicrotask(() => this.#flush())
    }
    this.#buffer.push(this.#lineOf(line))
  }

  #flush(): void {
    if (this.isOver || this.#buffer.length === 0) return
    if (this.#clock === 'virtual') {
      const turn = ++this.#turns
      this.#buffer.push(this.#lineOf({ type: 'turn', turn }))
      this.#process.expect(`each turn is to end with {"type":"done","turn":…}`, (why) => (this.#done === 0 ? misuse(why) : new Error(why)))
    }
    this.#process.write(this.#buffer.join(''))
    this.#buffer = []
  }

  #lineOf(line: ToPeer): string {
    return `${JSON.stringify({ ...line, date: Date.now() })}\n`
  }

  #heard(text: string, number: number): void {
    if (this.isOver) return
    try {
      this.#does(said(text))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      this.#process.refuse(number, error.message)
    }
  }

  #does(line: FromPeer): void {
    const world = this.#world
    if (this.#clock === 'virtual' && this.#done === this.#turns)
      throw misuse(`it says "${line.type}" out of turn: after "done" it waits for the next line`)
    switch (line.type) {
      case 'hello': throw misuse('it has said "hello" before')
      case 'started': case 'stopped': case 'ended': return this.#owedWord(line.type).fulfil()
      case 'failed': return this.#owedWord('started', 'failed').reject(new Error(line.why))
      case 'done': return this.#turnDone(line.turn)
      case 'send': {
        const send = line.link === undefined ? world.send : this.#linkNamed(line.link).send
        const answered = (outcome: Extract<ToPeer, { readonly type: 'answer' }>['outcome']) =>
          this.#answer(line.call, { type: 'answer', call: line.call, outcome } as ToPeer)
        this.#called(line.call)
        return void send(line.content, line.envelope).then(() => answered('taken'), (error: unknown) =>
          answered(outcomeOf(error) ?? 'dropped before'))
      }
      case 'delivered': return world.delivered(line.id, this.#recipient(line.link))
      case 'flag': return world.flag(line.id, line.reason, this.#recipient(line.link))
      case 'report':
        try {
          return world.report(line.error)
        } catch {
          // A program is not told whether its report arrived.
          return
        }
      case 'timer': return this.#setTimer(line.timer, line.after)
      case 'cancel':
        clearTimeout(this.#timers.get(line.timer))
        this.#timers.delete(line.timer)
        return
      case 'keep': world.disk.set(line.key, line.value); return
      case 'forget': world.disk.delete(line.key); return
      case 'receive': return this.#call(line.call, world.receive(line.most).then((all) => all.map(({ signal: _, ...message }) => message)))
      case 'acknowledge': return this.#call(line.call, world.acknowledge(line.id, { upTo: line.upTo ?? false }))
      case 'refuse': return this.#call(line.call, world.refuse(line.id, { requeue: line.requeue ?? true }))
      case 'read': return this.#call(line.call, world.storage.read(line.key))
      case 'write': return this.#call(line.call, world.storage.write(line.key, line.value))
      case 'remove': return this.#call(line.call, world.storage.remove(line.key))
      case 'keys': return this.#call(line.call, world.storage.keys())
    }
  }

  #owedWord(word: Word, as: string = word): Owed {
    const owed = this.#owed.get(word)
    if (!owed) throw misuse(`"${as}" answers nothing: it was not asked, or has said so before`)
    this.#owed.delete(word)
    return owed
  }

  #turnDone(turn: number): void {
    if (this.#clock === 'real') throw misuse('"done" is for virtual time: on the real clock there are no turns')
    if (turn !== this.#done + 1) throw misuse(`"done" is of turn ${turn}, and turn ${this.#done + 1} is next`)
    if (turn === this.#turns && this.#owed.has('ended')) throw misuse('it was told to end, and is done with that turn before it says "ended"')
    this.#done = turn
    if (this.#done === this.#turns) this.#process.satisfied()
    this.#open.shift()!.fulfil()
  }

  #linkNamed(name: string): Link {
    const link = this.#links.get(name)
    if (!link) throw misuse(`there is no link ${shown(name)}: there are ${[...this.#links.keys()].join(', ')}`)
    return link
  }

  #recipient(name: string | undefined): string | undefined {
    return name === undefined ? undefined : this.#linkNamed(name).name
  }

  #called(call: number): void {
    if (this.#calls.has(call)) throw misuse(`call ${call} has had no answer yet: each call has a number of its own`)
    this.#calls.add(call)
  }

  #answer(call: number, line: ToPeer): void {
    this.#calls.delete(call)
    this.#tell(line)
  }

  #call(call: number, does: Promise<unknown>): void {
    this.#called(call)
    void does.then(
      (value) => this.#answer(call, { type: 'answer', call, outcome: 'done', value: value ?? null }),
      (error: unknown) =>
        this.#answer(call, { type: 'answer', call, outcome: 'failed', why: error instanceof Error ? error.message : String(error) }))
  }

  #setTimer(number: number, after: number): void {
    if (this.#timers.has(number)) throw misuse(`timer ${number} is set already: cancel it first, or give each a number of its own`)
    this.#timers.set(number, setTimeout(() => {
      this.#timers.delete(number)
      this.#tell({ type: 'fired', timer: number })
    }, after))
  }

  /** It has ended while it was at work: the trial is over, and its history says why. */
  #died(why: Error): void {
    if (this.isOver) return
    if (this.#isEnding) this.complaint = why
    else this.#outside?.fail(why)
    this.close()
  }
}
