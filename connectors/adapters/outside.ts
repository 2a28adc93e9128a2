/**
 * What holds a trial while something is under way outside of this process, or ends it for what has happened there. A world has that in
 * a place that adapters of the suite’s own know.
 */
import type { World } from '../../spec/connector.ts'

interface Outside {
  /** Nobody has a turn until it is over. */
  readonly holdFor: (work: Promise<unknown>) => void
  /** Ends the trial: the connector has crashed; or, where the error is called `Inconclusive`, nothing can be said of it. */
  readonly fail: (error: Error) => void
}

const place = Symbol.for('unwedge.outside')

/** Undefined where no trial goes on. */
export const outsideOf = (world: World): Outside | undefined => (world as { readonly [place]?: Outside })[place]
