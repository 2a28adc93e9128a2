/** What would settle a verdict that is inconclusive. */

/** For a law that was broken in one run, and kept in the next of the same scenario. */
export const repeating = 'What would settle it: a run that repeats. Does it draw by `Math.random`, as jitter does? The suite does not seed that: '
  + 'hand the chance in, so that it is the same each time here. Keep no state outside `start`, ask no clock but the world’s, leave nothing '
  + 'running from one start to the next; then check again, with more `--runs` or another `--seed`.'

export const brokeOnce = 'it broke a law once, and did not when the same scenario ran again'

/** Why a model cannot be asked about a connector; null where it can. */
export const wrongModel = ({ name }: { readonly name: string }, { laws }: { readonly laws: readonly string[] }): string | null =>
  laws.length === 0 ? null : `the model of ${name} breaks ${laws.map((law) => `‘${law}’`).join(' and ')} itself`

/** By the reason that is given. */
const ways: readonly (readonly [because: RegExp, settles: string])[] = [
  [/time was over in a burst/, 'What would settle it: more time (`--time`), or a smaller `burst`, declared as the most that it is given at once.'],
  [/time was over/, 'What would settle it: more time (`--time`), or fewer scenarios (`--runs`).'],
  [new RegExp(brokeOnce), repeating],
  [/it returned undefined/, 'What would settle it: a `start` that returns its parts, as in `return { take: … }`. Is a `return` missing, or do its '
    + 'braces open a block?'],
  [/`start` is to return/, 'What would settle it: a `start` that returns its parts, as in `return { take: … }`.'],
  [/gave no sign of life|no processor time/, 'What would settle it: a machine with less to do, or fewer jobs at once.'],
  [/did not come to an end/, 'What would settle it: nothing to wait for outside the world, such as a socket, a file or a process. A connector that '
    + 'needs one declares `clock: \'real\'`, and its `patience` where it is slow.'],
  [/answers? takes? more than/, 'What would settle it: fewer messages at once. Declare a smaller `burst`.'],
  [/its history (?:is empty|holds|ends|has)/, 'What would settle it: a history that is whole. Nothing but the suite may write it: look for code that '
    + 'replaces what all code shares, such as `JSON` or `process`, or compare with `--in-process`.'],
  [/the model of .* itself$/, 'What would settle it: a model that keeps its laws, or that says in its `claims` which it does not. `npx unwedge check` with '
    + 'its file shows the shortest run.'],
  [/no scenario was drawn/, 'What would settle it: a scenario. Draw one or more (`--runs`).'],
]

/** In a sentence; null where the reason says it already. */
export const whatSettles = (because: string): string | null => ways.find(([is]) => is.test(because))?.[1] ?? null
