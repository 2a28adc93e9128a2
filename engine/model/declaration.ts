/** Whether what a model declares can be run. What cannot is a usage error, and names the field, the kind or the rule. */
import { laws as fiveLaws } from '../../spec/laws.ts'
import type { Domain, Model, OwnLaw, Rule, State, StepKind } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { kindsOf } from './asked-law.ts'
import { mostBits, mostHeld } from './layout.ts'
import { kindsNamed } from './rule-source.ts'

/** The order in which rules are declared and moves lie: zeros in a schedule then mean the quiet run. */
export const kindsInOrder: readonly StepKind[] = ['progress', 'timer', 'choice', 'heal', 'fault']

/** One for each bit of the largest state: more would only be found not to fit after much work. */
const mostThings = mostBits
/** The kernel keeps a move’s number in 16 bits. */
const mostMoves = 65_535

const said = (n: number) => n.toLocaleString('en-US')

/** Throws `UsageError` at the first declaration of a model, or of the stages it is made of, that cannot be run. */
export function checkDeclared(named: string, models: readonly Model[]): void {
  for (const { name, state, rules, laws = [] } of models) {
    for (const [kind, { many, count, fields }] of Object.entries(state)) {
      if (!isWord(kind)) throw new UsageError(`${name}: ‘${kind}’ cannot name a kind: use one word of letters and digits.`)
      if (many && Object.hasOwn(state, `${kind}s`))
        throw new UsageError(`${name}: ‘${kind}s’ is a kind, and so are all of ‘${kind}’ called: name one otherwise.`)
      if (!isWhole(count) || count === 0) throw new UsageError(`${name}: there are ${count} of ‘${kind}’: use a whole number from 1.`)
      if (reserved.includes(kind) || reserved.includes(`${kind}s`) || /^m\d+$/.test(kind))
        throw new UsageError(`${name}: a kind cannot be called ‘${kind}’: name it otherwise.`)
      for (const [field, domain] of Object.entries(fields)) {
        const wrong = namedWrong(field) ?? domainWrong(domain, state) ?? beginsWrong(domain, state)
        if (wrong !== null) throw new UsageError(`${name}: ‘${field}’ of ${kind} ${wrong}`)
      }
    }
    rules.forEach((rule, i) => checkRule(name, state, rule, rules[i - 1]))
    laws.forEach((law, i) => checkLaw(name, state, law, laws.slice(0, i)))
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
/** What every object has already, and what stands in sentences for something else. Pages call messages m1, m2 and so on. */
const reserved: readonly string[] = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'its']
const namedWrong = (field: string): string | null =>
  field === 'number' ? 'cannot be called so: every thing has a number already.'
    : reserved.includes(field) ? 'cannot be called so: name it otherwise.'
    : isWord(field) ? null : 'cannot be called so: use one word of letters and digits.'

function domainWrong(domain: Domain, state: State): string | null {
  if (domain.is === 'one of') {
    const twice = domain.words.find((word, i) => domain.words.indexOf(word) !== i)
    return domain.words.length === 0 ? 'is one of no words: name one at least.' : twice === undefined ? null : `names ‘${twice}’ twice.`
  }
  if (domain.is === 'up to') return numberWrong('is', domain.most, mostHeld)
  if (!Object.hasOwn(state, domain.kind))
    return `refers to ‘${domain.kind}’, and there is no such kind: there are ${Object.keys(state).join(', ')}.`
  return domain.is === 'line' ? numberWrong('is a line of', domain.most, mostBits) : null
}

/** What is wrong with the values that a field begins at. */
function beginsWrong(domain: Domain, state: State): string | null {
  if (domain.begins === undefined) return null
  if (domain.begins.length === 0) return 'begins at no value: name one at least.'
  const isOneOf = (kind: string, n: unknown) => isWhole(n as number) && (n as number) >= 1 && (n as number) <= state[kind]!.count
  for (const value of domain.begins as readonly unknown[]) {
    const isAllowed = domain.is === 'one of' ? domain.words.includes(value as string)
      : domain.is === 'up to' ? isWhole(value as number) && (value as number) <= domain.most
      : domain.is === 'maybe' ? value === null || isOneOf(domain.kind, value)
      : Array.isArray(value) && value.every((n) => isOneOf(domain.kind, n)) && (domain.is === 'set' || value.length <= domain.most)
    if (!isAllowed) return `begins at ${JSON.stringify(value) ?? String(value)}: ${allowedIn(domain)}.`
  }
  return null
}

const allowedIn = (domain: Domain): string =>
  domain.is === 'one of' ? `use ${domain.words.join(' or ')}` : domain.is === 'up to' ? `use a whole number from 0 to ${said(domain.most)}`
    : domain.is === 'maybe' ? `use the number of a thing of the kind ${domain.kind}, from 1, or null`
    : `use a list of ${domain.is === 'line' ? `up to ${said(domain.most)} ` : ''}numbers of things of the kind ${domain.kind}, from 1`

/** The first of some names that comes twice. */
const firstTwice = (names: readonly string[]) => names.find((name, i) => names.indexOf(name) !== i)

/** A law’s name is typed in one word, with strokes where it has spaces. */
function checkLaw(model: string, state: State, law: OwnLaw, before: readonly OwnLaw[]): void {
  const { name, says } = law
  if (!/^[\p{L}\p{N}][\p{L}\p{N}’' -]*$/u.test(name))
    throw new UsageError(`${model}: ‘${name}’ cannot name a law: use a few words of letters and digits.`)
  if (says.trim() === '') throw new UsageError(`${model}: the law ‘${name}’ has no sentence: say what holds.`)
  const twice = firstTwice(kindsOf(law, state))
  if (twice !== undefined)
    throw new UsageError(`${model}: the sentence of ‘${name}’, ‘${says}’, names ${twice} twice, and would mean the same one both times: name it once, and look for others among ‘${twice}s’.`)
  const other = [...fiveLaws, ...before].find((law) => law.name.replaceAll(' ', '-') === name.replaceAll(' ', '-'))
  if (other) throw new UsageError(`${model} has two laws called ‘${name}’${before.includes(other as OwnLaw) ? '' : ', one of them of the five'}: name one otherwise.`)
}

function numberWrong(is: string, n: number, most: number): string | null {
  if (!isWhole(n)) return `${is} up to ${n}: use a whole number from 0.`
  return n > most ? `${is} up to ${said(n)}: ${said(most)} is the most.` : null
}

const bare = (word: string) => word.replace(/[,;:.!?]+$/, '')
const isName = (word: string, state: State) => word === 'its' || Object.hasOwn(state, word)

function checkRule(name: string, state: State, { sentence, kind, atMost, when, then }: Rule, before: Rule | undefined): void {
  const stuck = sentence.split(' ').find((word, i, words) => /[,;:.!?]$/.test(word) && (words[i - 1] === 'its' || isName(bare(word), state)))
  if (stuck !== undefined)
    throw new UsageError(`${name}: ‘${stuck}’ in ‘${sentence}’ would not be read as ${bare(stuck)}: write the sentence without ‘${stuck.slice(bare(stuck).length)}’ there.`)
  const its = / its (\S+)/.exec(sentence)?.[1]
  // What a rule calls so stands in the scene of all rules: a kind of several is put there anew by each that names one.
  if (its !== undefined && Object.entries(state).some(([other, { many }]) => its === (many ? `${other}s` : other)))
    throw new UsageError(`${name}: ‘${sentence}’ would hide ${its}, which is there already: name the field otherwise.`)
  const twice = firstTwice(kindsNamed(sentence, state))
  if (twice !== undefined)
    throw new UsageError(`${name}: ‘${sentence}’ names ${twice} twice, and would mean the same one both times: name it once, and let the other be in a field of it, or look for it among ‘${twice}s’.`)
  const [actor] = sentence.split(' ')
  const idle = kindsNamed(sentence, state).find((each) => state[each]!.count > 1 && !(its !== undefined && each === actor)
    && !mayAsk(when, each) && !mayAsk(then, each))
  if (idle !== undefined)
    throw new UsageError(`${name}: ‘${sentence}’ names one of ${state[idle]!.count}, ${idle}, and asks nothing of it: each of them would be a step that does the same. Ask for ‘${idle}’ in the guard or the effect, or leave the word out.`)
  const wrong = atMost === undefined ? null : numberWrong('may happen', atMost, mostHeld)
  if (wrong !== null) throw new UsageError(`${name}: ‘${sentence}’ ${wrong}`)
  if (before && kindsInOrder.indexOf(before.kind) > kindsInOrder.indexOf(kind))
    throw new UsageError(`${name}: the ${kind} rule ‘${sentence}’ stands after the ${before.kind} rule ‘${before.sentence}’. Declare progress, timers, choices, heals and faults in that order.`)
}

/** Whether it may ask for a kind: it does not if it takes apart what it is given, or is given nothing, and has no such word. */
function mayAsk(does: (scene: never) => unknown, kind: string): boolean {
  const source = String(does)
  return !/^\(\s*(?:\{[\w$\s,:]*\}\s*)?\)\s*=>/.test(source) || new RegExp(`\\b${kind}\\b`).test(source)
}
