/** Specifications that others have published with how many states they have, and what comes of them in the notation. */
import { explore, type Model } from '../../api/model.ts'
import { startsOf } from '../../engine/model/build.ts'
import { compile } from '../../engine/model/machine.ts'

/** What somebody else’s tool found at one size. What is not published is left out. */
interface Figure<S = unknown> {
  readonly size: S
  /** Distinct states. */
  readonly states: number
  /** States generated: the starts, and one for each step from each state, wherever it leads. */
  readonly generated?: number
  /** States on the longest of the shortest ways from a start. */
  readonly depth?: number
  /** Which tool found them, and where that is published. */
  readonly from: string
  /** Too large for the quick suite: a few seconds, or more. */
  readonly isLarge?: true
}

interface Published {
  readonly name: string
  readonly figures: readonly (Figure & { readonly model: () => Model })[]
  /** Laws that are published not to hold. All others hold, by what is published or by what such a thing is for. */
  readonly breaks: readonly string[]
}

/** A specification in our own words: not line by line, but with the same states, and the same steps from each of them. */
export const published = <S>(
  name: string, at: (size: S) => Model, figures: readonly Figure<S>[], breaks: readonly string[] = [],
): Published => ({ name, breaks, figures: figures.map((figure) => ({ ...figure, model: () => at(figure.size) })) })

/** The repository of TLA+ examples says of each specification what TLC finds, and holds it to that. */
export const byTlc = (folder: string, config: string) =>
  `TLC on ${config}: github.com/tlaplus/Examples, specifications/${folder}/manifest.json`

/** What a search finds, in the words of the figures. */
function found(model: Model) {
  const machine = compile(model)
  const starts = startsOf(machine, [[]]).map(({ words }) => words)
  const { states, transitions, depth, broken } = explore(machine, starts)
  return { states, generated: starts.length + transitions, depth: depth + 1, breaks: broken.map(({ law }) => law.name) }
}

/** Where it is not what is published, in sentences; empty where it is. */
export function astray({ name, breaks }: Published, figure: Published['figures'][number]): readonly string[] {
  const ours = found(figure.model())
  const at = `${name} at ${JSON.stringify(figure.size)}`
  const wrong = (['states', 'generated', 'depth'] as const).flatMap((what) =>
    figure[what] === undefined || figure[what] === ours[what] ? []
      : [`${at}: ${what} ${ours[what].toLocaleString('en-US')}, and ${figure.from} says ${figure[what].toLocaleString('en-US')}.`])
  return JSON.stringify(ours.breaks) === JSON.stringify(breaks) ? wrong
    : [...wrong, `${at} breaks ${ours.breaks.join(', ') || 'no law'}, and ${breaks.join(', ') || 'none'} is published.`]
}
