/** The side of `unwedge check` that is about models: each variant is checked against what is claimed of it. */
import { amountOf, duration } from '../../reports/text/words.ts'
import { type CheckedClaim, check as checkClaim, type Claim, isWrongOne } from '../../engine/search/claims.ts'
import { TooManyStates } from '../../engine/states/memory-budget.ts'
import { realNow } from '../../engine/real-time.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import { speed } from '../../engine/speed/speed.ts'
import { catalogue } from '../../models/catalogue.ts'
import { variantMarkdown, type VariantRow, variantText } from '../../reports/tables/variant-table.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { Format } from '../output/format.ts'
import { blamingFile } from '../input/loaded-component.ts'
import { componentNamed, entryNamed } from '../input/names.ts'
import { colours, paper, progress, say } from '../output/terminal.ts'

/** What was found of one variant. */
export interface VariantResult {
  readonly entry: Claim
  readonly checked: CheckedClaim
  /** The smallest run that a walk through a right variant broke a law in. */
  readonly walked: Counterexample | null
  readonly wrong: readonly string[]
}

interface LeftOpen {
  readonly entry: Claim
  readonly why: string
}

interface Checking {
  /** Walks to draw through each right variant. */
  readonly runs: number
  readonly seed: number
  /** When no variant is begun any more, nor a walk, by `realNow()`; and a search under way is left. */
  readonly until: number
  /** To be recorded anew: what is claimed now is not compared. */
  readonly record?: boolean
}

/** The entries that names stand for, in their order; `asked` has those that were named themselves. */
export function chosen(what: readonly string[]) {
  const asked = new Set<Claim>()
  const entries = what.length === 0 ? [...catalogue] : what.flatMap((name): readonly Claim[] => {
    if (!name.includes('/')) return catalogue.filter(({ component }) => component === componentNamed(name))
    const entry = entryNamed(name)
    asked.add(entry)
    return [entry]
  })
  return { entries: [...new Set(entries)], asked }
}

/** A page is shown of a variant that was named itself, and of one that is not as it is claimed to be. */
export const isShown = (page: Counterexample, results: readonly VariantResult[], asked: ReadonlySet<Claim>) =>
  results.some(({ entry, checked, walked, wrong }) =>
    (walked === page || checked.counterexamples.includes(page)) && (asked.has(entry) || wrong.length > 0))

export async function checkVariants(entries: readonly Claim[], { until, runs, seed, record = false }: Checking) {
  const results: VariantResult[] = []
  const unsettled: LeftOpen[] = []
  const beat = ({ states }: { readonly states: number }) => {
    if (realNow() >= until) throw new Inconclusive(`the time was over after ${amountOf(states, 'state')}`)
    progress.show(`${now}: ${amountOf(states, 'state')}`)
    return false
  }
  let now = ''
  for (const [i, entry] of entries.entries()) {
    if (realNow() >= until) {
      unsettled.push({ entry, why: 'the time was over' })
      continue
    }
    now = `${i + 1} of ${entries.length}  ${nameOf(entry)}`
    progress.show(now)
    try {
      const checked = blamingFile(entry, () => checkClaim(record ? unclaimed(entry) : entry, { speed, limits: { beat } }))
      const { walked, why } = runs > 0 && !isWrongOne(entry) ? await walkedThrough(entry, { runs, seed, until }) : { walked: null, why: '' }
      if (why !== '') unsettled.push({ entry, why })
      const wrong = walked ? [`${nameOf(entry)} breaks ‘${walked.law.name}’ in a walk at a greater size.`] : []
      results.push({ entry, checked, walked, wrong: [...checked.wrong, ...wrong] })
    } catch (error) {
      if (!(error instanceof TooManyStates || error instanceof Inconclusive)) throw error
      unsettled.push({ entry, why: error.message })
    }
  }
  progress.clear()
  return { results, unsettled }
}

/** Without its numbers, and with `breaks` only as far as it says that the variant is right. */
function unclaimed(claim: Claim): Claim {
  const { states: _, transitions: __, breaks, ...rest } = claim
  return breaks !== undefined && !isWrongOne(claim) ? { ...rest, breaks } : rest
}

/** Loaded only when needed: drawing walks takes fast-check. */
async function walkedThrough(claim: Claim, drawn: { runs: number; seed: number; until: number }) {
  const { randomWalks, smallestRun } = await import('../../engine/walk/random-walks.ts')
  return blamingFile(claim, () => {
    const all = randomWalks(claim.component, claim.variant, { ...drawn, speed })
    const walked = smallestRun(claim, all)
    return { walked, why: walked || all.runs >= drawn.runs ? '' : `the time was over after ${all.runs.toLocaleString('en-US')} of ${amountOf(drawn.runs, 'walk')}` }
  })
}

const nameOf = ({ component, variant }: Claim) => `${component.name}/${variant}`

export function summarise(
  results: readonly VariantResult[], unsettled: readonly LeftOpen[], { format, runs }: { format: Format; runs: number },
): void {
  const rows = results.map(rowOf)
  if (rows.length > 0) say(format === 'markdown' ? variantMarkdown(rows) : variantText(rows, colours, paper))
  const lawful = rows.filter(({ breaks }) => breaks.length === 0).length
  const states = rows.reduce((sum, row) => sum + row.states, 0)
  const time = rows.reduce((sum, row) => sum + row.milliseconds, 0)
  const wrong = results.flatMap((result) => result.wrong)
  if (rows.length > 0)
    say([
      '',
      `${amountOf(rows.length, 'variant')}: ${amountOf(lawful, 'keeps', 'keep')} every law, `
        + `${amountOf(rows.length - lawful, 'breaks', 'break')} one. `
        + `${amountOf(states, 'state')} in ${duration(time)}.${runs === 0 ? '' : ` ${amountOf(runs, 'walk')} through each right one.`}`,
      wrong.length === 0 ? colours.green('All is as claimed.') : colours.red('Not as claimed:'),
      ...wrong.map((sentence) => `  ${sentence}`),
    ].join('\n'))
  const open = unsettled.map(({ entry, why }) => `  ${nameOf(entry)}: ${why}`)
  if (open.length > 0) say(['', 'Not settled:', ...open].join('\n'))
}

function rowOf({ entry, checked, walked, wrong }: VariantResult): VariantRow {
  const found = walked ? [...checked.counterexamples, walked] : checked.counterexamples
  return {
    component: entry.component.name, variant: entry.variant, states: checked.exploration.states, wrong: wrong.length > 0,
    milliseconds: checked.milliseconds, breaks: found.map(({ law, length }) => ({ law: law.name, steps: length })),
  }
}

/** The same for a program. */
export const factsOf = (result: VariantResult) => {
  const { exploration: { states, transitions, depth }, scope } = result.checked
  const { breaks, milliseconds, ...row } = rowOf(result)
  return { ...row, says: result.entry.says, scope, states, transitions, depth, milliseconds, breaks, differences: result.wrong }
}
export const unsettledOf = ({ entry, why }: LeftOpen) => ({ name: nameOf(entry), why })
