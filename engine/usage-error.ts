/** A mistake in what was asked for: nothing of ours is broken. Its message says in one line what to ask for instead. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
