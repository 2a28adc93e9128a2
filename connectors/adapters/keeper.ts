/**
 * Who sees to it that whatever becomes of this process, SIGKILL included, no process of a daemon’s is left, and no folder: a keeper in a
 * session of its own, a shell that outlives this process by a moment. It has no other parent than the system, so that nobody who ends
 * this process and its children ends the keeper with them.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'

/** What every process of a daemon has in its environment, unless it clears that: the folder that it belongs to, and the daemon’s number. */
export const mark = 'UNWEDGE_DAEMON_IN'

/** A folder of its own, which is gone when this process is, if not before. */
export function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unwedge-daemon-'))
  tell(`/ ${folder}`)
  return folder
}
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })

/** Reads what there is until this process is gone, and ends and removes it then. */
const keeping = `
{
  while read -r sign what; do
    case $sign in
      +) all="$all $what" ;;
      -) rest=; for each in $all; do [ "$each" = "$what" ] || rest="$rest $each"; done; all=$rest ;;
      /) set -- "$@" "$what" ;;
    esac
  done
  below() { for each in $(cat /proc/$1/task/*/children); do found="$found $each"; below "$each"; done; }
  for pid in $all; do kill -s STOP -- "-$pid"; done
  for pid in $all; do below "$pid"; done
  for pid in $all; do kill -s KILL -- "-$pid"; done
  for pid in $found; do kill -s KILL "$pid"; done
  for pass in 1 2 3; do
    for folder in "$@"; do
      for file in $(grep -ls "${mark}=$folder#" /proc/[0-9]*/environ); do file=\${file#/proc/}; kill -s KILL "\${file%/environ}"; done
      case $folder in */unwedge-daemon-*) rm -rf -- "$folder" ;; esac
    done
    [ $pass = 3 ] || sleep 0.2
  done
} <&3 > /dev/null 2>&1 &
`
let keeper: Writable | null | undefined

/** Of a process group that is here, `+` and its number; of one that has ended, `-`; of a folder, `/`. */
export function tell(line: string): void {
  if (keeper === undefined) keeper = started()
  keeper?.write(`${line}\n`)
}

/** The keeper’s ear; null where there is no shell, as on Windows: then only what is closed in good order leaves nothing. */
function started(): Writable | null {
  if (process.platform === 'win32') return null
  const shell = spawn('/bin/sh', ['-c', keeping], {
    cwd: '/', stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  const lost = () => { keeper = null }
  shell.on('error', lost)
  shell.unref()
  const ear = shell.stdio[3]
  if (!(ear instanceof Writable)) return null
  ear.on('error', lost)
  ;(ear as { unref?: () => void }).unref?.()
  return ear
}
