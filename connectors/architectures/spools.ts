/** §9: right spools, each built another way. What is acknowledged is on storage, and so is how it stands with each recipient. */
import type { Connector, Message, World } from '../../spec/connector.ts'
import { again, noop, pause, until } from '../corpus/sending.ts'

const held = {
  guarantee: 'at-least-once', component: 'spool', links: [1, 2], recipients: 2, workers: [1, 1], burst: 1_000,
} as const satisfies Partial<Connector>
const betweenLooks = 5_000
const untilAgain = 15_000
const mostTries = 3

/** What is spooled of a message: for whom it is still to be delivered. */
interface Spooled {
  readonly id: string
  readonly content: unknown
  readonly to: readonly string[]
}

const spooled = ({ id, content, recipients }: Message): Spooled => ({ id, content, to: recipients.map(({ link }) => link) })
const withoutCopies = (batch: readonly Message[]) => [...new Map(batch.map((message) => [message.id, message])).values()]
const linkTo = ({ links }: World, name: string) => links.find((link) => link.name === name)!

/**
 * Tries for one recipient, a few times. A delivery is marked before it is claimed, for it must not be sent again; a flag is said before
 * it is marked, for it must not be forgotten. Cut off in between, the one is not claimed and the other is said again.
 */
async function deliver(world: World, { id, content }: Spooled, to: string, mark: () => Promise<unknown>): Promise<void> {
  for (let tried = 1; ; tried++) {
    const error = await linkTo(world, to).send(content).then(() => undefined, (failed: unknown) => failed)
    if (error !== undefined && again(error) && tried < mostTries) {
      await pause(untilAgain)
      continue
    }
    if (error !== undefined) world.flag(id, error, to)
    await mark()
    if (error === undefined) world.delivered(id, to)
    return
  }
}

const markOf = (id: string, to: string) => `${id} for ${to}`

/** Files of so many messages each, which are never written anew: beside them is a mark for each recipient that is done with. */
function inFiles(most: number): Connector['start'] {
  return async (world) => {
    const { storage, receive, acknowledge } = world
    const had = new Set<string>()
    const carry = (file: string, group: readonly Spooled[], marks: ReadonlySet<string>) => {
      const places = group.flatMap((message) => message.to.map((to) => ({ message, to, mark: markOf(message.id, to) })))
      const left = new Set(places.map(({ mark }) => mark))
      const isDone = async (mark: string) => {
        left.delete(mark)
        if (left.size > 0) return
        await until(() => storage.remove(file))
        for (const place of places) await until(() => storage.remove(place.mark))
      }
      for (const { id } of group) had.add(id)
      for (const { message, to, mark } of places)
        if (marks.has(mark)) void isDone(mark)
        else void deliver(world, message, to, () => until(() => storage.write(mark, 'done')).then(() => isDone(mark)))
    }
    const run = async () => {
      for (;;) {
        const batch = withoutCopies(await receive(most).catch(() => []))
        const fresh = batch.filter(({ id }) => !had.has(id)).map(spooled)
        if (fresh.length > 0) {
          const file = `${fresh[0]!.id} and ${fresh.length - 1} more`
          await until(() => storage.write(file, fresh))
          carry(file, fresh, new Set())
        }
        await Promise.all(batch.map(({ id }) => acknowledge(id).catch(noop)))
        if (batch.length === 0) await pause(betweenLooks)
      }
    }
    const files: (readonly [file: string, group: readonly Spooled[]])[] = []
    const marks = new Set<string>()
    for (const key of await until(() => storage.keys())) {
      const found = (await until(() => storage.read(key))) as readonly Spooled[] | 'done' | undefined
      if (found === 'done') marks.add(key)
      else if (found) files.push([key, found])
    }
    for (const [file, group] of files) carry(file, group, marks)
    void run()
    return {}
  }
}

export const fileEach: Connector = { ...held, name: 'a spool with a file for each message', start: inFiles(1) }

/** Whatever has come is written at once, and only then is any of it acknowledged. */
export const groupCommit: Connector = { ...held, name: 'a spool that commits in groups', start: inFiles(10) }

/** An entry of the log: a message that came, or for whom one is done with. */
type Entry = { readonly came: Spooled } | { readonly done: string }

/** A log that is only added to, each entry at the next offset. Whoever starts reads it from its beginning. */
export const offsetLog: Connector = {
  ...held, name: 'a spool that is a log with offsets',
  async start(world) {
    const { storage, receive, acknowledge } = world
    const had = new Set<string>()
    const done = new Set<string>()
    const offsets = [...(await until(() => storage.keys()))].map(Number).sort((a, b) => a - b)
    let next = 1 + (offsets.at(-1) ?? 0)
    const append = (entry: Entry) => {
      const at = String(next++)
      return until(() => storage.write(at, entry))
    }
    const carry = (message: Spooled) => {
      had.add(message.id)
      for (const to of message.to) {
        const mark = markOf(message.id, to)
        if (!done.has(mark)) void deliver(world, message, to, () => append({ done: mark }))
      }
    }
    const run = async () => {
      for (;;) {
        const batch = withoutCopies(await receive(5).catch(() => []))
        for (const message of batch) {
          if (!had.has(message.id)) {
            await append({ came: spooled(message) })
            carry(spooled(message))
          }
          await acknowledge(message.id).catch(noop)
        }
        if (batch.length === 0) await pause(betweenLooks)
      }
    }
    const came: Spooled[] = []
    for (const at of offsets) {
      const entry = (await until(() => storage.read(String(at)))) as Entry | undefined
      if (entry && 'came' in entry) came.push(entry.came)
      else if (entry) done.add(entry.done)
    }
    for (const message of came) carry(message)
    void run()
    return {}
  },
}

/** A row of the table: a recipient of a message, and how it stands with it. */
interface Row {
  readonly id: string
  readonly content: unknown
  readonly to: string
  state: 'waits' | 'is tried' | 'is done'
  tried: number
  dueAt: number
}

/**
 * A table with a row for each recipient. What is due in it is taken up once a second, tries are counted through a death, and a row that is
 * done stays, so that what is given again is known.
 */
export const tableOfStates: Connector = {
  ...held, name: 'a spool that is a table with states',
  start(world) {
    const { disk, receive, acknowledge, delivered, flag } = world
    // A disk holds anything, and this one holds what is written here.
    const rows = disk as Map<string, Row>
    const tryOnce = async (row: Row) => {
      row.state = 'is tried'
      row.tried++
      const error = await linkTo(world, row.to).send(row.content).then(() => undefined, (failed: unknown) => failed)
      const isLeft = error !== undefined && again(error) && row.tried < mostTries
      row.state = isLeft ? 'waits' : 'is done'
      row.dueAt = Date.now() + untilAgain
      if (error === undefined) delivered(row.id, row.to)
      else if (!isLeft) flag(row.id, error, row.to)
    }
    const run = async () => {
      for (;;) {
        const [message] = await receive(1).catch(() => [])
        if (message) {
          const { id, content, to: all } = spooled(message)
          for (const to of all)
            if (!rows.has(markOf(id, to))) rows.set(markOf(id, to), { id, content, to, state: 'waits', tried: 0, dueAt: 0 })
          await acknowledge(id).catch(noop)
        } else await pause(1_000)
        for (const row of rows.values()) if (row.state === 'waits' && row.dueAt <= Date.now()) void tryOnce(row)
      }
    }
    for (const row of rows.values()) if (row.state === 'is tried') row.state = 'waits'
    void run()
    return {}
  },
}
