/**
 * A model of one’s own: a link over which urgent messages go before normal ones.
 *
 * 1. An urgent message goes before all normal ones that wait. Then it is the turn of a normal one, if one waits.
 * 2. So no normal message waits for ever, however many urgent ones come; and no urgent one waits for what does not come.
 * 3. Normal messages go in the order in which they came.
 *
 * Left out: a link that fails, and the order of urgent messages. Of those there is no end: each is as good as any other, and all that
 * is told of them is whether one waits.
 *
 *   npx unwedge check examples/two-grades.ts
 */
import { component, delivery, each, fate, lawsOver, model, one, oneOf, question, rulesOver, upTo } from '../api/model.ts'

export const twoGrades = component({
  name: 'two-grades',
  title: 'A link for urgent and for normal messages',
  sizes: { messages: { says: 'normal messages', least: 1, small: 2, most: 8 } },

  questions: {
    next: question('An urgent and a normal message wait. Which goes next?', ['by turns', 'the urgent one']),
    unused: question('It is the turn of a normal message, and none waits. What of an urgent one?', ['goes', 'waits']),
    order: question('Several normal messages wait. Which of them is next?', ['the first', 'the latest']),
  },
  variants: {
    fixed: { next: 'by turns', unused: 'goes', order: 'the first' },
    starvesTheNormal: { next: 'the urgent one' },
    keepsTheTurn: { unused: 'waits' },
    latestFirst: { order: 'the latest' },
  },
  claims: {
    fixed: { says: 'lets the grades take turns', states: 48, transitions: 84, breaks: {} },
    starvesTheNormal: { says: 'sends what is urgent first, each time', states: 48, transitions: 84, breaks: { 'delivered or flagged': 4 } },
    keepsTheTurn: { says: 'keeps a turn for who is not there', states: 48, transitions: 80, breaks: { 'urgent goes': 4 } },
    latestFirst: { says: 'sends the latest first', states: 60, transitions: 102, breaks: { 'in order': 1 } },
  },

  // Urgent messages are the world’s own: a connector is given normal ones.
  words: { attributes: {}, faults: {}, workers: [] },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model({ messages }, policy) {
    const state = {
      link: one({ urgent: oneOf('none', 'waits'), turn: oneOf('anybody', 'normal') }),
      message: each(messages + 1, { sent: upTo(1), ...fate({}) }),
    }
    const { rule, choice } = rulesOver(state)
    const { always, leadsTo } = lawsOver(state)
    type Message = { readonly arrived: number; readonly sent: number }
    const waits = ({ arrived, sent }: Message) => sent < arrived

    return model({
      name: 'two-grades',
      state,
      rules: [
        rule('link sends message',
          ({ link, message, messages: all }) => {
            const waiting = all.filter(waits)
            const mayGo = link.urgent === 'none' || (policy.next === 'by turns' && link.turn === 'normal')
            return mayGo && message === (policy.order === 'the first' ? waiting[0] : waiting.at(-1))
          },
          ({ link, message }) => {
            message.sent = 1
            message.delivered = 1
            link.turn = 'anybody'
          }),
        rule('link sends what is urgent',
          ({ link, messages: all }) => link.urgent === 'waits'
            && (policy.next === 'the urgent one' || link.turn === 'anybody' || (policy.unused === 'goes' && !all.some(waits))),
          ({ link }) => {
            link.urgent = 'none'
            link.turn = 'normal'
          }),
        // There may be no end of them.
        choice('link is given something urgent',
          ({ link }) => link.urgent === 'none',
          ({ link }) => { link.urgent = 'waits' }),
      ],
      fresh: {},
      known: () => ({ due: () => delivery }),
      facts: ({ link }) => [link.urgent === 'waits' ? 'an urgent one waits' : ''],
      laws: [
        always('in order', 'Normal messages go in the order in which they came.',
          ({ messages: all }) => all.every(({ sent }, i) => sent === 0 || all.slice(0, i).every((before) => !waits(before)))),
        leadsTo('urgent goes', 'An urgent message that waits is sent in the end.',
          ({ link }) => link.urgent === 'waits', ({ link }) => link.urgent === 'none'),
      ],
    })
  },
})
