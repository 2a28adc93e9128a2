/** What each mutant of the doctor does to a connector, call by call. */
import { describe, expect, it } from 'vitest'
import { type MutantName, mutants, mutated } from '../../engine/falsify/mutants.ts'
import type { Connector, Link, Message, Running, World } from '../../spec/connector.ts'

const message = (id: string, content: unknown = id) => ({ id, content }) as Message
const settled = async () => { for (let turns = 0; turns < 20; turns++) await null }

/** A world that writes down what it is told, and the mutant of a connector that is at work in it. */
async function started(mutant: MutantName, running: (world: World) => Running, given: readonly Message[] = []) {
  const seen: string[] = []
  const told = (...words: readonly unknown[]) => void seen.push(words.filter((word) => word !== undefined).map((word) =>
    (typeof word === 'string' ? word : JSON.stringify(word))).join(' '))
  const open: (() => void)[] = []
  let waits = false
  const sends = (name: string) => (...call: readonly unknown[]) => {
    told(name, ...call)
    return waits ? new Promise<void>((go) => open.push(go)) : Promise.resolve()
  }
  const link = (name: string) => ({
    name, send: sends(`${name} send`), offer: sends(`${name} offer`),
    sendNow: (...call: readonly unknown[]) => told(`${name} sendNow`, ...call),
  }) as unknown as Link
  const left = [...given]
  const world = {
    workers: 7, links: [link('link 1'), link('link 2')], send: sends('send'),
    sendNow: (...call: readonly unknown[]) => told('sendNow', ...call),
    flag: (...call: readonly unknown[]) => told('flag', ...call), delivered: (...call: readonly unknown[]) => told('delivered', ...call),
    receive: async (most: number) => left.splice(0, most),
  } as unknown as World
  const connector: Connector = { name: 'mine', guarantee: 'at-least-once', start: (world) => running(world) }
  let inner!: World
  const wrong = mutated({ ...connector, start: (world) => running(inner = world) }, mutant)
  const outer = await wrong.start(world)
  return { seen, open, name: wrong.name, outer, inner, hold: () => { waits = true } }
}
const none = () => ({})
const all = Object.keys(mutants) as readonly MutantName[]
const but = (...names: readonly MutantName[]) => all.filter((name) => !names.includes(name))

/** What becomes of five messages that are taken: in which state each is, and what came in. */
async function taken(mutant: MutantName, take: NonNullable<Running['take']>, contents: readonly unknown[] = ['a', 'b', 'c', 'd', 'e']) {
  const came: unknown[] = []
  const { outer } = await started(mutant, () => ({ take: (each) => { came.push(each.content); return take(each) } }))
  const fates: string[] = []
  for (const [i, content] of contents.entries()) {
    fates.push('open')
    const word = outer.take!(message(`m${i}`, content)) as Promise<unknown> | null | undefined
    if (!word) fates[i] = 'nothing'
    else word.then((said: unknown) => { fates[i] = `ok ${String(said)}` }, (error: unknown) => { fates[i] = String(error) })
  }
  await settled()
  return { came, fates: fates.join() }
}

describe('A mutated connector', () => {
  it('says in its name what it does wrong, and is the same besides', async () => {
    const { name, outer } = await started('drops one', () => ({ take: async () => undefined, end: () => undefined }))
    expect(name).toBe('mine, which takes every third message and forgets it')
    expect(Object.keys(outer).sort()).toEqual(['end', 'take'])
    class Kept {
      asked: string[] = []
      take() { return undefined }
      stop(within: number) { this.asked.push(`stop ${within}`) }
      kill(worker: number) { this.asked.push(`kill ${worker}`) }
      scale(workers: number) { this.asked.push(`scale ${workers}`) }
      end() { this.asked.push('end') }
    }
    const kept = new Kept()
    const same = (await started('drops one', () => kept)).outer
    same.stop!(9)
    same.kill!(2)
    same.scale!(3)
    same.end!()
    expect(kept.asked).toEqual(['stop 9', 'kill 2', 'scale 3', 'end'])
    const fetches = { stop: () => undefined }
    expect((await started('drops one', () => fetches)).outer).toBe(fetches)
    expect((await started('drops one', none)).inner.workers).toBe(7)
  })

  it('forgets every third message, or all after the third, and no other mutant does', async () => {
    const fine = async () => 'done'
    expect(await taken('drops one', fine)).toEqual({ came: ['a', 'b', 'd', 'e'], fates: 'ok done,ok done,open,ok done,ok done' })
    expect(await taken('stops after n', fine)).toEqual({ came: ['a', 'b', 'c'], fates: 'ok done,ok done,ok done,open,open' })
    for (const mutant of but('drops one', 'stops after n', 'changes in place'))
      expect(await taken(mutant, fine), mutant).toEqual(
        { came: ['a', 'b', 'c', 'd', 'e'], fates: Array.from({ length: 5 }, () => 'ok done').join() })
  })

  it('changes every third message where it lies, of whatever type', async () => {
    const { came } = await taken('changes in place', async () => undefined, ['a', 'b', 'c', 'd', 'e', ['f'], 'g', 'h', null])
    expect(came).toEqual(['a', 'b', 'c, more or less', 'd', 'e', ['f', 'more or less'], 'g', 'h', { id: null }])
  })

  it('claims what failed, or says nothing of it, however it is said', async () => {
    const rejects = () => Promise.reject(new Error('no'))
    const throws = () => { throw new Error('no') }
    expect((await taken('claims falsely', rejects)).fates).toBe('ok undefined,ok undefined,ok undefined,ok undefined,ok undefined')
    expect((await taken('claims falsely', throws)).fates).toBe('ok undefined,ok undefined,ok undefined,ok undefined,ok undefined')
    expect((await taken('claims falsely', () => undefined)).fates).toBe('nothing,nothing,nothing,nothing,nothing')
    expect((await taken('swallows a flag', rejects)).fates).toBe('open,open,open,open,open')
    expect((await taken('swallows a flag', throws)).fates).toBe('open,open,open,open,open')
    expect((await taken('swallows a flag', () => null as unknown as undefined)).fates).toBe('nothing,nothing,nothing,nothing,nothing')
    for (const mutant of but('claims falsely', 'swallows a flag')) {
      const { outer } = await started(mutant, () => ({ take: rejects }))
      await expect(outer.take!(message('m1')), mutant).rejects.toThrow('no')
    }
  })

  it('claims what is flagged for a link, or says nothing of it', async () => {
    const flagged = async (mutant: MutantName) => {
      const { inner, seen } = await started(mutant, none)
      inner.flag('m1', 'why', 'link 2')
      inner.flag('m2', 'why')
      return seen
    }
    expect(await flagged('claims falsely')).toEqual(['delivered m1 link 2', 'delivered m2'])
    expect(await flagged('swallows a flag')).toEqual([])
    for (const mutant of but('claims falsely', 'swallows a flag'))
      expect(await flagged(mutant), mutant).toEqual(['flag m1 why link 2', 'flag m2 why'])
  })

  it('forgets and changes what it fetches', async () => {
    const fetched = async (mutant: MutantName, ...sizes: readonly number[]) => {
      const { inner } = await started(mutant, none, ['a', 'b', 'c', 'd', 'e'].map((id) => message(id)))
      const got: string[] = []
      for (const most of sizes) {
        got.push('open')
        void inner.receive(most).then((some) => { got[got.length - 1] = some.map(({ content }) => content).join('+') })
        await settled()
      }
      return got
    }
    expect(await fetched('drops one', 5, 5)).toEqual(['a+b+d+e', ''])
    expect(await fetched('stops after n', 2, 3, 1)).toEqual(['a+b', 'c', ''])
    expect(await fetched('stops after n', 3, 2)).toEqual(['a+b+c', 'open'])
    expect(await fetched('drops one', 2, 1, 1)).toEqual(['a+b', '', 'd'])
    expect(await fetched('changes in place', 3)).toEqual(['a+b+c, more or less'])
    expect(await fetched('doubles one', 3)).toEqual(['a+b+c'])
  })

  it('sends every third content changed or once more, with its envelope, over whatever link', async () => {
    const sent = async (mutant: MutantName) => {
      const { inner, seen } = await started(mutant, none)
      const envelope = { address: 'far' }
      await inner.send('a', envelope)
      await inner.links[0]!.send('b')
      await inner.links[1]!.send('c', envelope)
      inner.sendNow('d')
      inner.links[0]!.sendNow('e')
      inner.links[1]!.sendNow('f', envelope)
      await inner.links[0]!.offer('g')
      await inner.links[1]!.offer(['h'])
      await inner.links[1]!.offer(['i'], undefined, envelope)
      return seen
    }
    const usual = ['send a {"address":"far"}', 'link 1 send b', 'link 2 send c {"address":"far"}', 'sendNow d', 'link 1 sendNow e',
      'link 2 sendNow f {"address":"far"}', 'link 1 offer g', 'link 2 offer ["h"]', 'link 2 offer ["i"] {"address":"far"}']
    for (const mutant of but('alters one', 'doubles one')) expect(await sent(mutant), mutant).toEqual(usual)
    expect(await sent('doubles one')).toEqual(usual.flatMap((each, i) => (i % 3 === 2 ? [each, each] : [each])))
    expect(await sent('alters one')).toEqual([...usual.slice(0, 2), 'link 2 send c, more or less {"address":"far"}', ...usual.slice(3, 5),
      'link 2 sendNow f, more or less {"address":"far"}', ...usual.slice(6, 8), 'link 2 offer {"id":["i"]} {"address":"far"}'])
  })

  it('sends nothing while another send is under way, and goes on when that has failed', async () => {
    const overtakes = async (mutant: MutantName) => {
      const { inner, seen, open, hold } = await started(mutant, none)
      hold()
      const first = inner.links[0]!.send('a')
      const second = inner.links[1]!.send('b')
      await settled()
      const before = [...seen]
      open.shift()!()
      await first
      await settled()
      const then = [...seen]
      open.shift()!()
      await second
      return [before, then]
    }
    const both = ['link 1 send a', 'link 2 send b']
    expect(await overtakes('blocks all on one link')).toEqual([both.slice(0, 1), both])
    for (const mutant of but('blocks all on one link')) expect(await overtakes(mutant), mutant).toEqual([both, both])
    const fails = mutated({
      name: 'mine', guarantee: 'at-least-once',
      start: ({ send }) => ({ take: ({ content }) => send(content) }),
    }, 'blocks all on one link')
    let sends = 0
    const send = async () => { if (sends++ === 0) throw new Error('down') }
    const { take } = await fails.start({ send, sendNow: none, links: [] } as unknown as World)
    await expect(take!(message('m1'))).rejects.toThrow('down')
    await expect(take!(message('m2'))).resolves.toBeUndefined()
  })
})

describe('The table of mutants', () => {
  it('says of each what it does, which law it breaks first, what hides it, and what to do', () => {
    expect(Object.fromEntries(Object.entries(mutants).map(([name, { law }]) => [name, law]))).toEqual({
      'drops one': 'delivered or flagged', 'doubles one': 'none twice', 'claims falsely': 'honest',
      'swallows a flag': 'delivered or flagged',
      'alters one': 'honest', 'changes in place': 'honest', 'stops after n': 'nothing wedges',
      'blocks all on one link': 'links are independent',
    })
    for (const { does, hides, mend } of Object.values(mutants))
      expect([does, hides, mend].every((words) => words.length > 10)).toBe(true)
  })
})
