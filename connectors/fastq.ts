/** fastq: a queue in memory whose error handler puts a failed message back at the head, up to five times. */
import type { Connector, Message } from '../spec/connector.ts'
import type { Trial } from '../spec/evidence/field-trial.ts'

type Task = { readonly message: Message; tries: number; readonly done: () => void; readonly fail: (error: unknown) => void }
type Done = (error: unknown) => void
interface Queue {
  push(task: Task): void
  unshift(task: Task): void
  error(handler: (error: unknown, task: Task) => void): void
}
export type Fastq = (worker: (task: Task, done: Done) => void, concurrency: number) => Queue

export const retrying = (name: string, fastq: Fastq): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ send, workers }) {
    const queue = fastq((task, done) => {
      send(task.message.content).then(() => { task.done(); done(null) }, done)
    }, workers)
    queue.error((error, task) => {
      if (!error) return
      task.tries++
      if (task.tries < 5) queue.unshift(task)
      else task.fail(error)
    })
    return { take: (message) => new Promise<void>((done, fail) => queue.push({ message, tries: 0, done, fail })) }
  },
  exempt: { 'links are independent': 'one queue serves all links, by design: each worker waits for its own' },
})

export const fastq1150 = retrying('fastq 1.15.0', (await import('fastq-1.15.0')).default as unknown as Fastq)
export const fastq1160 = retrying('fastq 1.16.0', (await import('fastq-1.16.0')).default as unknown as Fastq)

export const trials: readonly Trial[] = [
  {
    row: 10, buggy: fastq1150, fixed: fastq1160, laws: ['delivered or flagged'],
    trigger: 'a message that fails twice, put back at the head each time: it vanishes at its second failure',
    smallest: 1, published: 'mcollina/fastq #77',
  },
]
