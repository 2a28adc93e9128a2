/** Time that passes where messages get too old meanwhile: what keeps a connector from telling so is not the trial. */
import { describe, expect, it } from 'vitest'
import { faults, played, type Scripted, storm } from './played-trial.ts'
import { pause } from '../samples/wrong-connectors.ts'

const halfAnHour = 1_800_000
const of = async (struck: string, connector: Scripted, scenario: Parameters<typeof played>[1] = {}) =>
  storm(await played({ expiry: halfAnHour, ...connector }, { faults: faults(struck), ...scenario }))

/** Looks every so often whether what it was given is too old. */
const looking = (every: number): Scripted => ({
  start: ({ flag }) => ({
    async take({ id }) {
      const since = performance.now()
      while (performance.now() - since < halfAnHour) await pause(every)
      flag(id, 'too old')
    },
  }),
})
/** Writes a message down, and strikes it off before it flags it. */
const writing: Scripted = {
  start: ({ flag, storage }) => ({
    async take({ id }) {
      await storage.write(id, 'kept')
      await pause(halfAnHour)
      await storage.remove(id)
      flag(id, 'too old')
    },
  }),
}

describe('A message that gets too old while time passes', () => {
  it('is looked at as often as its connector looks, however long that has been in vain', async () => {
    expect(await of('1 time passes 8', looking(700))).toMatch(/; 1800[0-6]\d\d: flagged m1 \(too old\)/)
    expect(await of('1 time passes 7; 1 time passes 7; 1 time passes 7; 1 time passes 7', looking(700))).toMatch(/; 1800[0-6]\d\d: flagged m1/)
    // Nobody said then how old it may get: whoever looks in vain is passed over.
    expect(await of('1 time passes 8', { ...looking(700), expiry: 86_400_000 })).not.toMatch(/; 1800[0-6]\d\d: flagged m1/)
  })

  it('has the turns that its flag takes', async () => {
    expect(await of('1 time passes 8', writing)).toMatch(/; 1800000: flagged m1 \(too old\)/)
    expect(await of('2 time passes 8', writing)).toMatch(/; 1800000: flagged m1 \(too old\)/)
  })

  it('is one of several, each with a time of its own', async () => {
    const stream = [{ count: 1, kind: 'plain', link: 1 }, { count: 1, kind: 'plain', link: 1 }] as const
    const history = await of('1 time passes 7; 2 time passes 8', looking(700), { stream, schedule: [0, 0] })
    expect(history).toMatch(/600000: taken m2; time passes \(3,600,000 ms\); 1800[0-6]\d\d: flagged m1 .*; 2400[0-6]\d\d: flagged m2/)
  })

  it('gives no turn to those that wait for a link until one is too old', async () => {
    const sending: Scripted = { start: ({ send }) => ({ take: ({ content }) => send(content) }) }
    expect(await of('1 time passes 7', sending)).toMatch(/offered m1 #1; time passes \(600,000 ms\); 600000: recorded m1 #1/)
    expect(await of('1 time passes 8', sending)).toMatch(/offered m1 #1; time passes \(3,600,000 ms\); 1800000: recorded m1 #1/)
    expect(await of('1 time passes 8', { ...sending, expiry: Infinity })).toMatch(/time passes \(3,600,000 ms\); 3600000: recorded m1 #1/)
  })
})

describe('A storm', () => {
  it('waits for as long as a message may be kept that is on the disk, and done with at the source', async () => {
    const inbox: Scripted = {
      start({ receive, acknowledge, disk }) {
        const fetch = async () => {
          await pause(1_000)
          for (const { id } of await receive(1)) {
            disk.set(id, 'kept')
            await acknowledge(id)
          }
        }
        void fetch()
        return {}
      },
    }
    const rest = async (connector: Scripted) => (await played(connector)).find(({ what }) => what === 'at rest')!.time
    expect(await rest({ ...inbox, expiry: halfAnHour })).toBe(halfAnHour + 61_000)
    expect(await rest(inbox)).toBe(1_000)
  })
})
