/**
 * Counts what a connector has put off to the next round of the event loop. Some take a hundred such rounds between
 * two calls on the world, and would otherwise seem to be at rest.
 */
import { promisify } from 'node:util'

export interface Immediates {
  /** How many are put off at this moment. */
  readonly pending: () => number
  readonly uninstall: () => void
}

/** Counts every `setImmediate` until it is uninstalled. Those of `node:timers/promises` are not seen. */
export function countImmediates(): Immediates {
  const real = { set: globalThis.setImmediate, clear: globalThis.clearImmediate }
  const pending = new Set<NodeJS.Immediate>()
  const set = (call: (...given: unknown[]) => void, ...given: unknown[]) => {
    const handle = real.set(() => {
      pending.delete(handle)
      call(...given)
    })
    pending.add(handle)
    return handle
  }
  Object.defineProperty(set, promisify.custom, { value: (value: unknown) => new Promise((go) => set(() => go(value))) })
  globalThis.setImmediate = set as typeof globalThis.setImmediate
  globalThis.clearImmediate = (handle) => {
    if (typeof handle === 'object') pending.delete(handle)
    real.clear(handle)
  }
  return {
    pending: () => pending.size,
    uninstall: () => {
      globalThis.setImmediate = real.set
      globalThis.clearImmediate = real.clear
    },
  }
}
