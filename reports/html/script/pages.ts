/** The page’s script, last part: the index of all runs, and which of them is shown. */
export const pages = `
function indexView() {
  const { claims, connectors, thresholds, laws, command } = data
  const components = [...new Set(claims.map(({ component }) => component))]
  return el('div', {},
    el('p', { class: 'kicker' }, data.kicker),
    el('h1', { tabindex: '-1' }, 'What was checked, and what was found'),
    claims.length > 0 && claimsLead(claims, components), connectors.length > 0 && connectorsLead(connectors),
    el('dl', { class: 'laws small' }, laws.map(({ name, says }) => [el('dt', {}, name), el('dd', {}, says)])),
    connectors.length > 0 && titled('connectors', 'Connectors on trial',
      key('✗ leads to the smallest scenario found that breaks the law; · the law was not seen broken; – the connector is not checked against it'
        + (connectors.some(({ once }) => once) ? '; ? it was broken once, and kept when the same scenario ran again.' : '.')),
      table('connector', 'scenarios', connectors.map(connectorRow), data.connectorLaws), connectors.flatMap(examination)),
    thresholds.length > 0 && titled('limits', 'Where the limits are', limitsIn(thresholds)),
    claims.length > 0 && key('In the tables below, a number leads to the shortest run that breaks the law, and says how many steps it takes; '
      + '· the law is kept in every state; – nothing can break it there.'),
    components.map((component, i) => componentSection('component-' + i, claims.filter((claim) => claim.component === component))),
    el('p', { class: 'small quiet' }, 'Written by ', el('code', {}, command)))
}

const key = (says) => el('p', { class: 'small quiet' }, says)

function claimsLead(claims, components) {
  const broken = claims.filter(({ breaks }) => breaks.length > 0).length
  const wrong = claims.filter((claim) => claim.wrong.length > 0).length
  const sum = (key) => claims.reduce((all, claim) => all + claim[key], 0)
  return el('p', { class: 'lead' },
    count(claims.length, 'variant') + ' of ' + count(components.length, 'component') + ', in ' + count(sum('states'), 'state')
      + (sum('milliseconds') > 0 ? ' and ' + duration(sum('milliseconds')) : '') + ': ' + count(claims.length - broken, 'keeps', 'keep') + ' every law, '
      + count(broken, 'breaks', 'break') + ' one. ',
    wrong === 0 ? el('span', { class: 'kept' }, 'All is as claimed.')
      : el('span', { class: 'broken' }, count(wrong, 'is', 'are') + ' not as claimed.'))
}
function connectorsLead(connectors) {
  const bad = connectors.filter(({ verdict }) => verdict === 'broken')
  const open = connectors.filter(({ verdict }) => verdict === 'inconclusive').length
  return el('p', { class: 'lead' }, count(connectors.length, 'connector') + ' on trial: ',
    bad.length === 0 ? el('span', { class: 'kept' }, 'none broke a law.')
      : el('span', { class: 'broken' }, bad.length > 5 ? amount(bad.length) + ' broke a law.'
        : listed(bad.map(({ connector }) => connector)) + ' broke a law.'),
    open > 0 && ' Inconclusive: ' + amount(open) + '.')
}

function componentSection(id, claims) {
  const { component, source, title, vacuous } = claims[0]
  return titled(id, capital(component.replace(/-/g, ' ')), el('p', { class: 'quiet' }, (source && source + ': ') + title + '.'),
    table('variant', 'states', claims.map(variantRow), claims[0].laws),
    Object.entries(vacuous).map(([law, why]) =>
      el('p', { class: 'small quiet' }, '– ', el('i', {}, law), ': nothing can break it here, for ' + why + '.')),
    claims.flatMap(({ wrong }) => wrong.map((sentence) => el('p', { class: 'broken' }, '✗ ' + sentence))))
}

// A row for each variant or connector, a column for each law.
function table(what, number, rows, laws) {
  return el('table', { class: 'kill' },
    headings(heading(what), laws.map(({ name }) => heading(el('span', {}, name), 'law')), heading(number, 'states')),
    el('tbody', {}, rows.map(({ name, says, isWrong, cell, n }) => el('tr', { class: isWrong && 'wrong' },
      el('th', { scope: 'row' }, name, el('span', { class: 'says' }, says)),
      laws.map((law) => el('td', { class: 'law' }, cell(law.name))), el('td', { class: 'states' }, amount(n))))))
}
const mark = (sign, means) =>
  el('span', { class: 'nil' }, el('span', { 'aria-hidden': 'true' }, sign), el('span', { class: 'hidden' }, means))

function variantRow({ component, variant, says, breaks, states, wrong, vacuous }) {
  const cell = (law) => {
    const found = breaks.find((each) => each.law === law)
    if (!found) return vacuous[law] === undefined ? mark('·', 'kept') : mark('–', 'cannot be broken here')
    const page = pageFor(component + ' / ' + variant, law)
    const label = variant + ' breaks ' + law + ' in ' + count(found.steps, 'step')
    return page ? el('a', { href: address(page.id), 'aria-label': label }, amount(found.steps)) : amount(found.steps)
  }
  return { name: variant, says, isWrong: wrong.length > 0, cell, n: states }
}
function connectorRow({ connector, verdict, because, runs, exempt, broken, once, file, line, published }) {
  const isBroken = (law) => broken.some((each) => each.law === law)
  const cell = (law) => {
    const page = pageFor(connector, law)
    if (isBroken(law)) return page ? el('a', { href: address(page.id), 'aria-label': connector + ' breaks ' + law }, '✗') : '✗'
    if (once === law) return el('a', { href: address(pageFor(connector, law).id), 'aria-label': connector + ' broke ' + law + ' once' }, '?')
    if (exempt[law] !== undefined) return mark('–', 'not checked against it: ' + exempt[law])
    return mark('·', verdict === 'lawful' ? 'kept' : 'not seen broken')
  }
  const others = broken.filter(({ law }) => !data.connectorLaws.some(({ name }) => name === law))
  const also = others.map(({ law }) => [' ', el('a', { href: address(pageFor(connector, law).id) }, 'Where they part')])
  const says = verdict === 'inconclusive' ? 'inconclusive: ' + because : verdict === 'lawful' ? 'lawful'
    : [...new Set(broken.map((each) => each.says))].join(' ')
  const where = file !== null && el('span', { class: 'says' }, el('code', {}, file + (line === null ? '' : ':' + line)))
  const known = published && el('span', { class: 'says' }, published)
  return { name: connector, says: [says, also, known, where], isWrong: verdict === 'broken', cell, n: runs }
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
function limitsIn(thresholds) {
  const [full, small] = [true, false].map((isFull) => thresholds.filter((each) => each.isFull === isFull))
  return [
    full.length > 0 && [key('At full size, which the document states or we chose:'), limits(full)],
    small.length > 0 && [key('In small models, of which every state was visited:'), limits(small)],
  ]
}
function limits(thresholds) {
  return el('table', { class: 'rows' }, el('tbody', {}, thresholds.map(({ component, variant, says, page }) => {
    const name = component + ' / ' + variant
    return el('tr', {}, el('th', { scope: 'row' }, page === null ? name : el('a', { href: address(page) }, name)),
      el('td', {}, says))
  })))
}

const main = document.getElementById('main')
let view = null
function turn(by) {
  const page = data.pages[data.pages.indexOf(view.page) + by]
  if (!page) return el('span')
  const name = page.name + ', ' + page.law.name
  return el('a', { href: address(page.id) }, by < 0 ? '← ' + name : name + ' →')
}
function route() {
  const { id, step } = addressed()
  const page = pageOf(id)
  if (view && page === view.page) return view.show(step)
  view?.toggle(false)
  const arrived = main.childElementCount > 0
  view = page ? new RunView(page) : null
  main.classList.toggle('stepping', view !== null)
  main.replaceChildren(view ? view.node : indexView())
  if (view) view.node.append(el('nav', { class: 'turn', 'aria-label': 'Other runs' }, turn(-1), turn(1)))
  if (view) view.show(step, step === null)
  else document.title = 'unwedge: what was checked'
  if (!arrived) return
  scrollTo(0, 0)
  main.querySelector('h1').focus({ preventScroll: true })
}
addEventListener('hashchange', route)
addEventListener('keydown', (event) => view?.key(event))
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault()
  main.focus()
})
route()
`
