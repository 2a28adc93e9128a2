/**
 * Checks what a connector did in small scenarios against the right model of the component that it says it is: could the model have
 * done the same? And which of the model’s rules that has exercised.
 */
import type { Component, Scope } from '../../spec/component.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { ModelCoverage } from '../../spec/evidence/model-coverage.ts'
import type { Divergence } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { realNow } from '../real-time.ts'
import { checkWords } from './checked-words.ts'
import { type Explained, explain, TooManyRuns, type Unexplained, verdictText } from './explain.ts'
import { notCheckedAgainst } from './not-checked.ts'
import { type OwnBreaches, ownBreaches } from './own-breaches.ts'
import { type ModelQuestion, questionOf } from './model-question.ts'
import { beforeFresh, type Observation } from './observations.ts'
import { coverageOf, RuleSpy, type RuleUse } from './rule-coverage.ts'

/** What the model cannot have done. Which connector it was, and how to see it again, whoever ran it adds. */
type ModelDivergence = Omit<Divergence, 'connector' | 'again'>

export interface ConformanceResult {
  /** Histories that the model could have had, */
  readonly histories: number
  /** those of which that is not known, as the model has too many runs, */
  readonly tooMany: number
  /** and those for which there was no time. */
  readonly left: number
  /** Scenarios of which the model was not asked, by why. */
  readonly notAsked: Readonly<Record<string, number>>
  /** Null also where the model breaks laws itself: then it is asked of nothing. */
  readonly divergence: ModelDivergence | null
  readonly breaches: OwnBreaches
  readonly coverage: ModelCoverage
}

type Subject = Pick<Connector, 'guarantee' | 'clock' | 'order' | 'recipients' | 'notApplicable'>

interface Kept {
  readonly scenario: Scenario
  readonly history: History
  readonly question: ModelQuestion
}

/** Keeps the histories of small scenarios as they are run, and checks them against the model. */
export class ModelConformance {
  readonly component: Component
  readonly #subject: Subject
  readonly #kept = new Map<string, Kept>()
  readonly #notAsked = new Map<string, number>()
  readonly #uses = new Map<RuleUse, number>()
  /** The right model at the scopes that were asked for. */
  readonly #models = new Map<string, RuleSpy>()

  /** Throws `UsageError` where its words are about what the model has not. */
  constructor(component: Component, subject: Subject) {
    checkWords(component)
    this.component = component
    this.#subject = subject
  }

  /** Keeps a history if the model can be asked about its scenario, and what it shows is new. */
  keep(scenario: Scenario, history: History): void {
    const question = questionOf(this.component, this.#subject, scenario, history)
    if (typeof question === 'string') {
      this.#notAsked.set(question, (this.#notAsked.get(question) ?? 0) + 1)
      return
    }
    const seen = question.observations.map(this.#isTimed(question) ? withoutPlace : withoutTime)
    const key = JSON.stringify([question.scope, question.streams, seen])
    if (!this.#kept.has(key)) this.#kept.set(key, { scenario, history, question })
  }

  /** Asks the model about all of them, the smallest first, until one differs or the time is over. */
  check(seconds: number): ConformanceResult {
    const breaches = ownBreaches(this.component)
    const until = realNow() + seconds * 1000
    const waiting = breaches.laws.length > 0 ? [] : [...this.#kept.values()].sort((a, b) => sizeOf(a) - sizeOf(b))
    let histories = 0
    let tooMany = 0
    let divergence: ModelDivergence | null = null
    for (const kept of waiting) {
      if (realNow() > until || divergence) break
      const found = this.#ask(kept)
      if (found === null) tooMany++
      else if (found.is === 'unexplained') divergence = this.#divergence(kept, found)
      else {
        histories++
        this.#see(kept, found)
      }
    }
    // Where one differs, no other needs to be asked about.
    const left = divergence ? 0 : waiting.length - histories - tooMany
    const rules = coverageOf(this.component, this.#uses, (rule) => this.#why(rule))
    const notChecked = notCheckedAgainst(this.component, this.#subject, rules.map(({ rule }) => rule))
    const coverage = { component: this.component.name, histories, rules, notChecked }
    return { histories, tooMany, left, notAsked: Object.fromEntries(this.#notAsked), divergence, breaches, coverage }
  }

  /** Whether it matters when something happened. */
  #isTimed({ scope, waits }: ModelQuestion): boolean {
    return waits !== null && this.#modelAt(scope).machine.moves.some(({ rule }) => rule.kind === 'timer' && waits(rule.sentence) > 0)
  }

  /** Null where the model could be in too many states. */
  #ask({ question }: Kept): Explained | Unexplained | null {
    try {
      return explain(this.#modelAt(question.scope).machine, question)
    } catch (error) {
      if (!(error instanceof TooManyRuns)) throw error
      return null
    }
  }

  #see({ question }: Kept, { start, moves }: Explained): void {
    for (const use of this.#modelAt(question.scope).uses(start, moves))
      this.#uses.set(use, (this.#uses.get(use) ?? 0) + 1)
  }

  #modelAt(scope: Scope): RuleSpy {
    const key = JSON.stringify(scope)
    let spy = this.#models.get(key)
    if (!spy) this.#models.set(key, spy = new RuleSpy(this.component, scope))
    return spy
  }

  /** Why a rule cannot take place: a fault without a word, or whose every word the connector says cannot happen to it. */
  #why(rule: string): string | null {
    const { words } = this.component
    const word = words?.faults[rule]
    if (!word) return null
    const reasons = word.is.map((name) => this.#subject.notApplicable?.[name])
    return reasons.every((reason) => reason !== undefined) ? reasons[0]! : null
  }

  /** Where they part, what the connector did there, and what the model would have allowed. */
  #divergence({ scenario, history, question }: Kept, { verdict, allowed }: Unexplained): ModelDivergence {
    const { name } = this.component
    const instead = `${name} would have allowed: ${allowed.length === 0 ? 'nothing more' : allowed.join('; ')}.`
    const about = { component: name, scenario, history, allowed }
    if (!verdict) {
      const did = 'nothing more happens'
      return { ...about, at: Math.max(0, beforeFresh(history).length - 1), message: null, did, says: `${did}; ${instead}` }
    }
    const did = verdictText(question.nameOf(verdict.message), verdict.verdict)
    return { ...about, at: verdict.at, message: history[verdict.at]!.message!, did, says: `${did} here; ${instead}` }
  }
}

const withoutPlace = (observation: Observation): Observation => (observation.is === 'verdict' ? { ...observation, at: 0 } : observation)
const withoutTime = (observation: Observation): Observation => ({ ...withoutPlace(observation), time: 0 })
const sizeOf = ({ scenario: { stream, workers, faults } }: Kept) =>
  stream.reduce((sum, { count }) => sum + count, 0) * 10 + workers + 5 * faults.length
