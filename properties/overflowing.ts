/** A component that breaks a domain after many steps: in a module of its own, since other threads build it for themselves. */
import type { Component } from '../spec/component.ts'
import { each, fate, model, one, rulesOver, upTo } from '../spec/model.ts'
import { delivery } from '../spec/verdict.ts'

export const overflowing: Component<{ messages: number; items: number }, Record<string, never>> = {
  name: 'overflowing',
  module: import.meta.url,
  source: '–',
  title: 'Items go on, and are counted too narrowly',
  sizes: {
    messages: { says: 'messages', least: 1, small: 1, most: 1 },
    items: { says: 'items', least: 1, small: 6, most: 6 },
  },
  questions: {},
  variants: { fixed: {} },
  attributes: () => ({}),
  vacuous: {},
  model(scope) {
    const state = { item: each(scope.items, { at: upTo(5) }), count: one({ all: upTo(25) }), message: each(scope.messages, fate({})) }
    const { rule } = rulesOver(state)
    return model({
      name: 'overflowing',
      state,
      rules: [rule('item goes on', ({ item }) => item.at < 5, ({ item, count }) => {
        item.at++
        count.all++
      })],
      fresh: {},
      known: () => ({ due: () => delivery }),
      facts: () => [],
    })
  },
}
