/** What a history shows of what its model speaks of: the first verdict of each message, and the faults that struck, in their order. */
import { type EventName, type FaultName, faultNames, type History } from '../../spec/connector.ts'

export type VerdictName = 'delivered' | 'delivered stripped' | 'delivered altered' | 'flagged'

export interface ObservedVerdict {
  readonly is: 'verdict'
  readonly verdict: VerdictName
  /** The number of the message; where messages have several recipients, that of the message and its recipient, in their order. */
  readonly message: number
  /** Whether the connector is not told of it at that moment. */
  readonly isUnheard: boolean
  /** Its place in the history, and its time there, in milliseconds since the start. */
  readonly at: number
  readonly time: number
}

export interface ObservedFault {
  readonly is: 'fault'
  readonly what: FaultName
  /** The number of the link that it struck; null where it is about none. */
  readonly link: number | null
  readonly time: number
}

export type Observation = ObservedVerdict | ObservedFault

/** Which message of the model it is that something happened to, by its name and the link; null where it is none. */
type PlaceOf = (message: string, link: string | undefined) => number | null

const verdicts: Readonly<Partial<Record<EventName, VerdictName>>> = {
  recorded: 'delivered', 'recorded stripped': 'delivered stripped', 'recorded altered': 'delivered altered', flagged: 'flagged',
}
const isFault = (what: EventName): what is FaultName => (faultNames as readonly string[]).includes(what)

/**
 * Events before the first fresh message: the model is asked for no more. Once a fault has struck, what comes of a message after its
 * first verdict, as a copy that the connector could not know to be one, is for the laws to judge.
 */
export function observationsIn(history: History, placeOf: PlaceOf = numberIn): readonly Observation[] {
  const settled = new Set<number>()
  let isQuiet = true
  return beforeFresh(history).flatMap(({ what, message, link, told, time }, at): readonly Observation[] => {
    if (isFault(what)) isQuiet = false
    if (isFault(what)) return [{ is: 'fault', what, link: link === undefined ? null : numberIn(link), time }]
    const verdict = verdicts[what]
    const place = verdict === undefined || message === undefined ? null : placeOf(message, link)
    if (verdict === undefined || place === null || (settled.has(place) && !isQuiet)) return []
    settled.add(place)
    return [{ is: 'verdict', verdict, message: place, isUnheard: told === false, at, time }]
  })
}

export function beforeFresh(history: History): History {
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  return fresh < 0 ? history : history.slice(0, fresh)
}

/** The number in `m3` or `link 2`. */
export const numberIn = (name: string): number => Number(name.replace(/^\D+/, ''))
