/**
 * The table of jobs as the world’s source. What a library asks PostgreSQL is read as it goes by: with a fetch a message that
 * waits becomes a job, and with a completion the source is told that the message is done with. Where the world says that either
 * fails, whoever carries the question lets it fail there.
 */
import type { Message, World } from '../../../spec/connector.ts'

export const letters = 'letters'
export const deadLetters = 'dead-letters'

/** Jobs have the ids of their messages, as UUIDs. */
const jobPrefix = '00000000-0000-4000-8000-'
export const jobOf = (id: string) => jobPrefix + id.slice(1).padStart(12, '0')

/** What a question to PostgreSQL is about, as far as it matters here. */
export type Question = { readonly asks: 'to fetch' | 'anything' } | { readonly asks: 'to complete'; readonly message: string }
/** What becomes of a completion: where it is lost, PostgreSQL has not done it. */
export type Completion = 'is answered' | 'is lost' | 'its answer is lost'

export function meaningOf(question: string): Question {
  const isOfLetters = question.includes(letters) && !question.includes(deadLetters)
  if (isOfLetters && question.includes('SKIP LOCKED') && /SET\s+state = 'active'/.test(question)) return { asks: 'to fetch' }
  const at = /SET completed_on = \S+,\s+state = 'completed'/.test(question) ? question.indexOf(jobPrefix) : -1
  if (at < 0) return { asks: 'anything' }
  const number = Number(question.slice(at + jobPrefix.length, at + jobPrefix.length + 12))
  return { asks: 'to complete', message: `m${number}` }
}

/** What runs SQL. */
export interface Database {
  executeSql(text: string, values?: readonly unknown[]): Promise<unknown>
}

/** Whether the job of a message is in a state: a completion has no effect on one that is no longer active. */
export async function isIn(state: 'active' | 'completed', message: string, schema: string, direct: Database): Promise<boolean> {
  const result = await direct.executeSql(`SELECT state FROM ${schema}.job WHERE id = $1`, [jobOf(message)])
  return (result as { readonly rows: readonly { readonly state: string }[] }).rows[0]?.state === state
}

/** Makes a job of a message. Rejects with the error of PostgreSQL where that cannot store it. */
type Put = (job: string, message: Message) => Promise<void>

/**
 * A message may be a job, or flagged, where PostgreSQL could not store it or it is dead; it may be done with, whether or not the world
 * has heard of that.
 */
type Fate = 'a job' | 'flagged' | 'done with'
const done: ReadonlySet<Fate | undefined> = new Set(['flagged', 'done with'])
/** Classes of errors of PostgreSQL: data that it cannot hold, and a limit of its that they exceed. */
const unstorable = /^(22|54)/

export class JobSource {
  readonly #world: World
  readonly #put: Put
  /** What became of each message that was fetched, however often this connector was started. */
  readonly #known: Map<string, Fate>

  constructor(world: World, put: Put) {
    this.#world = world
    this.#put = put
    this.#known = (world.disk.get('known') as Map<string, Fate> | undefined) ?? new Map()
    world.disk.set('known', this.#known)
  }

  /** Whether a fetch comes to PostgreSQL: with it, what waits in the world becomes a job. */
  async fetches(): Promise<boolean> {
    try {
      for (;;) {
        const [message] = await this.#world.receive(1)
        if (!message || (await this.#isNew(message))) return true
      }
    } catch {
      return false
    }
  }

  /** What becomes of the completion of a job, whether or not PostgreSQL has done it already. */
  async completes(id: string, isDone = false): Promise<Completion> {
    if (isDone) this.#known.set(id, 'done with')
    const completion = await this.#acknowledged(id)
    this.#known.set(id, completion === 'is lost' ? 'a job' : 'done with')
    return completion
  }

  /** A message that is dead is done with, too, once the world has heard of that; flagged, once, where there is a reason. */
  async bury(id: string, reason: unknown): Promise<void> {
    if (reason !== null && !done.has(this.#known.get(id))) {
      this.#world.flag(id, reason)
      this.#known.set(id, 'flagged')
    }
    if ((await this.#acknowledged(id)) === 'is lost') throw new Error(`${id} could not be acknowledged`)
    this.#known.set(id, 'done with')
  }

  /** The world gives out again what is not done with. What is a job still, PostgreSQL gives out again by itself. */
  async #isNew(message: Message): Promise<boolean> {
    const { id } = message
    if (!this.#known.has(id))
      try {
        await this.#put(jobOf(id), message)
        this.#known.set(id, 'a job')
        return true
      } catch (error) {
        if (!unstorable.test(String((error as { readonly code?: unknown }).code))) {
          await this.#world.refuse(id)
          throw error
        }
        await this.bury(id, error)
        return false
      }
    if (done.has(this.#known.get(id))) await this.bury(id, null)
    return false
  }

  /** What waits at the source again, because it was not acknowledged before, is fetched first: it is a job still. */
  async #acknowledged(id: string): Promise<Completion> {
    for (;;)
      try {
        await this.#world.acknowledge(id)
        return 'is answered'
      } catch (error) {
        const { message } = error as Error
        if (/is not out/.test(message) && (await this.fetches())) continue
        // The world has it after all: so has PostgreSQL.
        return /^the answer/.test(message) ? 'its answer is lost' : 'is lost'
      }
  }
}
