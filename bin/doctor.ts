/** `unwedge doctor`: is an adapter able to fail? */
import { type Examination, examine } from '../engine/doctor.ts'
import { doctorMarkdown, doctorText } from '../reports/doctor.ts'
import { json, schema } from '../reports/json.ts'
import type { Format } from './format.ts'
import { colours, progress, say } from './output.ts'
import { type Subject, subjects, type Where, withBench } from './subject.ts'

export interface DoctorOptions extends Where {
  readonly format: Format
  readonly runs: number
  readonly seed: number
  /** Seconds. */
  readonly time?: number
}

export async function doctor(what: readonly string[], options: DoctorOptions): Promise<number> {
  const until = performance.now() + (options.time ?? Infinity) * 1000
  const found: { subject: Subject; examination: Examination }[] = []
  for (const subject of await subjects(what, options))
    found.push({ subject, examination: await examined(subject, options, until) })
  progress.clear()
  const all = found.map(({ subject, examination }) => ({ connector: subject.connector.name, ...examination }))
  if (options.format === 'json') {
    const told = found.map(({ subject, examination: { broken, ...rest } }) => ({
      connector: subject.connector.name, file: subject.path, export: subject.as,
      broken: broken && { law: broken.law.name, says: broken.says }, ...rest,
    }))
    process.stdout.write(json({ schema, kind: 'doctor', connectors: told }))
  } else say(all.map((each) => (options.format === 'markdown' ? doctorMarkdown(each) : doctorText(each, colours))).join('\n\n'))
  const outcomes = all.flatMap(({ mutants }) => mutants.map(({ outcome }) => outcome))
  if (all.some(({ broken }) => broken) || outcomes.includes('survived')) return 1
  return outcomes.includes('not tried') ? 3 : 0
}

const examined = (subject: Subject, options: DoctorOptions, until: number): Promise<Examination> => {
  const { seed, runs } = options
  progress.show(`${subject.connector.name}: as it is`)
  return withBench(subject, options, (bench) => examine(subject.connector, {
    seed, runs, bench, seconds: Math.max(0, (until - performance.now()) / 1000),
    wrong: (mutant, use) => withBench(subject, options, use, mutant),
    onMutant: (mutant) => progress.show(`${subject.connector.name}: ${mutant}`),
  }))
}
