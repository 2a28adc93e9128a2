/** What a log shows of the laws, as a page that opens from disk. Whatever the log holds is shown as text and is never markup. */
import type { LogDoubt, LogFinding, LogLine, LogVerdict } from '../../spec/evidence/log-verdict.ts'
import { wrongs } from '../../spec/evidence/log-verdict.ts'
import { asks } from '../connectors/clause-words.ts'
import { eventInLog, modelSentences, span, stoppedAt, tally, timeInLog, verdictLine } from '../connectors/log-page.ts'
import { amount, amountOf, plain } from '../text/words.ts'
import { escaped, stillPage } from './page.ts'

const marks = { lawful: ['kept', '✓'], broken: ['broken', '✗'], inconclusive: ['open', '?'] } as const

/** The whole page. `command` is the one that wrote it. */
export function htmlLog(found: LogVerdict, command: string): string {
  const [kind, sign] = marks[found.verdict]
  const of = Object.values(found.counts).reduce((sum, times) => sum + times, 0)
  return stillPage(plain(`${found.log}, held to the laws`), [
    '<p class="kicker">A log of production, held to the laws</p>',
    `<h1><span class="${kind}">${sign}</span> ${text(verdictLine(found))}</h1>`,
    `<p class="lead"><b class="who">${text(found.log)}</b>, which promises ${text(found.guarantee)}.</p>`,
    paragraph(tally(found)), paragraph(span(found), 'quiet'),
    ...(found.findings.length === 0 ? [] : [paragraph(of > found.findings.length
      ? `Of each kind the first is shown, with the lines about its message: ${amountOf(of, 'finding')} in all.`
      : 'Each is shown with the lines about its message.')]),
    ...found.findings.map((finding, i) => findingSection(finding, found, i)),
    ...modelSection(found),
    ...section('open', 'What is not settled', [
      ...(found.stopped ? [paragraph(`${stoppedAt(found.stopped)} Nothing after it is read, and nothing is held to be missing.`, 'open')] : []),
      ...found.doubts.map(doubt),
    ]),
    ...section('unchecked', 'What is not checked', found.notChecked.length === 0 ? [] : [
      `<ul class="plain open">\n${found.notChecked.map((says) => `<li>– ${text(says)}</li>`).join('\n')}\n</ul>`,
    ]),
    `<p class="small quiet">Written by <code>${text(command)}</code></p>`,
  ].join('\n'))
}

const text = (any: string) => escaped(plain(any))
const paragraph = (says: string, kind?: string) => `<p${kind === undefined ? '' : ` class="${kind}"`}>${text(says)}</p>`

/** Empty where nothing is in it. */
const section = (id: string, title: string, parts: readonly string[]): readonly string[] => parts.length === 0 ? [] : [
  `<section aria-labelledby="${id}">\n<h2 id="${id}">${text(title)}</h2>`, ...parts, '</section>',
]

function findingSection({ law, clause, says, line, lines }: LogFinding, { counts }: LogVerdict, at: number): string {
  const times = counts[clause] ?? 1
  const which = `Line ${amount(line)}, ${wrongs[clause]}${times > 1 ? `, one of ${amount(times)}` : ''}`
  return section(`finding-${at + 1}`, `✗ ${says}`, [
    `<p><b>${text(which)}.</b> ${text(`${law.says} ${asks(clause) ?? ''}`.trim())}</p>`, linesTable(lines, line),
  ]).join('\n')
}

function modelSection({ conformance }: LogVerdict): readonly string[] {
  if (!conformance) return []
  const { component, divergence, divergences } = conformance
  return section('model', `${divergence ? '✗ ' : ''}As a ${component}`, [
    ...(divergence ? [
      `<p><b>${text(`Line ${amount(divergence.line)}${divergences > 1 ? `, the first of ${amount(divergences)}` : ''}: the model cannot do this.`)}</b> `
        + `${text(divergence.says)}</p>`, linesTable(divergence.lines, divergence.line),
    ] : []),
    ...modelSentences(conformance).map((says) => paragraph(says)),
  ])
}

const doubt = ({ because, settles, line }: LogDoubt) =>
  `<p class="open">? ${text(`Inconclusive: ${because}${line === null ? '' : `, the first at line ${amount(line)}`}.`)}<br>`
    + `<span class="quiet">${text(`What would settle it: ${settles}.`)}</span></p>`

/** The lines of the log about one message; the one at which it shows is marked. */
function linesTable(lines: readonly LogLine[], broken: number): string {
  const row = ({ line, event, time }: LogLine) => {
    const isHere = line === broken
    return `<tr${isHere ? ' class="broken"' : ''}><td class="no">${isHere ? '✗ ' : ''}${amount(line)}</td>`
      + `<td class="when">${time === null ? '' : text(timeInLog(time))}</td><th scope="row">${text(eventInLog(event))}</th></tr>`
  }
  return `<table class="rows small log">\n<thead><tr><th scope="col" class="no">line</th><th scope="col">time</th><th scope="col">what it says</th></tr></thead>\n`
    + `<tbody>\n${lines.map(row).join('\n')}\n</tbody>\n</table>`
}
