/** The calls that a connector makes to its links: each waits for its turn, and what becomes of it is written down. */
import type { EnvelopePart, Envelope, EventName, Event, Outcome, SendError } from '../../spec/connector.ts'
import { realImmediate } from '../real-time.ts'
import { altered, eventOf, sameContent, words } from './content.ts'
import type { FaultyLink } from './faulty-link.ts'
import type { TrialMessage } from './messages.ts'
import type { Scheduler } from './scheduler.ts'

/** What calls need of the world that they are made in. */
interface CallsWorld {
  readonly note: (what: EventName, about: Omit<Partial<Event>, 'what' | 'time'>) => void
  readonly enter: (event: Event) => void
  /** The message that content belongs to, as it is offered to a link; undefined for what was never sent. */
  readonly messageIn: (content: unknown, link: FaultyLink, envelope: Envelope | undefined) => TrialMessage | undefined
  readonly scheduler: Scheduler
  readonly later: () => Promise<void>
  readonly carries: readonly EnvelopePart[]
}

/** What an event tells of a call: always all of it, for objects of one shape are read in a fraction of the time, and thousands are. */
type About = { readonly [K in 'link' | 'attempt' | 'life' | 'message']: Event[K] | undefined }

/** One call: what is offered, to which link, by which life of the connector. */
interface Call {
  readonly link: FaultyLink
  readonly content: unknown
  readonly envelope: Envelope | undefined
  readonly message: TrialMessage | undefined
  readonly about: About
}

interface Offering {
  /** Aborted when whoever sends is no longer there. */
  readonly gone?: AbortSignal | undefined
  readonly envelope?: Envelope | undefined
}

export class LinkCalls {
  readonly #world: CallsWorld
  #calls = 0

  constructor(world: CallsWorld) {
    this.#world = world
  }

  /**
   * A call that is answered once: a promise that was answered twice has been answered once. It is one promise, for there are
   * thousands of them; where the life that made it is over, it is never settled.
   */
  send(link: FaultyLink, life: Life, content: unknown, envelope?: Envelope): Promise<void> {
    return new Promise((fulfil, reject) => {
      if (life.isOver) return
      const call = this.#called(link, life.number, content, envelope, 'waits')
      this.#world.scheduler.queue(() => {
        try {
          const outcome = this.#answered(call, false)
          if (typeof outcome === 'string') settle(life, link, outcome, fulfil, reject)
          else outcome.then((late) => settle(life, link, late, fulfil, reject), reject)
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  sendNow(link: FaultyLink, life: number, content: unknown, envelope?: Envelope): void {
    const call = this.#called(link, life, content, envelope, 'at once')
    const fortune = link.answer(call.message, false)
    const outcome = fortune === 'hangs' || fortune === 'no answer' ? 'dropped before'
      : fortune === 'late' || fortune === 'out of order' || fortune === 'answer lost' ? 'taken' : fortune
    this.#outcome(call, outcome)
    if (outcome !== 'taken') throw refusal(link.name, outcome)
  }

  async offer(
    link: FaultyLink, life: number, content: unknown, { gone, envelope }: Offering,
  ): Promise<Outcome> {
    const call = this.#called(link, life, content, envelope, 'comes in')
    if (!(await this.#world.scheduler.mine(gone))) return this.#outcome(call, 'dropped before')
    return this.#answered(call, true)
  }

  /** What becomes of a call that has its turn: at once, or some time after, or never. */
  #answered(call: Call, canRepeat: boolean): Outcome | Promise<Outcome> {
    const { link, message } = call
    const fortune = link.answer(message, canRepeat)
    switch (fortune) {
      case 'hangs': return link.untilHealed().then(() => this.#outcome(call, 'dropped before'))
      case 'no answer': return never()
      case 'answer lost':
        this.#record(call, false)
        return never()
      case 'late': case 'out of order':
        this.#record(call, false)
        return (fortune === 'late' ? this.#world.later() : this.#world.scheduler.mine()).then(() => {
          this.#tell('answered', call.about, fortune)
          return 'taken'
        })
      default: return this.#outcome(call, fortune)
    }
  }

  /** A step meets what would have met the next message: it is not put to the far side, so nothing is recorded of it. */
  async step(link: FaultyLink, name: string, gone?: AbortSignal): Promise<Outcome> {
    const { note, scheduler, later } = this.#world
    const about = { link: link.name, attempt: ++this.#calls }
    const drop = (): Outcome => {
      note('dropped', { ...about, detail: `at ${name}` })
      return 'dropped before'
    }
    const answered = (outcome: Outcome, how = ''): Outcome => {
      note('answered', { ...about, detail: `${name}${how}` })
      return outcome
    }
    note('steps', { ...about, detail: name })
    // On a link that is down it has no turn to wait for: whoever dials again and again is at rest all the same.
    if (link.mood !== 'up') await realImmediate()
    else if (!(await scheduler.mine(gone))) return answered('dropped before', ', when nobody is there any more')
    const answer = link.stepped()
    if (answer === 'no answer') return never()
    if (answer === 'hangs') {
      await link.untilHealed()
      return drop()
    }
    if (answer === 'late') await later()
    return answer === 'dropped before' ? drop() : answered(answer === 'late' ? 'taken' : answer, answer === 'late' ? ', late' : '')
  }

  /**
   * A call that waits for its turn is written down when it is made; one that does not, with what becomes of it. What comes in at
   * a sink of the connector's own is told to that sink: the answer has a way to go from there.
   */
  #called(link: FaultyLink, life: number, content: unknown, envelope: Envelope | undefined, how: 'waits' | 'comes in' | 'at once'): Call {
    const message = this.#world.messageIn(content, link, envelope)
    const about: About = { link: link.name, attempt: ++this.#calls, life: life === 1 ? undefined : life, message: message?.id }
    if (how !== 'at once') this.#tell('offered', about, how === 'comes in' ? how : undefined)
    return { link, content, envelope, message, about }
  }

  #outcome(call: Call, outcome: Outcome): Outcome {
    const { about } = call
    if (outcome.startsWith('taken') || outcome === 'dropped after') this.#record(call, outcome !== 'dropped after')
    if (outcome === 'taken, said twice') this.#tell('answered', about, 'twice')
    else if (outcome === 'refused for now' || outcome === 'refused for good') this.#tell('refused', about, outcome.slice(8))
    else if (outcome === 'dropped after') this.#tell('dropped', about, 'after it was recorded')
    else if (outcome === 'dropped before') this.#tell('dropped', about, 'before it was recorded')
    return outcome
  }

  #record({ link, content, envelope, message, about }: Call, isTold: boolean): void {
    const { note, carries } = this.#world
    if (!message) {
      note('recorded something never sent', { link: link.name, detail: words(content) })
      return
    }
    const told = isTold ? undefined : false
    const { content: sent, attachments } = message
    if (attachments > 0 && isStripped(sent, content, envelope, carries)) {
      this.#tell('recorded stripped', about, undefined, told)
      return
    }
    const misses = message.misses(carries, envelope, link.name)
    if (!sameContent(sent, content)) this.#tell('recorded altered', about, altered(sent, content), told)
    else if (misses !== '') this.#tell('recorded altered', about, `${words(content)} with ${misses}`, told)
    else this.#tell('recorded', about, undefined, told)
  }

  #tell(what: EventName, { message, link, attempt, life }: About, detail?: string, told?: false): void {
    this.#world.enter(eventOf(what, this.#world.scheduler.time, message, link, attempt, life, detail, told))
  }
}

/** Whether a message came without its attachments and says so: its content, and a notice after it. */
const isStripped = (sent: unknown, got: unknown, envelope: Envelope | undefined, carries: readonly EnvelopePart[]) =>
  typeof sent === 'string' && typeof got === 'string' && got.length > sent.length && got.startsWith(sent)
  && (!carries.includes('attachments') || envelope?.attachments === 0)

/** Without a stack: it would tell of the suite alone, and there are thousands. */
function refusal(link: string, outcome: Exclude<Outcome, 'taken'>): SendError {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const error = new Error(`${link}: ${outcome}`)
  Error.stackTraceLimit = stackTraceLimit
  return Object.assign(error, { link, outcome: outcome === 'taken, said twice' ? 'dropped after' as const : outcome })
}

function settle({ isOver }: Life, { name }: FaultyLink, outcome: Outcome, fulfil: () => void, reject: (error: unknown) => void): void {
  if (isOver) return
  if (outcome === 'taken') fulfil()
  else reject(refusal(name, outcome))
}

/** One life of a connector: from a start to the next, or to its death. What it does after that has no effect. */
export interface Life {
  /** Whether those who share a world with its like are gone. */
  isOver: boolean
  readonly number: number
}

const never = () => new Promise<never>(() => undefined)

/** A call that has no effect once the life is over, and whose answer then never comes; */
export const alive = <A extends readonly unknown[], R>(life: Life, does: (...given: A) => Promise<R>) => (...given: A): Promise<R> =>
  life.isOver ? never() : does(...given).then(
    (result) => (life.isOver ? never() : result),
    (error: unknown) => { if (life.isOver) return never(); throw error })
/** and one that is answered at once. */
export const now = <A extends readonly unknown[]>(life: Life, does: (...given: A) => void) => (...given: A): void => {
  if (!life.isOver) does(...given)
}
