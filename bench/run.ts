/**
 * `npm run bench`: us and our peers on the same work, in turn, and the ratios. Nothing here is typed in by hand, and a
 * peer that cannot be had is said to be missing.
 *
 *     npm run bench                     every section, medians of five
 *     npm run bench -- --quick walks    one round of one section
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { hunts } from './hunts.ts'
import { markdown, type Section } from './measure.ts'
import { missing } from './spin.ts'
import { claimRace, otherComponents, race } from './throughput.ts'
import { trials } from './trials.ts'
import { toCounterexample, toVerdict } from './verdicts.ts'
import { walks } from './walks.ts'

const asked = process.argv.slice(2)
const quick = asked.includes('--quick')
const rounds = quick ? 1 : 5
const without = await missing()
const spin = without === null

const sections: Readonly<Record<string, () => Promise<Section> | Section>> = {
  race: () => claimRace(quick ? race(4, 5, 1_620_192) : race(4, 6, 17_217_472), rounds, spin),
  components: () => otherComponents(rounds, spin),
  verdict: () => toVerdict(rounds, spin, quick),
  counterexample: () => toCounterexample(rounds, spin, quick),
  hunts: () => hunts(quick ? 3 : 20),
  walks: () => walks(rounds, quick ? 2_000 : 20_000),
  trials: () => trials(rounds, quick ? 200 : 2_000),
}
const names = asked.filter((word) => !word.startsWith('--'))
const unknown = names.find((name) => !sections[name])
if (unknown !== undefined) {
  process.stderr.write(`There is no section ${unknown}: there are ${Object.keys(sections).join(', ')}.\n`)
  process.exit(2)
}

const written = [
  `# Measured\n\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'an unknown processor'}; ${
    quick ? 'one round' : `medians of ${rounds}`}, in turn.\n${without === null ? '' : `\nMissing: ${without}\n`}`,
]
for (const name of names.length > 0 ? names : Object.keys(sections)) {
  process.stderr.write(`${name} …\n`)
  const section = markdown(await sections[name]!())
  process.stdout.write(`${section}\n`)
  written.push(section)
}
if (names.length === 0 && !quick) writeFileSync(new URL('results.md', import.meta.url), `${written.join('\n')}\n`)
