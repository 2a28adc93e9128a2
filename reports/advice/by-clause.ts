/** What to look for in a connector that broke a law, clause by clause: a sentence that is true of exactly that clause. */
import type { Advice } from './course.ts'
import { onDelivery } from './on-delivery.ts'
import { onHonesty } from './on-honesty.ts'
import { onWedging } from './on-wedging.ts'

const byClause: Readonly<Record<string, Advice>> = { ...onDelivery, ...onHonesty, ...onWedging }

/** In sentences; nothing where the clause is not known. */
export const advice: Advice = (found) => (Object.hasOwn(byClause, found.clause) ? byClause[found.clause]!(found) : [])
