/** A counterexample as text: a lane for each actor, time running down, faults as bands across the lanes. */
import type { Counterexample, Repeat, Step, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { inLane, lanesOf } from './lanes.ts'
import { ending, lawful, limitSentence, minimality, replayCommand, sourceSentence, toDo, toDoTitle, whatThereIs } from './run-sentences.ts'
import { broken, indented, narrowLanes, type Paper } from './paper.ts'
import { amount, plain } from './words.ts'

/** The whole page. */
export function textPage(found: Counterexample, paper: Paper = {}): string {
  const { threshold } = found
  return page(found, `✗ ${found.law.says}`, ['', ...indented(`✗ ${ending(found)}`, marginWidth, paper, marginWidth + 2)], [
    ...(threshold ? [`Threshold: ${limitSentence(threshold)}.`] : []),
    ...(found.culprit === null ? [] : [`To blame: ${found.culprit}.`]),
    minimality(found),
  ], paper, adviceOn(found))
}

/** Lines, each with its indentation. */
type Advice = readonly (readonly [indent: number, says: string])[]

function adviceOn(found: Counterexample): Advice {
  const questions = toDo(found)
  if (questions.length === 0) return []
  const lines = questions.flatMap(({ asks, instead }): Advice => [[2, asks], ...instead.map((says) => [4, says] as const)])
  return [[2, toDoTitle], ...lines, [2, '']]
}

/** The page of a run that breaks no law. */
export const textRun = (run: DescribedRun, paper: Paper = {}): string => page(run, `✓ ${lawful}`, [], [], paper)

function page(
  run: DescribedRun, verdict: string, end: readonly string[], notes: readonly string[], paper: Paper, advice: Advice = [],
): string {
  return [
    ...indented(`${run.component} / ${run.variant}, which ${run.says}`, 0, paper, 2), '',
    ...indented(verdict, 2, paper, 4), '',
    ...timeline(run, paper).map((line) => line.trimEnd()), ...end, '',
    ...[
      ...whatThereIs(run),
      ...notes,
      ...[sourceSentence(run)].filter((says) => says !== ''), '',
    ].flatMap((line) => indented(line, 2, paper, 4)),
    ...advice.flatMap(([indent, says]) => indented(says, indent, paper, indent + 2)),
    // Not broken, however long: it is there to be copied.
    `  ${replayCommand(run)}`, '',
  ].map(plain).join('\n')
}

const marginWidth = 14
const gap = 2
/** Wider than this, the lanes become steps of an indentation, where the page has no width of its own. */
const widest = 100
const indentation = 3

interface Lanes {
  readonly width: number
  readonly head: string
  /** What a step says, in its lane or across all; on a narrow page in several lines. */
  readonly cell: (step: Step) => readonly string[]
  /** The most that stands beside it in a line. */
  readonly noted: number
  /** What shortened names stand for. */
  readonly legend: readonly string[]
}

const world = (step: Step) => ` ${step.who} ${step.does} `
/** The least of a line on either side of what goes across all lanes. */
const least = 3

function lanesFor(found: DescribedRun): Lanes {
  const steps = found.run.flatMap((repeat) => repeat.steps)
  const names = lanesOf(found.run)
  const lane = gap + Math.max(...names.map((name) => name.length), ...steps.filter(inLane).map(({ does }) => does.length), 0)
  const narrow = lane * names.length > widest
  const said = (step: Step) => narrow ? `${step.who} ${step.does}` : step.does
  const before = (step: Step) => ' '.repeat(names.indexOf(step.who) * (narrow ? indentation : lane))
  const texts = steps.map((step) => inLane(step) ? before(step).length + said(step).length + gap : world(step).length + 2 * least)
  const width = Math.max(narrow ? 0 : lane * names.length, ...texts)
  return {
    width, noted: Infinity, legend: [],
    head: narrow ? '' : names.map((name) => name.padEnd(lane)).join(''),
    cell: (step) => [inLane(step) ? `${before(step)}${said(step)}` : band(world(step), width)],
  }
}

function band(text: string, width: number): string {
  const left = Math.max(least, Math.floor((width - text.length) / 2))
  return `${'─'.repeat(left)}${text}${'─'.repeat(Math.max(least, width - text.length - left))}`
}

/** The same in so many columns; as it would be anyhow where that fits. */
function lanesWithin(found: DescribedRun, columns: number): Lanes {
  const usual = lanesFor(found)
  const notes = found.run.flatMap((repeat) => repeat.steps.map((step, i) => note(repeat, step, i)))
  const longest = Math.max(...[found.start.join(', '), ...notes].map(({ length }) => length))
  const room = columns - marginWidth - gap
  if (usual.width + longest <= room) return usual
  const noted = Math.min(longest, Math.max(leastNote, room - usual.width, Math.floor(room / 3)))
  const width = Math.max(leastLanes, room - noted)
  if (usual.width <= width) return { ...usual, noted }
  const names = lanesOf(found.run)
  const { starts, head, legend } = narrowLanes(names, width)
  return {
    width, noted, head, legend,
    cell: (step) => {
      if (!inLane(step)) return broken(world(step).trim(), width - 2 * least - 2).map((part) => band(` ${part.trimEnd()} `, width))
      const start = starts[names.indexOf(step.who)]!
      return broken(head === '' ? `${step.who} ${step.does}` : step.does, Math.max(leastText, width - start))
        .map((part) => `${' '.repeat(start)}${part.trimEnd()}`)
    },
  }
}
const leastNote = 20
const leastLanes = 30
const leastText = 12

/** What stands beside a step. */
const note = (repeat: Repeat, step: Step, i: number) =>
  [...times(repeat, i), ...step.facts, ...(step.logs === undefined ? [] : [`(${step.logs})`])].join(', ')

function timeline(found: DescribedRun, paper: Paper): readonly string[] {
  const lanes = paper.columns === undefined ? lanesFor(found) : lanesWithin(found, paper.columns)
  const rows = (margin: string, cell: readonly string[], text: string) => {
    const notes = lanes.noted === Infinity || text.length <= lanes.noted ? [text] : broken(text, lanes.noted)
    return Array.from({ length: Math.max(cell.length, notes.length) }, (_, i) =>
      `${(i === 0 ? margin : margin.slice(0, 3).replace('╭', '│')).padEnd(marginWidth)}${(cell[i] ?? '').padEnd(lanes.width)}${' '.repeat(gap)}${notes[i] ?? ''}`)
  }
  const lines = lanes.head === '' ? [] : [...rows('', [lanes.head], '')]
  if (found.start.length > 0) lines.push(...rows('', [''], found.start.join(', ')))
  let number = 0
  for (const repeat of found.run) {
    for (const [i, step] of repeat.steps.entries()) {
      const margin = `${bracket(found, repeat, number, i)} ${label(repeat, number + i + 1).padStart(marginWidth - 6)}`
      lines.push(...rows(margin, lanes.cell(step), note(repeat, step, i)))
    }
    number += repeat.steps.length * repeat.times
  }
  if (found.stem !== null) lines.push('  ╰─ for ever')
  return lanes.legend.length === 0 ? lines : [...lines, '', ...lanes.legend.flatMap((line) => indented(line, 2, paper, 4))]
}

/** A group of steps taken many times over is numbered from where it begins. */
const label = ({ steps, times }: Repeat, first: number) =>
  times === 1 ? amount(first) : steps.length === 1 ? `${amount(first)}–${amount(first + times - 1)}` : `${amount(first)} …`

function times({ steps, times }: Repeat, i: number): readonly string[] {
  if (times === 1 || i < steps.length - 1) return []
  return [steps.length === 1 ? `${amount(times)} times` : `these ${steps.length}, ${amount(times)} times`]
}

/** A cycle has a bracket beside it, and a group that repeats a dotted one. */
function bracket({ stem }: DescribedRun, { steps, times }: Repeat, before: number, i: number): string {
  if (stem !== null && before >= stem) return before + i === stem ? '  ╭' : '  │'
  return times > 1 && steps.length > 1 ? '  ┆' : '   '
}
