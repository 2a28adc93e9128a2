/** What each clause of a law asks of a connector, in a sentence. `spec/clauses.ts` has the clauses themselves. */
const words: Readonly<Record<string, string>> = {
  'not altered': 'What is recorded is what was taken.',
  'not stripped for nothing': 'A message that is small enough keeps its attachments.',
  'not misrouted': 'A message goes over the link that it is for.',
  'not delivered after it was flagged': 'What is flagged is not sent after that.',
  'no second copy': 'No message is recorded a second time, unless the guarantee allows it and the connector could not know of the first.',
  'in the order in which they were taken': 'No message is recorded before one that was taken before it and goes over the same link.',
  'flagged only with a reason': 'A healthy message is flagged only where something happened to it or to its link.',
  'not flagged when it is known to be delivered': 'What a link has said that it has recorded is not flagged.',
  'one verdict': 'A message that has its verdict is not flagged.',
  'one verdict, claimed': 'A message that is flagged is not said to be delivered.',
  'claimed only when it is recorded': 'A message is said to be delivered only when a link has recorded it.',
  'acknowledged only when it is settled': 'The source is told that a message is done with only when it is delivered, flagged or on the disk.',
  'a verdict when its sender gives up': 'A message that its sender gives up has its verdict without waiting for a link.',
  'a verdict before it is too old': 'No message is kept for longer than the declared `expiry`.',
  'a verdict as soon as it is too old': 'A message for a link that is down is flagged as soon as it is older than the declared `expiry`.',
  'a verdict while another link is down': 'A message does not wait for a link that it does not go over.',
  'a verdict in the end': 'Once everything is healed, every message is delivered or flagged.',
  'an answer in the end': 'Whoever handed a message over is told what became of it.',
  'fresh messages are delivered': 'Once everything is healed, every fresh message is delivered whole.',
  'fresh messages are delivered promptly': 'Once everything is healed, a fresh message takes no longer than the declared `recovery`.',
  'messages after a recovery are delivered promptly': 'Once all has been well for the declared `recovery`, a message takes no longer than that.',
  'nothing invented': 'A link records nothing that nobody sent.',
  'it does not crash': 'It neither crashes nor hangs, whatever it is given and whatever happens to it.',
  'it does not go on for ever': 'Once everything is healed and nothing new comes in, it comes to rest.',
  'nothing lost to the trouble of another link': 'What is done to one link costs the messages for another nothing: no verdict, and no time.',
}

export const clausesInWords: ReadonlySet<string> = new Set(Object.keys(words))

/** What a clause asks; null for one that nobody knows. */
export const asks = (clause: string): string | null => (Object.hasOwn(words, clause) ? words[clause]! : null)
