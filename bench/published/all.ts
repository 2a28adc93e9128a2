/** All published specifications that are written in the notation. */
import { allocators } from './allocators.ts'
import { atomicCommitments } from './atomic-commitment.ts'
import { commitments } from './commitment.ts'
import { games } from './games.ts'
import { exclusions } from './mutual-exclusion.ts'
import { rings } from './rings.ts'
import { terminations } from './termination.ts'

export const all = [...commitments, ...atomicCommitments, ...exclusions, ...terminations, ...allocators, ...games, ...rings]
