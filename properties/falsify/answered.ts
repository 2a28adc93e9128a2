/** Histories in a word, for runners that answer without a connector: a crash is lawful to whoever is exempt from the law of it. */
import type { Connector, Event, History } from '../../spec/connector.ts'

export const unstarted: Connector = {
  name: 'mine', guarantee: 'at-least-once', start: () => ({}), exempt: { 'nothing wedges': 'it may' },
}
export const event = (what: Event['what'], more: Partial<Event> = {}): Event => ({ what, time: 0, ...more })
export const lawful: History = [event('crashed')]
export const invents: History = [event('recorded something never sent', { link: 'link 1', detail: 'x' }), event('crashed')]
export const gaveUp = (detail: string): History => [event('gave up', { detail })]
