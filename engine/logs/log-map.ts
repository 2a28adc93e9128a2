/** What lines of a log of another kind say, as events of ours. */
import type { LogEvent } from '../../spec/evidence/log.ts'
import { eventIn } from './log-event.ts'

export interface LogMap {
  /** The events of a line, none where it says nothing of messages. It may remember lines before. Throws `NoEvent` where that cannot be told. */
  readonly eventsIn: (line: string) => readonly LogEvent[]
  /** Whether a line that is cut off may look like a whole one. */
  readonly isText: boolean
  /** How far time may go back from one line to the next, in milliseconds, where nobody says otherwise. */
  readonly skew: number
  /** What lines of this kind cannot say, in sentences. */
  readonly silentOn: readonly string[]
}

export const asItIs: LogMap = { eventsIn: (line) => [eventIn(line)], isText: false, skew: 0, silentOn: [] }
