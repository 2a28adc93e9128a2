/** A name for what is ours on a server that others use too, and a program that removes it when this process is gone. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateFolder, will } from './keeper.ts'

const mostSeconds = 20

export class Lease {
  /** Of letters, digits and underscores, and nobody else’s. */
  readonly name = `unwedge_${randomBytes(6).toString('hex')}`
  #folder: string | null = null

  /** From here on, what has the name is removed when this process is gone, however it ends: by a program in CommonJS. The last counts. */
  isRemovedBy(program: string): void {
    this.#folder ??= privateFolder()
    writeFileSync(join(this.#folder, will), `setTimeout(() => process.exit(1), ${mostSeconds * 1_000}).unref()\n${program}`)
  }
}
