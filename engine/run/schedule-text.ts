/** Schedules, laws and streams as text: what a page prints and `unwedge replay` takes. */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { UsageError } from '../usage-error.ts'
import { fold } from './run-length.ts'

/** Positions in successive lists of what may happen, such as `0/1/0x1024/2`, or `0/(0/1)x32768` where some repeat. */
export function printSchedule(positions: readonly number[]): string {
  return fold(positions.length, (a, b) => positions[a] === positions[b], 4).map(({ from, period, times }) => {
    const group = positions.slice(from, from + period).join('/')
    return times === 1 ? group : period === 1 ? `${group}x${times}` : `(${group})x${times}`
  }).join('/')
}

const mostSteps = 10_000_000
const part = /(?:(\d{1,9})|\((\d{1,9}(?:\/\d{1,9})*)\))(?:x([1-9]\d{0,8}))?(?:\/|$)/y

/** Reads what `printSchedule` writes. Throws `UsageError` at what is no schedule, or too long a one. */
export function parseSchedule(text: string): readonly number[] {
  const positions: number[] = []
  for (part.lastIndex = 0; part.lastIndex < text.length; ) {
    const at = part.lastIndex
    const found = part.exec(text)
    if (!found) throw new UsageError(`‘${text.slice(at, at + 40)}’ is no part of a schedule: write positions as 0/1/2, and like ones as 0x1024 or (0/1)x32.`)
    const group = (found[1] ?? found[2]!).split('/').map(Number)
    const times = Number(found[3] ?? 1)
    if (positions.length + group.length * times > mostSteps)
      throw new UsageError(`The schedule is longer than ${mostSteps.toLocaleString('en-US')} steps: shorten it.`)
    for (let i = 0; i < times; i++) positions.push(...group)
  }
  return positions
}

/** A law’s name in one word: `none-twice`. */
export const printLaw = (name: string): string => name.replaceAll(' ', '-')

/** A stream such as `2,1:attachments=1025`: two messages with nothing special, then one with 1,025 attachments. */
export function printStream(stream: readonly ModelBurst[]): string {
  return stream.map(({ count, ...fields }) =>
    [count, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(':')).join(',')
}

export function parseStream(text: string, quiet: ModelBurst): readonly ModelBurst[] {
  return text.split(',').map((part) => {
    const [count = '', ...fields] = part.trim().split(':')
    if (!/^[1-9]\d{0,8}$/.test(count))
      throw new UsageError(`‘${part.slice(0, 40)}’ is no burst of a stream: write a count, then fields, as in 3:attachments=1025.`)
    return {
      ...quiet,
      ...Object.fromEntries(fields.map((field) => {
        const [name = '', value = ''] = field.split('=')
        if (!(name in quiet) || name === 'count')
          throw new UsageError(`A message here has no ‘${name.slice(0, 40)}’: it has ${Object.keys(quiet).filter((key) => key !== 'count').join(', ') || 'nothing to set'}.`)
        return [name, typeof quiet[name] === 'number' ? Number(value) : value]
      })),
      count: Number(count),
    }
  })
}
