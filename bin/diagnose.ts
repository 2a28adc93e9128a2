/** `unwedge diagnose`: which known bug does a connector behave like? */
import { type Diagnosis, diagnose as diagnoseConnector } from '../engine/diagnose.ts'
import { type Column, markdownColumns, textColumns } from '../reports/columns.ts'
import { json, schema } from '../reports/json.ts'
import { plain } from '../reports/words.ts'
import type { Format } from './format.ts'
import { colours, progress, say } from './output.ts'
import { type Subject, subjects, type Where, withBench } from './subject.ts'
import { bugs } from './trouble.ts'

export interface DiagnoseOptions extends Where {
  readonly format: Format
  /** Seconds. */
  readonly time: number
}

export async function diagnose(what: readonly string[], options: DiagnoseOptions): Promise<number> {
  const found: { subject: Subject; diagnosis: Diagnosis }[] = []
  for (const subject of await subjects(what, options)) {
    progress.show(`${subject.connector.name}: probes …`)
    const diagnosis = await withBench(subject, options, (bench) =>
      diagnoseConnector(subject.connector, bugs, { bench, seconds: options.time }))
    found.push({ subject, diagnosis })
  }
  progress.clear()
  if (options.format === 'json')
    process.stdout.write(json({
      schema, kind: 'diagnosis', connectors: found.map(({ subject, diagnosis }) =>
        ({ connector: subject.connector.name, file: subject.path, export: subject.as, ...diagnosis })),
    }))
  else say(found.map((each) => told(each.subject, each.diagnosis, options.format)).join('\n\n'))
  return 0
}

const columns: readonly Column[] = [
  { head: 'component' }, { head: 'probes', right: true }, { head: 'like fixed', right: true }, { head: 'like', right: true },
  { head: 'nearest bug' },
]

function told({ connector }: Subject, { likenesses, says }: Diagnosis, format: Format): string {
  const rows = likenesses.map(({ component, probes, fixed, agrees, nearest }) =>
    [component, String(probes), String(fixed), String(agrees), nearest.join(', ')])
  const table = format === 'markdown' ? markdownColumns(columns, rows) : textColumns(columns, rows, colours)
  return [plain(connector.name), '', ...(rows.length === 0 ? [] : [table, '']), plain(says)].join('\n')
}
