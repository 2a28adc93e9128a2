/** From evidence to what the script of a page reads: words where there are words to choose, and otherwise the evidence. */
import type { CheckedVariant, Evidence, Threshold, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import type { ModelCoverage } from '../../spec/evidence/model-coverage.ts'
import { connectorLaws, inOrder, laws } from '../../spec/laws.ts'
import { leftOutSentences } from '../connectors/left-out.ts'
import { coverageLegend, exercised } from '../tables/model-coverage-table.ts'
import { outcomeInWords } from '../tables/mutant-table.ts'
import { scenariosOf } from '../tables/verdict-table.ts'
import { limitSentence } from '../text/run-sentences.ts'
import { amount, amountOf, plain } from '../text/words.ts'
import { connectorPages, divergenceName, modelPage, type RunPage } from './run-page-data.ts'

interface PageLaw {
  readonly name: string
  readonly says: string
}

export interface PageData {
  readonly command: string
  /** What was checked, and against how many laws. */
  readonly kicker: string
  readonly laws: readonly PageLaw[]
  /** Those that connectors are checked against. */
  readonly connectorLaws: readonly PageLaw[]
  readonly claims: readonly CheckedVariant[]
  readonly connectors: readonly (Omit<TriedConnector, 'violations' | 'divergence' | 'mutants' | 'once' | 'order' | 'untried'> & {
    /** Each with the page that shows it. */
    readonly broken: readonly { readonly law: string; readonly says: string; readonly page: string }[]
    /** The law that was broken in one run and kept in the next of the same scenario. */
    readonly once?: { readonly law: string; readonly page: string }
    /** Laws that are asked of those alone who promise them. */
    readonly notPromised: readonly string[]
    /** How many scenarios it was tried with. */
    readonly scenarios: string
    /** What it was not tried with, in a sentence at the most. */
    readonly untried: readonly string[]
    /** What it exercised of its model, in sentences. */
    readonly coverageSays?: readonly string[]
    readonly mutants?: readonly { readonly does: string; readonly outcome: string; readonly says: string }[]
  })[]
  readonly thresholds: readonly (Threshold & { readonly says: string; readonly page: string | null })[]
  readonly pages: readonly RunPage[]
  /** What was asked for and not checked, and why, in sentences. */
  readonly unchecked: readonly string[]
}

/** Everything that a page shows. Each text is made harmless for the eye too: nothing in it turns or hides what follows. */
export function dataOf({ command, claims, connectors, thresholds, pages, unchecked = [] }: Evidence): PageData {
  const pagesOfConnectors = connectors.map(connectorPages)
  const runs = named([...pages.map(modelPage), ...pagesOfConnectors.flat()])
  const ofConnector = (i: number) => {
    const from = pages.length + pagesOfConnectors.slice(0, i).flat().length
    return runs.slice(from, from + pagesOfConnectors[i]!.length)
  }
  const showing = ({ component, variant, passes }: Threshold) => pages.findIndex(({ found, without }) =>
    found.component === component && found.variant === variant &&
    (found.threshold ? found.threshold.passes === passes : without.some(({ limit }) => limit?.passes === passes)))
  // That messages come in order is asked of those who promise it.
  const promised = connectors.some(({ order }) => order !== undefined) ? connectorLaws : laws
  const ofConnectors = promised.map(({ name, says }) => ({ name, says }))
  const asked = [...(connectors.length > 0 || claims.length === 0 ? ofConnectors : []), ...claims.flatMap((claim) => claim.laws)]
  const all = [...new Map(asked.map((law) => [law.name, law])).values()]
  return plainly({
    command, claims, unchecked, pages: runs, laws: all, connectorLaws: ofConnectors, 
    kicker: kickerOf(all, connectors.length > 0 && promised === laws),
    thresholds: thresholds.map((limit) => ({ ...limit, says: limitSentence(limit), page: runs[showing(limit)]?.id ?? null })),
    connectors: connectors.map((tried, i) => connectorRow(tried, ofConnector(i))),
  })
}

function connectorRow(
  { violations, divergence, mutants, order, once, untried = [], ...tried }: TriedConnector, pages: readonly RunPage[],
): PageData['connectors'][number] {
  const pageOf = (law: string) => pages.find((page) => page.law.name === law)!.id
  return {
    ...tried, scenarios: scenariosOf(tried), untried: leftOutSentences(untried), notPromised: order === undefined ? [inOrder.name] : [],
    ...(mutants ? { mutants: mutants.map((each) => ({ does: each.does, outcome: each.outcome, says: outcomeInWords(each) })) } : {}),
    ...(tried.exercised ? { coverageSays: coverageSays(tried.exercised) } : {}),
    broken: [
      ...violations.map(({ law, says }) => ({ law: law.name, says, page: pageOf(law.name) })),
      ...(divergence ? [{ law: divergenceName(divergence), says: divergence.says, page: pageOf(divergenceName(divergence)) }] : []),
    ],
    ...(once ? { once: { law: once.law.name, page: pageOf(once.law.name) } } : {}),
  }
}

const coverageSays = (of: ModelCoverage) => [
  `The model of ${of.component} could have done the same in ${amountOf(of.histories, 'small history', 'small histories')}. ${exercised(of)}`,
  coverageLegend(of),
]

const numbers = ['no laws', 'one law', 'two laws', 'three laws', 'four laws', 'five laws', 'six laws']
function kickerOf(all: readonly PageLaw[], isWithoutOrder: boolean): string {
  const isOfMessages = all.some(({ name }) => laws.some((law) => law.name === name))
  return `${isOfMessages ? 'Message connectors' : 'Models'}, checked against ${numbers[all.length] ?? `${amount(all.length)} laws`}`
    + (isWithoutOrder ? '. The sixth, ‘in order’, is asked of a connector that promises an order; none here does' : '')
}

/** Gives each page an id of its own, so that two steps never have the same address. */
function named(pages: readonly RunPage[]): readonly RunPage[] {
  const taken = new Set<string>()
  return pages.map((page) => {
    let id = page.id
    for (let times = 2; taken.has(id); times++) id = `${page.id}~${times}`
    taken.add(id)
    return { ...page, id }
  })
}

/** Longer texts are cut: nobody reads them, and the page must still open. A command is there to be copied, and may be longer. */
const longest = (key: string) => (key === 'command' ? 100_000 : 4_000)

/** The same, with every text in it as `plain` shows it. */
function plainly<T>(value: T, key = ''): T {
  if (typeof value === 'string') {
    const most = longest(key)
    return (value.length <= most ? plain(value) : `${plain(value.slice(0, most))} … (${amount(value.length)} characters)`) as T
  }
  if (Array.isArray(value)) return value.map((each) => plainly(each as unknown, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [plain(name), plainly(each as unknown, name)])) as T
}
