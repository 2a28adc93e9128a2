/** What a search may take of this machine’s memory: how much that is, arrays that grow within it, and the error past it. */
import { totalmem } from 'node:os'
import { mostStates } from './kernel-source.ts'
import type { Edges, Log } from './kernel.ts'

export class TooManyStates extends Error {}

/** Bytes of memory here; where a container is given less than the machine has, what it is given. */
export const memory = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)

/** How full the table may become. */
const fullest = 0.55
/**
 * From here on a log is given all the room that it may ever need, and is never copied again. Memory that nobody has
 * written to is none, so a search takes no more for it than what it has found.
 */
const reservedBits = 20

/** States that a table of so many bits has room for. */
export const roomIn = (bits: number) => Math.min(mostStates, Math.floor(2 ** bits * fullest))

/** What a state takes beside its place in the table, and an edge, in bytes. */
const ofState = ({ machine, edges }: Log) => 4 * machine.words + 4 + 1 + (edges ? 4 : 0)
const ofEdge = 6
/** What a log has written to, without the table. */
export const bytesIn = (log: Log) => log.states * ofState(log) + (log.edges ? log.transitions * ofEdge : 0)
export const bytesOfTable = (bits: number) => 4 * 2 ** bits
/** States that fit a budget beside a table, and beside the edges that there are. */
export const statesWithin = (log: Log, budget: number, bits: number) =>
  Math.floor((budget - bytesOfTable(bits) - (log.edges ? log.transitions * ofEdge : 0)) / ofState(log))

/** Room for as many states as a table of so many bits holds; from some size on, for all that there may be. */
export function makeRoom(log: Log, bits: number, most: number, budget: number): void {
  if (bits >= reservedBits)
    try {
      grow(log, Math.min(most, Math.floor(budget / (ofState(log) + 4 / fullest))))
      if (log.edges) growEdges(log.edges, log.transitions, Math.floor(budget / ofEdge))
    } catch (error) {
      // A system may refuse what is more than it has, touched or not.
      if (!isOutOfMemory(error)) throw error
    }
  grow(log, roomIn(bits))
}

function grow(log: Log, states: number): void {
  const { words: K } = log.machine
  log.words = grown(log.words, log.states * K, states * K)
  log.parents = grown(log.parents, log.states, states)
  log.can = grown(log.can, log.states, states)
  if (log.edges) log.edges.from = grown(log.edges.from, log.states + 1, states + 1)
}

function growEdges(edges: Edges, used: number, count: number): void {
  edges.to = grown(edges.to, used, count)
  edges.by = grown(edges.by, used, count)
}

/** An array at least as long, with the same beginning. */
function grown<A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(array: A, used: number, wanted: number): A {
  if (array.length >= wanted) return array
  const larger = new (array.constructor as new (length: number) => A)(wanted)
  larger.set(array.subarray(0, used))
  return larger
}

/** Whether an error says that an array could not be made, for want of memory or of any that large. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError && /allocation failed|typed array length/i.test(error.message)

export const soFar = ({ machine, levels }: Log, states: number) =>
  `${machine.model.name} has over ${states.toLocaleString('en-US')} states at this scope, ${(levels.length - 1).toLocaleString('en-US')} steps deep so far`
export const tooMuch = (log: Log, bytes: number) =>
  new TooManyStates(`${soFar(log, log.states)}, and more would take over ${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MB: narrow the scope, or search where there is more memory.`)

/** Makes room for edges. Throws `TooManyStates` where they would take more than is left beside table and states. */
function edgeRoom(log: Log, edges: Edges, bits: number, budget: number): (count: number) => void {
  return (count) => {
    log.bytes = bytesOfTable(bits) + log.states * ofState(log) + ofEdge * count
    if (log.bytes > budget) throw tooMuch(log, budget)
    if (count > edges.to.length) growEdges(edges, edges.to.length, Math.max(2 * edges.to.length, count))
  }
}

/** Appends a batch of edges. */
export function keeper(log: Log, edges: Edges, bits: number, budget: number) {
  const makeRoomFor = edgeRoom(log, edges, bits, budget)
  let at = log.transitions
  return (to: Int32Array, by: Uint16Array, length: number): void => {
    makeRoomFor(at + length)
    edges.to.set(length === to.length ? to : to.subarray(0, length), at)
    edges.by.set(length === by.length ? by : by.subarray(0, length), at)
    at += length
  }
}
