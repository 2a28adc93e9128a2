/** The page’s script, fourth part: the rows of the swim lanes. Only the rows in sight are drawn, however many there are. */
export const timeline = `
const fewRows = 60
const slotWidth = 8
const letter = 7.6
const mostWide = 280
const highestHead = 132

class Timeline {
  constructor(model, go) {
    this.model = model
    this.go = go
    this.step = 0
    const { messages } = model.playback
    this.slots = Math.min(messages.length, messages.length > 6 ? 1 : 4)
    this.heads = el('div', { class: 'heads', 'aria-hidden': 'true' })
    this.list = el('ol', { 'aria-label': 'The steps of the run' })
    this.drawing = svg('svg', { 'aria-hidden': 'true' })
    this.never = el('p', { class: 'never', hidden: model.page.missing === null })
    this.box = el('div', { class: 'time', scroll: () => this.paint() }, this.drawing, this.list, this.never)
    this.refold = el('button', { class: 'unfold', type: 'button', click: () => this.fold() }, 'fold again')
    this.node = el('div', {}, this.heads, this.box, el('p', { class: 'refold' }, this.refold))
    new ResizeObserver(() => this.measure()).observe(this.node)
  }

  // Lanes stand side by side where there is room for their texts. Else they are narrow, and one column of text is beside them.
  measure() {
    const { page } = this.model
    const width = this.node.clientWidth
    if (width === 0 || width === this.width) return
    this.width = width
    const numbers = this.model.blocks.map((block) => numberOf(block, block.at + block.period))
    this.left = 26 + Math.max(2, longest(numbers)) * letter + (page.stem === null ? 0 : 16)
    this.inset = 26 + this.slots * slotWidth
    const { missing } = page
    const breaking = missing !== null ? missing.lane : page.breaks === null ? '' : this.model.who(page.breaks)
    const wanted = page.lanes.map((name) => {
      // What is folded in other lanes than the last may reach over those beside it.
      const isLast = name === page.lanes[page.lanes.length - 1]
      const never = missing !== null && missing.lane === name ? [missing.does] : []
      const texts = [calledIn(page, name), ...this.texts(name), ...(isLast ? this.folds(name) : []), ...never]
      return this.inset + 12 + widest(this.node, texts, name === breaking) + (name === breaking ? 18 : 0)
    })
    const all = sum(wanted.map((one) => Math.min(mostWide, one)))
    const notes = Math.min(width / 3, this.widestNote())
    const rest = width - this.left - all - notes
    this.isWide = rest >= 0
    const wide = wanted.map((one) => Math.min(mostWide, one))
    // The lanes share spare room with the facts beside them.
    const half = (width - this.left) / 2
    const spare = Math.max(0, Math.min(60, (Math.min(half, all + rest) - sum(wide)) / wide.length))
    this.lanes = wide.map((one) => this.isWide ? one + spare : Math.max(14, this.slots * 5 + 9))
    this.gap = this.isWide ? slotWidth : Math.min(slotWidth, 5)
    // Facts stand beside the text where there is room, and else below it.
    this.isRoomy = this.isWide || width >= 560
    this.high = this.isRoomy ? 31 : 47
    this.lanesEnd = this.left + Math.max(14, sum(this.lanes))
    const whole = widest(this.node,
      page.lanes.flatMap((name) => [...this.texts(name), ...this.folds(name)].map((text) => calledIn(page, name) + ' ' + text)), true)
    this.notesAt = this.isWide ? this.lanesEnd + 14 : this.lanesEnd + Math.min(24 + whole, width - this.lanesEnd - notes)
    // Over a narrow lane its name stands upright.
    this.heads.classList.toggle('upright', !this.isWide)
    const heads = page.lanes.map((name, i) => place(el('span', {}, calledIn(page, name)),
      { left: this.x(i) - (this.isWide ? 5 : 8), ...(this.isWide ? { 'max-width': this.lanes[i] - 6 } : {}) }))
    this.heads.replaceChildren(...heads)
    const called = page.lanes.map((name) => calledIn(page, name))
    place(this.heads, { height: this.isWide ? '' : Math.min(highestHead, 10 + widest(this.heads, called)) })
    this.lay()
    this.show(this.step, true)
  }
  // What stands beside the steps: facts, times, and how often.
  widestNote() {
    const { stretches } = this.model.playback
    const notes = stretches.flatMap(({ moments }) => moments.slice(0, 3000)).map(({ facts = [], logs = '', time }) =>
      [...facts, ...(time ? [clock(time)] : [])].join(', ') + logs)
    const folds = this.model.blocks.filter(({ times }) => times > 1).map((block) => this.model.timesOf(block))
    return Math.max(14 + widest(this.node, new Set(notes)), folds.length > 0 ? 96 + widest(this.node, folds) : 0)
  }
  // The texts in a lane; a row across all lanes needs no room of its own.
  texts(lane) {
    const { stretches, texts, actors, messages } = this.model.playback
    const used = new Set(stretches.flatMap(({ moments }) => moments.flatMap(({ who, text }) => actors[who] === lane ? [text] : [])))
    const name = messages.length === 0 ? '' : messages[messages.length - 1]
    return [...used].map((text) => texts[text].join(name))
  }
  folds(lane) {
    return this.model.blocks.filter((block) => block.period === 1 && this.model.folded(block) && this.model.who(block.at + 1) === lane)
      .map((block) => this.model.does(block.at + 1, block.names.says))
  }
  x(lane, slot = 0) { return this.left + sum(this.lanes.slice(0, lane)) + 8 + slot * this.gap }
  slot(message) { return this.slots === 1 ? 0 : message % this.slots }
  // The row that breaks the law is as high as its text, of which no word is cut. All others are alike.
  top(row) { return row * this.high + (this.tall && row > this.tall.row ? this.tall.more : 0) }
  y(row) { return (this.top(row) + this.top(row + 1)) / 2 }

  lay() {
    this.box.classList.toggle('scrolls', this.model.rows > fewRows)
    for (const [key, value] of [['tabindex', '0'], ['role', 'region'], ['aria-label', 'The steps of the run, to scroll']])
      if (this.model.rows > fewRows) this.box.setAttribute(key, value)
      else this.box.removeAttribute(key)
    this.measureTall()
    this.layMissing()
    this.refold.hidden = !this.model.blocks.some((block) => block.times > 1 && block.open)
    place(this.list, { height: this.top(this.model.rows) + this.missingHigh })
    this.drawn = null
    this.paint()
  }

  measureTall() {
    const { page } = this.model
    this.tall = null
    if (page.breaks === null) return
    const row = this.model.rowOf(page.breaks)
    const item = this.row(row, false)
    this.box.append(item)
    const more = item.querySelector('.cell, .band').offsetHeight + 8 - this.high
    item.remove()
    if (more > 0) this.tall = { row, more }
  }
  // Below the last step stands what never happens, in the lane in which it should have.
  layMissing() {
    const { missing, isOnce } = this.model.page
    this.missingHigh = 0
    if (missing === null) return
    const { isWide, lanesEnd } = this
    const says = verdictMark(isOnce) + ' ' + (isWide && missing.lane !== null ? missing.does : missingSays(this.model.page))
    this.never.replaceChildren(says, missing.note && quiet('  ' + missing.note))
    const left = isWide ? this.x(this.missingLane()) - 8 + this.inset : lanesEnd + 6
    place(this.never, { left, top: this.top(this.model.rows) + 5 })
    this.missingHigh = Math.max(this.high, this.never.offsetHeight + 10)
  }
  missingLane() {
    const { lanes, missing } = this.model.page
    return Math.max(0, missing.lane === null ? this.lastLane() : lanes.indexOf(missing.lane))
  }
  missingAt() {
    const { page, playback, rows } = this.model
    const slot = this.slot(Math.max(0, playback.messages.indexOf(page.message)))
    return [this.x(this.missingLane(), slot), this.top(rows) + this.missingHigh / 2]
  }

  show(step, quietly) {
    this.step = step
    if (this.width) this.paint(true)
    if (step === 0 || !this.width) return
    const row = this.model.rowOf(step)
    if (this.model.rows > fewRows) {
      const [top, bottom] = [this.top(row), this.top(row + 1)]
      if (top < this.box.scrollTop || bottom > this.box.scrollTop + this.box.clientHeight)
        this.box.scrollTop = top - this.box.clientHeight / 2
    } else if (!quietly) this.list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }

  paint(anew) {
    const { rows } = this.model
    const all = rows <= fewRows
    const more = this.tall ? this.tall.more : 0
    const from = all ? 0 : Math.max(0, Math.floor((this.box.scrollTop - more) / this.high) - 6)
    const to = all ? rows : Math.min(rows, Math.ceil((this.box.scrollTop + (this.box.clientHeight || 700)) / this.high) + 6)
    if (!anew && this.drawn && this.drawn[0] === from && this.drawn[1] === to) return
    this.drawn = [from, to]
    const here = this.step === 0 ? -1 : this.model.rowOf(this.step)
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.step : null
    this.list.replaceChildren(...Array.from({ length: to - from }, (_, i) => this.row(from + i, from + i === here)))
    if (focused !== null) this.list.querySelector('[data-step="' + Number(focused) + '"]')?.focus({ preventScroll: true })
    this.draw(from, to)
  }

  row(row, isHere) {
    const { model, left } = this
    const { page } = model
    const block = model.block(row)
    const step = model.stepAt(row)
    const breaks = page.breaks === step
    const isFolded = block.times > 1 && !block.open
    const no = place(el('span', { class: 'no' }, isFolded ? numberOf(block, step) : amount(step)),
      { left: 0, width: left - (page.stem === null ? 14 : 30) })
    const unfold = block.times > 1 && row - block.row === (block.open ? 0 : block.period - 1) && this.unfold(block)
    const link = el('a', { href: address(page.id, step), 'aria-current': isHere && 'step', 'data-step': step },
      no, this.says(step, breaks, this.notes(row, block, model.moment(step), isFolded), !unfold,
        isFolded && block.period === 1 ? model.folded(block)?.says : undefined))
    const kind = (breaks ? 'breaks ' : '') + (unfold ? 'foldable' : '')
    return place(el('li', { 'aria-setsize': model.rows, 'aria-posinset': row + 1, class: kind }, link, unfold),
      { top: this.top(row), height: this.top(row + 1) - this.top(row) })
  }

  // The text of a step, in its lane or across all lanes; and its facts, beside the text or below it.
  says(step, breaks, notes, isWhole, named) {
    const { model, left, isWide, isRoomy, lanesEnd } = this
    const lane = model.page.lanes.indexOf(model.who(step))
    const across = lane < 0
    const { message } = model.moment(step)
    const starts = across && message !== undefined ? this.laneOf(message) : Math.max(0, lane)
    // On a narrow page a row with a button has one line.
    const isShort = isWide || (!isRoomy && !isWhole && model.who(step) === model.page.name)
    const says = (breaks ? verdictMark(model.page.isOnce) + ' ' : '')
      + (isShort && !across ? model.does(step, named) : model.sentence(step, named))
    // A row across all lanes starts at the first where it would not fit.
    const room = across ? this.width - this.inset - 24 - widest(this.node, [says + (notes ? '  ' + notes[0] : '')], breaks) : Infinity
    const from = isWide ? this.x(room < this.x(starts) ? 0 : starts) - 8 + this.inset : lanesEnd + 6
    // A row has only one text, so it may reach over other lanes, as far as its facts.
    const text = place(el('span', { class: across ? 'band ' + model.kind(step) : 'cell' }, says),
      { left: from, 'max-width': !isRoomy || !notes ? this.width - from : (across ? this.width : this.notesAt) - from - 8 })
    // What does not fit into the one line beside a button takes the place of its facts: how many there are, their numbers say.
    if (!isRoomy && !isWhole && !breaks && widest(this.node, [says]) > this.width - from) {
      text.classList.add('whole')
      notes = null
    }
    // No word of what breaks the law is cut: its text goes on in further lines, and facts that do not stand beside it below.
    if (breaks && notes && (across || !isRoomy)) text.append(el('span', { class: 'below' }, notes))
    else if (notes && !isRoomy && !isWhole) place(text, { top: '33%' })
    // On a narrow page a text goes on in a second line, and facts follow it; but where a button stands below it, it has one line.
    const follow = !breaks && (isRoomy ? across : isWhole)
    if (!isRoomy && isWhole && !breaks) text.classList.add('whole')
    if (notes && follow) text.append(isRoomy ? '' : ' ', el('span', { class: 'beside-band' }, isRoomy && '  ', notes))
    const band = across && el('span', { class: 'behind ' + model.kind(step) })
    // Facts too long for their column begin further left, as far as the text of their row goes.
    const ends = from + widest(this.node, [says], breaks) + 14
    const notesAt = () => Math.min(this.notesAt, Math.max(ends, this.width - 20 - widest(this.node, [notes[0]])))
    return [
      band && place(band, { left, right: 0, ...(isRoomy && !breaks ? {} : { height: '100%' }) }), text,
      notes && !(isRoomy ? across : breaks || isWhole) && place(el('span', { class: 'note' }, notes),
        isRoomy ? { left: notesAt() } : { left: lanesEnd + 6, top: '72%' }),
    ]
  }

  notes(row, block, moment, isFolded) {
    const isLast = row - block.row === block.period - 1
    const before = row === 0 ? null : this.model.moment(this.model.stepAt(row - 1))
    const often = isFolded && isLast ? this.model.timesOf(block) : ''
    const parts = [
      ...(often === '' ? [] : [often]), ...(!isFolded || !block.facts ? moment.facts ?? [] : isLast ? block.facts : []),
      ...(moment.time && before?.time !== moment.time ? [clock(moment.time)] : []),
    ]
    if (parts.length === 0 && moment.logs === undefined) return null
    return [parts.join(', '), moment.logs !== undefined && el('span', { class: 'code' }, (parts.length > 0 ? '  ' : '') + moment.logs)]
  }

  // The lane in which a message is first seen.
  laneOf(message) {
    if (!this.firsts) {
      this.firsts = new Map()
      for (const [name, lane] of this.sightings()) if (!this.firsts.has(name)) this.firsts.set(name, lane)
    }
    return this.firsts.get(message) ?? 0
  }
  // That in which the message is last seen that the law is broken for.
  lastLane() {
    const { playback: { messages }, page } = this.model
    return this.sightings().findLast(([name]) => messages[name] === page.message)?.[1] ?? 0
  }
  sightings() {
    const { playback: { stretches, actors }, page } = this.model
    return stretches.flatMap(({ moments }) => moments.flatMap(({ who, message }) => {
      const lane = page.lanes.indexOf(actors[who])
      return lane < 0 || message === undefined ? [] : [[message, lane]]
    }))
  }

  fold(only) {
    for (const block of this.model.blocks)
      if (block.times > 1) block.open = block === only ? !block.open : only !== undefined && block.open
    this.model.count()
    this.lay()
    this.show(this.step)
  }
  unfold(block) {
    const click = () => this.fold(block)
    const [does, expanded] = [block.open ? 'fold' : 'unfold', String(block.open)]
    return el('button', { class: 'unfold', type: 'button', click, 'aria-expanded': expanded }, does)
  }
  draw(from, to) { drawLanes(this, from, to) }
}
`
