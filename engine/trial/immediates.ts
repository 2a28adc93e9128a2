/**
 * Counts what a connector has put off to the next round of the event loop. Some take a hundred such rounds between
 * two calls on the world, and would otherwise count as at rest.
 */
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'

export interface Immediates {
  /** How many are put off at this moment. */
  readonly pending: () => number
  /** Whoever is counted belongs to a trial that is over. */
  readonly forget: () => void
  readonly uninstall: () => void
}

/** Counts every `setImmediate` until it is uninstalled. Modules see it once their exports are synchronised. */
export function countImmediates(): Immediates {
  const real = { set: globalThis.setImmediate, clear: globalThis.clearImmediate, promised: timersPromises.setImmediate }
  const pending = new Set<NodeJS.Immediate>()
  const set = (call: (...given: unknown[]) => void, ...given: unknown[]) => {
    const handle = real.set(() => {
      pending.delete(handle)
      call(...given)
    })
    pending.add(handle)
    return handle
  }
  const promised = <T>(value?: T) => new Promise<T>((go) => set(() => go(value as T)))
  Object.defineProperty(set, promisify.custom, { value: promised })
  const clear = (handle: NodeJS.Immediate | undefined) => {
    if (typeof handle === 'object') pending.delete(handle)
    real.clear(handle)
  }
  globalThis.setImmediate = timers.setImmediate = set as typeof globalThis.setImmediate
  globalThis.clearImmediate = timers.clearImmediate = clear
  timersPromises.setImmediate = promised
  return {
    pending: () => pending.size,
    forget: () => pending.clear(),
    uninstall: () => {
      globalThis.setImmediate = timers.setImmediate = real.set
      globalThis.clearImmediate = timers.clearImmediate = real.clear
      timersPromises.setImmediate = real.promised
    },
  }
}
