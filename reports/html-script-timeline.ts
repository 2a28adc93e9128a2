/** The page’s script, third part: the swim lanes. Only the rows in sight are drawn, however many there are. */
export const timeline = `
const fewRows = 60
const slotWidth = 8
const verdicts = ['delivered', 'delivered again', 'stripped', 'altered', 'flagged']

class Timeline {
  constructor(tale, go) {
    this.tale = tale
    this.go = go
    this.step = 0
    const { messages } = tale.playback
    this.slots = Math.min(messages.length, messages.length > 6 ? 1 : 4)
    this.heads = el('div', { class: 'heads', 'aria-hidden': 'true' })
    this.list = el('ol', { 'aria-label': 'The steps of the run' })
    this.drawing = svg('svg', { 'aria-hidden': 'true' })
    this.box = el('div', { class: 'time', scroll: () => this.paint() }, this.drawing, this.list)
    this.refold = el('button', { class: 'unfold', type: 'button', click: () => this.fold() }, 'fold again')
    this.node = el('div', {}, this.heads, this.box, el('p', { class: 'refold' }, this.refold))
    new ResizeObserver(() => this.measure()).observe(this.node)
  }

  // Lanes side by side where there is room for their texts; else narrow ones, and one column of text beside them.
  measure() {
    const { page } = this.tale
    const width = this.node.clientWidth
    if (width === 0 || width === this.width) return
    this.width = width
    const numbers = this.tale.blocks.map((block) => block.times > 1 ? numberOf(block, block.at + block.period) : amount(block.at + block.period))
    this.left = 26 + Math.max(2, ...numbers.map(({ length }) => length)) * 7.6 + (page.stem === null ? 0 : 16)
    const letters = (text) => text.length * 7.6
    const lanes = Math.max(page.lanes.length, 1)
    const inset = 12 + this.slots * slotWidth + 14
    const texts = this.texts().concat(page.lanes).map(letters)
    const wide = Math.min(inset + Math.max(...texts) + 6, 270)
    this.isWide = this.left + wide * lanes + Math.min(190, width / 4) <= width
    this.lane = this.isWide ? Math.max(wide, Math.min(230, (width - this.left) * .62 / lanes)) : Math.max(14, this.slots * 5 + 9)
    this.gap = this.isWide ? slotWidth : Math.min(slotWidth, 5)
    // Facts stand beside the text where there is room, and else below it.
    this.isRoomy = this.isWide || width >= 560
    this.high = this.isRoomy ? 31 : 45
    this.inset = inset
    this.lanesEnd = this.left + this.lane * lanes
    this.notesAt = this.isWide ? this.lanesEnd + 14 : this.lanesEnd + 24 + Math.min(letters(this.longest()), width * .55)
    this.heads.replaceChildren(...(this.isWide ? page.lanes.map((name, i) => place(el('span', {}, name), { left: this.x(i) - 5, 'max-width': this.lane - 6 })) : []))
    this.heads.hidden = !this.isWide
    this.lay()
    this.show(this.step, true)
  }
  // What stands in a lane; what lies across them needs no room of its own.
  texts() {
    const { playback: { stretches, texts, actors, messages }, page } = this.tale
    const used = new Set(stretches.flatMap(({ moments }) => moments.flatMap(({ who, text }) => page.lanes.includes(actors[who]) ? [text] : [])))
    const name = messages.length === 0 ? '' : messages[messages.length - 1]
    return [...used].map((text) => texts[text].join(name))
  }
  longest() {
    const { actors } = this.tale.playback
    const whole = this.texts().map((text) => text + ' ' + actors.reduce((a, b) => (b.length > a.length ? b : a), ''))
    return whole.reduce((a, b) => (b.length > a.length ? b : a), '')
  }
  x(lane, slot = 0) { return this.left + lane * this.lane + 8 + slot * this.gap }
  slot(message) { return this.slots === 1 ? 0 : message % this.slots }
  y(row) { return (row + .5) * this.high }

  lay() {
    this.box.classList.toggle('scrolls', this.tale.rows > fewRows)
    for (const [key, value] of [['tabindex', '0'], ['role', 'region'], ['aria-label', 'The steps of the run, to scroll']])
      if (this.tale.rows > fewRows) this.box.setAttribute(key, value)
      else this.box.removeAttribute(key)
    this.refold.hidden = !this.tale.blocks.some((block) => block.times > 1 && block.open)
    place(this.list, { height: this.tale.rows * this.high })
    this.drawn = null
    this.paint()
  }

  show(step, quietly) {
    this.step = step
    if (this.width) this.paint(true)
    if (step === 0 || !this.width) return
    const row = this.tale.rowOf(step)
    if (this.tale.rows > fewRows) {
      const [top, bottom] = [row * this.high, (row + 1) * this.high]
      if (top < this.box.scrollTop || bottom > this.box.scrollTop + this.box.clientHeight)
        this.box.scrollTop = top - this.box.clientHeight / 2
    } else if (!quietly) this.list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }

  paint(anew) {
    const { rows } = this.tale
    const all = rows <= fewRows
    const from = all ? 0 : Math.max(0, Math.floor(this.box.scrollTop / this.high) - 6)
    const to = all ? rows : Math.min(rows, Math.ceil((this.box.scrollTop + (this.box.clientHeight || 700)) / this.high) + 6)
    if (!anew && this.drawn && this.drawn[0] === from && this.drawn[1] === to) return
    this.drawn = [from, to]
    const here = this.step === 0 ? -1 : this.tale.rowOf(this.step)
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.step : null
    this.list.replaceChildren(...Array.from({ length: to - from }, (_, i) => this.row(from + i, from + i === here)))
    if (focused !== null) this.list.querySelector('[data-step="' + Number(focused) + '"]')?.focus({ preventScroll: true })
    this.draw(from, to)
  }

  row(row, isHere) {
    const { tale, left, lane, isWide } = this
    const { page } = tale
    const block = tale.block(row)
    const folded = block.times > 1 && !block.open
    const step = tale.stepAt(row)
    const moment = tale.moment(step)
    const owed = tale.owed(step)
    const lanes = page.lanes.indexOf(tale.who(step))
    const breaks = page.breaks === step
    const says = (breaks ? '✗ ' : '') + (lanes < 0 || !isWide ? tale.sentence(step) : tale.does(step))
    const across = lanes < 0
    const start = across && moment.message !== undefined ? Math.max(0, this.laneOf(moment.message)) : Math.max(0, lanes)
    const text = place(el('span', { class: across ? 'band ' + owed : 'cell' }, says), !isWide ? { left: this.lanesEnd + 6, ...(this.isRoomy && !across ? { 'max-width': this.notesAt - this.lanesEnd - 14 } : { right: 0 }) }
      : { left: this.x(start) - 8 + this.inset, ...(across ? {} : { 'max-width': this.lane - this.inset + 6 }) })
    const behind = across && place(el('span', { class: 'behind ' + owed }), isWide ? { left, right: 0 } : { left, right: 0, ...(this.isRoomy ? {} : { height: '100%' }) })
    const notes = this.notes(row, block, moment, folded)
    if (notes && !this.isRoomy) place(text, { top: '33%' })
    const apart = notes && (this.isRoomy && across ? (text.append(el('span', { class: 'beside-band' }, '  ', notes)), null)
      : place(el('span', { class: 'note' }, notes), this.isRoomy ? { left: this.notesAt } : { left: this.lanesEnd + 6, top: '72%' }))
    const unfold = block.times > 1 && row - block.row === (block.open ? 0 : block.period - 1) && this.unfold(block)
    return place(el('li', { 'aria-setsize': tale.rows, 'aria-posinset': row + 1, class: (breaks ? 'breaks ' : '') + (unfold ? 'foldable' : '') },
      el('a', { href: address(page.id, step), 'aria-current': isHere && 'step', 'data-step': step },
        place(el('span', { class: 'no' }, folded ? numberOf(block, step) : amount(step)), { left: 0, width: left - (page.stem === null ? 14 : 30) }), behind, text, apart),
      unfold), { top: row * this.high, height: this.high })
  }

  notes(row, block, moment, folded) {
    const isLast = row - block.row === block.period - 1
    const facts = folded && block.tells ? (isLast ? block.tells : []) : moment.tells ?? []
    const parts = [...(folded && isLast ? [(block.period > 1 ? 'these ' + block.period + ', ' : '') + amount(block.times) + ' times'] : []),
      ...facts, ...(moment.time && (row === 0 || this.tale.moment(this.tale.stepAt(row - 1)).time !== moment.time) ? [clock(moment.time)] : [])]
    if (parts.length === 0 && moment.logs === undefined) return null
    return [parts.join(', '), moment.logs !== undefined && el('span', { class: 'code' }, (parts.length > 0 ? '  ' : '') + moment.logs)]
  }

  // The lane in which a message is first seen.
  laneOf(message) {
    if (!this.firsts) {
      const { playback: { stretches, actors }, page } = this.tale
      this.firsts = new Map()
      for (const { moments } of stretches) for (const moment of moments) {
        const lane = page.lanes.indexOf(actors[moment.who])
        if (lane >= 0 && moment.message !== undefined && !this.firsts.has(moment.message)) this.firsts.set(moment.message, lane)
      }
    }
    return this.firsts.get(message) ?? 0
  }

  fold(only) {
    for (const block of this.tale.blocks) if (block.times > 1) block.open = block === only ? !block.open : only !== undefined && block.open
    this.tale.count()
    this.lay()
    this.show(this.step)
  }
  unfold(block) {
    const click = () => this.fold(block)
    return el('button', { class: 'unfold', type: 'button', click, 'aria-expanded': String(block.open) }, block.open ? 'fold' : 'unfold')
  }

  draw(from, to) {
    const { tale } = this
    const { page } = tale
    const parts = []
    const [top, bottom] = [this.y(from) - this.high / 2, this.y(to - 1) + this.high / 2]
    page.lanes.forEach((_, lane) => parts.push(svg('line', { class: 'rail', x1: this.x(lane), x2: this.x(lane), y1: top, y2: bottom })))
    // Where a message was before the window and will be after it is looked for a little way only.
    const reach = tale.rows <= 3000 ? [0, tale.rows] : [Math.max(0, from - 60), Math.min(tale.rows, to + 60)]
    const lives = new Map()
    for (let row = reach[0]; row < reach[1]; row++) {
      const moment = tale.moment(tale.stepAt(row))
      const lane = page.lanes.indexOf(tale.playback.actors[moment.who])
      const touched = new Set([...(moment.message === undefined ? [] : [moment.message]), ...(moment.marks ?? []).map(([message]) => message)])
      for (const message of touched) {
        const marks = (moment.marks ?? []).filter(([other]) => other === message).map(([, is]) => is)
        const before = lives.get(message)
        const at = { row, lane: lane < 0 ? before?.[before.length - 1].lane ?? -1 : lane, marks }
        if (before) before.push(at)
        else lives.set(message, [at])
      }
    }
    for (const [message, life] of lives)
      if (this.slots > 1 || life.some(({ row }) => row >= from && row < to)) parts.push(this.life(message, life, from, to))
    parts.push(this.brackets(from, to))
    this.drawing.setAttribute('width', this.lanesEnd)
    this.drawing.setAttribute('height', tale.rows * this.high)
    this.drawing.replaceChildren(...parts.flat(2))
  }

  life(message, life, from, to) {
    const { page, playback, rows } = this.tale
    const name = playback.messages[message]
    const slot = this.slot(message)
    // What the world sends begins in the lane in which it will be taken.
    for (const at of life) if (at.lane < 0) at.lane = this.laneOf(message)
    const seen = life.filter(({ row }, i) => row <= to && (life[i + 1]?.row ?? row) >= from)
    if (seen.length === 0) return []
    const path = seen.map(({ row, lane }, i) => {
      const [x, y] = [this.x(lane, slot), this.y(row)]
      if (i === 0) return 'M' + x + ' ' + y
      const over = this.x(seen[i - 1].lane, slot)
      const bend = this.high * .5
      return over === x ? 'L' + x + ' ' + y : 'L' + over + ' ' + (y - this.high + 4) + 'C' + over + ' ' + (y - this.high + bend) + ' ' + x + ' ' + (y - bend) + ' ' + x + ' ' + (y - 2)
    }).join('')
    const end = life[life.length - 1]
    const lost = name === page.message && page.lost && !(end.marks.some((mark) => verdicts.includes(mark)) && playback.stretches.every(({ times }) => times === 1))
    const [x, y] = [this.x(end.lane, slot), this.y(rows) - this.high / 2]
    return svg('g', { class: 'm' + message % 8 },
      svg('path', { class: 'life', d: path }),
      lost && end.row < to && svg('path', { class: 'life lost', d: 'M' + x + ' ' + this.y(end.row) + 'V' + (y - 4) }),
      seen.map((at) => this.sign(this.x(at.lane, slot), this.y(at.row), at.marks)),
      lost && page.stem === null && to === rows && svg('g', { class: 'broken' }, svg('path', { class: 'life', d: cross(x, y - 2, 4) })))
  }

  sign(x, y, marks) {
    const is = marks.find((mark) => mark !== 'taken') ?? marks[0]
    if (is === 'delivered again' || is === 'altered')
      return svg('g', { class: 'broken' }, svg('circle', { class: 'full', cx: x, cy: y, r: 6 }), svg('path', { class: 'sign', d: cross(x, y, 2.4) }))
    if (is === 'delivered' || is === 'stripped')
      return svg('g', {}, svg('circle', { class: 'full', cx: x, cy: y, r: 6 }), svg('path', { class: 'sign', d: 'M' + (x - 2.8) + ' ' + y + 'l2 2.2 3.6-4.4' }))
    if (is === 'flagged') return svg('path', { class: 'full', d: 'M' + (x - 4) + ' ' + (y + 7) + 'V' + (y - 6) + 'l10 4-10 4z' })
    return svg('circle', { class: 'dot', cx: x, cy: y, r: is === 'taken' ? 4 : 2.6 })
  }

  brackets(from, to) {
    const { tale, left, high } = this
    const parts = tale.blocks.filter((block) => block.times > 1 && block.period > 1 && block.row < to && block.row + block.period > from)
      .map((block) => svg('path', { class: 'rounds', d: 'M' + (left - 8) + ' ' + (block.row * high + 5) + 'V' + ((block.row + (block.open ? block.period * block.times : block.period)) * high - 5) }))
    if (tale.page.stem === null || tale.rows === 0) return parts
    const [x, top, bottom] = [left - 22, tale.rowOf(tale.page.stem + 1) * high + 6, tale.rows * high - 6]
    return [...parts, svg('path', { class: 'bracket', d: 'M' + (x + 9) + ' ' + top + 'h-4q-5 0-5 5V' + (bottom - 5) + 'q0 5 5 5h4' }),
      svg('path', { class: 'bracket', d: 'M' + (x + 5) + ' ' + (top - 4) + 'l4.5 4-4.5 4' })]
  }
}
// Steps that are folded are numbered from the first of them.
const numberOf = ({ period, times }, step) => period === 1 ? amount(step) + '–' + amount(step + times - 1) : amount(step) + ' …'
const cross = (x, y, r) => 'M' + (x - r) + ' ' + (y - r) + 'l' + 2 * r + ' ' + 2 * r + 'm0 ' + -2 * r + 'l' + -2 * r + ' ' + 2 * r
`
