/** What to look for in a connector that broke a law, clause by clause: a sentence that is true of exactly that clause. */
import { byRecipient } from './another-recipient.ts'
import type { Advice } from './course.ts'
import { onDelivery } from './on-delivery.ts'
import { onHonesty } from './on-honesty.ts'
import { onWedging } from './on-wedging.ts'
import { whatItTakes } from './needed-fault.ts'

const byClause: Readonly<Record<string, Advice>> = { ...onDelivery, ...onHonesty, ...onWedging }

/** In sentences, the second of which names what it takes, if no other does; nothing where the clause is not known. */
export const advice: Advice = (found) => {
  const says = Object.hasOwn(byClause, found.clause) ? byClause[found.clause]!(found) : []
  const needed = says.length === 0 ? null : whatItTakes(found, [found.says, ...says].join(' '))
  const recipients = says.length === 0 ? null : byRecipient(found)
  return says.toSpliced(1, 0, ...[recipients, needed].filter((each) => each !== null))
}
