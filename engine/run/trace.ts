/** From a run, as moves, to what a page shows of it: steps in words, foldedSteps where they repeat. */
import { type Component, isVariation, type Scope } from '../../spec/component.ts'
import type { ModelBurst, Counterexample, Minimality, Origin, Repeat, Step, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { isBoth, type ModelLaw, noneTwice } from '../../spec/laws.ts'
import { deliveredOnce, type Fate } from '../../spec/verdict.ts'
import { scopeOf } from '../model/build.ts'
import { answersOf } from './answers.ts'
import { along, factsOf, possibleMoves, type Run } from './run.ts'
import { fold } from './run-length.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import { nameOf } from '../model/stage.ts'
import { replay } from './replay.ts'
import { printLaw, printSchedule, printStream } from './schedule-text.ts'

/** Of which variant a run is, and what it was given. */
interface RunContext {
  readonly component: Component
  readonly variant: string
  /** The file that the component is in, if it is known to be in one. */
  readonly from?: Origin | null
  readonly says: string
  readonly scope: Scope
  readonly stream: readonly ModelBurst[]
  /** In which of the ways to begin; the first when absent. */
  readonly begin?: number
}

export interface CounterexampleContext extends RunContext {
  readonly law: ModelLaw
  /** Whom the law is broken for, from 1 in the order in which it is asked: the number of a message. */
  readonly subject: number
  /** Steps after which what it asks for is due, where something has to make it so. */
  readonly since?: number
  readonly minimality: Minimality
  readonly threshold?: Counterexample['threshold']
}

/** Follows a run that breaks a law, and tells what happened. The run must be one of the machine’s own. */
export function counterexample(machine: Machine, run: Run, shown: CounterexampleContext): Counterexample {
  const wrong = machine.model.stages ? new Wrongdoing(machine) : null
  const { positions, ...described } = follow(machine, run, shown, wrong)
  const culprit = wrong?.culprit(shown.subject) ?? null
  // The run may break another law on the way, or the same moment: then the one that is meant has to be named.
  const breaks = replay(machine, shown, positions).broken?.law.name
  const about = machine.ask(shown.law).subjects[shown.subject - 1] ?? ''
  const { name, says, when } = shown.law
  return {
    ...described,
    law: { name, says, when },
    message: /^m\d+$/.test(about) ? about : '',
    about,
    since: shown.since ?? null,
    culprit,
    // What is composed of others has their answers: whose, the culprit says.
    answers: wrong ? [] : answersOf(shown.component, shown.variant, []),
    threshold: shown.threshold ?? null,
    minimality: shown.minimality,
    replay: when === 'can be reached' ? described.replay.replace(/ ?--stream .*$/, '')
      : breaks === name ? described.replay : `--law ${printLaw(name)} ${described.replay}`.trimEnd(),
  }
}

/** The same for a run that breaks no law. */
export function describedRun(machine: Machine, run: Run, asked: RunContext): DescribedRun {
  const { positions: _, ...described } = follow(machine, run, asked, null)
  return described
}

function follow(
  machine: Machine, run: Run, shown: RunContext, wrong: Wrongdoing | null,
): DescribedRun & { readonly positions: readonly number[] } {
  let start: readonly string[] = []
  let possible: readonly number[] = []
  const steps: FactualStep[] = []
  let before: readonly string[] = []
  for (const taken of along(machine, machine.start(shown.stream, shown.begin), run.moves)) {
    const facts = factsOf(machine)
    if (taken === null) {
      start = factsOf(machine, true)
      before = facts
    } else {
      const { move: { rule, at }, who, does } = taken
      const position = possible.indexOf(at)
      steps.push({ who, does, kind: rule.kind, ...(rule.logs === undefined ? {} : { logs: rule.logs }), position, facts })
    }
    wrong?.look(taken?.move.stage)
    possible = possibleMoves(machine)
  }
  const stem = run.stem ?? steps.length
  const positions = steps.map(({ position }) => position)
  return {
    component: shown.component.name,
    variant: shown.variant,
    from: shown.from ?? null,
    says: shown.says,
    source: shown.component.source,
    title: shown.component.title,
    isVariation: isVariation(shown.component, shown.variant),
    scope: shown.scope,
    stream: shown.stream,
    begin: shown.begin ?? 0,
    messages: messagesOf(machine, shown.component, shown.scope, shown.stream),
    start,
    run: [...foldedSteps(steps.slice(0, stem), before), ...foldedSteps(steps.slice(stem), steps[stem - 1]?.facts ?? before)],
    length: steps.length,
    stem: run.stem,
    schedule: printSchedule(positions),
    replay: replayArguments(shown),
    positions,
  }
}

/** What `unwedge replay` needs besides the schedule: the sizes that are not the usual ones, and the stream. */
function replayArguments({ component, scope, stream, begin = 0 }: RunContext): string {
  const usual = scopeOf(component)
  const changed = Object.entries(scope).filter(([size, n]) => usual[size] !== n).map(([size, n]) => `${size}=${n}`)
  return [
    ...(changed.length === 0 ? [] : [`--scope ${changed.join(',')}`]), ...(stream.length === 0 ? [] : [`--stream ${printStream(stream)}`]),
    ...(begin === 0 ? [] : [`--begin ${begin}`]),
  ].join(' ')
}

/** A step with all that holds after it. */
type FactualStep = Omit<Step, 'facts' | 'factsGone'> & { readonly facts: readonly string[] }

function messagesOf(machine: Machine, component: Component, scope: Scope, stream: readonly ModelBurst[]): Counterexample['messages'] {
  const attributes = component.attributes(scope)
  const attributesOf = (burst: Readonly<Record<string, string | number>>) => Object.entries(attributes).flatMap(([field, { says }]) =>
    burst[field] === undefined ? [] : [`${says} ${burst[field].toLocaleString('en-US')}`])
  const fresh = machine.moves.some(isFresh) && machine.model.fresh
  return [
    ...stream.map((burst, i) => ({
      name: nameOf('message', i + 1),
      is: [...(burst.count > 1 ? [`${burst.count.toLocaleString('en-US')} of them`] : []), ...attributesOf(burst)].join(', '),
    })),
    ...(fresh ? [{ name: nameOf('message', machine.messages.length), is: ['fresh', ...attributesOf(fresh)].join(', ') }] : []),
  ]
}

/** Folds steps that repeat, alone or as a group, three times or more. */
function foldedSteps(taken: readonly FactualStep[], before: readonly string[]): readonly Repeat[] {
  const same = (a: number, b: number) => taken[a]!.who === taken[b]!.who && taken[a]!.does === taken[b]!.does
  return fold(taken.length, same, 3).map(({ from, period, times }) => {
    const after = taken[from + period * times - 1]!.facts
    const first = from === 0 ? before : taken[from - 1]!.facts
    const steps = taken.slice(from, from + period).map(({ facts: held, ...step }, i): Step => {
      const now = times === 1 ? held : i === period - 1 ? after : first
      const then = times === 1 && i > 0 ? taken[from + i - 1]!.facts : first
      return { ...step, facts: now.filter((fact) => !then.includes(fact)), factsGone: then.filter((fact) => !now.includes(fact)) }
    })
    return { steps, times }
  })
}

/**
 * Who did it, in a composed model: each stage is held to the laws by itself. The first that doubles a message or
 * gives a false verdict is to blame; failing that, the one where the message is stuck.
 */
class Wrongdoing {
  readonly #machine: Machine
  #first: string | null = null
  /** By stage and message, what it was at the last look. */
  #before: readonly (readonly Pick<Fate, 'stripped' | 'altered' | 'flagged'>[])[] = []

  constructor(machine: Machine) {
    this.#machine = machine
  }
  /** At the start, and after each move of a stage: what all stages know is laid at the door of the one whose move changed it. */
  look(stage: number | undefined): void {
    if (this.#first !== null) return
    const all = this.#before
    this.#before = this.#fates()
    if (stage === undefined) return
    const before = all[stage]!
    const { model, messages, known } = this.#machine.stages[stage]!
    const guilty = messages.some((message, i) => {
      const was = before[i]!
      const due = known.due(message)
      const isTooMany = isBoth(message, known) || message.flagged > message.arrived
      return message.altered > was.altered || (message.flagged > was.flagged && (!due.flagged || isTooMany)) ||
        (message.stripped > was.stripped && !due.stripped) || !noneTwice.holds(message, known)
    })
    if (guilty) this.#first = model.name
  }
  /** Of the state in which the run has ended, which must still be loaded. */
  culprit(message: number): string | null {
    if (this.#first !== null) return this.#first
    return this.#machine.stages.find(({ messages }) => {
      const fate = messages[message - 1]!
      return fate.arrived > deliveredOnce(fate)
    })?.model.name ?? null
  }
  #fates() {
    return this.#machine.stages.map(({ messages }) =>
      messages.map(({ stripped, altered, flagged }) => ({ stripped, altered, flagged })))
  }
}
