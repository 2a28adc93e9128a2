/**
 * Who sees to it that whatever becomes of this process, SIGKILL included, no process of a daemon’s is left, and no folder: a keeper in a
 * session of its own, a shell that outlives this process by a moment. It has no other parent than the system, so that nobody who ends
 * this process and its children ends the keeper with them. Where it was ended too, the next keeper does its work.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { isGone, owner } from './owner.ts'

/** What a keeper has in its environment: the process that it is for. */
const keeps = 'UNWEDGE_KEEPER_OF'

/** What every process of a daemon has in its environment, unless it clears that: the folder that it belongs to, and the daemon’s number. */
export const mark = 'UNWEDGE_DAEMON_IN'

/** A program in a folder, which is run before that is removed. */
export const will = 'unwedge-will.cjs'
const prefix = 'unwedge-daemon-'

/** A folder of its own, which is gone when this process is, if not before. */
export function privateFolder(): string {
  if (keeper === undefined) for (const left of leftFolders()) tell(`! ${left}`)
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${owner()}-`))
  tell(`/ ${folder}`)
  return folder
}

/** Those of processes that are gone, and their keepers with them. */
const leftFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(prefix) && isGone(name.slice(prefix.length)))
  .map((name) => join(tmpdir(), name))
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })

/**
 * Reads what there is until this process is gone, and ends and removes it then. Redis writes over its environment, so whoever is at work in
 * a folder is ended too, unless it is somebody’s shell.
 */
const keeping = `
{
  clear() {
    for file in $(grep -ls "${mark}=$1#" /proc/[0-9]*/environ); do file=\${file#/proc/}; kill -s KILL "\${file%/environ}"; done
    for at in $(find /proc/[0-9]*/cwd -maxdepth 0 \\( -lname "$1" -o -lname "$1/*" \\)); do
      at=\${at%/cwd}; case $(readlink "$at/fd/0") in /dev/pts/*) ;; *) kill -s KILL "\${at#/proc/}" ;; esac
    done
    case $1 in */${prefix}*) rm -rf -- "$1" ;; esac
  }
  execute() { [ ! -f "$1/${will}" ] || "$0" "$1/${will}" < /dev/null; }
  while read -r sign what; do
    case $sign in
      +) all="$all $what" ;;
      -) rest=; for each in $all; do [ "$each" = "$what" ] || rest="$rest $each"; done; all=$rest ;;
      /) set -- "$@" "$what" ;;
      !) execute "$what"; clear "$what" ;;
    esac
  done
  below() { for each in $(cat /proc/$1/task/*/children); do found="$found $each"; below "$each"; done; }
  for pid in $all; do kill -s STOP -- "-$pid"; done
  for pid in $all; do below "$pid"; done
  for pid in $all; do kill -s KILL -- "-$pid"; done
  for pid in $found; do kill -s KILL "$pid"; done
  for folder in "$@"; do execute "$folder"; done
  for pass in 1 2 3; do
    for folder in "$@"; do clear "$folder"; done
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
  const shell = spawn('/bin/sh', ['-c', keeping, process.execPath], {
    cwd: '/', stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', [keeps]: `${process.pid}` },
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
