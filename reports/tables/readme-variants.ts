/** The README’s table: every variant, what it does, the laws it breaks and in how many steps. */

interface ReadmeRow {
  readonly component: { readonly name: string; readonly source: string }
  readonly variant: string
  readonly says: string
  readonly states: number
  readonly breaks: Readonly<Record<string, number | undefined>>
}

export function variantsTable(rows: readonly ReadmeRow[]): string {
  const lines = rows.map(({ component, variant, says, states, breaks }) => {
    const broken = Object.entries(breaks).map(([law, steps]) => `${law} (${steps})`).join(', ')
    return `| ${component.name} | \`${variant}\` | ${says} | ${broken || `lawful in all ${states.toLocaleString('en-US')} states`} |`
  })
  return ['| component | variant | which | breaks (in so many steps) |', '|---|---|---|---|', ...lines].join('\n')
}
