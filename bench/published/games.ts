/** Games and puzzles: chameneos, smokers, philosophers, prisoners, a cat, a can of beans. */
import { alike, begins, each, lawsOver, maybe, type Model, model, one, oneOf, rulesOver, type Thing, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

/** Creatures meet in pairs and change their colours; after so many meetings, whoever comes fades. */
function chameneos({ creatures: count, meetings }: { readonly creatures: number; readonly meetings: number }): Model {
  const colours = ['blue', 'red', 'yellow'] as const
  const state = {
    creature: alike(count, { colour: begins(oneOf(...colours, 'faded'), ...colours), met: upTo(meetings) }),
    place: one({ has: maybe('creature'), meetings: upTo(meetings) }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  return model({
    name: 'chameneos', state,
    rules: [
      choice('creature waits for another',
        ({ creature, place }) => creature.colour !== 'faded' && place.has === null && place.meetings < meetings, 
        ({ creature, place }) => { place.has = creature }),
      choice('creature fades', ({ creature, place }) => creature.colour !== 'faded' && place.has === null && place.meetings === meetings,
        ({ creature }) => { creature.colour = 'faded' }),
      choice('creature meets the one that waits',
        ({ creature, place }) => creature.colour !== 'faded' && place.has !== null && place.has !== creature, 
        ({ creature, place }) => {
          const other = place.has!
          const colour = creature.colour === other.colour ? creature.colour
            : colours.find((c) => c !== creature.colour && c !== other.colour)!
          creature.colour = other.colour = colour
          creature.met += 1
          other.met += 1
          place.has = null
          place.meetings += 1
        }),
    ],
    laws: [always('pairs', 'In the end all have met in pairs.', ({ creatures, place }) =>
      place.meetings < meetings || creatures.reduce((sum, { met }) => sum + met, 0) === 2 * meetings)],
  })
}

/** A dealer lays out all that is needed but one thing, and whoever has that smokes. */
function smokers({ smokers: count }: { readonly smokers: number }): Model {
  const state = {
    smoker: each(count, { smokes: upTo(1) }),
    dealer: one({ waitsFor: begins(maybe('smoker'), ...Array.from({ length: count }, (_, i) => i + 1)) }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  return model({
    name: 'smokers', state,
    rules: [
      choice('dealer is served', ({ dealer }) => dealer.waitsFor !== null, ({ dealer, smokers: all }) => {
        for (const smoker of all) smoker.smokes = smoker === dealer.waitsFor ? 1 : 0
        dealer.waitsFor = null
      }),
      choice('dealer waits for smoker', ({ dealer }) => dealer.waitsFor === null, ({ dealer, smoker, smokers: all }) => {
        for (const each of all) each.smokes = 0
        dealer.waitsFor = smoker
      }),
    ],
    laws: [always('one at a time', 'No two smoke.', ({ smokers: all }) => all.filter(({ smokes }) => smokes === 1).length < 2)],
  })
}

/** Philosophers round a table who clean their forks and hand them on, as Chandy and Misra have it. Fork n is to the left of number n. */
function philosophers({ philosophers: count }: { readonly philosophers: number }): Model {
  const state = {
    philosopher: each(count, { at: oneOf('table', 'food', 'thoughts'), isSated: upTo(1) }),
    fork: each(count, { of: begins(maybe('philosopher'), ...Array.from({ length: count }, (_, i) => i + 1)), isClean: upTo(1) }),
  }
  const { rule } = rulesOver(state)
  const { always, leadsTo } = lawsOver(state)
  type Philosopher = Thing<typeof state, 'philosopher'>
  type Fork = Thing<typeof state, 'fork'>
  const leftOf = (forks: readonly Fork[], { number }: Philosopher) => forks[number - 1]!
  const rightOf = (forks: readonly Fork[], { number }: Philosopher) => forks[number % count]!
  const isDirty = (fork: Fork, philosopher: Philosopher) => fork.of === philosopher && fork.isClean === 0
  const hand = (fork: Fork, to: Philosopher) => {
    fork.of = to
    fork.isClean = 1
  }
  return model({
    name: 'philosophers', state,
    // Whoever has the lower number has the fork between two.
    starts: ({ forks }) => forks.every(({ number, of }) => of!.number === (number === 2 ? 1 : number)),
    rules: [
      rule('philosopher looks at the forks',
        ({ philosopher }) => philosopher.at === 'table', ({ philosopher, philosophers: all, forks }) => {
        const [left, right] = [leftOf(forks, philosopher), rightOf(forks, philosopher)]
        const mayEat = [left, right].every(({ of, isClean }) => of === philosopher && isClean === 1)
        if (isDirty(left, philosopher)) hand(left, all[(philosopher.number + count - 2) % count]!)
        else if (isDirty(right, philosopher)) hand(right, all[philosopher.number % count]!)
        if (philosopher.isSated === 1) philosopher.at = 'thoughts'
        else if (mayEat) philosopher.at = 'food'
      }),
      rule('philosopher eats', ({ philosopher }) => philosopher.at === 'food', ({ philosopher, forks }) => {
        leftOf(forks, philosopher).isClean = rightOf(forks, philosopher).isClean = 0
        philosopher.isSated = 1
        philosopher.at = 'table'
      }),
      rule('philosopher thinks', ({ philosopher }) => philosopher.at === 'thoughts', ({ philosopher }) => {
        philosopher.isSated = 0
        philosopher.at = 'table'
      }),
    ],
    laws: [
      always('one fork each', 'No two neighbours eat at once.',
        ({ philosophers: all }) => all.every(({ at }, i) => at !== 'food' || all[(i + 1) % count]!.at !== 'food')),
      leadsTo('nobody starves', 'Each philosopher eats again.',
        ({ philosopher }) => philosopher.isSated === 0, ({ philosopher }) => philosopher.isSated === 1),
    ],
  })
}

/**
 * Prisoners go into a room with two switches one by one, and may say when all have been there. All but one move the first switch up,
 * twice at the most, where they find it down; the one who counts moves it down. Whoever cannot moves the other switch.
 */
function prisoners({ prisoners: count }: { readonly prisoners: number }): Model {
  const state = {
    prisoner: alike(count - 1, { ups: upTo(2) }),
    room: one({ first: begins(upTo(1), 0, 1), second: begins(upTo(1), 0, 1) }),
    counter: one({ downs: upTo(2 * count - 1) }),
  }
  const { rule } = rulesOver(state)
  const { always, eventually } = lawsOver(state)
  return model({
    name: 'prisoners', state,
    rules: [
      rule('counter goes in', () => true, ({ room, counter }) => {
        counter.downs += room.first
        if (room.first === 1) room.first = 0
        else room.second = 1 - room.second
      }),
      rule('prisoner goes in', () => true, ({ room, prisoner }) => {
        if (room.first === 1 || prisoner.ups === 2) room.second = 1 - room.second
        else {
          room.first = 1
          prisoner.ups += 1
        }
      }),
    ],
    laws: [
      always('right', 'Once the counter is sure, all have been in the room.',
        ({ counter, prisoners: all }) => counter.downs < 2 * (count - 1) || all.every(({ ups }) => ups > 0)),
      eventually('free', 'The counter is sure in the end.', ({ counter }) => counter.downs === 2 * (count - 1)),
    ],
  })
}

/** A cat moves to the next box each night, and each morning one box is opened: from the second to the last but one, and back. */
function cat({ boxes }: { readonly boxes: number }): Model {
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const state = {
    cat: one({ box: begins(upTo(boxes), ...numbers(1, boxes)) }),
    search: one({ box: begins(upTo(boxes), ...numbers(2, boxes - 1)), goes: begins(oneOf('up', 'down'), 'up', 'down') }),
  }
  const { rule } = rulesOver(state)
  const { eventually } = lawsOver(state)
  const goOn = (search: Thing<typeof state, 'search'>) => {
    const next = search.box + (search.goes === 'up' ? 1 : -1)
    if (next > 1 && next < boxes) search.box = next
    else search.goes = search.goes === 'up' ? 'down' : 'up'
  }
  return model({
    name: 'cat', state,
    rules: [
      rule('cat goes up', ({ cat: { box } }) => box < boxes, ({ cat: it, search }) => {
        it.box += 1
        goOn(search)
      }),
      rule('cat goes down', ({ cat: { box } }) => box > 1, ({ cat: it, search }) => {
        it.box -= 1
        goOn(search)
      }),
    ],
    laws: [eventually('found', 'The cat is found.', ({ cat: it, search }) => it.box === search.box)],
  })
}

/** Two beans are taken from a can: of one colour, and a black one is put in; of two, and the white one is put back. One is left. */
function beans({ most }: { readonly most: number }): Model {
  const all = Array.from({ length: most + 1 }, (_, i) => i)
  const state = { can: one({ black: begins(upTo(most), ...all), white: begins(upTo(most), ...all) }) }
  const { rule } = rulesOver(state)
  const { everyStep, eventually } = lawsOver(state)
  const left = ({ black, white }: { readonly black: number; readonly white: number }) => black + white
  return model({
    name: 'beans', state,
    starts: ({ can }) => left(can) > 0 && left(can) <= most,
    rules: [
      rule('two black ones are taken', ({ can }) => can.black > 1, ({ can }) => { can.black -= 1 }),
      rule('two white ones are taken', ({ can }) => can.white > 1, ({ can }) => {
        can.white -= 2
        can.black += 1
      }),
      rule('one of each is taken', ({ can }) => can.black > 0 && can.white > 0, ({ can }) => { can.black -= 1 }),
      rule('all is done', ({ can }) => left(can) === 1, () => {}),
    ],
    laws: [
      everyStep('fewer', 'There are fewer at each step, until one is left.',
        ({ can }) => left(can), (before, after) => before === 1 || after < before),
      everyStep('parity', 'White ones go in pairs.', ({ can }) => can.white % 2, (before, after) => before === after),
      eventually('one left', 'One is left.', ({ can }) => left(can) === 1),
    ],
  })
}

export const games = [
  published('chameneos', chameneos,
    [{ size: { creatures: 4, meetings: 4 }, states: 34_534, generated: 104_697, depth: 13, from: byTlc('Chameneos', 'Chameneos.cfg') }]),
  published('cigarette smokers', smokers,
    [{ size: { smokers: 3 }, states: 6, generated: 15, depth: 2, from: byTlc('CigaretteSmokers', 'CigaretteSmokers.cfg') }]),
  published('dining philosophers', philosophers,
    [{ size: { philosophers: 5 }, states: 67, generated: 336, depth: 29, from: byTlc('DiningPhilosophers', 'DiningPhilosophers.cfg') }]),
  published('prisoners', prisoners,
    [{ size: { prisoners: 4 }, states: 214, generated: 860, depth: 14, from: byTlc('Prisoners', 'Prisoners.cfg') }]),
  published('a moving cat', cat, [
    { size: { boxes: 6 }, states: 48, generated: 128, depth: 1, from: byTlc('Moving_Cat_Puzzle', 'CatEvenBoxes.cfg') },
    { size: { boxes: 5 }, states: 30, generated: 78, depth: 1, from: byTlc('Moving_Cat_Puzzle', 'CatOddBoxes.cfg') },
  ]),
  published('a can of beans', beans,
    [{ size: { most: 100 }, states: 5_150, generated: 20_002, depth: 1, from: byTlc('CoffeeCan', 'CoffeeCan100Beans.cfg') }]),
]
