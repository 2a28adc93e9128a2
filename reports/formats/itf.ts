/** A run as an ITF trace, the format of Apalache and Quint: every state of it, and where it goes round for ever. */
import type { Cell, Moment, Playback, Value } from '../../spec/evidence/suite-evidence.ts'
import { json } from './json.ts'
import { plain } from '../text/words.ts'

interface Traced {
  readonly name: string
  /** How many steps come before the cycle; null when the run ends. */
  readonly stem: number | null
  readonly playback: Playback
}

/** A variable for each thing, and `step` for what led to a state. A thing is a record; nobody is an empty text. */
export function itfTrace({ name, stem, playback }: Traced): string {
  const { cells, start } = playback
  const variables = new Map<string, Cell>()
  for (const cell of cells) variables.set(variableOf(cell), cell)
  const record = (values: readonly Value[], step: string, index: number) => ({
    '#meta': { index },
    step: plain(step),
    ...Object.fromEntries([...variables.keys()].map((variable) => [variable, Object.fromEntries(cells.flatMap((cell, i) =>
      variableOf(cell) === variable ? [[identifier(cell.field), itfValue(values[i]!)]] : []))])),
  })
  const states = [record(start, '', 0)]
  for (const { values, step } of statesOf(playback)) states.push(record(values, step, states.length))
  return json({
    '#meta': { format: 'ITF', 'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html', description: plain(name) },
    params: [],
    vars: ['step', ...variables.keys()],
    states,
    ...(stem === null ? {} : { loop: stem }),
  })
}

/** A whole number stands for itself as far as JSON’s numbers go, and so do all in a state. */
const itfValue = (value: Value) => (typeof value === 'number' ? value : plain(value))

const identifier = (text: string) => text.replace(/\W+/g, '_').replace(/^(?=\d)/, '_')
const variableOf = ({ stage, of }: Cell) => identifier(stage === '' ? of : `${stage} ${of}`)

interface Reached {
  readonly values: readonly Value[]
  readonly step: string
}

/** Every state after the first, with the step that led to it. */
function* statesOf({ start, stretches, actors, texts, messages }: Playback): Generator<Reached> {
  const values = [...start]
  const said = ({ who, text, message }: Moment) => {
    const [before, after] = texts[text]!
    return `${actors[who]!} ${after === undefined ? before : `${before}${messages[message!]!}${after}`}`.trim()
  }
  for (const { moments, times } of stretches)
    for (let round = 0; round < times; round++)
      for (const moment of moments) {
        for (const [cell, value, by] of moment.sets ?? []) values[cell] = by === undefined ? value : (value as number) + by * round
        yield { values: [...values], step: said(moment) }
      }
}
