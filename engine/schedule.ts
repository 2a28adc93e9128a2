/** Schedules and streams as text: what a page prints and `unwedge replay` takes. */
import type { Burst } from '../spec/counterexample.ts'
import { Mistaken } from './build.ts'

/** Positions in successive lists of what may happen, such as `0/1/0x1024/2`. */
export function printSchedule(positions: readonly number[]): string {
  const runs: { position: number; times: number }[] = []
  for (const position of positions) {
    const last = runs.at(-1)
    if (last?.position === position) last.times++
    else runs.push({ position, times: 1 })
  }
  return runs.flatMap(({ position, times }) => times < 4 ? Array<string>(times).fill(`${position}`) : [`${position}x${times}`]).join('/')
}

const mostSteps = 10_000_000

export function parseSchedule(text: string): readonly number[] {
  if (text === '') return []
  let left = mostSteps
  return text.split('/').flatMap((part) => {
    const found = /^(\d{1,9})(?:x(\d{1,9}))?$/.exec(part)
    if (!found) throw new Mistaken(`‘${part.slice(0, 40)}’ is no part of a schedule: write positions as 0/1/2, and a run of like ones as 0x1024.`)
    const times = Number(found[2] ?? 1)
    left -= times
    if (left < 0) throw new Mistaken(`The schedule is longer than ${mostSteps.toLocaleString('en-US')} steps: shorten it.`)
    return Array<number>(times).fill(Number(found[1]))
  })
}

/** A stream such as `2,1:attachments=1025`: two messages with nothing special, then one with 1,025 attachments. */
export function printStream(stream: readonly Burst[]): string {
  return stream.map(({ count, ...fields }) =>
    [count, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(':')).join(',')
}

export function parseStream(text: string, quiet: Burst): readonly Burst[] {
  return text.split(',').map((part) => {
    const [count = '', ...fields] = part.trim().split(':')
    if (!/^[1-9]\d{0,8}$/.test(count))
      throw new Mistaken(`‘${part.slice(0, 40)}’ is no burst of a stream: write a count, then fields, as in 3:attachments=1025.`)
    return {
      ...quiet,
      ...Object.fromEntries(fields.map((field) => {
        const [name = '', value = ''] = field.split('=')
        if (!(name in quiet) || name === 'count')
          throw new Mistaken(`A message here has no ‘${name.slice(0, 40)}’: it has ${Object.keys(quiet).filter((key) => key !== 'count').join(', ') || 'nothing to set'}.`)
        return [name, typeof quiet[name] === 'number' ? Number(value) : value]
      })),
      count: Number(count),
    }
  })
}
