/** The lists of an account. */

/** Every one is this until there is something to put there: of seventy thousand messages, most stay empty, or get one. */
export const none: readonly never[] = []

/** A list with one more in it. */
export function grown<T>(list: readonly T[], one: T): readonly T[] {
  if (list.length === 0) return [one]
  ;(list as T[]).push(one)
  return list
}

/** Adds to the list under a key. */
export function put<T>(all: Map<string, T[]>, key: string, one: T): void {
  const known = all.get(key)
  if (known) known.push(one)
  else all.set(key, [one])
}
