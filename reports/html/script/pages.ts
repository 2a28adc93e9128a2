/** The page’s script, last part: the index of all runs, and which of them is shown. */
export const pages = `
function indexView(unknown) {
  const { claims, connectors, thresholds, laws, command, unchecked } = data
  const components = [...new Set(claims.map(({ component }) => component))]
  return el('div', {},
    el('p', { class: 'kicker' }, data.kicker),
    el('h1', { tabindex: '-1' }, 'What was checked, and what was found'),
    unknown !== null && el('p', { class: 'notice' }, el('b', {}, 'This file has no page ‘' + unknown.slice(0, 200) + '’. '),
      'What the link showed may be repaired by now, or stand in the file of another run. Here is all that this run found.'),
    connectors.length > 0 && connectorsLead(connectors), claims.length > 0 && claimsLead(claims, components),
    unchecked.length > 0 && el('p', { class: 'lead open' }, '– ' + count(unchecked.length, 'thing that was asked for is', 'things that were asked for are')
      + ' not checked.'),
    data.pages.length > 0 && data.pages.length <= fewRuns && titled('broke', 'What broke', data.pages.map(inBrief)),
    connectors.length > 0 && connectorsSection(connectors),
    thresholds.length > 0 && titled('limits', 'Where the limits are', limitsIn(thresholds)),
    claims.length > 0 && key('In the tables below, a number leads to the shortest run that breaks the law, and says how many steps it takes; '
      + '✓ the law is kept in every state; – nothing can break it there.'),
    components.map((component, i) => componentSection('component-' + i, claims.filter((claim) => claim.component === component))),
    unchecked.length > 0 && titled('unchecked', 'What is not checked', el('ul', { class: 'plain open' }, unchecked.map((says) => el('li', {}, '– ' + says)))),
    titled('laws', 'What the laws ask', el('dl', { class: 'laws small' }, laws.map(({ name, says }) => [el('dt', {}, name), el('dd', {}, says)]))),
    el('p', { class: 'small quiet' }, 'Written by ', el('code', {}, command)))
}

// Where little broke, what and why stands on the index too.
const fewRuns = 4
function inBrief(page) {
  const { id, isOnce, headline, law, name, says, advice, answers = [] } = page
  const [first] = answers
  return el('div', { class: 'brief' },
    el('p', {}, el('a', { href: address(id) }, verdictMark(isOnce) + ' ' + (headline ?? law.says)), ' ', quiet(inWords(name), ', ', unbroken(says), '.')),
    advice.length > 0 ? advice.map((says) => el('p', { class: 'small' }, marked(says)))
      : asksFirst(page) && el('p', { class: 'small' }, el('i', {}, first.asks), first.found && ' When it is ‘' + first.found + '’:',
        ' ‘' + first.here + '’, where the fixed one answers ‘' + first.fixed + '’.'))
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
    // Of one that was asked for by its name it is no comfort that it is known to be wrong.
    wrong === 0 ? !claims.some(({ fails }) => fails) && el('span', { class: 'kept' }, 'All is as claimed.')
      : el('span', { class: 'broken' }, count(wrong, 'is', 'are') + ' not as claimed.'))
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
      el('th', { scope: 'row' }, inWords(name), el('span', { class: 'says' }, says)),
      laws.map((law) => el('td', { class: 'law' }, cell(law.name))), el('td', { class: 'states' }, n)))))
}
// What a sign means is said to those who do not see it; what is not checked says so to everyone.
const mark = (sign, means, kind = 'nil', word = 'hidden') =>
  el('span', { class: kind }, el('span', { 'aria-hidden': 'true' }, sign), el('span', { class: word }, ' ' + means))
const kept = () => mark('✓', 'kept', 'kept')

function variantRow({ component, variant, says, breaks, states, wrong, vacuous }) {
  const cell = (law) => {
    const found = breaks.find((each) => each.law === law)
    if (!found) return vacuous[law] === undefined ? kept() : mark('–', 'cannot be broken here')
    const page = pageFor(component + ' / ' + variant, law)
    const label = variant + ' breaks ' + law + ' in ' + count(found.steps, 'step')
    return page ? el('a', { href: address(page.id), 'aria-label': label }, amount(found.steps)) : amount(found.steps)
  }
  return { name: variant, says, isWrong: wrong.length > 0, cell, n: amount(states) }
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
    return el('tr', {}, el('th', { scope: 'row' }, page === null ? inWords(name) : el('a', { href: address(page) }, inWords(name))),
      el('td', {}, says))
  })))
}

const main = document.getElementById('main')
let view = null
function turn(by) {
  const page = data.pages[data.pages.indexOf(view.page) + by]
  if (!page) return el('span')
  const name = page.name + ', ' + page.law.name
  return el('a', { href: address(page.id) }, by < 0 ? ['← ', inWords(name)] : [inWords(name), ' →'])
}
// Of one run, its page is what the file opens on; an address that ends in a bare hash is the index.
const isAlone = data.pages.length === 1
if (isAlone && !location.href.includes('#')) history.replaceState(null, '', address(data.pages[0].id))

// How much else was tried, so that nobody has to go and look whether there is more.
function tally() {
  const { claims, connectors, unchecked } = data
  const of = (verdict) => connectors.filter((each) => each.verdict === verdict).length
  const parts = (all) => all.filter(([n]) => n > 0).map(([n, says]) => amount(n) + ' ' + says).join(', ')
  const breaking = claims.filter(({ breaks }) => breaks.length > 0).length
  return [
    connectors.length > 0 && count(connectors.length, 'connector') + ': '
      + parts([[of('broken'), 'broken'], [of('inconclusive'), 'inconclusive'], [of('lawful'), 'lawful']]) + '.',
    claims.length > 0 && count(claims.length, 'variant') + ': '
      + parts([[breaking, 'wrong'], [claims.length - breaking, 'right']]) + '.',
    unchecked.length > 0 && amount(unchecked.length) + ' not checked.',
  ].filter(Boolean).join(' ')
}
const wayBack = () => el('p', { class: 'small back' }, el('a', { href: '#' }, '← All that was tried'), ' ', quiet(tally()))

function route() {
  const { id, step } = addressed()
  const page = pageOf(id)
  const unknown = page || id === '' || id === 'main' ? null : id
  if (view && page === view.page) return view.show(step)
  view?.toggle(false)
  const arrived = main.childElementCount > 0
  view = page ? new RunView(page) : null
  main.classList.toggle('stepping', view !== null)
  main.replaceChildren(view ? view.node : indexView(unknown))
  if (view && isAlone) view.node.prepend(wayBack())
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
