/** What a process cost: its time, its processor time and its memory, read while it runs. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Cost {
  /** Seconds by the clock. */
  readonly wall: number
  /** Seconds of processor time; as the clock, where the system does not tell. */
  readonly cpu: number
  /** Bytes at the most; NaN where the system does not tell. */
  readonly bytes: number
  readonly output: string
}

/** How often a running process is looked at, in milliseconds. */
const often = 10
/** Linux counts processor time in hundredths of a second. */
const ticks = 100

/** Runs a command to its end. Throws with what it said when it fails with anything but the codes allowed. */
export function measured(command: string, args: readonly string[], { cwd = process.cwd(), codes = [0] } = {}): Promise<Cost> {
  const began = performance.now()
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text))
  let [cpu, bytes] = [Number.NaN, Number.NaN]
  const look = () => {
    const seen = lookAt(child.pid)
    if (seen) [cpu, bytes] = [seen.cpu, seen.bytes]
  }
  const looking = setInterval(look, often)
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => {
      clearInterval(looking)
      const wall = (performance.now() - began) / 1000
      const output = said.join('')
      if (!codes.includes(code ?? -1)) failed(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-2000)}`))
      else done({ wall, cpu: Number.isNaN(cpu) ? wall : cpu, bytes, output })
    })
  })
}

function lookAt(pid: number | undefined): { cpu: number; bytes: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return peak === undefined ? null : { cpu: (Number(fields[11]) + Number(fields[12])) / ticks, bytes: Number(peak) * 1024 }
  } catch {
    return null
  }
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Every contender once, then every contender again, so that a busy machine is busy for all of them. */
export async function inTurn<T>(
  rounds: number, contenders: Readonly<Record<string, () => Promise<T>>>,
): Promise<Readonly<Record<string, readonly T[]>>> {
  const results: Record<string, T[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 1; round <= rounds; round++)
    for (const [name, run] of Object.entries(contenders)) {
      process.stderr.write(`\r\u001b[K  ${round} of ${rounds}: ${name} …`)
      results[name]!.push(await run())
    }
  process.stderr.write('\r\u001b[K')
  return results
}

export const medianOf = <T>(results: readonly T[], of: (result: T) => number): number => median(results.map(of))

/** A part of the page: what was asked, and a table of answers. */
export interface Section {
  readonly title: string
  /** What was measured, by which commands, and how to read the table. */
  readonly says: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export const markdown = ({ title, says, columns, rows }: Section): string => [
  `## ${title}`, '', ...says.flatMap((line) => [line, '']),
  `| ${columns.join(' | ')} |`, `|${columns.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`), '',
].join('\n')

export const seconds = (time: number): string =>
  Number.isNaN(time) ? '–' : time >= 1 ? `${time.toFixed(2)} s` : time >= 0.001 ? `${(time * 1000).toFixed(time >= 0.1 ? 0 : 1)} ms` : `${(time * 1e6).toFixed(0)} µs`
export const many = (n: number): string => (Number.isNaN(n) ? '–' : Math.round(n).toLocaleString('en-US'))
export const times = (ratio: number): string => (Number.isFinite(ratio) ? `${ratio.toFixed(ratio >= 20 ? 0 : ratio >= 3 ? 1 : 2)} ×` : '–')
