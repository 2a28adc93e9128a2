/** The page’s script, eighth part: what was found of connectors, on the index. */
export const connectors = `
// Whether it kept every law that it was checked against, and was not checked against all.
const isPartly = ({ verdict, exempt }) => verdict === 'lawful' && Object.keys(exempt).length > 0

// The verdicts first: who broke a law, of whom nothing can be said, who kept what.
function connectorsLead(connectors) {
  const of = (verdict) => connectors.filter((each) => each.verdict === verdict && !isPartly(each))
  const line = (kind, sign, those, one, many) => those.length > 0 && el('li', { class: kind }, sign + ' ' + count(those.length, one, many)
    + (those.length > manyNames ? '.' : ': ' + listed(those.map(({ connector }) => connector)) + '.'))
  return el('ul', { class: 'plain lead' },
    line('broken', '✗', of('broken'), 'connector breaks a law', 'connectors break a law'),
    line('open', '?', of('inconclusive'), 'is inconclusive', 'are inconclusive'),
    line('open', '–', connectors.filter(isPartly), 'keeps all it was checked against, and was not checked against every law',
      'keep all they were checked against, and were not checked against every law'),
    line('kept', '✓', of('lawful'), 'connector keeps every law', 'connectors keep every law'))
}
const manyNames = 5

function connectorsSection(connectors) {
  const isOnce = connectors.some(({ once }) => once)
  const signs = '✗ leads to the smallest scenario found that breaks the law; ✓ no scenario broke it; · nothing is known of it, for the trial '
    + 'ended before; – the connector is not checked against it' + (isOnce ? '; ? it was broken once, and kept when the same scenario ran again.' : '.')
  return titled('connectors', 'Connectors on trial',
    table('connector', 'scenarios', connectors.map(connectorRow), data.connectorLaws), key(signs),
    connectors.flatMap(coverage), connectors.flatMap(examination))
}

function connectorRow(tried) {
  const { connector, verdict, because, scenarios, exempt, untried, notPromised, broken, once, file, line, published } = tried
  const cell = (law) => {
    const found = broken.find((each) => each.law === law)
    if (found) return el('a', { href: address(found.page), class: 'broken', 'aria-label': connector + ' breaks ' + law }, '✗')
    if (once && once.law === law) return el('a', { href: address(once.page), class: 'open', 'aria-label': connector + ' broke ' + law + ' once' }, '?')
    if (exempt[law] !== undefined) return mark('–', 'not checked', 'open', 'word')
    if (notPromised.includes(law)) return mark('–', 'not promised', 'nil', 'word')
    return verdict === 'lawful' ? kept() : mark('·', 'not known')
  }
  const others = broken.filter(({ law }) => !data.connectorLaws.some(({ name }) => name === law))
  const also = others.map(({ page }) => [' ', el('a', { href: address(page) }, 'Where they part')])
  const [kind, says] = verdict === 'inconclusive' ? ['open', '? inconclusive: ' + because]
    : verdict === 'lawful' ? ['kept', isPartly(tried) ? '✓ lawful in what was checked' : '✓ lawful'] : ['broken', '✗ broken']
  const reasons = Object.entries(exempt).map(([law, why]) =>
    el('span', { class: 'says open' }, '– not checked against ‘' + law + '’: ' + why))
  const what = broken.length > 0 && ': ' + [...new Set(broken.map((each) => each.says))].join(' ')
  const left = untried.length > 0 && el('details', { class: 'untried' }, el('summary', {}, 'What it was not tried with'), untried.join(' '))
  const where = file !== null && el('span', { class: 'says' }, el('code', {}, file + (line === null ? '' : ':' + line)))
  const known = published && el('span', { class: 'says' }, published)
  return { name: connector, says: [el('span', { class: kind }, says), what, also, reasons, known, where, left], isWrong: verdict === 'broken', cell, n: scenarios }
}

// What a connector showed of the model that it is held to: every rule, and every answer of a right one.
function coverage({ connector, exercised, coverageSays }) {
  if (!exercised) return []
  const [says, legend] = coverageSays
  const row = (indent, what, answer, histories, because = null) => el('tr', { class: histories === 0 ? 'never' : '' },
    el('th', { scope: 'row', class: indent && 'asked' }, what, because !== null && quiet(' · it cannot: ' + because)), el('td', {}, answer),
    el('td', { class: 'states' }, histories === 0 ? mark('–', because === null ? 'never' : 'cannot', 'open', 'word') : amount(histories)))
  const rows = exercised.rules.flatMap(({ rule, histories, because, answers }) => [
    row(false, rule, '', histories, because),
    ...answers.map(({ question, found, answer, histories: times }) =>
      row(true, question + (found === '' ? '' : ': ' + found), answer, times)),
  ])
  return [
    el('h3', {}, 'What ' + connector + ' showed of the model of ' + exercised.component), el('p', {}, says),
    el('table', { class: 'rows small coverage' },
      headings(heading('rule, and what it asks'), heading('answer'), heading('histories', 'states')),
      el('tbody', {}, rows)), key(legend)]
}

function examination({ connector, mutants = [] }) {
  const colour = { caught: 'kept', survived: 'broken' }
  const caught = mutants.filter(({ outcome }) => outcome === 'caught').length
  const apply = mutants.filter(({ outcome }) => outcome !== 'not applicable').length
  return mutants.length > 0 && [
    el('h3', {}, 'Is the adapter able to fail? Caught, of ' + connector + ': ' + amount(caught) + ' of ' + count(apply, 'mutant')),
    el('table', { class: 'rows small' }, headings(heading('a mutant that'), heading('is')),
      el('tbody', {}, mutants.map(({ does, outcome, says }) => el('tr', {},
        el('th', { scope: 'row' }, does), el('td', {}, el('span', { class: colour[outcome] ?? 'quiet' }, outcome), ' ', says)))))]
}
`
