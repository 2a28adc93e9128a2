/** `check --verbose`: each scenario as it was run, in a line, and what the connector printed. */
import type { Ran } from '../../engine/falsify/verdict-of-run.ts'
import { printedLine, scenarioLine } from '../../reports/connectors/scenario-line.ts'
import { prose } from '../../reports/text/markdown.ts'
import { indented } from '../../reports/text/paper.ts'
import { plain } from '../../reports/text/words.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'
import type { Format } from '../output/format.ts'
import { colours, paper, progress, say } from '../output/terminal.ts'

/** Says each as soon as it was run, for a connector that does not come to its end too. */
export function sayingScenarios({ connector: { name }, typed }: ConnectorFile, format: Format): (number: number, ran: Ran) => void {
  const isMarkdown = format === 'markdown'
  return (number, { scenario, history, judgement, inconclusive }) => {
    const tried = { connector: name, number, scenario, history, breaks: judgement?.says ?? null, inconclusive }
    const lines = [scenarioLine(tried, paper.columns), printedLine(tried, paper.columns)].filter((line) => line !== null)
    progress.clear()
    if (number === 1) {
      const title = plain(`Scenarios of ${name} (${typed}): --show 1 shows the first of them whole, and so on`)
      say(isMarkdown ? `${prose(title)}\n` : indented(title, 0, paper, 2).join('\n'))
    }
    if (isMarkdown) for (const line of lines) say(`- ${prose(line)}`)
    else for (const [i, line] of lines.entries()) say(i > 0 ? colours.dim(line) : painted(line, tried))
  }
}

const painted = (line: string, { breaks, inconclusive }: { readonly breaks: string | null; readonly inconclusive: string | null }) => {
  const paint = breaks !== null ? colours.red : inconclusive !== null ? colours.yellow : colours.green
  return line.replace(/^ *[\d,]+ ([✗?✓])/, (start, sign: string) => start.replace(sign, paint(sign)))
}
