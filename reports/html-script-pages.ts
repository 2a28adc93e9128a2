/** The page’s script, last part: what explains a run, the index of all runs, and which of them is shown. */
export const pages = `
function explanations(page) {
  const { answers = [], without = [], beside, facts, command } = page
  return [
    answers.length > 0 && el('section', { 'aria-labelledby': 'question' }, el('h2', { id: 'question' }, 'The question behind it'), questions(answers)),
    without.length > 0 && el('section', { 'aria-labelledby': 'matters' }, el('h2', { id: 'matters' }, 'Which steps matter'), matters(page, without)),
    beside && el('section', { 'aria-labelledby': 'fixed' }, el('h2', { id: 'fixed' }, 'The same, done right'), ...besides(page, beside)),
    el('section', { 'aria-labelledby': 'origin' }, el('h2', { id: 'origin' }, 'Where it comes from'),
      el('dl', { class: 'facts' }, facts.map(([term, says]) => [el('dt', {}, term), el('dd', {}, says)])),
      el('p', { class: 'small quiet' }, 'To see it again:'), el('pre', { tabindex: '0', 'aria-label': 'The command that shows it again' }, el('code', {}, command))),
  ].filter(Boolean)
}

function questions(answers) {
  const asked = [...new Set(answers.map(({ of, asks }) => JSON.stringify([of, asks])))].map((key) => JSON.parse(key))
  return asked.map(([of, asks]) => {
    const rows = answers.filter((answer) => answer.of === of && answer.asks === asks)
    const found = rows.some((row) => row.found !== '')
    return [
      el('p', {}, of && el('span', { class: 'quiet' }, 'Of the ' + of.replace(/-/g, ' ') + ': '), el('i', {}, asks)),
      el('div', { class: 'scroll' }, el('table', { class: 'rows answers' },
        el('thead', {}, el('tr', {}, found && el('th', { scope: 'col' }, 'when it is'), el('th', { scope: 'col' }, 'the fixed one answers'), el('th', { scope: 'col' }, 'this one answers'))),
        el('tbody', {}, rows.map((row) => el('tr', {}, found && el('th', { scope: 'row' }, row.found), el('td', { class: 'kept' }, row.fixed), el('td', { class: 'broken' }, row.here)))))),
    ]
  })
}

function matters({ id, name }, without) {
  const yes = without.filter(({ law }) => law === 'kept')
  const sent = yes.filter(({ step }) => step === 0)
  const steps = yes.filter(({ step }) => step > 0)
  const lead = yes.length === 0 ? 'None by itself: whatever is left out happens later, or breaks the law another way.'
    : (steps.length === 0 ? 'No step: given these messages, it comes to this in whatever order. ' : 'Without ' + (steps.length === 1 ? 'the step' : 'any one of the steps') + ' marked ●, the law is kept. ')
      + (sent.length > 0 ? 'It takes the messages as they are.' : '')
  const row = ({ step, what, times, law, says, later }) => el('tr', { class: law === 'kept' ? 'yes' : 'no' },
    el('td', {}, step > 0 ? el('a', { href: address(id, step) }, amount(step)) : ''),
    el('th', { scope: 'row' }, el('span', { 'aria-hidden': 'true' }, law === 'kept' ? '● ' : '○ '), step === 0 ? 'instead, ' + what : what, times > 1 && el('span', { class: 'quiet' }, ', one of ' + amount(times))),
    el('td', {}, law === 'kept' ? 'the law is kept: ' + says : law === 'broken' ? (later ? 'it happens later: ' : 'broken all the same: ') + says : 'not settled: ' + says))
  return [el('p', {}, lead), el('div', { class: 'scroll' }, el('table', { class: 'rows matters small' },
    el('thead', {}, el('tr', {}, el('td', {}), el('th', { scope: 'col' }, 'left out'), el('th', { scope: 'col' }, 'then'))), el('tbody', {}, without.map(row))))]
}

function besides({ name, message }, { rows, parts, instead, says }) {
  let step = 0
  const cell = (text, times, other) => text === null ? el('span', { class: 'quiet' }, other === null ? '' : '–') : [text, times > 1 && el('span', { class: 'quiet' }, ' · ' + amount(times) + ' times')]
  const body = rows.map(({ here, there, times }) => {
    const [from, to] = [step + 1, here === null ? step : (step += times)]
    const part = parts !== null && here !== null && from <= parts && parts <= to
    return el('tr', { class: part && 'parts' }, el('td', {}, here === null ? '' : amount(from)), el('td', { class: there === null && 'broken' }, cell(here, times, there)), el('td', { class: here === null && 'kept' }, cell(there, times, here)))
  })
  const where = parts === null ? 'They do the same as far as the run goes; the fixed one goes on from there.'
    : 'They part at step ' + amount(parts) + (instead.length > 0 ? ', which the fixed one does not take. Instead: ' + listed(instead) + '.' : ', which leaves the fixed one in another state.')
  return [
    el('p', {}, 'The fixed variant, given the same messages and, as far as it can take them, the same steps. ' + where),
    el('table', { class: 'beside small' }, el('thead', {}, el('tr', {}, el('td', {}), el('th', { scope: 'col' }, name), el('th', { scope: 'col' }, 'fixed'))), el('tbody', {}, body)),
    el('p', { class: 'kept' }, '✓ There, ' + says + '.'),
  ]
}

function indexView() {
  const { claims, connectors, thresholds, laws } = data
  const broken = claims.filter(({ breaks }) => breaks.length > 0)
  const wrong = claims.filter((claim) => claim.wrong.length > 0)
  const states = claims.reduce((sum, claim) => sum + claim.states, 0)
  const time = claims.reduce((sum, claim) => sum + claim.milliseconds, 0)
  const bad = connectors.filter(({ verdict }) => verdict === 'broken')
  return el('div', {},
    el('p', { class: 'kicker' }, 'Message connectors, held to five laws'), el('h1', { tabindex: '-1' }, 'What was checked, and what came of it'),
    claims.length > 0 && el('p', { class: 'lead' },
      count(claims.length, 'variant') + ' of ' + count(new Set(claims.map(({ component }) => component)).size, 'component') + ', in ' + count(states, 'state') + ' and ' + duration(time) + ': '
      + count(claims.length - broken.length, 'keeps', 'keep') + ' every law, ' + count(broken.length, 'breaks', 'break') + ' one. ',
      wrong.length === 0 ? el('span', { class: 'kept' }, 'All is as claimed.') : el('span', { class: 'broken' }, count(wrong.length, 'is', 'are') + ' not as claimed.')),
    connectors.length > 0 && el('p', { class: 'lead' }, count(connectors.length, 'connector') + ' on trial: ',
      el('span', { class: bad.length > 0 ? 'broken' : 'kept' }, bad.length === 0 ? 'none broke a law.' : listed(bad.map(({ connector }) => connector)) + ' broke ' + (bad.length === 1 && bad[0].broken.length === 1 ? 'one.' : 'some.'))),
    el('dl', { class: 'laws small' }, laws.map(({ name, says }) => [el('dt', {}, name), el('dd', {}, says)])),
    connectors.length > 0 && el('section', { 'aria-labelledby': 'connectors' }, el('h2', { id: 'connectors' }, 'Connectors on trial'), table('connector', 'ordeals', connectors, connectorRow), connectors.flatMap(examination)),
    thresholds.length > 0 && el('section', { 'aria-labelledby': 'limits' }, el('h2', { id: 'limits' }, 'Where the limits lie'), limits(thresholds)),
    [...new Set(claims.map(({ component }) => component))].map((component) => componentSection(component, claims.filter((claim) => claim.component === component))),
    el('p', { class: 'small quiet' }, 'Given by ', el('code', {}, data.command)))
}

function componentSection(component, claims) {
  const { source, title, vacuous } = claims[0]
  const id = 'component-' + data.claims.indexOf(claims[0])
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, capital(component.replace(/-/g, ' '))),
    el('p', { class: 'quiet' }, source + ': ' + title + '.'), table('variant', 'states', claims, (claim) => variantRow(claim, vacuous)),
    Object.entries(vacuous).map(([law, why]) => el('p', { class: 'small quiet' }, '– ', el('i', {}, law), ': nothing can break it here, for ' + why + '.')),
    claims.flatMap(({ variant, wrong }) => wrong.map((sentence) => el('p', { class: 'broken' }, '✗ ' + sentence))))
}
function table(what, number, rows, row) {
  return el('div', { class: 'scroll' }, el('table', { class: 'kill' },
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, what), data.laws.map(({ name }) => el('th', { scope: 'col', class: 'law' }, el('span', {}, name))), el('th', { scope: 'col', class: 'states' }, number))),
    el('tbody', {}, rows.map(row))))
}
const mark = (sign, means) => el('span', { class: 'nil' }, el('span', { 'aria-hidden': 'true' }, sign), el('span', { class: 'hidden' }, means))
function variantRow({ component, variant, says, breaks, states, wrong }, vacuous) {
  return el('tr', { class: wrong.length > 0 && 'wrong' }, el('th', { scope: 'row' }, variant, el('span', { class: 'says' }, says)),
    data.laws.map(({ name }) => {
      const found = breaks.find(({ law }) => law === name)
      const page = pageFor(component + ' / ' + variant, name)
      return el('td', { class: 'law' }, !found ? (vacuous[name] === undefined ? mark('·', 'kept') : mark('–', 'cannot be broken here'))
        : page ? el('a', { href: address(page.id), 'aria-label': variant + ' breaks ' + name + ' in ' + count(found.steps, 'step') }, amount(found.steps)) : amount(found.steps))
    }), el('td', { class: 'states' }, amount(states)))
}
function connectorRow({ connector, verdict, because, runs, exempt, broken }) {
  return el('tr', { class: verdict === 'broken' && 'wrong' }, el('th', { scope: 'row' }, connector, el('span', { class: 'says' }, verdict === 'inconclusive' ? 'inconclusive: ' + because : verdict)),
    data.laws.map(({ name }) => {
      const page = pageFor(connector, name)
      return el('td', { class: 'law' }, broken.includes(name) ? (page ? el('a', { href: address(page.id) }, '✗ broken') : '✗') : exempt[name] !== undefined ? mark('–', 'not held to it: ' + exempt[name]) : mark('·', verdict === 'lawful' ? 'kept' : 'not seen broken'))
    }), el('td', { class: 'states' }, amount(runs)))
}
function examination({ connector, mutants = [] }) {
  return mutants.length > 0 && [el('h3', {}, 'With one thing wrong: ' + connector),
    el('table', { class: 'rows small' }, el('tbody', {}, mutants.map(({ does, outcome, says }) => el('tr', {},
      el('th', { scope: 'row' }, does), el('td', { class: { caught: 'kept', survived: 'broken' }[outcome] ?? 'quiet' }, outcome), el('td', {}, says)))))]
}
function limits(thresholds) {
  return el('table', { class: 'rows' }, el('tbody', {}, thresholds.map(({ component, variant, of, passes, breaks, does, page }) =>
    el('tr', {}, el('th', { scope: 'row' }, page === null ? component + ' / ' + variant : el('a', { href: address(page) }, component + ' / ' + variant)), el('td', {}, amount(passes) + ' ' + of + ' pass, ', el('b', { class: 'who' }, amount(breaks)), ' ' + does)))))
}

const main = document.getElementById('main')
let view = null
function turn(by) {
  const at = data.pages.indexOf(view.page) + by
  const page = data.pages[at]
  return page ? el('a', { href: address(page.id) }, by < 0 ? '← ' + page.name : page.name + ' →') : el('span')
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
