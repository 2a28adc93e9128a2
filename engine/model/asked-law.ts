/** A law made ready to be asked of a machine’s states: of each message, or of everything that its sentence ranges over. */
import type { Law, ModelLaw } from '../../spec/laws.ts'
import type { Model, OwnLaw, State } from '../../spec/model.ts'
import type { Circumstances } from '../../spec/verdict.ts'
import { choices, kindsNamed } from './rule-source.ts'
import { type MessageView, nameOf } from './stage.ts'
import type { Views } from './views.ts'

/** Whom it is asked of is numbered from 1: a law about messages, by their numbers. All questions are about the loaded state. */
export interface AskedLaw {
  readonly law: ModelLaw
  /** What pages call each of them; one empty name where the law is about everything at once. */
  readonly subjects: readonly string[]
  /** The kinds that its sentence ranges over, and by subject the numbers of whom it is about, from 1. */
  readonly kinds: readonly string[]
  readonly who: readonly (readonly number[])[]
  holds(subject: number): boolean
  /** The first that it does not hold of; 0 when it holds of all. */
  broken(): number
  /** Of one that leads to another: whether the one is so. */
  begins(subject: number): boolean
  /** Of one about steps: what is seen, and whether that may follow what was seen before. */
  sees(subject: number): unknown
  keeps(before: unknown, after: unknown): boolean
}

/** A law as another machine of the same component has it: one of one’s own may know the sizes of its model. */
export const lawIn = ({ laws }: { readonly laws: readonly ModelLaw[] }, law: ModelLaw): ModelLaw =>
  ('own' in law ? laws.find(({ name }) => name === law.name) ?? law : law)

const momentary = { begins: () => true, sees: () => null, keeps: () => true }

export function ofMessages(law: Law, messages: readonly MessageView[], known: Circumstances<MessageView>): AskedLaw {
  return {
    ...momentary, law, subjects: messages.map(({ number }) => nameOf('message', number)), kinds: ['message'],
    who: messages.map(({ number }) => [number]),
    holds: (subject) => law.holds(messages[subject - 1]!, known),
    broken() {
      for (let i = 0; i < messages.length; i++) if (!law.holds(messages[i]!, known)) return i + 1
      return 0
    },
  }
}

export function ofState(law: OwnLaw, { name, state }: Model, { things, newScene }: Views): AskedLaw {
  const kinds = kindsOf(law, state)
  const who = [...choices(kinds.map((kind) => state[kind]!.count))]
  const all = kinds.map((kind) => things.get(kind)!)
  const scene = newScene(`${name}: the law ‘${law.name}’`, kinds)
  const about = (subject: number): never => {
    for (let k = 0; k < kinds.length; k++) scene[kinds[k]!] = all[k]![who[subject - 1]![k]! - 1]!
    return scene as never
  }
  const holds = (subject: number) => !('holds' in law) || law.holds(about(subject))
  return {
    law, kinds, who, subjects: who.map((numbers) => numbers.map((number, k) => nameOf(kinds[k]!, number)).join(' and ')), holds,
    broken() {
      for (let subject = 1; subject <= who.length; subject++) if (!holds(subject)) return subject
      return 0
    },
    begins: (subject) => law.when !== 'leads to' || law.from(about(subject)),
    sees: (subject) => (law.when === 'every step' ? law.sees(about(subject)) : null),
    keeps: (before, after) => law.when !== 'every step' || law.keeps(before as never, after as never),
  }
}

/** The kinds that a law’s sentence ranges over. In prose, marks follow a word. */
export const kindsOf = ({ says }: OwnLaw, state: State): readonly string[] => kindsNamed(says.replace(/[.,;:]/g, ''), state)
