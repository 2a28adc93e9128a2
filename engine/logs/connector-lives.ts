/** What a log says of links and of the connector itself, as events of a history. Counts which start of it is at work. */
import type { Event } from '../../spec/connector.ts'
import type { LogEvent } from '../../spec/evidence/log.ts'

type Feed = (what: Event['what'], more?: Partial<Event>) => void

export class ConnectorLives {
  /** From 1. */
  life = 1
  readonly #feed: Feed
  #isRunning = false
  #hasStarted = false

  constructor(feed: Feed) {
    this.#feed = feed
  }

  /** `wasAtWork` where the log has messages already. */
  see({ what, link }: LogEvent, wasAtWork: boolean): void {
    const on = link === undefined ? {} : { link }
    switch (what) {
      case 'link down': return this.#feed('link refuses', on)
      case 'link up': return this.#feed('link heals', on)
      case 'worker died': return this.#feed('worker dies')
      case 'stopping': return this.#feed('service stops')
      case 'stopped':
        this.#feed('service stops')
        this.#feed('has stopped')
        this.#isRunning = false
        return
      case 'died':
        this.#feed('service dies')
        this.#isRunning = false
        return
      case 'started': return this.#starts(wasAtWork)
    }
  }

  /** One that starts, and has not said that it stopped, has died without a word. */
  #starts(wasAtWork: boolean): void {
    if (this.#isRunning || (!this.#hasStarted && wasAtWork)) this.#feed('service dies')
    if (this.#hasStarted || wasAtWork) {
      this.#feed('starts again')
      this.life++
    }
    this.#hasStarted = this.#isRunning = true
  }
}
