/** A counterexample as Markdown, for an issue or a document: the run is a Mermaid sequence diagram. */
import type { Counterexample, Repeat, Step, DescribedRun } from '../../spec/evidence/counterexample.ts'
import { label, prose } from './markdown.ts'
import { inLane, lanesOf } from './lanes.ts'
import { ending, lawful, limitSentence, minimality, replayCommand, sourceSentence, toDo, toDoTitle, whatThereIs } from './run-sentences.ts'
import { amount, plain } from './words.ts'

/** The whole page. */
export function markdownPage(found: Counterexample): string {
  const { threshold, culprit } = found
  return page(found, `✗ ${found.law.says}`, [`✗ ${ending(found)}`], [
    ...(threshold ? [`Threshold: ${limitSentence(threshold)}.`] : []),
    ...(culprit === null ? [] : [`To blame: ${culprit}.`]),
    minimality(found),
    ...toDo(found).map(({ asks, instead }) => `${toDoTitle} ${asks} ${instead.join(' ')}`),
  ])
}

/** The page of a run that breaks no law. */
export const markdownRun = (run: DescribedRun): string => page(run, `✓ ${lawful}`, [], [])

function page(run: DescribedRun, verdict: string, end: readonly string[], notes: readonly string[]): string {
  const command = plain(replayCommand(run))
  return [
    `## ${prose(`${run.component} / ${run.variant}`)}`, '',
    `Which ${prose(run.says)}.`, '',
    `> ${prose(verdict)}`, '',
    '```mermaid', ...diagram(run, end), '```', '',
    ...[
      ...whatThereIs(run),
      ...notes,
      ...[sourceSentence(run)].filter((says) => says !== ''),
    ].map((note) => `- ${prose(note)}`), '',
    '```sh', command, '```', '',
  ].join('\n')
}

/** A participant for each lane; one for the world when nobody else acts. */
function diagram(run: DescribedRun, end: readonly string[]): readonly string[] {
  const lanes = lanesOf(run.run)
  const names = lanes.length === 0 ? ['world'] : lanes
  const across = names.length === 1 ? 'p1' : `p1,p${names.length}`
  const says = (text: string) => `Note over ${across}: ${label(text)}`
  const lines = ['sequenceDiagram', ...names.map((name, i) => `participant p${i + 1} as ${label(name)}`)]
  if (run.start.length > 0) lines.push(says(run.start.join(', ')))
  let number = 0
  for (const repeat of run.run) {
    if (number === run.stem) lines.push('loop for ever')
    if (repeat.times > 1) lines.push(`loop ${amount(repeat.times)} times`)
    for (const [i, step] of repeat.steps.entries()) lines.push(...drawn(step, numbered(repeat, number + i + 1)))
    if (repeat.times > 1) lines.push('end')
    number += repeat.steps.length * repeat.times
  }
  if (run.stem !== null) lines.push('end')
  return [...lines, ...end.map(says)].map((line, i) => (i === 0 ? line : `  ${line}`))

  function drawn(step: Step, place: string): readonly string[] {
    const actor = `p${names.indexOf(step.who) + 1}`
    const logs = step.logs === undefined ? '' : ` (${step.logs})`
    return [
      inLane(step) ? `${actor}->>${actor}: ${label(`${place} ${step.does}${logs}`)}` : says(`${place} ${step.who} ${step.does}${logs}`),
      ...(step.facts.length === 0 ? [] : [`Note right of p${names.length}: ${label(step.facts.join(', '))}`]),
    ]
  }
}

/** A group of steps taken many times over is numbered from where it begins. */
const numbered = ({ steps, times }: Repeat, at: number) =>
  times === 1 ? `${amount(at)}.` : steps.length === 1 ? `${amount(at)}–${amount(at + times - 1)}.` : `${amount(at)} …`
