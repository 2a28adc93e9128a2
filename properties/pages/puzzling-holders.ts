/** Wrong connectors that lose what they hold: a lock, a slot, a batch, a place in a queue or in a list. */
import type { Connector, Message, World } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'

type Start = Connector['start']

export interface Puzzle {
  readonly connector: Connector
  readonly scenario: Scenario
}

export const of = (count: number, kind: Burst['kind'] = 'plain'): Burst => ({ count, kind, link: 1 })
export const once = (what: Fault['what'], on = 1, after = 0): Fault => ({ what, on, after })
export const puzzle = (name: string, start: Start, stream: readonly Burst[], faults: readonly Fault[] = [], more: Partial<Scenario> = {},
  promises: Partial<Connector> = {}): Puzzle => ({
  connector: { name, guarantee: 'at-least-once', start, ...promises },
  scenario: { workers: 1, links: 1, stream, faults, schedule: [], ...more },
})

/** One message at a time; who is next waits for a key on the disk to be taken away. */
const lockOnDisk = (hasKill: boolean): Start => ({ send, disk }) => {
  if (hasKill) disk.clear()
  const waiting: (() => Promise<void>)[] = []
  let life = 1
  const next = async () => {
    const job = disk.has('lock') ? undefined : waiting.shift()
    if (!job) return
    const own = life
    disk.set('lock', true)
    await job()
    if (own !== life) return
    disk.delete('lock')
    void next()
  }
  return {
    take: ({ content }) => new Promise<void>((fulfil, reject) => {
      waiting.push(() => send(content).then(fulfil, reject))
      void next()
    }),
    ...(hasKill ? { kill: () => { life++ } } : {}),
  }
}

/** What waits, and what comes of it when its turn comes. */
type Job = () => Promise<void>
const job = ({ content }: Message, { send }: World, put: (job: Job) => void) => new Promise<void>((fulfil, reject) => {
  put(() => send(content).then(fulfil, reject))
})

/** Sends one after another, in a loop that reports what fails. */
const reporting = (isCaught: boolean): Start => ({ send, flag, report, delivered }) => {
  const queue: Message[] = []
  let wake = () => {}
  const run = async () => {
    for (;;) {
      while (queue.length === 0) await new Promise<void>((go) => { wake = go })
      const { id, content } = queue.shift()!
      try {
        await send(content)
        delivered(id)
      } catch (error) {
        report(error)
        flag(id, error)
      }
    }
  }
  void (isCaught ? run().catch(() => undefined) : run())
  return { take(message) { queue.push(message); wake() } }
}

/** Has a list for each worker; those of workers that leave are closed. */
const lanes: Start = (world) => {
  let all: Job[][] = Array.from({ length: world.workers }, () => [])
  const busy = new Set<Job[]>()
  let at = 0
  const run = async (lane: Job[]) => {
    if (busy.has(lane)) return
    busy.add(lane)
    while (lane.length > 0 && all.includes(lane)) await lane.shift()!()
    busy.delete(lane)
  }
  return {
    take: (message) => job(message, world, (own) => {
      const lane = all[at++ % all.length]!
      lane.push(own)
      void run(lane)
    }),
    scale(workers) { all = Array.from({ length: workers }, (_, i) => all[i] ?? []) },
  }
}

/** A worker that is to leave looks for that when it has taken a message. */
const leavingLate: Start = (world) => {
  const waiting: Job[] = []
  const idle: (() => void)[] = []
  let wanted = world.workers
  const work = async (worker: number) => {
    for (;;) {
      while (waiting.length === 0) await new Promise<void>((go) => idle.push(go))
      const own = waiting.shift()!
      if (worker > wanted) return
      await own()
    }
  }
  for (let worker = world.workers; worker > 0; worker--) void work(worker)
  return {
    take: (message) => job(message, world, (own) => { waiting.push(own); idle.shift()?.() }),
    scale(workers) { wanted = workers },
  }
}

/** Sends three together, or what there is after a second; a timer that is set for a batch stays when that one goes. */
const batches: Start = (world) => {
  let batch: Job[] = []
  let isTimed = false
  const flush = (which: Job[]) => {
    if (which === batch) batch = []
    for (const own of which.splice(0)) void own()
  }
  return {
    take: (message) => job(message, world, (own) => {
      batch.push(own)
      const current = batch
      if (current.length === 3) flush(current)
      else if (!isTimed) setTimeout(() => { isTimed = false; flush(current) }, 1_000)
      isTimed = isTimed || current.length > 0
    }),
  }
}

/** Sends four for a link together, or what there is after a while; one timer serves all links, and whoever fills up clears it. */
const oneTimer: Start = (world) => {
  const waiting = new Map<string, Job[]>()
  let timer: NodeJS.Timeout | undefined
  const flush = (link: string) => {
    clearTimeout(timer)
    timer = undefined
    for (const own of waiting.get(link)?.splice(0) ?? []) void own()
  }
  return {
    take: (message) => job(message, world, (own) => {
      const batch = waiting.get(message.link) ?? []
      waiting.set(message.link, batch)
      if (batch.push(own) === 4) flush(message.link)
      else timer ??= setTimeout(() => [...waiting.keys()].forEach(flush), 100)
    }),
  }
}

/** One at a time, and so many that wait: one more takes the place of the oldest. */
const ring = (most: number): Start => (world) => {
  const waiting: Job[] = []
  let isBusy = false
  const next = async () => {
    if (isBusy) return
    isBusy = true
    while (waiting.length > 0) await waiting.shift()!()
    isBusy = false
  }
  return {
    take: (message) => job(message, world, (own) => {
      if (waiting.length === most) waiting.shift()
      waiting.push(own)
      void next()
    }),
  }
}

/** Knows who waits for an answer by a number that comes round. */
const numbered = (numbers: number): Start => ({ send }) => {
  const waiting = new Map<number, () => void>()
  let last = 0
  return {
    take: ({ content }) => new Promise<void>((fulfil) => {
      const number = last++ % numbers
      waiting.set(number, fulfil)
      void send(content).then(() => {
        waiting.get(number)?.()
        waiting.delete(number)
      })
    }),
  }
}

/** A slot for each call. Who gives up stays in line, and its slot with it. */
const slots: Start = ({ send, workers }) => {
  const waiting: (() => void)[] = []
  let free = workers
  const slot = () => new Promise<void>((go) => { if (free > 0) { free--; go() } else waiting.push(go) })
  const giveBack = () => { const next = waiting.shift(); if (next) next(); else free++ }
  return {
    async take({ content, signal }) {
      const gone = new Promise<never>((_, reject) => { signal.addEventListener('abort', () => reject(new Error('given up'))) })
      gone.catch(() => undefined)
      await Promise.race([slot(), gone])
      const sent = send(content)
      sent.then(giveBack, giveBack)
      await Promise.race([sent, gone])
    },
  }
}

export const losingHold = {
  'the lock of a life that is gone': puzzle('a lock that outlives its holder', lockOnDisk(false), [of(1)], [once('service dies', 1, 1)]),
  'the lock of a worker that is gone': puzzle('a lock of workers', lockOnDisk(true), [of(2)], [once('worker dies', 1, 1)]),
  'a report ends its loop': puzzle('a loop that reports', reporting(true), [of(1, 'refused')], [once('reporting fails')]),
  'a report ends its loop, and nobody catches it': puzzle('a loop that reports aloud', reporting(false), [of(1, 'refused')],
    [once('reporting fails')]),
  'a worker leaves with what it has': puzzle('lanes that are closed', lanes, [of(4)], [once('workers change', 1, 1)], { workers: 2 }),
  'a worker leaves too late': puzzle('workers that leave late', leavingLate, [of(1)], [once('workers change')], { workers: 2 }),
  'a batch that nothing wakes': puzzle('batches of three', batches, [of(1)], [], { calm: [1, 2, 3, 4].map(() => ({ kind: 'plain', link: 1 })) }),
  'the oldest makes room': puzzle('a ring of thirty-two', ring(32), [of(34)]),
  'one timer for all links': puzzle('batches with one timer', oneTimer, [of(1), { ...of(4), link: 2 }], [], { links: 2 }),
  'a number that comes round': puzzle('numbers of eight bits', numbered(256), [of(257)]),
  'a slot for one that gave up': puzzle('slots and a line', slots, [of(3)], [once('sender aborts', 2, 1)]),
  'what it reads back': puzzle('an outbox of text', ({ send, disk, delivered, flag }) => {
    const work = (id: string, content: unknown) => {
      void send(content).then(() => delivered(id), (error: unknown) => flag(id, error)).finally(() => disk.delete(id))
    }
    for (const [id, text] of disk) work(id, text)
    return { take({ id, content }) { if (!disk.has(id)) { disk.set(id, String(content)); work(id, content) } } }
  }, [of(1, 'list')], [once('service dies', 1, 1)]),
  'a place in a shorter list': puzzle('a list of what went well', ({ links, flag, delivered }) => ({
    take: ({ id, content, recipients }) => void Promise.allSettled(recipients.map(({ link }) =>
      links.find(({ name }) => name === link)!.send(content))).then((all) => {
      const well = all.filter(({ status }) => status === 'fulfilled')
      well.forEach((_, i) => delivered(id, recipients[i]!.link))
      recipients.slice(well.length).forEach(({ link }) => flag(id, 'failed', link))
    }),
  }), [of(1)], [once('link drops before')], { links: 2, recipients: 2 }, { recipients: 2 }),
} as const satisfies Readonly<Record<string, Puzzle>>
