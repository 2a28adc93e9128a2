import { describe, expect, it } from 'vitest'
import { check } from '../../engine/search/claims.ts'
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { catalogue } from '../../models/catalogue.ts'

/** Seeds a variant: few where the whole suite has to be quick, 20 in `npm run trials`, 200 in `npm run trials:all`. */
/** As a trial, many: that most of them reach the minimum can be said only then. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const seeds = Number(process.env['UNWEDGE_SEEDS'] ?? 1)
const walks = isWhole ? 100 : 25
const single = catalogue.filter(({ component }) => component.name !== 'relay')

describe('A walk through a right component', () => {
  for (const { component, variant } of catalogue)
    if (variant === 'fixed')
      it(`of the ${component.name} keeps every law, whatever the scope, the stream, the faults and the order`, { timeout: 0 }, () => {
        for (let seed = 1; seed <= seeds; seed++)
          expect(randomWalks(component, variant, { seed, runs: component.name === 'relay' ? walks / 5 : walks, speed }).found).toBeNull()
      })
})

/** Variants that no walk shows wrong, and why: only a search does. */
const unreached: Readonly<Record<string, string>> = {
  'interchange/starvesTheOthers': 'what is urgent never ends by choice, and the end of a walk takes no choices',
}

describe('A walk through a wrong component', () => {
  const table: string[] = []
  for (const claim of single.filter((_, at) => isWhole || at % 3 === 0)) {
    const { component, variant, breaks, scope } = claim
    const name = Object.keys(breaks)[0]
    if (name === undefined) continue
    const because = unreached[`${component.name}/${variant}`]
    if (because !== undefined) {
      it(`of ${component.name}/${variant} finds nothing: ${because}`, () => {
        expect(randomWalks(component, variant, { seed: 1, runs: 100, given: scope, speed }).found).toBeNull()
      })
      continue
    }

    it(`of ${component.name}/${variant} is caught, and shrinks to as few steps as any run has`, { timeout: 0 }, () => {
      const { law, run } = check({ ...claim }).exploration.broken.find((broken) => broken.law.name === name)!
      const shortest = run.moves.length
      const lengths: number[] = []
      for (let seed = 1; seed <= seeds; seed++) {
        const given = fixedSizes(scope, component.sizes)
        const { found } = randomWalks(component, variant, { seed, runs: 3_000, laws: [law], given, speed })
        expect(found, `seed ${seed} of ${component.name}/${variant} found nothing`).not.toBeNull()
        lengths.push(found!.run.moves.length)
      }
      const least = lengths.filter((length) => length === shortest).length
      table.push(`${component.name}/${variant}: ${least} of ${seeds} reach ${shortest} steps${least < seeds ? `, others ${[...new Set(lengths)].join(', ')}` : ''}`)
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(shortest)
      if (seeds > 1) expect(least / seeds).toBeGreaterThanOrEqual(0.85)
    })
  }

  it('says how many seeds reached the minimum', () => {
    if (isWhole) console.log(table.join('\n'))
    expect(table.length).toBeGreaterThan(isWhole ? 30 : 10)
  })
})

/** The sizes at which the shortest run is known: a smaller limit would allow a shorter one. */
function fixedSizes(scope: Readonly<Record<string, number>>, sizes: Readonly<Record<string, { readonly small: number }>>) {
  const limits = ['limit', 'entries', 'sessions', 'pool', 'memory', 'tries', 'hops', 'consumers']
  return Object.fromEntries(limits.filter((size) => sizes[size]).map((size) => [size, scope[size] ?? sizes[size]!.small]))
}
