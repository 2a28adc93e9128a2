/**
 * Whether a process is alive and well, told from its pulse. What counts is its own work: the processor time that it
 * used, and how often its second thread had its turn. A machine that is slow gives little of either, and is waited for.
 * What it writes waits until it is read, so a silence counts only as long as the suite itself had its turns.
 */
import { pulseEvery, type Pulse } from './pulse.ts'

export interface VitalLimits {
  /** Milliseconds of processor time without a turn of the event loop: it spins. */
  readonly spin: number
  /** Milliseconds in which its second thread has its turns, and its first waits for something and does not turn: it is blocked. */
  readonly block: number
  /** Milliseconds in which the event loop turns and nothing happens: longer than anything is waited for. */
  readonly stall: number
  /** Megabytes of resident memory, buffers and all. */
  readonly memory: number
}

export type Ailment = 'spins' | 'is blocked' | 'is out of memory' | 'stalls'

export class VitalSigns {
  readonly #limits: VitalLimits
  #last: Pulse | null = null
  /** When a pulse was counted last, in milliseconds: those that come close behind it had only waited to be read. */
  #countedAt = -Infinity
  /** Of the last pulse with which a turn was told: its processor time; and the pulses since, */
  #processor = 0
  #silent = 0
  /** whether the first thread waited at each of these, */
  #waits = true
  /** and the pulses since something happened. */
  #idle = 0

  constructor(limits: VitalLimits) {
    this.#limits = limits
  }

  /** Takes a pulse, heard at a time in milliseconds, and says what the process ails from; null when it is well. */
  see(pulse: Pulse, heardAt: number): Ailment | null {
    const { spin, block, stall, memory } = this.#limits
    const counts = heardAt - this.#countedAt >= pulseEvery / 2 ? 1 : 0
    if (counts) this.#countedAt = heardAt
    const last = this.#last
    this.#last = pulse
    if (pulse.memory > memory * 1024 * 1024) return 'is out of memory'
    const turned = last === null || pulse.turns !== last.turns
    this.#idle = last === null || pulse.events !== last.events ? 0 : this.#idle + counts
    if (turned) {
      this.#processor = pulse.processor
      this.#silent = 0
      this.#waits = true
      return this.#idle * pulseEvery > stall ? 'stalls' : null
    }
    this.#silent += counts
    this.#waits &&= pulse.waits !== false
    const used = (pulse.processor - this.#processor) / 1000
    const silent = this.#silent * pulseEvery
    if (used > spin) return 'spins'
    return silent > block && this.#waits && used < silent / 10 ? 'is blocked' : null
  }
}
