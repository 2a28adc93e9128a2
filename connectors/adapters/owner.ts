/** Which process something belongs to, so that others can tell whether that is gone: a number alone may be another’s by now. */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/** The process, when it was started, and where its number means that: in a space of numbers, since the machine was started. */
export const owner = (): string => `${process.pid}-${startOf(process.pid) ?? 0}-${place()}`

/** Whether the process that was called so is gone; false where that cannot be told from here. */
export function isGone(owner: string): boolean {
  const [pid, start, there] = owner.split('-')
  return there === place() && there !== nowhere && startOf(Number(pid)) !== start
}

const nowhere = '0'
let here: string | null = null
function place(): string {
  try {
    here ??= createHash('sha1').update(`${readFileSync('/proc/sys/kernel/random/boot_id')} ${readlinkSync('/proc/self/ns/pid')}`).digest('hex').slice(0, 6)
  } catch {
    here = nowhere
  }
  return here
}

/** By proc_pid_stat(5), in ticks; null of one that has ended, whether or not its parent has heard of that. */
function startOf(pid: number): string | null {
  try {
    const [, state, rest] = /\) (\S) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
    return state === 'Z' || state === 'X' ? null : rest?.split(' ')[18] ?? null
  } catch {
    return null
  }
}
