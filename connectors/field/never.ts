/** Why faults cannot happen to a connector, in words that several share. */
import type { Connector, FaultName } from '../../spec/connector.ts'

type Reasons<Name extends FaultName> = Readonly<Record<Name, string>>

const handed = 'it is handed its messages, and fetches none'
/** For those that are given their messages. */
export const fetchesNone: Reasons<'receiving fails' | 'acknowledging fails'> =
  { 'receiving fails': handed, 'acknowledging fails': handed }

/** For those that say nothing but what becomes of a message. */
export const reportsNothing: Reasons<'reporting fails'> =
  { 'reporting fails': 'it reports nothing but through the promise of a message' }

/** For those whose workers are so many calls at a time. */
export const diesWhole: Reasons<'worker dies'> =
  { 'worker dies': 'its workers are calls in one process: none of them dies by itself' }

/** For those that wait for a promise. */
export const answeredOnce: Reasons<'link answers twice'> =
  { 'link answers twice': 'it waits for a promise, and that is settled once' }

/** For those on the real clock. */
export const hasSockets: Reasons<'service dies'> =
  { 'service dies': 'its sockets and its process are real: they cannot be taken from it here' }

/** For a library that is called with a message, waits for its link, and settles a promise. */
export const never: NonNullable<Connector['notApplicable']> = { ...fetchesNone, ...reportsNothing, ...diesWhole, ...answeredOnce }
