/** Nothing can be said: time was over, or a run took more than is kept of it. Its message is the reason, without a full stop. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive'
}

/** What something comes to, or what is made of the reason why nothing can be said. Other errors are thrown on. */
export async function unlessInconclusive<A, B>(found: Promise<A>, otherwise: (because: string) => B): Promise<A | B> {
  try {
    return await found
  } catch (error) {
    if (!(error instanceof Inconclusive)) throw error
    return otherwise(error.message)
  }
}
