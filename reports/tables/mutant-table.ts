/** What became of each mutant of a connector: a row each, and under the table what a survivor means. */
import type { Examination, Examined } from '../../spec/evidence/examination.ts'
import { indented, type Paper } from '../text/paper.ts'
import { amount, amountOf, plain } from '../text/words.ts'
import { type Colours, type Column, markdownTable, type Paint, textTable } from './table.ts'

/** An examination, and whose it is. */
type ExaminedConnector = Examination & { readonly connector: string }

const columns: readonly Column[] = [{ head: 'mutant' }, { head: 'what it does' }, { head: 'found' }]

export function doctorText(found: ExaminedConnector, colours?: Colours, paper: Paper = {}): string {
  const paint: Paint = (cell, column, row) => {
    const { outcome } = found.mutants[row]!
    if (column !== 2 || !colours) return cell
    return outcome === 'caught' ? colours.green(cell) : outcome === 'survived' ? colours.red(cell) : colours.yellow(cell)
  }
  const table = textTable(columns, found.mutants.map(row), colours, paint, paper)
  const lines = (text: string) => indented(plain(text), 0, paper)
  return [...lines(verdictOf(found)), '', table, ...below(found).flatMap(lines)].join('\n')
}

export const doctorMarkdown = (found: ExaminedConnector): string =>
  [plain(verdictOf(found)), '', markdownTable(columns, found.mutants.map(row)), ...below(found).map(plain)].join('\n')

const scenarios = (n: number) => amountOf(n, 'scenario')

const verdictOf = ({ connector, runs, broken }: ExaminedConnector) => broken
  ? `${connector} itself breaks ‘${broken.law.name}’: ${broken.says} Below, only scenarios that it passes are used.`
  : `${connector} is lawful in ${scenarios(runs)}.`

const row = (found: Examined): readonly string[] => [found.mutant, found.does, outcomeOf(found)]

function outcomeOf(found: Examined): string {
  switch (found.outcome) {
    case 'caught': return `caught in scenario ${amount(found.runs)}: ${found.law}`
    case 'survived': return `SURVIVED all ${scenarios(found.runs)}`
    default: return `${found.outcome}, because ${found.because}`
  }
}

/** What became of one mutant, in a sentence; of a survivor, what that means and what to do. */
export function outcomeInWords(found: Examined): string {
  switch (found.outcome) {
    case 'caught': return `by ‘${found.law}’, in scenario ${amount(found.runs)}`
    case 'survived': return `all ${scenarios(found.runs)}: the adapter hides ${found.hides}. What to do: ${found.mend}.${more(found.runs)}`
    default: return `because ${found.because}`
  }
}

const enough = 100
const more = (runs: number) => (runs >= enough ? '' : ` Or too few scenarios were drawn: try --runs ${2 * enough}.`)

/** What survivors mean and what to do, and how many there are of each. */
function below({ mutants }: ExaminedConnector): readonly string[] {
  const of = (outcome: Examined['outcome']) => mutants.filter((each) => each.outcome === outcome).length
  const applicable = mutants.length - of('not applicable')
  return [
    '',
    ...mutants.flatMap((each) => each.outcome === 'survived'
      ? [`‘${each.mutant}’ survived: the adapter hides ${each.hides}. What to do: ${each.mend}.${more(each.runs)}`] : []),
    `${of('caught')} of ${amount(applicable)} mutants caught${of('not tried') === 0 ? '' : `, ${of('not tried')} not tried`}.`,
  ]
}
