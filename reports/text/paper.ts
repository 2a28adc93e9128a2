/** How wide a page may be, and how lanes and sentences are made to fit. */

export interface Paper {
  /** How many columns there are, on a terminal. A file and a pipe have no width: there a page is as wide as is usual. */
  readonly columns?: number
  /** Whether every event is to be on it, however many there are. */
  readonly whole?: boolean
}

/** A sentence as lines of whole words. A word that is longer stays whole, so that it can be copied. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && line.length <= width) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

/** A sentence with an indentation, as so many lines as the paper wants; where it has no width, that is one. */
export function indented(text: string, by: number, { columns }: Paper, hanging = by): readonly string[] {
  if (columns === undefined) return [`${' '.repeat(by)}${text}`]
  return wrapped(text, Math.max(leastText, columns - Math.max(by, hanging))).map((line, i) => `${' '.repeat(i === 0 ? by : hanging)}${line}`)
}

/** A text as lines, none of them longer: also a word is broken. */
export const broken = (text: string, width: number): readonly string[] =>
  text.match(new RegExp(`.{1,${width}}(?:\\s+|$)|\\S{${width}}`, 'gu')) ?? [text]

interface NarrowLanes {
  /** Where each begins. */
  readonly starts: readonly number[]
  /** The names above them; empty where there is no room even for those, and each row says whose it is. */
  readonly head: string
  /** What each shortened name stands for, a line each. */
  readonly legend: readonly string[]
}

const gap = 2
/** A text may reach over the lanes to the right of its own, so only the last lane needs room for one. */
const leastText = 20
const leastName = 5
const widestStep = 3

/** Lanes no wider than their names, which are shortened as far as it takes; or else steps of an indentation. */
export function narrowLanes(names: readonly string[], room: number): NarrowLanes {
  for (let most = Math.max(leastName, ...names.map(({ length }) => length)); most >= leastName; most--) {
    const short = names.map((name) => shortened(name, most))
    const starts = short.map((_, i) => short.slice(0, i).reduce((sum, { length }) => sum + length + gap, 0))
    if (new Set(short).size === names.length && (starts.at(-1) ?? 0) + Math.max(leastText, short.at(-1)?.length ?? 0) <= room)
      return {
        starts, head: short.map((name) => name.padEnd(name.length + gap)).join(''),
        legend: names.flatMap((name, i) => (name === short[i] ? [] : [`${short[i]}: ${name}`])),
      }
  }
  const step = Math.max(0, Math.min(widestStep, Math.floor((room - leastText) / names.length)))
  return { starts: names.map((_, i) => i * step), head: '', legend: [] }
}

/** The beginning of a name, and the number at its end. */
function shortened(name: string, most: number): string {
  if (name.length <= most) return name
  const [number = ''] = / ?\d{1,3}$/.exec(name) ?? []
  return `${name.slice(0, Math.max(1, most - 1 - number.length)).trimEnd()}…${number}`
}
