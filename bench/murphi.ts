/** Murphi, as a peer: rumur makes a C program of the claim race. It knows no other component here. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Scope } from '../spec/component.ts'
import { type Cost, measured } from './measure.ts'
import { peers } from './spin.ts'

const run = promisify(execFile)

/** Its version, or null where it is missing. */
export const rumurVersion = (): Promise<string | null> => run('rumur', ['--version']).then(({ stdout }) => stdout.trim(), () => null)

/** Compiles the race and gives what runs it; null where rumur is missing. */
export async function murphi(directory: string, { workers, messages }: Scope) {
  if ((await rumurVersion()) === null) return null
  const model = await readFile(join(peers, 'claim-race.m'), 'utf8')
  await writeFile(join(directory, 'race.m'), `const W: ${workers}; M: ${messages};\n${model}`)
  const options = ['--threads', '1', '--symmetry-reduction', 'off', '--deadlock-detection', 'off']
  await run('rumur', [...options, '--output', 'race.c', 'race.m'], { cwd: directory })
  await run('gcc', ['-std=c11', '-O3', '-march=native', '-w', '-o', 'race', 'race.c', '-lpthread'], { cwd: directory })
  return async (): Promise<{ cost: Cost; search: number; clock: number; states: number; transitions: number }> => {
    const cost = await measured(join(directory, 'race'), [], { cwd: directory })
    const [, states, transitions] = /(\d+) states, (\d+) rules fired in/.exec(cost.output) ?? []
    return { cost, search: cost.cpu, clock: cost.wall, states: Number(states), transitions: Number(transitions) }
  }
}
