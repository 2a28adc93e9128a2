/**
 * Connectors that do harm, each in its own way, once a message is refused: what the suite must survive. Right
 * otherwise, so that the refusal is what the scenario shrinks to.
 */
import type { Connector } from '../spec/connector.ts'

const harming = (name: string, harm: () => unknown): Connector => ({
  name,
  guarantee: 'at-least-once',
  start: ({ send }) => ({
    take: (message) => send(message.content).catch((error: unknown) => {
      if (message.kind === 'refused') return harm()
      throw error
    }),
  }),
})

const never = () => new Promise(() => undefined)

export const exits = harming('one that exits', () => process.exit(3))
export const spins = harming('one that spins', () => { for (;;); })
export const floods = harming('one that prints without end', () => {
  const line = 'x'.repeat(100_000)
  setInterval(() => { for (let i = 0; i < 50; i++) process.stdout.write(line) }, 1)
  return never()
})
export const eats = harming('one that eats memory', () => {
  const all: unknown[] = []
  for (;;) all.push(new Array(100_000).fill(all.length))
})
export const throwsLater = harming('one that throws where nobody catches', () => {
  queueMicrotask(() => { throw new Error('nobody catches this') })
  return never()
})
export const rejectsUnseen = harming('one that rejects unseen', () => {
  void Promise.reject(new Error('nobody sees this'))
  return never()
})
export const neverCalls = harming('one that never calls back', never)
