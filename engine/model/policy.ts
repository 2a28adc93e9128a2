/**
 * A policy’s answers as tables: each question is asked once for everything that may be found, when a model is
 * built, so that an exhaustive `match` costs nothing while the model runs.
 */
import type { Questions } from '../../spec/component.ts'
import { UsageError } from '../usage-error.ts'

/** The same policy, answering from a table. Throws when an answer is missing or is not one of those declared. */
export function tabulated<P extends object>(questions: Questions, policy: P, named: string): P {
  return Object.fromEntries(Object.entries(questions).map(([name, { asks, answers, found }]) => {
    const given = (policy as Record<string, unknown>)[name]
    const check = (answer: unknown) => {
      if (!answers.includes(answer as string))
        throw new UsageError(`${named} answers ‘${asks}’ with ${JSON.stringify(answer)}: it must be one of ${answers.join(', ')}.`)
      return answer as string
    }
    if (found.length === 0) return [name, check(given)]
    if (typeof given !== 'function') throw new UsageError(`${named} must answer ‘${asks}’ with a function of what is found.`)
    return [name, table(found as readonly (readonly string[])[], (...args) => check(given(...args)))]
  })) as P
}

/** A table in a table for each further argument, with answers in the innermost. */
interface Answers {
  readonly [found: string]: Answers | string
}

/** A function that looks its answer up, by one argument after the other. */
function table(found: readonly (readonly string[])[], answer: (...args: readonly string[]) => string): unknown {
  const after = (chosen: readonly string[]): Answers | string => {
    const next = found[chosen.length]
    if (!next) return answer(...chosen)
    return Object.assign(Object.create(null), Object.fromEntries(next.map((value) => [value, after([...chosen, value])])))
  }
  const all = after([]) as Answers
  const unknown = (value: string): never => {
    throw new UsageError(`asked of ${value}`)
  }
  if (found.length === 1) return (first: string) => all[first] ?? unknown(first)
  return (...args: readonly string[]) =>
    args.reduce<Answers | string>((at, value) => (at as Answers)[value] ?? unknown(value), all)
}
