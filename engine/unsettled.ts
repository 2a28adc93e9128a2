/** Nothing can be said: time was over, or a run took more than is kept of it. Its message is the reason, without a full stop. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled'
}
