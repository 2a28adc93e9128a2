/** Messages for several recipients: what each of them is to get, of one that may be so for one alone, and what is said of which. */
import { describe, expect, it } from 'vitest'
import type { Burst } from '../../spec/scenario.ts'
import { inWorld, settled } from './bare-world.ts'
import { played, sending, storm } from './played-trial.ts'

describe('A message that is so for one recipient alone', () => {
  const two = (burst: Partial<Burst>) => played(
    { start: sending(({ links }) => ({ take: ({ recipients, content }) => Promise.all(recipients.map(({ link, address }) =>
      links.find(({ name }) => name === link)!.send(content, { address }))) })), recipients: 3, carries: ['address'] },
    { recipients: 2, links: 3, stream: [{ count: 1, kind: 'refused', link: 3, ...burst }] })

  it('is refused by that one, and the others take it', async () => {
    const became = async (burst: Partial<Burst>) =>
      storm(await two(burst)).split('; ').filter((line) => /^(?:taken|recorded|refused)/.test(line))
    expect(await became({ only: 1 })).toEqual(
      ['taken m1 over 3 (refused)', 'taken m1', 'refused m1 over 3 #1 (for good)', 'recorded m1 #2'])
    expect(await became({ only: 2 })).toEqual(
      ['taken m1 over 3', 'taken m1 (refused)', 'recorded m1 over 3 #1', 'refused m1 #2 (for good)'])
    expect(await became({ only: 4 })).toEqual(await became({ only: 2 }))
    expect((await became({})).filter((line) => line.startsWith('taken'))).toEqual(['taken m1 over 3 (refused)', 'taken m1 (refused)'])
    expect((await became({ kind: 'busy', only: 2 })).at(-1)).toBe('refused m1 #2 (for now)')
  })

  it('has an address that is none for that one', async () => {
    const addresses: string[] = []
    await played({ recipients: 2, start: () => ({ take: ({ recipients }) => {
      addresses.push(...recipients.map(({ address }) => address))
      return Promise.reject(new Error('no'))
    } }) }, { recipients: 2, links: 2, stream: [{ count: 1, kind: 'bad address', link: 1, only: 2 }], calm: [] })
    expect(addresses).toEqual(['m1@far.example', 'm1 at nowhere'])
  })

  it('is so for all where it is about what the message carries', async () => {
    expect(storm(await two({ kind: 'list', only: 1 }))).toContain('taken m1 over 3 (list); taken m1 (list)')
  })
})

describe('What is said of a message that was given again', () => {
  it('is about those for whom it was given again, where it names none', () => inWorld({ recipients: 2 }, async ({ take, world, seen }) => {
    const messages = Array.from({ length: 3 }, () => take('plain', 'link 1', 'link 2'))
    const { flag, delivered } = world.world()
    for (const message of messages) {
      delivered(message.id, 'link 1')
      expect(message.handed().recipients.map(({ link }) => link)).toEqual(['link 2'])
    }
    seen()
    flag('m1', 'no')
    delivered('m2')
    world.heed(messages[2]!, Promise.reject(new Error('no')))
    await settled()
    expect(seen()).toEqual(['flagged m1 over 2 (no)', 'claims delivered m2 over 2', 'flagged m3 over 2 (no)'])
  }, 2))
})
