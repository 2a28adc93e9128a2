/** What has been found in a log so far: the first of each kind in full, and how many there are. */
import type { LogClause, LogDoubt, LogFinding, LogVerdict } from '../../spec/evidence/log-verdict.ts'
import type { LogPromises } from '../../spec/evidence/log.ts'
import type { MessageInHand } from './message-in-hand.ts'

/** Of each clause, so many are shown. */
const mostShown = 10
/** Of a line that is shown as it is. */
const mostOfALine = 120

const doubts = {
  'in hand': {
    says: 'still in hand when the log ends',
    settles: 'a log that goes on until they have their verdicts, or says ‘drained’; or --until TIME or --patience DURATION, which say what '
      + 'should have one by now',
  },
  'never taken': {
    says: 'about messages that the log never saw taken',
    settles: 'a log from the beginning: with --begins empty, these are invented; with --begins running, they are older than the log',
  },
  'taken twice': {
    says: 'of a message that is in the log already', settles: 'an id for each message; where a source gives one again, ‘given again’',
  },
  'forgotten': {
    says: 'so many messages that the oldest were forgotten: a second copy of those does not show', settles: 'several shorter logs',
  },
} as const
type Doubt = keyof typeof doubts

export class LogFindings {
  readonly counts = { events: 0, messages: 0, delivered: 0, flagged: 0, older: 0 }
  readonly #promises: LogPromises
  readonly #silentOn: readonly string[]
  readonly #shown: LogFinding[] = []
  readonly #times = new Map<LogClause, number>()
  readonly #doubts = new Map<Doubt, { times: number; line: number | null; last: number | null }>()

  /** Lines that say nothing of messages: how many, and the first of them. */
  #passedOver = 0
  #first = ''

  constructor(promises: LogPromises, silentOn: readonly string[]) {
    this.#promises = promises
    this.#silentOn = silentOn
  }

  count(what: keyof LogFindings['counts']): void {
    this.counts[what]++
  }

  passesOver(line: number, text: string): void {
    // A part of the line would keep the line in memory.
    if (this.#passedOver++ === 0) this.#first = `line ${line.toLocaleString('en-US')}: ‘${JSON.parse(JSON.stringify(text.slice(0, mostOfALine)))}’`
  }

  add(message: MessageInHand, found: Omit<LogFinding, 'message' | 'lines'>): void {
    const times = (this.#times.get(found.clause) ?? 0) + 1
    this.#times.set(found.clause, times)
    if (times > mostShown) return
    const { law: { name, says } } = found
    this.#shown.push({ ...found, law: { name, says }, message: message.id, lines: message.lines })
  }

  doubt(why: Doubt, line: number | null): void {
    const known = this.#doubts.get(why)
    if (!known) this.#doubts.set(why, { times: 1, line, last: line })
    else if (line === null || known.last !== line) {
      known.last = line
      known.times++
      known.line = Math.min(known.line ?? Infinity, line ?? Infinity)
    }
  }

  verdict(
    about: Pick<LogVerdict, 'log' | 'lines' | 'stopped' | 'inHand' | 'conformance' | 'from' | 'to'>,
  ): LogVerdict {
    const { older, ...counts } = this.counts
    const all = this.#allDoubts(about)
    const verdict = this.#times.size > 0 || about.conformance?.divergence ? 'broken' : all.length > 0 || about.stopped ? 'inconclusive' : 'lawful'
    return {
      ...about, ...counts, verdict, guarantee: this.#promises.guarantee, counts: Object.fromEntries(this.#times),
      findings: this.#shown.toSorted((a, b) => a.line - b.line), doubts: all, notChecked: this.#notChecked(older),
    }
  }

  #allDoubts(about: Pick<LogVerdict, 'stopped' | 'conformance'>): readonly LogDoubt[] {
    const all = [...this.#doubts].map(([why, { times, line }]): LogDoubt => {
      const { says, settles } = doubts[why]
      const things = why === 'forgotten' ? 'there are' : `${times.toLocaleString('en-US')} ${why === 'in hand' ? (times === 1 ? 'message is' : 'messages are')
        : times === 1 ? 'line is' : 'lines are'}`
      return { because: `${things} ${says}`, settles, line: line === Infinity ? null : line }
    })
    const { conformance } = about
    if (conformance && conformance.messages === 0 && this.counts.messages > 0)
      all.push({
        because: `no message could be held to ${conformance.component}`, settles: 'a component that has a word for what happens here', line: null,
      })
    if (this.counts.messages > 0 || about.stopped) return all
    return [...all, { because: 'no message is taken in it', settles: 'a log that says ‘taken’ of a message', line: null }]
  }

  #notChecked(older: number): readonly string[] {
    const { begins, expiry, order, guarantee } = this.#promises
    return [
      ...this.#silentOn,
      ...(this.#passedOver === 0 ? [] : [
        `${this.#passedOver.toLocaleString('en-US')} ${this.#passedOver === 1 ? 'line' : 'lines'} that the map has no event for, the first at ${this.#first}.`,
      ]),
      ...(begins === 'empty' ? [] : ['Nothing invented: that takes a log from the beginning (--begins empty).']),
      ...(older === 0 ? [] : [`${older.toLocaleString('en-US')} events about messages that are older than the log.`]),
      ...(expiry === Infinity ? ['Lateness: no --expiry says when a message is late.'] : []),
      ...(order === 'none' ? ['Order: no --order is promised.'] : []),
      ...(guarantee === 'at-least-once' ? ['Copies after a death, or after a call of which nobody knows how it ended: --guarantee at-least-once allows them.'] : []),
      'Links are independent, and nothing wedges: these ask what would have happened otherwise, and no log says that.',
    ]
  }
}
