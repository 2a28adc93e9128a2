/** What to look for in a connector that broke a law, clause by clause: a sentence that is true of exactly that clause. */
import type { Advice } from './course.ts'
import { onDelivery } from './advice-on-delivery.ts'
import { onHonesty } from './advice-on-honesty.ts'
import { onWedging } from './advice-on-wedging.ts'

const byClause: Readonly<Record<string, Advice>> = { ...onDelivery, ...onHonesty, ...onWedging }

/** In sentences; nothing where the clause is not known. */
export const advice: Advice = (found) => (Object.hasOwn(byClause, found.clause) ? byClause[found.clause]!(found) : [])
