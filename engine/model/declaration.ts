/** Whether what a model declares can be run. What cannot is a usage error, and names the field, the kind or the rule. */
import type { Domain, Model, Rule, State, StepKind } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { mostBits, mostHeld } from './layout.ts'

/** The order in which rules are declared and moves lie: zeros in a schedule then mean the quiet run. */
export const kindsInOrder: readonly StepKind[] = ['progress', 'timer', 'heal', 'fault']

/** One for each bit of the largest state: more would only be found not to fit after much work. */
const mostThings = mostBits
/** The kernel keeps a move’s number in 16 bits. */
const mostMoves = 65_535

const said = (n: number) => n.toLocaleString('en-US')

/** Throws `UsageError` at the first declaration of a model, or of the stages it is made of, that cannot be run. */
export function checkDeclared(named: string, models: readonly Model[]): void {
  for (const { name, state, rules } of models) {
    for (const [kind, { many, count, fields }] of Object.entries(state)) {
      if (!isWord(kind)) throw new UsageError(`${name}: ‘${kind}’ cannot name a kind: use one word of letters and digits.`)
      if (many && Object.hasOwn(state, `${kind}s`))
        throw new UsageError(`${name}: ‘${kind}s’ is a kind, and so are all of ‘${kind}’ called: name one otherwise.`)
      if (!isWhole(count) || count === 0) throw new UsageError(`${name}: there are ${count} of ‘${kind}’: use a whole number from 1.`)
      for (const [field, domain] of Object.entries(fields)) {
        const wrong = namedWrong(field) ?? domainWrong(domain, state)
        if (wrong !== null) throw new UsageError(`${name}: ‘${field}’ of ${kind} ${wrong}`)
      }
    }
    rules.forEach((rule, i) => checkRule(name, state, rule, rules[i - 1]))
  }
  const things = models.flatMap(({ state }) => Object.values(state)).reduce((sum, { count }) => sum + count, 0)
  if (things > mostThings) throw new UsageError(`${named} has over ${said(mostThings)} things at this scope: narrow it.`)
}

/** Throws `UsageError` where a machine would have more moves than can be numbered: so many for each rule, and one for the fresh message. */
export function checkMoves(name: string, moves: number): void {
  if (moves > mostMoves) throw new UsageError(`${name} has ${said(moves)} moves at this scope, and ${said(mostMoves)} is the most: narrow it.`)
}

const isWhole = (n: number) => Number.isInteger(n) && n >= 0

const isWord = (name: string) => /^[A-Za-z_]\w*$/.test(name)
const namedWrong = (field: string): string | null =>
  field === 'number' ? 'cannot be called so: every thing has a number already.'
    : isWord(field) ? null : 'cannot be called so: use one word of letters and digits.'

function domainWrong(domain: Domain, state: State): string | null {
  if (domain.is === 'one of') {
    const twice = domain.words.find((word, i) => domain.words.indexOf(word) !== i)
    return domain.words.length === 0 ? 'is one of no words: name one at least.' : twice === undefined ? null : `names ‘${twice}’ twice.`
  }
  if (domain.is === 'up to') return numberWrong('is', domain.most, mostHeld)
  if (!Object.hasOwn(state, domain.kind))
    return `refers to ‘${domain.kind}’, and there is no such kind: there are ${Object.keys(state).join(', ')}.`
  return domain.is === 'maybe' ? null : numberWrong('is a line of', domain.most, mostBits)
}

function numberWrong(is: string, n: number, most: number): string | null {
  if (!isWhole(n)) return `${is} up to ${n}: use a whole number from 0.`
  return n > most ? `${is} up to ${said(n)}: ${said(most)} is the most.` : null
}

function checkRule(name: string, state: State, { sentence, kind, atMost }: Rule, before: Rule | undefined): void {
  const its = / its (\S+)/.exec(sentence)?.[1]
  // What a rule calls so stands in the scene of all rules: a kind of several is put there anew by each that names one.
  if (its !== undefined && Object.entries(state).some(([other, { many }]) => its === (many ? `${other}s` : other)))
    throw new UsageError(`${name}: ‘${sentence}’ would hide ${its}, which is there already: name the field otherwise.`)
  const wrong = atMost === undefined ? null : numberWrong('may happen', atMost, mostHeld)
  if (wrong !== null) throw new UsageError(`${name}: ‘${sentence}’ ${wrong}`)
  if (before && kindsInOrder.indexOf(before.kind) > kindsInOrder.indexOf(kind))
    throw new UsageError(`${name}: the ${kind} rule ‘${sentence}’ stands after the ${before.kind} rule ‘${before.sentence}’. Declare progress, timers, heals and faults in that order.`)
}
