/** The messages that nobody has fetched, as a page says it. */
interface Waiting {
  readonly number: number
  readonly arrived: number
  readonly fetched: number
}

export const waits = ({ arrived, fetched }: Omit<Waiting, 'number'>): boolean => fetched < arrived

/** `m1, m2 wait`, and where; nothing when none does. */
export function backlog(messages: readonly Waiting[], where = ''): string {
  const all = messages.filter(waits)
  return all.length === 0 ? '' : `${all.map(({ number }) => `m${number}`).join(', ')} ${all.length === 1 ? 'waits' : 'wait'}${where}`
}
