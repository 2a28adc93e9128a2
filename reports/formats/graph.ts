/** All states of a model as a file for other tools: Aldebaran’s .aut (CADP, mCRL2) and DOT (Graphviz). */
import type { StateGraph } from '../../spec/evidence/state-graph.ts'
import { plain } from '../text/words.ts'

/**
 * A labelled transition system. The format knows one first state: state 0 is put before those of the model, whose
 * numbers are one greater, and sends each of the streams.
 */
export function aldebaran({ states, transitions, starts, edges }: StateGraph): string {
  const lines = [`des (0, ${transitions + starts.length}, ${states + 1})`]
  for (const { state, says } of starts) lines.push(transition(0, `sends ${says}`, state + 1))
  for (const [from, label, to] of edges) lines.push(transition(from + 1, label, to + 1))
  lines.push('')
  return lines.join('\n')
}

const transition = (from: number, label: string, to: number) => `(${from}, "${quoted(label)}", ${to})`

/** Where nothing is owed any more has a double ring; where it starts, an arrow from what was sent. */
export function dot({ name, states, starts, edges, isAtRest }: StateGraph): string {
  const lines = [`digraph "${quoted(name)}" {`, '  rankdir=LR', '  node [shape=circle, label="", width=0.15]']
  for (let state = 0; state < states; state++) if (isAtRest(state)) lines.push(`  s${state} [shape=doublecircle]`)
  for (const [i, { state, says }] of starts.entries())
    lines.push(`  from${i} [shape=plaintext, label="${quoted(says)}"]`, `  from${i} -> s${state}`)
  for (const [from, label, to] of edges) lines.push(`  s${from} -> s${to} [label="${quoted(label)}"]`)
  lines.push('}', '')
  return lines.join('\n')
}

const quoted = (text: string) => plain(text).replace(/["\\]/g, '\\$&')
