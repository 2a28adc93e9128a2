/**
 * No process outlives the suite, nor the child that started it. Every child leads a process group, which is killed as a
 * whole; on Linux what has left the group is found by its parents, and by a mark in its environment, which it inherits.
 * A shell in a session of its own waits for the end of the suite, however that comes, and then does the same.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** A child of a child has a mark of its own besides that of the suite, by which the suite knows it still. */
const name = process.env['UNWEDGE_CHILD_OF'] === undefined ? 'UNWEDGE_CHILD_OF' : 'UNWEDGE_PEER_OF'
const suite = `${process.pid}-${randomBytes(8).toString('hex')}`

const groups = new Set<ProcessGroup>()
let made = 0
let shell: ChildProcess | null | undefined

/** A child and whatever it starts. */
export class ProcessGroup {
  readonly #mark = `${suite}.${++made}.`
  #leader: number | null = null

  /** What the child is to have in its environment. */
  get env(): Readonly<Record<string, string>> {
    return { [name]: this.#mark }
  }

  /** It has started, as the leader of its group: it ends with this process at the latest. */
  lead(pid: number): void {
    this.#leader = pid
    groups.add(this)
    if (shell === undefined) shell = started()
    shell?.stdin?.write(`+ ${pid}\n`)
  }

  /** Kills all of it that is left. A leader that is gone is not: its number may be another’s by now. */
  end({ leaderIsGone = false } = {}): void {
    if (this.#leader === null) return
    const isFirst = groups.delete(this)
    // Halted, it starts no others; and while it lives, those who left the group and cleared their environment are known by it.
    if (isFirst) kill(-this.#leader, 'SIGSTOP')
    const all = isFirst ? descendantsOf(this.#leader) : []
    kill(-this.#leader)
    if (isFirst) {
      for (const pid of leaderIsGone ? all : [this.#leader, ...all]) kill(pid)
      shell?.stdin?.write(`- ${this.#leader}\n`)
    }
    endMarked(this.#mark)
  }
}

process.once('exit', () => { for (const group of [...groups]) group.end() })

function kill(pid: number, signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already; or there are no groups on this system.
  }
}

function descendantsOf(pid: number): readonly number[] {
  if (process.platform !== 'linux') return []
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    const children = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number))
    return children.flatMap((child) => [child, ...descendantsOf(child)])
  } catch {
    return []
  }
}

/** Whoever forks while it is looked for is found the next time. */
const mostPasses = 5

function endMarked(mark: string): void {
  if (process.platform !== 'linux') return
  for (let pass = 0; pass < mostPasses; pass++) {
    const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isMarked(pid, mark)).map(Number)
    if (found.length === 0) return
    for (const pid of found) kill(pid)
  }
}

function isMarked(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${name}=${mark}`)
  } catch {
    // It has ended, or is another user’s.
    return false
  }
}

/** Reads which groups there are until the suite is gone, and then ends them and what is marked. */
const watch = `
while read -r sign pid; do
  case $sign in
    +) all="$all $pid" ;;
    -) rest=; for each in $all; do [ "$each" = "$pid" ] || rest="$rest $each"; done; all=$rest ;;
  esac
done
below() { for each in $(cat /proc/$1/task/*/children); do found="$found $each"; below "$each"; done; }
for pid in $all; do kill -s STOP -- "-$pid"; done
for pid in $all; do below "$pid"; done
for pid in $all; do kill -s KILL -- "-$pid"; done
for pid in $found; do kill -s KILL "$pid"; done
[ -d /proc/self ] || exit 0
for pass in 1 2 3; do
  for file in $(grep -ls "$0" /proc/[0-9]*/environ); do file=\${file#/proc/}; kill -s KILL "\${file%/environ}"; done
done
`

/** The shell; null where there is none, as on Windows: then a sudden end of the suite is left to the child to notice. */
function started(): ChildProcess | null {
  if (process.platform === 'win32') return null
  const child = spawn('/bin/sh', ['-c', watch, `${name}=${suite}.`], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  const lost = () => { shell = null }
  child.on('error', lost)
  child.stdin?.on('error', lost)
  child.unref()
  const { stdin } = child
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  return child
}
