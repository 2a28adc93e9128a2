/** The page’s script, fifth part: what is drawn behind the rows: lanes, the lives of messages, and cycles. */
export const lanes = `
const verdicts = ['delivered', 'delivered again', 'stripped', 'altered', 'flagged']
// How far beyond the visible rows the drawing looks for where a message was and where it will be.
const [manyRows, away] = [3000, 60]

function drawLanes(timeline, from, to) {
  const { model, drawing } = timeline
  const [top, bottom] = [timeline.top(from), timeline.top(to) + (to === model.rows ? timeline.missingHigh : 0)]
  const rails = model.page.lanes.map((_, lane) =>
    svg('line', { class: 'rail', x1: timeline.x(lane), x2: timeline.x(lane), y1: top, y2: bottom }))
  const reach = model.rows <= manyRows ? [0, model.rows] : [Math.max(0, from - away), Math.min(model.rows, to + away)]
  const isMeant = (message) => model.playback.messages[message] === model.page.message
  const lives = [...livesOf(timeline, ...reach)]
    .filter(([message, life]) => timeline.slots > 1 || isMeant(message) || life.some(({ row }) => row >= from && row < to))
    .map(([message, life]) => drawLife(timeline, message, life, from, to))
  drawing.setAttribute('width', timeline.lanesEnd)
  drawing.setAttribute('height', timeline.top(model.rows) + timeline.missingHigh)
  const missing = to === model.rows ? drawMissing(timeline) : []
  drawing.replaceChildren(...rails, ...lives.flat(), ...missing, ...drawBrackets(timeline, from, to))
}

// For each message the rows in which something happens to it.
function livesOf(timeline, from, to) {
  const { model } = timeline
  const lives = new Map()
  for (let row = from; row < to; row++) {
    const { who, message, marks = [] } = model.moment(model.stepAt(row))
    const lane = model.page.lanes.indexOf(model.playback.actors[who])
    for (const each of new Set([...(message === undefined ? [] : [message]), ...marks.map(([other]) => other)])) {
      if (!lives.has(each)) lives.set(each, [])
      const life = lives.get(each)
      // A row across all lanes is drawn where the message is, or where it will first appear.
      const at = lane >= 0 ? lane : life.length > 0 ? life[life.length - 1].lane : timeline.laneOf(each)
      life.push({ row, lane: at, marks: marks.filter(([other]) => other === each).map(([, is]) => is) })
    }
  }
  return lives
}

function drawLife(timeline, message, life, from, to) {
  const { model: { page, playback, rows } } = timeline
  const slot = timeline.slot(message)
  const seen = life.filter(({ row }, i) => row <= to && (life[i + 1]?.row ?? row) >= from)
  if (seen.length === 0) return []
  const points = seen.map(({ row, lane }) => [timeline.x(lane, slot), timeline.y(row)])
  const path = points.map(([x, y], i) => i === 0 ? moveTo(x, y) : leadTo(points[i - 1][0], x, y, timeline.top(seen[i].row))).join('')
  const end = life[life.length - 1]
  const isBurst = playback.stretches.some(({ times }) => times > 1)
  const isOpen = isBurst || !life.some(({ marks }) => marks.some((mark) => verdicts.includes(mark)))
  const lost = isOpen && page.lost && playback.messages[message] === page.message
  const isHeld = isOpen && !isBurst && !lost && rows <= manyRows
  const [x, y] = [timeline.x(end.lane, slot), timeline.top(rows)]
  const leads = lost && page.missing !== null
  const [there, under] = leads ? timeline.missingAt() : [x, y]
  return svg('g', { class: 'm' + message % 8 },
    svg('path', { class: 'life', d: path }),
    leads && end.row < to
      && svg('path', { class: 'life lost', d: moveTo(x, timeline.y(end.row)) + leadTo(x, there, under - 7, timeline.top(rows)) }),
    isHeld && end.row < to && svg('path', { class: 'life held', d: moveTo(x, timeline.y(end.row)) + 'V' + (y - 4) }),
    seen.map(({ marks }, i) => sign(...points[i], marks)))
}

// An empty circle where a message should have come, crossed out.
function drawMissing(timeline) {
  if (timeline.model.page.missing === null) return []
  const [x, y] = timeline.missingAt()
  const circle = svg('circle', { class: 'nowhere', cx: x, cy: y, r: 6 })
  return [svg('g', { class: 'broken' }, circle, svg('path', { class: 'life', d: cross(x, y, 2.4) }))]
}

const moveTo = (x, y) => 'M' + x + ' ' + y
// Straight down, and over to another lane on the border of two rows: between their texts, and through none.
function leadTo(over, x, y, border) {
  if (over === x) return 'V' + y
  const round = Math.min(5, Math.abs(x - over) / 2)
  const turn = x > over ? round : -round
  return 'V' + (border - round) + 'q' + [0, round, turn, round].join(' ') + 'H' + (x - turn)
    + 'q' + [turn, 0, turn, round].join(' ') + 'V' + y
}
const cross = (x, y, r) => moveTo(x - r, y - r) + 'l' + 2 * r + ' ' + 2 * r + 'm0 ' + -2 * r + 'l' + -2 * r + ' ' + 2 * r

function sign(x, y, marks) {
  const is = marks.find((mark) => mark !== 'taken') ?? marks[0]
  const disc = svg('circle', { class: 'full', cx: x, cy: y, r: 6 })
  const within = (d) => svg('path', { class: 'sign', d })
  if (is === 'delivered again' || is === 'altered') return svg('g', { class: 'broken' }, disc, within(cross(x, y, 2.4)))
  if (is === 'delivered' || is === 'stripped') return svg('g', {}, disc, within(moveTo(x - 2.8, y) + 'l2 2.2 3.6-4.4'))
  if (is === 'flagged') return svg('path', { class: 'full', d: moveTo(x - 4, y + 7) + 'V' + (y - 6) + 'l10 4-10 4z' })
  return svg('circle', { class: 'dot', cx: x, cy: y, r: is === 'taken' ? 4 : 2.6 })
}

// A dotted line beside what repeats, and beside what goes on for ever a bracket that leads back.
function drawBrackets(timeline, from, to) {
  const { model, left } = timeline
  const rowsOf = ({ open, period, times }) => open ? period * times : period
  const rounds = model.blocks
    .filter((block) => block.times > 1 && block.period > 1 && block.row < to && block.row + rowsOf(block) > from)
    .map((block) => moveTo(left - 8, timeline.top(block.row) + 5) + 'V' + (timeline.top(block.row + rowsOf(block)) - 5))
    .map((d) => svg('path', { class: 'rounds', d }))
  if (model.page.stem === null || model.rows === 0) return rounds
  const [x, top, bottom] = [left - 22, timeline.top(model.rowOf(model.page.stem + 1)) + 6, timeline.top(model.rows) - 6]
  return [
    ...rounds, svg('path', { class: 'bracket', d: moveTo(x + 9, top) + 'h-4q-5 0-5 5V' + (bottom - 5) + 'q0 5 5 5h4' }),
    svg('path', { class: 'bracket', d: moveTo(x + 5, top - 4) + 'l4.5 4-4.5 4' }),
  ]
}
`
