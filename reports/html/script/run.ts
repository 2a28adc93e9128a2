/** The page’s script, sixth part: the page of one run, and going through it step by step. */
export const run = `
const icons = {
  first: 'M2 2h2v12H2zM14 2v12L5 8z', back: 'M12 2v12L3 8z', forth: 'M4 2v12l9-6z', last: 'M12 2h2v12h-2zM2 2v12l9-6z',
  play: 'M3 1v14l12-7z', pause: 'M3 2h4v12H3zM9 2h4v12H9z',
}
const icon = (name) => svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: icons[name] }))
const pace = 900
const isLaw = (law) => data.laws.some(({ name }) => name === law.name)
const swatch = (message) =>
  el('span', { class: message < 0 ? 'none' : 'm' + message % 8 }, el('span', { class: 'swatch', 'aria-hidden': 'true' }))

class RunView {
  constructor(page) {
    this.page = page
    this.model = new RunModel(page)
    this.step = null
    this.timer = null
    this.timeline = new Timeline(this.model, (step) => this.go(step))
    this.state = el('aside', { class: 'state', 'aria-label': 'The state', tabindex: '0' })
    this.says = el('p', { class: 'hidden', 'aria-live': 'polite' })
    this.node = el('div', {}, this.head(), whatToDo(page), el('section', { 'aria-labelledby': 'run' },
      el('h2', { id: 'run' }, 'The run'), this.legend(), this.controls(),
      el('div', { class: 'run' }, el('div', {}, this.begins(), this.timeline.node, this.ending()),
        this.state), this.says), ...explanations(page))
  }

  // What happened comes first; under it whose run it is, and the law.
  head() {
    const { law, clause, name, says, headline, ending, minimality, isOnce, written } = this.page
    const named = isLaw(law) ? [isOnce ? 'Broken once, and kept when the same scenario ran again: ' : 'The law that it breaks, ',
      el('i', {}, law.name), ...(headline === null ? ['.'] : [': ', law.says])] : law.says
    return [
      el('p', { class: 'kicker' }, isOnce ? 'Not settled' : isLaw(law) ? 'Broken law' : 'Not what it says it is'),
      headlined(isOnce, headline ?? law.says),
      el('p', { class: 'lead' }, el('b', { class: 'who' }, inWords(name)), ', ', unbroken(says), '.'),
      written !== null && el('p', { class: 'where small' }, el('code', {}, written)),
      el('p', {}, ending !== headline && ending + ' ', quiet(minimality)),
      el('p', {}, named, clause && [' ', quiet(marked(clause))]),
    ]
  }
  legend() {
    const { legend } = this.page
    return legend.length > 0 && el('ul', { class: 'plain legend', 'aria-label': 'The messages' }, legend.map(({ name, is }) =>
      el('li', {}, swatch(this.model.playback.messages.indexOf(name)), el('b', {}, name), is && ', ' + is)))
  }
  begins() {
    return this.page.begins.length > 0 && el('p', { class: 'small quiet' }, 'At the start: ' + this.page.begins.join(', ') + '.')
  }
  ending() {
    const { stem, ending, isOnce } = this.page
    const cycle = stem !== null && '⟲ Steps ' + amount(stem + 1) + ' to ' + amount(this.model.length) + ' go on for ever.'
    return [cycle && el('p', { class: 'ever' }, cycle),
      el('p', { class: isOnce ? 'end' : 'end broken' }, verdictMark(isOnce) + ' ' + ending)]
  }

  controls() {
    const button = (name, label, click) => el('button', { type: 'button', 'aria-label': label, title: label, click }, icon(name))
    const input = () => this.go(Number(this.slider.value))
    this.slider = el('input', { type: 'range', min: 0, max: this.model.length, 'aria-label': 'Step', input })
    this.output = el('output')
    this.playing = button('play', 'Play', () => this.toggle())
    return el('div', { class: 'controls', role: 'group', 'aria-label': 'Stepping' },
      button('first', 'To the start (Home)', () => this.go(0)),
      button('back', 'One step back (←)', () => this.go(this.step - 1)),
      this.playing,
      button('forth', 'One step on (→)', () => this.go(this.step + 1)),
      button('last', 'To the end (End)', () => this.go(this.model.length)),
      this.slider, this.output)
  }

  // Every step has an address of its own; going there adds nothing to the history of the browser.
  go(step) {
    const to = Math.max(0, Math.min(this.model.length, step))
    if (to === this.step) return
    history.replaceState(null, '', address(this.page.id, to))
    this.show(to)
  }
  show(step, quietly) {
    const { model } = this
    this.step = Math.max(0, Math.min(model.length, step ?? (this.page.breaks ?? model.length)))
    this.slider.value = String(this.step)
    const of = this.step === 0 ? 'Before the first step' : 'Step ' + amount(this.step) + ' of ' + amount(model.length)
    this.slider.setAttribute('aria-valuetext', of)
    this.output.textContent = of
    this.timeline.show(this.step, quietly)
    this.state.replaceChildren(...stateOf(this.page, model, this.step))
    if (!quietly) this.says.textContent = this.step === 0 ? of : of + ': ' + model.sentence(this.step)
    document.title = this.page.name + ', ' + this.page.law.name + ', ' + of.toLowerCase()
  }
  toggle(on = this.timer === null) {
    clearInterval(this.timer)
    this.timer = on ? setInterval(() => this.tick(), pace) : null
    this.playing.replaceChildren(icon(on ? 'pause' : 'play'))
    this.playing.setAttribute('aria-label', on ? 'Pause' : 'Play')
    if (on && this.step === this.model.length) this.go(0)
  }
  tick() {
    const { stem } = this.page
    if (this.step < this.model.length) this.go(this.step + 1)
    else if (stem !== null) this.go(stem + 1)
    else this.toggle(false)
  }
  key(event) {
    const { target } = event
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || target === this.slider) return
    const to = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.model.length }[event.key]
    if (to === undefined) return
    event.preventDefault()
    this.go(to)
  }
}

// A cross stands only where the law is broken for certain.
const verdictMark = (isOnce) => isOnce ? '?' : '✗'
const manyLetters = 120
const headlined = (isOnce, says) => el('h1', { tabindex: '-1', class: says.length > manyLetters && 'long' },
  // No line ends between a number and its unit.
  el('span', { class: isOnce ? 'open' : 'broken' }, verdictMark(isOnce)), ' ' + says.replace(/(\\d) (?=ms )/g, '$1\\u00a0'))
// What is said of the step at which it shows, or else of the last.
function breachSays(page) {
  const { breaks, missing, stem, law, isOnce } = page
  const here = !isLaw(law) ? 'Here they part.' : isOnce ? 'Here the law was broken, once.' : 'Here the law is broken.'
  if (breaks !== null) return verdictMark(isOnce) + ' ' + here
  return verdictMark(isOnce) + (stem === null ? ' Here the run ends.' : ' From here it goes round.')
    + (missing === null ? '' : ' What is missing: ' + missingSays(page) + '.')
}
const missingSays = (page) => ((page.missing.lane === null ? '' : calledIn(page, page.missing.lane)) + ' ' + page.missing.does).trim()

// The step, the state after it with its changes marked, and what else could have happened.
function stateOf(page, model, step) {
  const { playback } = model
  const now = model.state(step)
  const before = step === 0 ? now : model.state(step - 1)
  const moment = step === 0 ? {} : model.moment(step)
  const moving = new Set(playback.stretches.flatMap(({ moments }) => moments.flatMap(({ sets }) => (sets ?? []).map(([cell]) => cell))))
  const all = playback.cells.map((cell, i) => ({ ...cell, i }))
  // The message that the law is broken for is always shown, even if nothing ever happens to it; a column of noughts says no more than none.
  const says = ({ i }) => now[i] !== '' && now[i] !== 0
  const isMoving = (cell) => moving.has(cell.i)
    || (cell.of === page.message && says(cell) && !all.some(({ of, i }) => of === cell.of && moving.has(i)))
  const shown = all.filter(isMoving)
  const still = all.filter((cell) => !isMoving(cell) && says(cell))
  // Of a large state, what has just changed is shown first; of a small one, all that ever changes.
  const things = (cell) => cell.stage + ' ' + cell.of
  const changed = new Set(shown.filter(({ i }) => now[i] !== before[i]).map(things))
  const isFirst = (cell) => shown.length <= manyCells || changed.has(things(cell)) || cell.of === page.message
  const [first, rest] = [shown.filter(isFirst), shown.filter((cell) => !isFirst(cell))]
  return [
    el('h3', {}, step === 0 ? 'Before the first step' : 'Step ' + amount(step)),
    step > 0 && el('p', { class: 'now' }, swatch(moment.message ?? -1), model.sentence(step)),
    step > 0 && step === (page.breaks ?? model.length) && el('p', { class: page.isOnce ? 'open' : 'broken' }, breachSays(page)),
    playback.cells.length > 0 && [el('h3', {}, step === 0 ? 'The state' : 'The state after it'), cells(first, now, before)],
    rest.length > 0 && folding('The rest of the state', cells(rest, now, before)),
    still.length > 0 && folding('What stays as it was', cells(still, now, now)),
    ...(step === 0 ? others('What could happen first', atFirst(model), playback)
      : others('What could have happened instead', moment.could ?? [], playback)),
    ...(step === model.length && step > 0 ? others(page.lost ? 'What could still happen, and need not' : 'What could happen next',
      playback.end, playback) : []),
  ].flat().filter(Boolean)
}
const manyCells = 16

// A part that was opened stays open from step to step.
const opened = new Set()
function folding(title, ...children) {
  const toggle = (event) => event.target.open ? opened.add(title) : opened.delete(title)
  return el('details', { open: opened.has(title), toggle }, el('summary', { class: 'small quiet' }, title), ...children)
}

function atFirst(model) {
  if (model.length === 0) return model.playback.end
  const says = model.sentence(1)
  const at = model.playback.options.findIndex((option) => option.says === says)
  return [...(at < 0 ? [] : [at]), ...(model.moment(1).could ?? [])]
}

function cells(shown, now, before) {
  const things = new Map()
  for (const cell of shown) {
    const key = cell.stage + ' ' + cell.of
    things.set(key, [...(things.get(key) ?? []), cell])
  }
  return el('table', {}, [...things.values()].map((fields) => el('tbody', {},
    el('tr', {}, el('th', { scope: 'rowgroup', colspan: 2 }, fields[0].of, fields[0].stage && quiet(' in ' + fields[0].stage))),
    fields.map(({ field, i }) => el('tr', {}, el('th', { scope: 'row' }, field),
      el('td', {}, now[i] === before[i] ? value(now[i]) : [el('del', {}, value(before[i])), ' ', el('mark', {}, value(now[i]))]))))))
}
const value = (it) => it === '' ? '–' : typeof it === 'number' ? amount(it) : it

const kinds = { fault: 'a fault', heal: 'a repair', timer: 'in time', choice: 'by choice' }
function others(title, options, { options: all }) {
  if (all.length === 0) return []
  if (options.length === 0) return [el('h3', {}, title), el('p', { class: 'quiet small' }, 'Nothing.')]
  const named = ({ says, kind }) => !says.startsWith('world ') && kinds[kind]
  const items = options.map((at) => el('li', {}, all[at].says, named(all[at]) && quiet(' · ' + named(all[at]))))
  return [el('h3', {}, title), el('ul', { class: 'plain' }, items.slice(0, 7)),
    items.length > 7 && folding(amount(items.length - 7) + ' more', el('ul', { class: 'plain' }, items.slice(7)))]
}
`
