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

/** A function that finds its answer by a switch on each argument. */
function table(found: readonly (readonly string[])[], answer: (...args: readonly string[]) => string): unknown {
  const names = found.map((_, i) => `a${i}`)
  const choose = (chosen: readonly string[]): string => {
    const next = found[chosen.length]
    if (!next) return `return ${JSON.stringify(answer(...chosen))}`
    const cases = next.map((value) => `case ${JSON.stringify(value)}: ${choose([...chosen, value])}`)
    return `switch (a${chosen.length}) { ${cases.join('; ')} } throw new UsageError('asked of ' + a${chosen.length})`
  }
  return new Function(...names, choose([]))
}
