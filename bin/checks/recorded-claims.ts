/**
 * What was found of the variants in a file, as code to put into it. It is printed and not written there: what a model is
 * held to is for its author to read, change and commit, and no file of theirs is rewritten behind their back.
 */
import { quotedText } from '../../reports/text/words.ts'
import type { VariantResult } from './variant-check.ts'

/** For each component the `claims` of those of its variants that were checked. */
export function recordedClaims(results: readonly VariantResult[]): string {
  const components = [...new Set(results.map(({ entry }) => entry.component))]
  return components.map((component) => {
    const own = results.filter(({ entry }) => entry.component === component)
    const { file, export: as } = own[0]!.entry.from!
    return [`For ${as} in ${file}, in place of its claims:`, '', '  claims: {', ...own.map((each) => `    ${claimOf(each)},`), '  },'].join('\n')
  }).join('\n\n')
}

function claimOf({ entry: { component, variant }, checked: { exploration, claim } }: VariantResult): string {
  const { says, scope = {} } = component.claims?.[variant] ?? {}
  const sizes = Object.entries({ ...scope, ...claim.scope }).map(([size, n]) => `${size}: ${grouped(n)}`)
  const breaks = exploration.broken.map(({ law, run }) => `${key(law.name)}: ${run.moves.length}`)
  const fields = [
    ...(says === undefined ? [] : [`says: ${quotedText(says)}`]),
    ...(sizes.length === 0 ? [] : [`scope: { ${sizes.join(', ')} }`]),
    `states: ${grouped(exploration.states)}`, `transitions: ${grouped(exploration.transitions)}`,
    `breaks: ${breaks.length === 0 ? '{}' : `{ ${breaks.join(', ')} }`}`,
  ]
  return `${key(variant)}: { ${fields.join(', ')} }`
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quotedText(name))
/** Such as `3_636`. */
const grouped = (n: number) => String(n).replace(/\B(?=(?:\d{3})+$)/g, '_')
