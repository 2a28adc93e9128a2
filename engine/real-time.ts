/** Time as it is on this machine, kept from before anything could be made virtual. Whoever waits for real time takes it from here. */
const { setTimeout: set, clearTimeout: clear, setImmediate: soon } = globalThis
const here = performance
const { now } = performance
const tick = process.nextTick.bind(process)

/** Milliseconds since this process began. */
export const realNow = (): number => now.call(here)
export const realSleep = (milliseconds: number): Promise<void> => new Promise((go) => set(go, milliseconds))
/** Calls after so many milliseconds of real time; the function that comes back takes that back. */
export function realTimeout(call: () => void, milliseconds: number): () => void {
  const timer = set(call, milliseconds)
  return () => clear(timer)
}
/** The next round of the event loop. */
export const realImmediate = (): Promise<void> => new Promise((go) => soon(go))

/** Who waits for a part of a round, and how many parts are still to come. */
const waiting: (() => void)[] = []
let parts = 0
/** Parts of one round: a round of the event loop takes as long as all of them. */
const partsOfARound = 8
function part(): void {
  parts--
  waiting.shift()?.()
}
/**
 * After everything that goes on by promises and ticks alone, without a round of the event loop for it: so many of these have
 * one together.
 */
export const realSettled = (): Promise<void> => new Promise((go) => {
  waiting.push(go)
  if (parts < waiting.length) for (; parts < partsOfARound; parts++) soon(part)
})
/** After all promises that are settled have been heard. */
export const realTick = (): Promise<void> => new Promise((go) => tick(go))
