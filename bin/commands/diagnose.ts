/** `unwedge diagnose`: which known bug does a connector behave like? */
import { type Diagnosis, diagnose as diagnoseConnector } from '../../engine/diagnosis/diagnose.ts'
import { realNow } from '../../engine/real-time.ts'
import { type Column, markdownTable, textTable } from '../../reports/tables/table.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { plain } from '../../reports/text/words.ts'
import type { Format } from '../output/format.ts'
import { colours, paper, progress, say, sayUnfit } from '../output/terminal.ts'
import { type ConnectorFile, onlyConnectors, jobsFor, type ProcessChoice, withRunners } from '../input/loaded-connector.ts'
import { bugs } from '../checks/known-bugs.ts'

interface DiagnoseOptions extends ProcessChoice {
  readonly format: Format
  /** Seconds. */
  readonly time: number
}

export async function diagnose(what: readonly string[], options: DiagnoseOptions): Promise<number> {
  const found: { subject: ConnectorFile; diagnosis: Diagnosis }[] = []
  const { found: subjects, unfit } = await onlyConnectors(what, options)
  sayUnfit(unfit)
  for (const subject of subjects) {
    progress.show(`${subject.connector.name}: probes …`)
    const diagnosis = await withRunners(subject,
      { ...options, jobs: jobsFor(subject.connector, options, Infinity), until: realNow() + options.time * 1000 },
      (runner) => diagnoseConnector(subject.connector, bugs, { runner, seconds: options.time }))
    found.push({ subject, diagnosis })
  }
  progress.clear()
  if (options.format === 'json')
    process.stdout.write(json({
      schema, kind: 'diagnosis', connectors: found.map(({ subject, diagnosis }) =>
        ({ connector: subject.connector.name, file: subject.path, export: subject.as, ...diagnosis })),
    }))
  else say(found.map((each) => pageOf(each.subject, each.diagnosis, options.format)).join('\n\n'))
  return unfit.length > 0 ? 2 : 0
}

const columns: readonly Column[] = [
  { head: 'component' }, { head: 'probes', right: true }, { head: 'like fixed', right: true }, { head: 'like', right: true },
  { head: 'nearest bug' },
]

function pageOf({ connector }: ConnectorFile, { likenesses, says }: Diagnosis, format: Format): string {
  const rows = likenesses.map(({ component, probes, fixed, agrees, nearest }) =>
    [component, String(probes), String(fixed), String(agrees), nearest.join(', ')])
  const table = format === 'markdown' ? markdownTable(columns, rows) : textTable(columns, rows, colours, undefined, paper)
  return [plain(connector.name), '', ...(rows.length === 0 ? [] : [table, '']), plain(says)].join('\n')
}
