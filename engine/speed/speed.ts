/**
 * The one entry of this room: everything that is only there to be fast. Whoever searches or walks hands it in, whole or in
 * part; no other room imports this one, and without it every answer is the same.
 */
import type { SearchSpeed } from '../states/log.ts'
import type { WalkSpeed } from '../walk/guards.ts'
import { LapJumps } from './acceleration.ts'
import { compiledGuards } from './compiled-guards.ts'
import { decidedRules } from './decided-rules.ts'

export const speed: SearchSpeed & Required<WalkSpeed> = {
  ...decidedRules,
  guards: compiledGuards,
  acceleration: (machine) => new LapJumps(machine),
}
