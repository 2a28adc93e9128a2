/** A counterexample as text: a lane for each actor, time running down, faults as bands across the lanes. */
import type { Counterexample, Repeat, Step, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { inLane, lanesOf } from './lanes.ts'
import { ending, lawful, limitSentence, minimality, replayCommand, sourceSentence, whatThereIs } from './run-sentences.ts'
import { amount, plain } from './words.ts'

/** The whole page. */
export function textPage(found: Counterexample): string {
  const { threshold } = found
  return page(found, `✗ ${found.law.says}`, ['', `${' '.repeat(marginWidth)}✗ ${ending(found)}`], [
    ...(threshold ? [`Threshold: ${limitSentence(threshold)}.`] : []),
    ...(found.culprit === null ? [] : [`To blame: ${found.culprit}.`]),
    minimality(found),
  ])
}

/** The page of a run that breaks no law. */
export const textRun = (run: DescribedRun): string => page(run, `✓ ${lawful}`, [], [])

function page(run: DescribedRun, verdict: string, end: readonly string[], notes: readonly string[]): string {
  return [
    `${run.component} / ${run.variant}, which ${run.says}`, '',
    `  ${verdict}`, '',
    ...timeline(run).map((line) => line.trimEnd()), ...end, '',
    ...[
      ...whatThereIs(run),
      ...notes,
      ...[sourceSentence(run)].filter((says) => says !== ''), '',
      replayCommand(run),
    ].map((line) => `  ${line}`), '',
  ].map(plain).join('\n')
}

const marginWidth = 14
const gap = 2
/** Wider than this, the lanes become steps of an indentation. */
const widest = 100
const indentation = 3

interface Lanes {
  readonly width: number
  readonly head: string
  /** What a step says, in its lane or across all. */
  readonly cell: (step: Step) => string
}

function lanesFor(found: DescribedRun): Lanes {
  const steps = found.run.flatMap((repeat) => repeat.steps)
  const names = lanesOf(found.run)
  const lane = gap + Math.max(...names.map((name) => name.length), ...steps.filter(inLane).map(({ does }) => does.length), 0)
  const narrow = lane * names.length > widest
  const said = (step: Step) => narrow ? `${step.who} ${step.does}` : step.does
  const before = (step: Step) => ' '.repeat(names.indexOf(step.who) * (narrow ? indentation : lane))
  const world = (step: Step) => ` ${step.who} ${step.does} `
  const texts = steps.map((step) => inLane(step) ? before(step).length + said(step).length + gap : world(step).length + 6)
  const width = Math.max(narrow ? 0 : lane * names.length, ...texts)
  const band = (text: string) => {
    const left = Math.floor((width - text.length) / 2)
    return `${'─'.repeat(left)}${text}${'─'.repeat(width - text.length - left)}`
  }
  return {
    width,
    head: narrow ? '' : names.map((name) => name.padEnd(lane)).join(''),
    cell: (step) => inLane(step) ? `${before(step)}${said(step)}` : band(world(step)),
  }
}

function timeline(found: DescribedRun): readonly string[] {
  const lanes = lanesFor(found)
  const row = (margin: string, cell: string, note: string) =>
    `${margin.padEnd(marginWidth)}${cell.padEnd(lanes.width)}${' '.repeat(gap)}${note}`
  const lines = lanes.head === '' ? [] : [row('', lanes.head, '')]
  if (found.start.length > 0) lines.push(row('', '', found.start.join(', ')))
  let number = 0
  for (const repeat of found.run) {
    for (const [i, step] of repeat.steps.entries()) {
      const margin = `${bracket(found, repeat, number, i)} ${label(repeat, number + i + 1).padStart(marginWidth - 6)}`
      const logs = step.logs === undefined ? [] : [`(${step.logs})`]
      lines.push(row(margin, lanes.cell(step), [...times(repeat, i), ...step.facts, ...logs].join(', ')))
    }
    number += repeat.steps.length * repeat.times
  }
  if (found.stem !== null) lines.push('  ╰─ for ever')
  return lines
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
