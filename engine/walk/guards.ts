/** What a walk asks of every state, and who answers it faster. */
import type { ModelLaw } from '../../spec/laws.ts'
import type { Machine } from '../model/machine.ts'

/** Questions about the loaded state of a machine. */
export interface Guards {
  /** How many moves that are owed may happen: they are in the machine’s `found`, in their order. */
  owed(): number
  /** Takes the first of the owed moves in a range that may happen, and says which it was; -1 when none may. */
  next(from: number, to: number): number
  /** The first that breaks a law, from 1 in the order in which it is asked; 0 when all keep it. */
  breaks(law: ModelLaw): number
}

/** What makes walks fast, each part of it for a machine. Without it, they come to the same. */
export interface WalkSpeed {
  readonly guards?: (machine: Machine) => Guards
  /** Only a guess takes it. */
  readonly acceleration?: (machine: Machine) => Acceleration
}

/** Many laps of a fair walk at once, where they seem to be alike. */
export interface Acceleration {
  /** A first lap begins, whatever there was before. */
  begin(): void
  /** The moves of a range have been tried, and which of them was taken; -1 for none. */
  tried(from: number, to: number, move: number): void
  /** A lap is over and the next begins. Jumps as far as laps seem to be alike; says how many moves that left out. */
  lap(): number
}

/** The rules and the laws themselves answer, one after another. */
export function plainGuards({ owed, next, messages, known, ask }: Machine): Guards {
  return {
    owed,
    next,
    breaks(law) {
      if ('own' in law) return ask(law).broken()
      for (let i = 0; i < messages.length; i++) if (!law.holds(messages[i]!, known)) return i + 1
      return 0
    },
  }
}
