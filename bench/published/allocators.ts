/** Allocators of resources to clients: one that gives what is free, one that follows a schedule; and readers and writers in a queue. */
import { each, lawsOver, lineOf, type Model, model, one, type Rule, rulesOver, setOf, strongly, type Thing, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

type Size = { readonly clients: number; readonly resources: number }

/** A `bundle` is a set of resources that is not empty: which are in it is in the bits of its number. */
const stateOf = ({ clients, resources }: Size) => ({
  resource: each(resources, {}),
  client: each(clients, { asks: setOf('resource'), has: setOf('resource') }),
  bundle: each(2 ** resources - 1, {}),
})
type State = ReturnType<typeof stateOf>
type Client = Thing<State, 'client'>
type Resource = Thing<State, 'resource'>
type Bundle = Thing<State, 'bundle'>

const isIn = (resource: Resource, bundle: Bundle) => ((bundle.number >> (resource.number - 1)) & 1) === 1
const isAllIn = (bundle: Bundle, resources: readonly Resource[], is: (resource: Resource) => boolean) =>
  resources.every((resource) => !isIn(resource, bundle) || is(resource))
const isFree = (resource: Resource, clients: readonly Client[]) => clients.every(({ has }) => !has.has(resource))

function asking(state: State): readonly Rule[] {
  const { choice } = rulesOver(state)
  return [
    choice('client asks for bundle', ({ client }) => client.asks.size === 0 && client.has.size === 0, ({ client, bundle, resources }) => {
      for (const resource of resources) if (isIn(resource, bundle)) client.asks.add(resource)
    }),
  ]
}

const canGive = (client: Client, bundle: Bundle, resources: readonly Resource[], clients: readonly Client[]) =>
  isAllIn(bundle, resources, (resource) => client.asks.has(resource) && isFree(resource, clients))
function gives(client: Client, bundle: Bundle, resources: readonly Resource[]): void {
  for (const resource of resources)
    if (isIn(resource, bundle)) {
      client.asks.remove(resource)
      client.has.add(resource)
    }
}
const canReturn = (client: Client, bundle: Bundle, resources: readonly Resource[]) =>
  isAllIn(bundle, resources, (resource) => client.has.has(resource))
function returns(client: Client, bundle: Bundle, resources: readonly Resource[]): void {
  for (const resource of resources) if (isIn(resource, bundle)) client.has.remove(resource)
}
const hasMore = (client: Client, bundle: Bundle, resources: readonly Resource[]) =>
  canReturn(client, bundle, resources) && resources.some((resource) => client.has.has(resource) && !isIn(resource, bundle))

function laws(state: State) {
  const { always, leadsTo } = lawsOver(state)
  return [
    always('exclusion', 'No resource has two owners.',
      ({ resource, clients }) => clients.filter(({ has }) => has.has(resource)).length < 2),
    leadsTo('served', 'Each client that asks for a resource gets it.',
      ({ client, resource }) => client.asks.has(resource), ({ client, resource }) => client.has.has(resource)),
    leadsTo('returned', 'Each client that has all gives all back.',
      ({ client }) => client.asks.size === 0, ({ client }) => client.has.size === 0),
  ]
}

/** Whoever asks for what is free may get it, all of it or some. */
function simple(size: Size): Model {
  const state = stateOf(size)
  const { rule, choice } = rulesOver(state)
  return model({
    name: 'simple', state,
    rules: [
      strongly(rule('client gets bundle', ({ client, bundle, resources, clients }) => canGive(client, bundle, resources, clients),
        ({ client, bundle, resources }) => gives(client, bundle, resources))),
      rule('client gives all back', ({ client }) => client.has.size > 0, ({ client, resources }) => {
        for (const resource of resources) client.has.remove(resource)
      }),
      ...asking(state),
      choice('client gives bundle back and keeps more', ({ client, bundle, resources }) => hasMore(client, bundle, resources),
        ({ client, bundle, resources }) => returns(client, bundle, resources)),
    ],
    laws: laws(state),
  })
}

/** All k! orders of some things by their numbers, one after the other. */
function ordered<T>(things: readonly T[], number: number): T[] {
  const [left, all, orders]: [T[], T[], number[]] = [[...things], [], [1]]
  for (let k = 1; k < things.length; k++) orders.push(orders[k - 1]! * k)
  for (let rest = number; left.length > 0; rest %= orders[left.length]!)
    all.push(...left.splice(Math.floor(rest / orders[left.length - 1]!), 1))
  return all
}

/** Whoever asks is put on a schedule, and nobody gets what somebody before it asks for. */
function scheduling(size: Size): Model {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const state = { ...stateOf(size), schedule: one({ line: lineOf('client', size.clients) }), order: each(factorial(size.clients), {}) }
  const { rule, choice } = rulesOver(state)
  const { always } = lawsOver(state)
  type Line = { at(place: number): Client | null; contains(client: Client): boolean }
  const toSchedule = (clients: readonly Client[], line: Line) => clients.filter((client) => client.asks.size > 0 && !line.contains(client))
  const before = (client: Client, line: Line): Client[] => {
    const all: Client[] = []
    for (let place = 0, next = line.at(0); next && next !== client; next = line.at(++place)) all.push(next)
    return all
  }
  return model({
    name: 'scheduling', state,
    rules: [
      rule('client gets bundle',
        ({ client, bundle, resources, clients, schedule: { line } }) => line.contains(client) && canGive(client, bundle, resources, clients)
          && before(client, line).every(({ asks }) => isAllIn(bundle, resources, (resource) => !asks.has(resource))),
        ({ client, bundle, resources, schedule: { line } }) => {
          gives(client, bundle, resources)
          if (client.asks.size === 0) line.remove(client)
        }),
      rule('client gives back all that it asked for',
        ({ client }) => client.asks.size === 0 && client.has.size > 0, ({ client, resources }) => {
        for (const resource of resources) client.has.remove(resource)
      }),
      rule('schedule grows, in order',
        ({ order, schedule: { line }, clients }) => {
          const count = toSchedule(clients, line).length
          return count > 0 && order.number <= factorial(count)
        },
        ({ order, schedule: { line }, clients }) => {
          for (const client of ordered(toSchedule(clients, line), order.number - 1)) line.push(client)
        }),
      ...asking(state),
      choice('client gives bundle back, and is not done',
        ({ client, bundle, resources }) => canReturn(client, bundle, resources)
          && (client.asks.size > 0 || hasMore(client, bundle, resources)),
        ({ client, bundle, resources }) => returns(client, bundle, resources)),
    ],
    laws: [
      ...laws(state),
      always('in vain', 'Whoever is on the schedule asks for something.', ({ clients, schedule: { line } }) =>
        clients.every((client) => !line.contains(client) || client.asks.size > 0)),
    ],
  })
}

/** Actors that would read and write, each served as it comes: many may read at once, and one write. */
function readersAndWriters({ actors: count }: { readonly actors: number }): Model {
  const state = {
    actor: each(count, { reads: upTo(1), writes: upTo(1) }),
    /** Two for each actor: to read, and to write. */
    demand: each(2 * count, {}),
    queue: one({ line: lineOf('demand', 2 * count) }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  const actorOf = ({ number }: { readonly number: number }) => Math.ceil(number / 2)
  const isToRead = ({ number }: { readonly number: number }) => number % 2 === 1
  const isBusy = (actors: readonly Thing<typeof state, 'actor'>[], what: 'reads' | 'writes') => actors.some((actor) => actor[what] === 1)
  return model({
    name: 'readers and writers', state,
    rules: [
      choice('actor comes with demand', ({ actor, demand, queue: { line } }) => actorOf(demand) === actor.number && !line.contains(demand),
        ({ demand, queue: { line } }) => { line.push(demand) }),
      choice('queue lets the first in',
        ({ queue: { line: { first } }, actors }) => first !== null && !isBusy(actors, 'writes')
          && (isToRead(first) || !isBusy(actors, 'reads')),
        ({ queue: { line }, actors }) => {
          const first = line.first!
          actors[actorOf(first) - 1]![isToRead(first) ? 'reads' : 'writes'] = 1
          line.shift()
        }),
      choice('actor stops', ({ actor }) => actor.reads === 1 || actor.writes === 1, ({ actor }) => { actor.reads = actor.writes = 0 }),
    ],
    laws: [
      always('exclusion', 'Nobody writes while another reads or writes.', ({ actors }) =>
        actors.filter(({ writes }) => writes === 1).length < 2 && !(isBusy(actors, 'reads') && isBusy(actors, 'writes'))),
    ],
  })
}

export const allocators = [
  published('simple allocator', simple,
    [{ size: { clients: 3, resources: 2 }, states: 400, generated: 1_633, depth: 6, from: byTlc('allocator', 'SimpleAllocator.cfg') }]),
  published('scheduling allocator', scheduling,
    [{
      size: { clients: 3, resources: 2 }, states: 1_690, generated: 5_854, depth: 7,
      from: byTlc('allocator', 'SchedulingAllocator.cfg'),
    }]),
  published('readers and writers', readersAndWriters,
    [{ size: { actors: 3 }, states: 21_527, generated: 59_674, depth: 13, from: byTlc('ReadersWriters', 'MC.cfg') }]),
]
