/** Why faults cannot happen to a connector, and why it is never given some messages, in words that several share. */
import type { Connector, FaultName, MessageKind } from '../../spec/connector.ts'

type Reasons<Name extends FaultName> = Readonly<Record<Name, string>>

const handed = 'it is handed its messages, and fetches none'
/** For those that are given their messages. */
export const fetchesNone: Reasons<
  'receiving fails' | 'acknowledging fails' | 'acknowledgement is lost' | 'source is late' | 'source drops'
> = {
  'receiving fails': handed, 'acknowledging fails': handed, 'acknowledgement is lost': handed, 'source is late': handed,
  'source drops': handed,
}

/** For those that say nothing but what becomes of a message. */
export const reportsNothing: Reasons<'reporting fails'> =
  { 'reporting fails': 'it reports nothing but through the promise of a message' }

/** For those whose workers are so many calls at a time. */
export const diesWhole: Reasons<'worker dies' | 'workers change'> = {
  'worker dies': 'its workers are calls in one process: none of them dies by itself',
  'workers change': 'how many calls it makes at a time is said once, when it starts',
}

const noDisk = 'it writes nothing to the disk that can fail'
/** For those that leave the world’s storage alone. */
export const writesNothing: Reasons<'disk fails' | 'disk is slow'> = { 'disk fails': noDisk, 'disk is slow': noDisk }

/** For those that wait for a promise. */
export const answeredOnce: Reasons<'link answers twice'> =
  { 'link answers twice': 'it waits for a promise, and that is settled once' }

/** For those on the real clock. */
export const hasSockets: Reasons<'service dies'> =
  { 'service dies': 'its sockets and its process are real: they cannot be taken from it here' }

/** For a library that is called with a message, waits for its link, and settles a promise. */
export const never: NonNullable<Connector['notApplicable']> =
  { ...fetchesNone, ...reportsNothing, ...diesWhole, ...writesNothing, ...answeredOnce }

/** For those that carry text as UTF-8. */
export const carriesUtf8: Readonly<Partial<Record<MessageKind, string>>> =
  { 'lone surrogate': 'UTF-8 has no bytes for half a pair: what writes it puts something else in its place' }

/** For those that carry text as the body of a mail. */
export const carriesMail: Readonly<Partial<Record<MessageKind, string>>> = {
  ...carriesUtf8,
  'control characters': 'the text of a mail has no CR and no LF but at the ends of its lines, and no NUL: RFC 5322, 2.3',
}
