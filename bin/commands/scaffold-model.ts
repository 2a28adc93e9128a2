/** A model to start from: right once and wrong once, in few rules, with words that say what goes where. */
import type { Language } from '../input/imports.ts'
import { namesFor } from './scaffold.ts'

const imported = ['alike', 'component', 'delivery', 'fate', 'flagging', 'maybe', 'model', 'one', 'oneOf', 'question', 'rulesOver', 'upTo']

/** What the model in a new file is called, in words and as an export. */
export const modelNames = (path: string) => namesFor(path, 'mine', imported)

/** The text of a new file of a model. `api` is what it imports the notation from, as it stands between quotes. */
export function modelScaffold(path: string, api: string, language: Language = 'TypeScript'): string {
  const { name, as } = modelNames(path)
  const word = /^[A-Za-z]/.test(name) ? name.replaceAll(' ', '-').toLowerCase() : 'model'
  const isCommon = language === 'CommonJS'
  return `/**
 * ${name}: a consumer that gives up a message it cannot process.
 *
 * 1. A message that can be processed is delivered.
 * 2. One that cannot is tried again a few times, and then goes to the dead letters: it is flagged.
 *
 * Left out: how long a try takes.
 *
 *   npx unwedge check ${path}                 does each variant break what it should, and nothing else?
 *   npx unwedge check ${path} --record        the same, and what was found, to put into \`claims\` below
 *   npx unwedge explore '${path}#${as}/retriesForEver'      the shortest run that breaks a law
 */
${isCommon ? 'const' : 'import'} {
  ${imported.join(', ')},
} ${isCommon ? `= require('${api}')` : `from '${api}'`}

${isCommon ? 'const' : 'export const'} ${as} = component({
  name: '${word}',

  // How much of the world to look at: \`explore\` looks at all of what is small, and a walk draws up to the most.
  sizes: {
    messages: { says: 'messages', least: 1, small: 2, most: 5 },
    tries: { says: 'tries of a message', least: 1, small: 2, most: 5 },
  },

  // What somebody could get wrong is a question. \`fixed\` answers all of them; a variant says only what it answers otherwise.
  questions: {
    exhausted: question('A message has failed as often as it may. What becomes of it?', ['flagged', 'tried again']),
  },
  variants: {
    fixed: { exhausted: 'flagged' },
    retriesForEver: { exhausted: 'tried again' },
  },

  // What tells messages apart, and the values that are tried: the quiet one first.
  attributes: () => ({ content: { says: 'content', small: ['good', 'poison'] } }),

  // What is known of each variant. All of it may be left out: then \`fixed\` is taken to be right, and any other wrong somehow.
  claims: {
    fixed: { says: 'gives up what it cannot process', breaks: {} },
    retriesForEver: { says: 'never gives up' },
  },

  model(scope, policy) {
    // The state. Every field begins at its first value: nobody, 0, the first word. One message more than the stream has: a
    // fresh one comes once everything else is over, and must get through.
    const state = {
      consumer: one({ message: maybe('message'), failures: upTo(scope.tries) }),
      message: alike(scope.messages + 1, { content: oneOf('good', 'poison'), fetched: upTo(1), ...fate({ flagged: 1 }) }),
    }
    const { rule } = rulesOver(state)

    return model({
      name: '${word}',
      state,
      // A rule is a sentence, when it may happen, and what it does. A kind of thing that the sentence names stands for each of
      // them in turn, and \`its message\` for the one in that field.
      rules: [
        rule('consumer fetches message',
          ({ consumer, message }) => consumer.message === null && message.fetched < message.arrived,
          ({ consumer, message }) => {
            consumer.message = message
            consumer.failures = 0
            message.fetched = 1
          }),

        rule('consumer delivers its message',
          ({ message }) => message.content === 'good',
          ({ consumer, message }) => {
            message.delivered = 1
            consumer.message = null
          }),

        rule('consumer fails to process its message',
          ({ consumer, message }) => message.content === 'poison' && consumer.failures < scope.tries,
          ({ consumer }) => { consumer.failures += 1 }),

        rule('consumer flags its message',
          ({ consumer, message }) => message.content === 'poison' && consumer.failures === scope.tries && policy.exhausted === 'flagged',
          ({ consumer, message }) => {
            message.flagged = 1
            consumer.message = null
          }),

        rule('consumer starts over with its message',
          ({ consumer, message }) => message.content === 'poison' && consumer.failures === scope.tries && policy.exhausted === 'tried again',
          ({ consumer }) => { consumer.failures = 0 }),
      ],
      fresh: { content: 'good' },
      // What may properly become of a message: the laws ask.
      known: () => ({ due: ({ content }) => (content === 'good' ? delivery : flagging) }),
      // What a page prints of a state where a step has changed it.
      facts: ({ consumer, messages }) => [
        consumer.failures > 0 ? \`\${consumer.failures} failed\` : '',
        ...messages.map((m) => (m.flagged > 0 ? \`m\${m.number} flagged\` : '')),
      ],
    })
  },
})
${isCommon ? `\nmodule.exports = { ${as} }\n` : ''}`
}
