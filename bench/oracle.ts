/**
 * An independent oracle: every variant of the catalogue once more in Promela, and Spin’s word on every law; and what TLC and others
 * are published to have found in specifications that are written here in the notation.
 *
 * `npx tsx bench/oracle.ts [component …] [published]` prints a table of each and fails where `explore` disagrees: on a law, or on how
 * many states or transitions there are. One of the two is wrong then.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { build, scopeOf, streams } from '../engine/model/build.ts'
import type { Machine } from '../engine/model/machine.ts'
import { type Exploration, explore } from '../engine/search/explore.ts'
import { speed } from '../engine/speed/speed.ts'
import { catalogue, type Entry } from '../models/catalogue.ts'
import type { Scope } from '../spec/component.ts'
import type { ModelBurst } from '../spec/evidence/counterexample.ts'
import { connectorLaws, type LawName } from '../spec/laws.ts'
import { all } from './published/all.ts'
import { astray } from './published/published.ts'
import { type Answered, ask, brokenAlways, definitions, missing } from './spin.ts'

type Verdict = 'holds' | 'broken'

interface Compared {
  readonly entry: Entry
  readonly stream: readonly ModelBurst[]
  readonly states: { readonly spin: number; readonly ours: number }
  readonly transitions: { readonly spin: number; readonly ours: number }
  readonly verdicts: readonly { readonly law: LawName; readonly spin: Verdict; readonly ours: Verdict }[]
}

/** What Spin is asked beyond what must always hold, by what defines the question. */
const inTheEnd: Readonly<Partial<Record<LawName, string>>> = {
  'delivered or flagged': 'DELIVERED_OR_FLAGGED',
  'links are independent': 'LINKS_ARE_INDEPENDENT',
  'nothing wedges': 'NOTHING_WEDGES',
}

/** The laws of a model that Spin can be asked about: of those of its own, the order. */
const askedOf = ({ laws: all }: Machine): readonly LawName[] =>
  connectorLaws.map(({ name }) => name).filter((name) => all.some((law) => law.name === name))

/** Compares one variant, on one stream that shows what it breaks: every law, unless some are chosen. */
export async function compare(entry: Entry, chosen?: readonly LawName[]): Promise<Compared> {
  const { component, variant } = entry
  const scope = scopeOf(component, entry.scope)
  const { stream, exploration } = telling(entry, scope)
  const define = definitions(component.name, variant, scope, stream, true)
  const safety = await ask(component.name, { define, compile: ['-O0', '-DNOREDUCE', '-DSAFETY'], search: ['-m1000000', '-c0', '-E'] })
  const ours = (law: LawName): Verdict => (exploration.broken.some(({ law: { name } }) => name === law) ? 'broken' : 'holds')
  const verdicts = []
  for (const law of (chosen ?? askedOf(exploration.machine)).filter((law) => component.vacuous[law] === undefined)) {
    const question = inTheEnd[law]
    const spin = question === undefined ? brokenAlways(safety).includes(law)
      : await breaksInTheEnd(component.name, [...define, question], exploration.states)
    verdicts.push({ law, spin: spin ? 'broken' as const : 'holds' as const, ours: ours(law) })
  }
  return {
    entry, stream, verdicts,
    states: { spin: safety.states, ours: exploration.states },
    transitions: { spin: safety.transitions, ours: exploration.transitions },
  }
}

/** Where it pays to let gcc take its time. */
const manyStates = 3_000

/** Whether there is a fair run on which a law fails from some moment on. */
async function breaksInTheEnd(model: string, define: readonly string[], states: number): Promise<boolean> {
  const answer: Answered = await ask(model, {
    define: ['FAIR', ...define], compile: [states > manyStates ? '-O2' : '-O0', '-DNOREDUCE', '-DNFAIR=20'], search: ['-m1000000', '-a', '-f'],
  })
  if (answer.truncated) throw new Error(`Spin’s search of ${model} was cut short:\n${answer.output}`)
  return answer.errors > 0
}

/** A full stream on which the variant breaks as many laws as on any; of those that break none, one with the most states. */
function telling({ component, variant }: Entry, scope: Scope): { stream: readonly ModelBurst[]; exploration: Exploration } {
  const machine = build(component, variant, scope)
  const tried = streams(component, scope).filter(({ length }) => length === scope['messages']).map((stream) =>
    ({ stream, exploration: explore(machine, [machine.start(stream)], { speed }) }))
  return tried.reduce((best, next) => {
    const more = next.exploration.broken.length - best.exploration.broken.length
    return more > 0 || (more === 0 && variant === 'fixed' && next.exploration.states > best.exploration.states) ? next : best
  })
}

/**
 * Spin is asked whether the fresh message comes through on every fair run, the law whether it can on some. So ‘broken’
 * from Spin alone is no contradiction where that is the question.
 */
const contradicts = ({ law, spin, ours }: Compared['verdicts'][number]) =>
  spin !== ours && !(law === 'nothing wedges' && spin === 'broken')

export const disagreements = ({ states, transitions, verdicts }: Compared): readonly string[] => [
  ...(states.spin === states.ours ? [] : ['states']),
  ...(transitions.spin === transitions.ours ? [] : ['transitions']),
  ...verdicts.filter(contradicts).map(({ law, spin, ours }) => `${law}: Spin says it ${words[spin]}, we say it ${words[ours]}`),
]
const words: Readonly<Record<Verdict, string>> = { holds: 'holds', broken: 'is broken' }

const line = (compared: Compared): string => {
  const { entry: { component, variant }, states, transitions, verdicts } = compared
  const wrong = disagreements(compared)
  const broken = verdicts.filter(({ spin, ours }) => spin === 'broken' && ours === 'broken').map(({ law }) => law)
  const onSome = verdicts.some((verdict) => verdict.spin !== verdict.ours && !contradicts(verdict))
  const count = ({ spin, ours }: { spin: number; ours: number }) =>
    `${spin.toLocaleString('en-US')} / ${ours.toLocaleString('en-US')}`
  return `| ${component.name} | ${variant} | ${count(states)} | ${count(transitions)} | ${verdicts.length} | ${broken.join(', ') || '–'} | ` +
    `${wrong.length > 0 ? `NO: ${wrong.join('; ')}` : onSome ? 'yes; a fresh message comes through on some runs, not on all' : 'yes'} |`
}

/** Prints a row as each variant is done, as many at a time as there are processors. */
async function table(entries: readonly Entry[]): Promise<number> {
  console.log('| component | variant | states, Spin / ours | transitions, Spin / ours | laws asked | broken, both say | agree |')
  console.log('|---|---|--:|--:|--:|---|---|')
  const waiting = [...entries]
  let wrong = 0
  const work = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const compared = await compare(entry)
      if (disagreements(compared).length > 0) wrong++
      console.log(line(compared))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  console.log(`\n${entries.length} variants, ${wrong === 0 ? 'and no disagreement' : `${wrong} with a disagreement`}.`)
  return wrong
}

/** Prints a row for each figure that is published, the large ones too. */
function publishedTable(): number {
  console.log('| specification | size | states | generated | depth | laws published not to hold | published by | agrees |')
  console.log('|---|---|--:|--:|--:|---|---|---|')
  const wrong = all.flatMap((specification) => specification.figures.flatMap((figure) => {
    const told = astray(specification, figure)
    const cells = [figure.states, figure.generated, figure.depth].map((n) => n?.toLocaleString('en-US') ?? '–')
    const size = Object.entries(figure.size as Scope).map(([name, n]) => `${name} ${n}`).join(', ')
    console.log(`| ${[specification.name, size || '–', ...cells, specification.breaks.join(', ') || '–', figure.from].join(' | ')} | ${
      told.length === 0 ? 'yes' : `NO: ${told.join(' ')}`} |`)
    return told
  }))
  console.log(`\n${all.length} published specifications, ${wrong.length === 0 ? 'and no disagreement' : `${wrong.length} with a disagreement`}.`)
  return wrong.length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const why = await missing()
  const names = process.argv.slice(2)
  const published = names.length === 0 || names.includes('published') ? publishedTable() : 0
  const asked = catalogue.filter(({ component: { name } }) => names.length === 0 || names.includes(name))
  if (why && asked.length > 0) console.error(`No oracle: ${why}`)
  const wrong = asked.length === 0 ? 0 : why ? 1 : await table(asked)
  process.exitCode = published + wrong > 0 ? 1 : 0
}
