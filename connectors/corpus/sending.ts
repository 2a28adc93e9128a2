/** What the connectors of the corpus do alike: fetch, send and try again, wait, and keep what is in hand. */
import { type Envelope, type Link, type Message, outcomeOf, type Running, type World } from '../../spec/connector.ts'

export const noop = () => undefined
export const pause = (milliseconds: number) => new Promise<void>((go) => setTimeout(go, milliseconds))

/** Whether a failed message may be sent again without a second copy. */
export const again = (error: unknown) => outcomeOf(error) === 'refused for now' || outcomeOf(error) === 'dropped before'
export const dropped = (error: unknown) => outcomeOf(error)?.startsWith('dropped') === true

/** A reason why a connector cannot be cut off and started again. */
export const inProcess = { 'service dies': 'it runs inside of its sender, and dies with it' } as const

/** Sends again what may be sent again, a few times, and so many milliseconds apart. */
export async function tries(send: () => Promise<void>, most = 4, wait = 10_000): Promise<void> {
  for (let n = 1; ; n++) {
    try { return await send() } catch (error) { if (n >= most || !again(error)) throw error }
    await pause(wait)
  }
}

/** Throws where there is no link of that name. */
export async function sendTo({ links }: World, link: string, content: unknown, envelope?: Envelope): Promise<void> {
  const there = links.find(({ name }) => name === link)
  if (!there) throw new Error(`no link ${link}`)
  return there.send(content, envelope)
}

export const linkOf = ({ links }: World, message: Message): Link => links.find(({ name }) => name === message.link)!

/** The entry of a map under a key, made where there is none. */
export function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

/** Repeats once a second what needs the disk, until the disk works. */
export async function until<T>(step: () => Promise<T>): Promise<T> {
  for (;;) { try { return await step() } catch { await pause(1_000) } }
}

/** Which links are up, as they say. */
export function linksUp({ links }: World): ReadonlySet<string> {
  const up = new Set<string>()
  for (const { name, watch } of links) watch((now) => void (now === 'up' ? up.add(name) : up.delete(name)))
  return up
}

/** Tries as long as its link is up, and looks a few times a second whether it is too old by now: a call under way is left then. */
export async function whileYoung(isOld: () => boolean, isUp: () => boolean, send: () => Promise<void>): Promise<void> {
  const call: { is: 'none' | 'open' | 'taken' | 'failed', error?: unknown } = { is: 'none' }
  let taken: () => void = noop
  const isTaken = new Promise<void>((go) => { taken = go })
  // What was taken is struck off at once: dead before that, it would send it again.
  for (; ; await Promise.race([pause(300), isTaken])) {
    if (call.is === 'taken') return
    if (call.is === 'failed' && !again(call.error)) throw call.error
    if (isOld()) throw new Error('too old')
    if (call.is === 'open' || !isUp()) continue
    call.is = 'open'
    send().then(() => { call.is = 'taken'; taken() }, (error: unknown) => Object.assign(call, { is: 'failed', error }))
  }
}

/** Fetches for ever, half a second after there was nothing. */
export async function poll(world: World, each: (message: Message) => unknown, room = () => 64): Promise<never> {
  for (;;) {
    const most = room()
    const got = most > 0 ? await world.receive(most).catch(() => []) : []
    for (const message of got) void each(message)
    if (got.length === 0) await pause(500)
  }
}

/** A message in hand, and how to settle it. */
export interface Job { readonly m: Message; ok(): void; no(error: unknown): void }

/** What an inbox or an outbox holds of a message. */
export interface Kept { readonly id: string; readonly link: string; readonly content: unknown }

/** A pool of 64 connections for each link; one whose call failed is given back where it is said to be. */
export function pooled(w: World, isGivenBack: (error: unknown) => boolean): Pick<Running, 'take'> {
  const pools = new Map<string, { free: number; waiting: (() => void)[] }>()
  return {
    async take(m) {
      const pool = entry(pools, m.link, () => ({ free: 64, waiting: [] }))
      if (pool.free > 0) pool.free--
      else await new Promise<void>((go) => pool.waiting.push(go))
      const giveBack = () => {
        const next = pool.waiting.shift()
        if (next) next()
        else pool.free++
      }
      await w.send(m.content).then(giveBack, (error) => {
        if (isGivenBack(error)) giveBack()
        throw error
      })
    },
  }
}

/** Sends all again that failed with those of its group, ten seconds after the last of them did. */
export function retriesTogether(w: World, groupOf: (message: Message) => string): Pick<Running, 'take'> {
  const groups = new Map<string, { timer?: NodeJS.Timeout; failed: (() => void)[] }>()
  return {
    take: (m) => new Promise<void>((ok, no) => {
      const group = entry(groups, groupOf(m), () => ({ failed: [] }))
      const send = () => void w.send(m.content).then(ok, (error: unknown) => {
        if (!again(error)) return no(error)
        group.failed.push(send)
        clearTimeout(group.timer)
        group.timer = setTimeout(() => { for (const each of group.failed.splice(0)) each() }, 10_000)
      })
      send()
    }),
  }
}
