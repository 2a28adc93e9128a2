/**
 * `npm run bench`: us and our peers on the same work, in turn, and the ratios. Nothing here is typed in by hand, and a
 * peer that cannot be had is said to be missing.
 *
 *     npm run bench                     every section, medians of five, written to bench/results.md
 *     npm run bench -- --quick walks    one round of one section, smaller, only printed
 *     npm run bench -- race --rounds 3  sections by name with more or fewer rounds, and only those written anew
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { promisify } from 'node:util'
import { ablation } from './sections/ablation.ts'
import { graphs } from './sections/graphs.ts'
import { growth } from './sections/growth.ts'
import { hunts } from './sections/hunts.ts'
import { liveness } from './sections/liveness.ts'
import { logs } from './sections/logs.ts'
import { markdown, type Section } from './measure.ts'
import { rumurVersion } from './murphi.ts'
import { located, peer, versionOf } from './peer.ts'
import { random } from './sections/random.ts'
import { rules } from './sections/rules.ts'
import { missing } from './spin.ts'
import { claimRace, largeOthers, otherComponents, others, race } from './sections/throughput.ts'
import { trials } from './sections/trials.ts'
import { toCounterexample, toVerdict } from './sections/verdicts.ts'
import { walks } from './sections/walks.ts'

const quintPackage = '@informalsystems/quint'
const asked = process.argv.slice(2)
const quick = asked.includes('--quick')
const given = asked.indexOf('--rounds')
const rounds = given >= 0 ? Number(asked[given + 1]) : quick ? 1 : 5
const spin = (await missing()) === null

const sections: Readonly<Record<string, () => Promise<Section> | Section>> = {
  race: () => claimRace(quick ? race(3, 4, 27_952) : race(4, 6, 17_217_472), rounds, spin),
  smaller: () => claimRace(quick ? race(3, 3, 3_290) : race(4, 5, 1_620_192), rounds, spin),
  components: () => otherComponents(others, rounds, spin),
  'components-large': () => otherComponents(largeOthers, rounds, spin),
  ablation: () => ablation(rounds, quick),
  growth: () => growth(rounds, spin, quick),
  liveness: () => liveness(rounds, spin, quick),
  verdict: () => toVerdict(rounds, spin, quick),
  counterexample: () => toCounterexample(rounds, spin, quick),
  hunts: () => hunts(quick ? 3 : 20),
  random: () => random(rounds),
  walks: () => walks(rounds, quick ? 2_000 : 20_000),
  trials: () => trials(rounds, quick ? 200 : 2_000),
  rules: () => rules(rounds, quick ? 20 : 300),
  graphs: () => graphs(rounds, quick),
  logs: () => logs(rounds, quick ? 20_000 : 333_333),
}

const names = asked.filter((word, i) => !word.startsWith('--') && (given < 0 || i !== given + 1))
const unknown = names.find((name) => !sections[name])
if (unknown !== undefined || !(rounds >= 1)) {
  const why = unknown === undefined ? 'Use --rounds with a whole number from 1.' : `There is no section ${unknown}: there are ${Object.keys(sections).join(', ')}.`
  process.stderr.write(`${why}\n`)
  process.exit(2)
}

const file = new URL('results.md', import.meta.url)
const written = new Map<string, string>()
const mark = (name: string) => `<!-- ${name} -->\n`
if (existsSync(file))
  for (const part of readFileSync(file, 'utf8').split(/(?=<!-- [\w-]+ -->\n)/).slice(1))
    written.set(/<!-- ([\w-]+) -->/.exec(part)![1]!, part)

for (const name of names.length > 0 ? names : Object.keys(sections)) {
  process.stderr.write(`${name} …\n`)
  const section = await sections[name]!()
  const says = [...section.says, quick ? 'One round.' : `${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`}: \`npm run bench -- ${name} --rounds ${rounds}\`.`]
  const text = markdown({ ...section, says })
  process.stdout.write(`${text}\n`)
  written.set(name, `${mark(name)}${text}\n`)
  if (!quick) writeFileSync(file, [await head(), ...Object.keys(sections).flatMap((known) => written.get(known) ?? [])].join(''))
}

/** What was measured with, and what could not be. */
async function head(): Promise<string> {
  const run = promisify(execFile)
  const version = (command: string, ...options: readonly string[]): Promise<string | null> =>
    run(command, options).then(({ stdout }) => stdout.split('\n')[0]!.trim(), () => null)
  const packaged = async (name: string) => (await peer(name))?.version ?? null
  const quint = located(`${quintPackage}/dist/src/cli.js`)
  const python = (says: string) => version('/usr/bin/python3', '-c', `import hypothesis; print(${says})`)
  const erlang = 'io:format("~s~n", [filename:basename(code:lib_dir(proper))]), halt().'
  const tools: readonly (readonly [name: string, version: string | null])[] = [
    ['Node', process.version],
    ['Spin', await version('spin', '-V')], ['gcc', await version('gcc', '--version')], ['rumur (Murphi)', await rumurVersion()],
    ['fast-check', await packaged('fast-check')], ['XState', await packaged('xstate')], ['@xstate/graph', await packaged('@xstate/graph')],
    ['Hypothesis', await python('hypothesis.__version__')], ['PropEr', await version('erl', '-noshell', '-eval', erlang)],
    ['Quint', quint === null ? null : await versionOf(quintPackage, quint)],
  ]
  const present = tools.flatMap(([name, says]) => (says === null ? [] : `${name}: ${says}`))
  const absent = [...tools.flatMap(([name, says]) => (says === null ? name : [])), 'TLC (its jar is in no registry here)']
  const processor = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`
  return `# Measured\n\n${processor}. ${present.join('; ')}. Missing, or not asked: ${absent.join(', ')}.\n\n`
}
