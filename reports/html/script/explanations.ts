/** The page’s script, seventh part: what explains a run. */
export const explanations = `
const titled = (id, title, ...children) => el('section', { 'aria-labelledby': id }, el('h2', { id }, title), ...children)
const quiet = (...children) => el('span', { class: 'quiet' }, ...children)
const heading = (text, kind) => el('th', { scope: 'col', class: kind }, text)
const headings = (...cells) => el('thead', {}, el('tr', {}, cells))

// What happened, and then what to look for: a reader in haste finds the second.
const inParts = (says) => says.split(/(?<=\\.) (?=Look (?:at|for) )/)
// It stands beside what happened, before the run: advice on a connector; of a model, the question that it answers otherwise than the
// fixed one.
const whatToDo = (page) => (page.advice.length > 0 || asksFirst(page)) && el('div', { class: 'advice' },
  titled('advice', 'What to do', page.advice.flatMap(inParts).map((says) => el('p', {}, marked(says))),
    asksFirst(page) && [el('p', {}, 'Answer as the fixed one does.'), questions(page.answers, modelsAnswer)]))
const modelsAnswer = ['the fixed one answers', 'this one answers']
// Many answers would push the run out of sight.
const fewAnswers = 4
const asksFirst = ({ answers = [], diagnosis }) => diagnosis === null && answers.length > 0 && answers.length <= fewAnswers

function explanations({
  answers = [], without = [], beside, facts, command, diagnosis, leftOut, parts, matters: sentences, pair, ...page
}) {
  const asked = diagnosis === null ? modelsAnswer : ['a right one', 'one with that bug']
  return [
    pair && titled('pair', 'With and without', el('p', {}, pair.title + ':'), pairOf(pair.rows)),
    sentences.length > 0 && titled('parts', 'Which parts of the scenario matter', sentences.map((says) => el('p', {}, marked(says))),
      parts.length > 0 && partsOf(parts)),
    diagnosis !== null && titled('like', 'What it behaves like', el('p', {}, diagnosis), questions(answers, asked)),
    diagnosis === null && answers.length > fewAnswers && titled('question', 'The question behind it', questions(answers, asked)),
    without.length > 0 && titled('matters', 'Which steps matter', matters(page, without)),
    beside && titled('fixed', 'The same, done right', besides(page, beside)),
    titled('origin', 'Where it comes from',
      el('dl', { class: 'facts' }, facts.map(([term, says]) => [el('dt', {}, term), el('dd', {}, says)])),
      leftOut.length > 0 && folding('What it is not tried with or not checked against',
        el('ul', { class: 'plain small' }, leftOut.map((says) => el('li', {}, says)))),
      el('p', { class: 'small quiet' }, 'To see it again:'),
      el('pre', { tabindex: '0', 'aria-label': 'The command that shows it again' }, el('code', {}, command))),
  ].filter(Boolean)
}

// Words between backquotes are code.
const marked = (text) => text.split(String.fromCharCode(96)).map((part, i) => i % 2 === 0 ? part : el('code', {}, part))

function questions(answers, [right, wrong]) {
  const asked = new Set(answers.map(({ of, asks }) => JSON.stringify([of, asks])))
  return [...asked].map((key) => {
    const [of, asks] = JSON.parse(key)
    const rows = answers.filter((answer) => answer.of === of && answer.asks === asks)
    const depends = rows.some(({ found }) => found !== '')
    return [
      el('p', {}, of && quiet('Of the ' + of.replace(/-/g, ' ') + ': '), el('i', {}, asks)),
      el('table', { class: 'rows answers' },
        headings(depends && heading('when it is'), heading(right), heading(wrong)),
        el('tbody', {}, rows.map(({ found, fixed, here }) => el('tr', {},
          depends && el('th', { scope: 'row' }, found), el('td', { class: 'kept' }, fixed), el('td', { class: 'broken' }, here))))),
    ]
  })
}

function partsOf(parts) {
  return el('table', { class: 'rows matters small' }, headings(heading('left out'), heading('then')),
    el('tbody', {}, parts.map(({ what, then, isNeeded }) => el('tr', { class: isNeeded ? 'yes' : 'no' },
      el('th', { scope: 'row' }, el('span', { 'aria-hidden': 'true' }, isNeeded ? '● ' : '○ '), what), el('td', {}, then)))))
}

const pairOf = (rows) => el('table', { class: 'rows small' }, headings(heading(''), heading('as above'), heading('without')),
  el('tbody', {}, rows.map(({ what, here, there }) => el('tr', {}, el('th', { scope: 'row' }, what),
    el('td', { class: here === there ? '' : 'broken' }, here ?? '–'), el('td', {}, there ?? '–')))))

const manyRowsThere = 14

function matters({ id }, without) {
  const kept = without.filter(({ law }) => law === 'kept')
  const steps = kept.filter(({ step }) => step > 0).length
  const which = steps === 1 ? 'Without the step marked ●, the law is kept. ' : 'Without any one of the steps marked ●, the law is kept. '
  const lead = kept.length === 0 ? 'None by itself. Whatever is left out happens later, or the law is broken in another way.'
    : (steps === 0 ? 'No step: with these messages, the law is broken in every order. ' : which)
      + (kept.length > steps ? 'The messages themselves matter.' : '')
  const then = ({ law, says, later }) => law === 'kept' ? 'the law is kept: ' + says
    : law === 'not settled' ? 'not settled: ' + says : (later ? 'it happens later: ' : 'broken all the same: ') + says
  const row = (each) => el('tr', { class: each.law === 'kept' ? 'yes' : 'no' },
    el('td', {}, each.step > 0 && el('a', { href: address(id, each.step) }, amount(each.step))),
    el('th', { scope: 'row' }, el('span', { 'aria-hidden': 'true' }, each.law === 'kept' ? '● ' : '○ '),
      (each.step === 0 ? 'instead, ' : '') + each.what, each.times > 1 && quiet(', one of ' + amount(each.times))),
    el('td', {}, then(each)))
  const table = (rows) => el('table', { class: 'rows matters small' },
    headings(el('td', {}), heading('left out'), heading('then')), el('tbody', {}, rows.map(row)))
  if (without.length <= manyRowsThere || kept.length === 0) return [el('p', {}, lead), table(without)]
  const rest = without.filter((each) => !kept.includes(each))
  return [el('p', {}, lead), table(kept), folding('The other ' + amount(rest.length) + ', without which the law is broken all the same', table(rest))]
}

function besides({ name }, { rows, partsAt, instead, says }) {
  const parting = rows.findLast(({ step }) => partsAt !== null && step !== null && step <= partsAt)
  const cell = (text, times, other) => text === null ? quiet(other === null ? '' : '–')
    : [text, times > 1 && quiet(' · ' + amount(times) + ' times')]
  const body = rows.map((row) => {
    const { step, here, there, times } = row
    const no = step === null ? '' : times === 1 ? amount(step) : amount(step) + ' …'
    return el('tr', { class: row === parting && 'parting' }, el('td', {}, no),
      el('td', { class: there === null && 'broken' }, cell(here, times, there)),
      el('td', { class: here === null && 'kept' }, cell(there, times, here)))
  })
  const how = instead.length === 0 ? ', which leaves the fixed one in another state.'
    : ', which the fixed one does not take. Instead: ' + listed(instead) + '.'
  const where = partsAt === null ? 'Both do the same for the whole run, and the fixed one then goes on.'
    : 'They part at step ' + amount(partsAt) + how
  return [
    el('p', {}, 'The fixed variant gets the same messages and takes the same steps, as far as it can. ' + where),
    el('table', { class: 'beside small' }, headings(el('td', {}), heading(inWords(name)), heading('fixed')), el('tbody', {}, body)),
    el('p', { class: 'kept' }, '✓ There, ' + says + '.'),
  ]
}
`
