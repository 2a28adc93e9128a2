/** The page’s script, second part: a run as it is played back, any state of it, and its steps as rows. */
export const runModel = `
const apart = 512
const manySteps = 60

// Gives any state of a run: it is computed from the nearest state that was kept.
class RunModel {
  constructor(page) {
    this.page = page
    this.playback = page.playback
    this.spans = []
    this.kept = []
    this.length = 0
    let state = this.playback.start.slice()
    for (const { moments, times, facts } of this.playback.stretches) {
      const span = { at: this.length, period: moments.length, times, moments, facts: facts ?? [] }
      this.spans.push(span)
      this.kept.push({ at: span.at, span, state: state.slice() })
      if (times === 1) moments.forEach((moment, i) => {
        if (i > 0 && i % apart === 0) this.kept.push({ at: span.at + i, span, state: state.slice() })
        apply(state, moment, 0)
      })
      else for (const moment of moments) apply(state, moment, times - 1)
      this.length += span.period * times
    }
    this.blocks = this.spans.flatMap((span) => span.times > 1 ? [blockOf(span, 0, span.period, span.times)] : this.split(span))
    this.count()
  }

  // Steps that are listed one by one, cut where many alike follow one another: those are folded.
  split(span) {
    if (span.period <= manySteps) return [blockOf(span, 0, span.period, 1)]
    // What happens to the message that the law is broken for is never folded, and neither is the step that breaks it.
    const about = this.playback.messages.indexOf(this.page.message)
    const key = span.moments.map((moment) =>
      moment.who + ':' + moment.text + ':' + (moment.kind ?? '') + (about >= 0 && moment.message === about ? '!' : ''))
    const alike = (a, b) => key[a] === key[b] && this.page.breaks !== span.at + b + 1
    const blocks = []
    let single = 0
    for (let from = 0; from < key.length;) {
      let best = { period: 1, times: 1 }
      for (let period = 1; period <= 12; period++) {
        let same = 0
        while (from + same + period < key.length && alike(from + same, from + same + period)) same++
        const times = Math.floor(same / period) + 1
        if (times >= 4 && times * period > best.times * best.period) best = { period, times }
      }
      if (best.times > 1) {
        if (single < from) blocks.push(blockOf(span, single, from - single, 1))
        blocks.push(blockOf(span, from, best.period, best.times))
        from += best.period * best.times
        single = from
      } else from++
    }
    if (single < key.length) blocks.push(blockOf(span, single, key.length - single, 1))
    return blocks
  }

  count() {
    this.rows = 0
    for (const block of this.blocks) {
      block.row = this.rows
      this.rows += block.open ? block.period * block.times : block.period
    }
  }

  span(step) { return last(this.spans, (span) => span.at < step) }
  moment(step) {
    const span = this.span(step)
    return span.moments[(step - 1 - span.at) % span.period]
  }
  // An actor is an empty text where the step is a sentence by itself.
  sentence(step, named) { return (calledIn(this.page, this.who(step)) + ' ' + this.does(step, named)).trim() }
  who(step) { return this.playback.actors[this.moment(step).who] }
  does(step, named) {
    const { text, message } = this.moment(step)
    const [before, after] = this.playback.texts[text]
    return after === undefined ? before : before + (named ?? this.playback.messages[message]) + after
  }
  // The messages of rounds that are folded, from the first to the last; null where it is one, or none.
  folded(block) {
    if (block.times === 1 || block.facts !== null) return null
    if (block.names === undefined) {
      const all = new Set()
      for (let i = 0; i < block.times; i++) all.add(this.moment(block.at + 1 + i * block.period).message)
      const sorted = [...all].sort((a, b) => a - b)
      const [first, last] = [sorted[0], sorted[sorted.length - 1]]
      const [from, to] = [first, last].map((message) => this.playback.messages[message])
      block.names = all.size < 2 || all.has(undefined) ? null
        : { says: from + ' … ' + to, to, count: all.size, isWhole: last - first + 1 === all.size }
    }
    return block.names
  }
  timesOf(block) {
    const folded = this.folded(block)
    const { period, times } = block
    const these = period > 1 ? 'these ' + amount(period) + ', ' : ''
    if (folded === null) return these + amount(times) + ' times'
    const of = period > 1 ? 'to ' + folded.to : folded.isWhole ? null : amount(folded.count) + ' of them'
    return these + listed([folded.count === times ? null : amount(times) + ' times', of].filter((each) => each !== null))
  }
  kind(step) { return this.moment(step).kind ?? 'progress' }

  // Every cell after so many steps.
  state(steps) {
    const from = last(this.kept, (kept) => kept.at <= steps)
    const state = from.state.slice()
    const { at, period, times, moments } = from.span
    if (times === 1) for (let i = from.at; i < steps; i++) apply(state, moments[i - at], 0)
    else {
      const round = Math.floor((steps - at) / period)
      if (round > 0) for (const moment of moments) apply(state, moment, round - 1)
      for (const moment of moments.slice(0, (steps - at) % period)) apply(state, moment, round)
    }
    return state
  }

  block(row) { return last(this.blocks, (block) => block.row <= row) }
  // The step that a row shows: of steps that are folded, the first.
  stepAt(row) {
    const block = this.block(row)
    return block.at + 1 + row - block.row
  }
  rowOf(step) {
    const block = last(this.blocks, (each) => each.at < step)
    const into = step - 1 - block.at
    return block.row + (block.open ? into : into % block.period)
  }
}

// Within a sentence, a connector is not called by its name: that may be long, or a sentence of its own.
const calledIn = (page, who) => who === page.name ? 'the connector' : who
const blockOf = (span, from, period, times) =>
  ({ at: span.at + from, period, times, open: times === 1, row: 0, facts: span.times > 1 ? span.facts : null })

function apply(state, moment, round) {
  for (const [cell, value, by] of moment.sets ?? []) state[cell] = by === undefined ? value : value + by * round
}

// The last element that a condition is true of; it is true of all elements before that one.
function last(all, isTrue) {
  let [low, high] = [0, all.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (isTrue(all[middle])) low = middle
    else high = middle - 1
  }
  return all[low]
}
`
