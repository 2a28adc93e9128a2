/** Evidence for the tests of what is made of it: some of the catalogue’s, and some that means harm. */
import { build } from '../../engine/model/build.ts'
import { check, checkedVariant } from '../../engine/search/claims.ts'
import { explained, thresholdsOf } from '../../engine/run/counterfactuals.ts'
import { playback } from '../../engine/run/playback.ts'
import { counterexample } from '../../engine/run/trace.ts'
import { walk } from '../../engine/walk/walk.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { propertyCache } from '../../models/property-cache.ts'
import type { Event } from '../../spec/connector.ts'
import type { Evidence, ExplainedCounterexample, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import { deliveredOrFlagged, honest, noneTwice } from '../../spec/laws.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'
import type { Violation } from '../../spec/evidence/violation.ts'

/** What was found of variants, by `component/variant`. */
export function evidenceOf(...names: readonly string[]): Evidence {
  const results = names.map((name) => check(catalogue.find(({ component, variant }) => `${component.name}/${variant}` === name)!))
  const pages = results.flatMap(({ counterexamples }) => counterexamples.map((found) => explained(found, components)))
  const claims = results.map((result) => checkedVariant(result, result.exploration.broken.length > 0))
  return { command: `npx unwedge check ${names.join(' ')}`, claims, pages, connectors: [], thresholds: thresholdsOf(pages) }
}

/** A cache that is filled, one name after another: at its real size a run of 131,073 steps. Nothing is asked of it. */
export function fullCache(entries = cacheLimit): ExplainedCounterexample {
  const scope = { messages: 1, sessions: 1, entries, restarts: 0, burst: 2 * entries }
  const stream = [{ count: entries + 1, header: 'new' }]
  const machine = build(propertyCache, 'asShipped', scope)
  const { run, subject } = walk(machine, { stream, faults: [], schedule: [] }, { laws: [honest] }).broken!
  const found = counterexample(machine, run, {
    component: propertyCache, variant: 'asShipped', says: 'leaves it in the queue', scope, stream, law: honest, subject,
    minimality: { known: 'replayed' },
  })
  return { found, playback: playback(machine, machine.start(stream), run), without: [], answers: [], beside: null }
}

const violation: Violation = {
  connector: 'a queue 1.0', guarantee: 'at-least-once', clock: 'virtual',
  law: { name: deliveredOrFlagged.name, says: deliveredOrFlagged.says }, clause: 'a verdict in the end', says: 'Everything is healed and at rest, and m2 has no verdict.',
  message: 'm2', at: 8, seed: 1, runs: 12, tries: 34, repeats: true, notApplicable: [],
  diagnosis: 'It behaves like claim-queue/keepsDeadNames.',
  again: 'npx unwedge check queue.ts',
  scenario: {
    workers: 1, links: 2, stream: [{ count: 2, kind: 'plain', link: 1 }], faults: [{ after: 1, what: 'link drops before', on: 1 }],
    schedule: [],
  },
  history: [
    { what: 'taken', message: 'm1', link: 'link 1', detail: 'plain', time: 0 },
    { what: 'taken', message: 'm2', link: 'link 1', detail: 'plain', time: 0 },
    { what: 'offered', message: 'm1', link: 'link 1', time: 0 }, { what: 'recorded', message: 'm1', link: 'link 1', time: 0 },
    { what: 'claims delivered', message: 'm1', time: 5 }, { what: 'link refuses', link: 'link 1', time: 5 },
    { what: 'offered', message: 'm2', link: 'link 1', time: 60_000 },
    { what: 'dropped', message: 'm2', link: 'link 1', detail: 'before', time: 60_000 },
    { what: 'healed', time: 60_000 },
  ],
}

export const tried = (violations: readonly Violation[], connector = 'a queue 1.0'): TriedConnector => ({
  connector, verdict: violations.length > 0 ? 'broken' : 'lawful', because: '', runs: 100, milliseconds: 1234,
  file: 'my connectors/queue.ts', line: 7,
  exempt: { 'links are independent': 'one queue serves all links' }, violations,
})

const longText = 'the first word, and many more words, and then aVeryLongWordWithoutAnyPlaceToBreakItThatIsWiderThanAPhone, and the last word'

/** A connector that lost a message. */
export const loser: TriedConnector = tried([violation])

/** One that loses a fresh message, whose row has a long text and starts at the last lane. */
export const wedged: TriedConnector = tried([{
  ...violation, connector: 'a wedged queue', message: 'm3', at: 13, history: [
    ...violation.history, { what: 'calm', detail: '60,000 ms', time: 120_000 },
    { what: 'fresh', message: 'm3', link: 'link 2', detail: 'control characters', time: 120_000 },
    { what: 'offered', message: 'm3', link: 'link 2', time: 120_000 },
    { what: 'dropped', message: 'm3', link: 'link 2', detail: 'before', time: 120_000 },
    { what: 'end', time: 720_000 },
  ],
}], 'a wedged queue')

/** Two whose guilty step has a text longer than a phone is wide: in a lane, and across all of them. */
export const longWinded = ['recorded altered', 'gave up'].map((what) => tried([{
  ...violation, connector: `one of ${what}`, message: 'm1', at: 3, law: { name: honest.name, says: honest.says }, clause: 'not altered',
  says: `m1 is recorded as ‘${longText}’, which is not what was sent.`, history: [
    ...violation.history.slice(0, 3), { what, message: 'm1', link: 'link 1', detail: longText, time: 75_000 } as Event,
    ...violation.history.slice(4),
  ],
}], `one of ${what}`))

/** One that did what the model of its component could not, and that hid one of two mutants. */
export const stranger: TriedConnector = {
  ...tried([], 'a strange queue'), verdict: 'broken',
  divergence: {
    connector: 'a strange queue', component: 'claim-queue', says: 'm1 is delivered here; claim-queue would have allowed: nothing more.',
    did: 'm1 is delivered', allowed: ['m2 is delivered', 'm1 is flagged'], message: 'm1', at: 3,
    scenario: violation.scenario, history: violation.history, again: 'npx unwedge check queue.ts --seed 1 --runs 10',
  },
  mutants: [
    { mutant: 'drops one', does: 'forgets every third message', outcome: 'caught', law: 'delivered or flagged', runs: 1 },
    { mutant: 'doubles one', does: 'sends every third message once more', outcome: 'survived', runs: 40,
      hides: 'a second copy', mend: 'look at what the far side has' },
    { mutant: 'claims falsely', does: 'claims every failure as a delivery', outcome: 'not applicable', because: 'it flagged nothing' },
  ],
}

/** One that is held to a model, and met one of its two rules; it keeps every law but one, which it is not checked against. */
export const held: TriedConnector = {
  ...tried([], 'a held queue'),
  exercised: {
    component: 'pager', histories: 21, rules: [
      { rule: 'pager gives up', histories: 8, because: null, answers: [{ question: 'unanswered', found: '', answer: 'flagged', histories: 8 }] },
      { rule: 'pager restarts', histories: 0, because: 'it has no ‘stop’', answers: [] },
    ],
    notChecked: ['how long ‘pager gives up’ takes, for any time is enough'],
  },
}

/** One that has been given a great many messages, and delivered the last of them twice. */
export function busy(messages: number): TriedConnector {
  const events = Array.from({ length: messages }, (_, i): readonly Event[] => {
    const about = { message: `m${i + 1}`, link: `link ${(i % 3) + 1}`, time: i }
    return [
      { what: 'taken', ...about, detail: 'plain' }, { what: 'offered', ...about }, { what: 'recorded', ...about },
      { what: 'claims delivered', message: about.message, time: i },
    ]
  })
  const again: Event = { what: 'recorded', message: `m${messages}`, link: 'link 1', time: messages }
  const history = [...events.map(([taken]) => taken!), ...events.flatMap((four) => four.slice(1)), again]
  const law = { name: noneTwice.name, says: noneTwice.says }
  const name = 'a busy queue'
  const says = `m${messages} was recorded twice.`
  return tried([{ ...violation, connector: name, law, clause: 'no second copy', says, message: `m${messages}`, at: history.length - 1, history }], name)
}

/** One with a megabyte of text wherever there can be some. */
export function wordy(text = `${'<b>word</b> '.repeat(90_000)}`): TriedConnector {
  const about = { ...violation, connector: `${text}queue`, says: text, diagnosis: text, again: text }
  const history = violation.history.map((event) => ({ ...event, ...(event.message === undefined ? {} : { detail: text }) }))
  const notApplicable = [{ what: text, because: text }]
  return { ...tried([{ ...about, history, notApplicable }], `${text}queue`), file: text, exempt: { 'none twice': text } }
}

/** Everything that text could try: to end a script, to run one, to fetch, to steer a terminal, to turn a line round. */
export const nasty = '</script><script>window.harm=1</script><img src=x onerror="window.harm=2"><!--<script>]]>&lt;b&gt;"\'`$'
  + '{window.harm=3}\u001b[31m\u0000\u0007\u202eevil\u2066\u2028\u2029\ud800\r\n{{7*7}} javascript:window.harm=4'
  + ' http://x.test/y {"__proto__":1}'

/** The same evidence with that in every text, but for the few words that are ours. */
export function hostile(evidence: Evidence): Evidence {
  const ours = new Set(['law', 'is', 'verdict', 'known', 'owed', 'what', 'guarantee', 'clock', 'kind', 'messages', 'when'])
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return ours.has(key) || (key === 'name' && /^[a-z ]+$/.test(value)) ? value : `${nasty}${value}`
    if (Array.isArray(value)) return value.map((each) => spoil(each, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoil(each, name)]))
  }
  return spoil(evidence, '') as Evidence
}
