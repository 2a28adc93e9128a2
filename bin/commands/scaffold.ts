/** A connector to start from: lawful as it is, with words that say where yours goes. */

import type { Language } from '../input/imports.ts'

/** The text of a new file of a connector. `spec` is what it imports the contract from, as it stands between quotes. */
export function scaffold(path: string, spec: string, language: Language = 'TypeScript'): string {
  const { name, as } = namesFor(path)
  const isTyped = language === 'TypeScript'
  const declared = isTyped ? `import type { Connector } from '${spec}'\n\nexport const ${as}: Connector =`
    : `/** @type {import('${spec}').Connector} */\n${language === 'CommonJS' ? 'const' : 'export const'} ${as} =`
  return `/**
 * ${name}, on trial.
 *
 * It keeps every law as it is. Put your own connector in where it says HERE, and then run:
 *   npx unwedge check ${path}     a verdict, and the smallest scenario that breaks it
 *   npx unwedge doctor ${path}    is this adapter able to fail?
 */
${declared} {
  // What pages call it: a name and a version.
  name: '${name} 0.1',

  // 'exactly-once', 'at-least-once' or 'at-most-once': it is checked against what it promises.
  guarantee: 'at-least-once',

  // Called for every scenario, and again after a restart: create a new one each time. A world has more than is used
  // here: \`links\`, \`workers\`, \`flag\`, \`receive\` for one that fetches its messages.
  start({ send }) {
    // HERE: create yours. Where it would open a connection and send, let it call this. The promise is fulfilled when the
    // far side has the message and has said so, and rejected when it refused the message or the link failed.
${isTyped ? '' : '    /** @param {unknown} content */\n'}    const deliver = (content${isTyped ? ': unknown' : ''}) => send(content)

    return {
      // Give the message to yours. Fulfil the promise when yours says that it is delivered. Reject it when yours gives
      // up: that flags the message. What counts as delivered is what the link recorded, whatever is said here.
      take: (message) => deliver(message.content),

      // With this, the service is stopped and restarted too, with messages in hand.
      // stop: () => undefined,
    }
  },

  // Sockets or processes? Then time is real, and “never” is a deadline.
  // clock: 'real',

  // What cannot happen to it, what it cannot be given, what it does not promise. Give a reason for each: pages repeat it.
  // notApplicable: { 'sender aborts': 'it does not look at the signal' },
  // neverGiven: { list: 'it carries text only' },
  // exempt: { 'links are independent': 'one queue serves all links, by design' },
}
${language === 'CommonJS' ? `\nmodule.exports = { ${as} }\n` : ''}`
}

/** What a connector or a model in this file is called, in words and as an export: that where the file’s own name will not do. */
export function namesFor(
  path: string, otherwise = 'connector', imported: readonly string[] = [],
): { readonly name: string; readonly as: string } {
  const base = path.split(/[\\/]/).at(-1)!.replace(/\.[^.]*$/, '')
  const words = base.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const lower = (word: string) => (/^[A-Z]+$/.test(word) ? word.toLowerCase() : word[0]!.toLowerCase() + word.slice(1))
  const camel = words.map((word, i) => (i === 0 ? lower(word) : word[0]!.toUpperCase() + word.slice(1))).join('')
  const isFree = /^[a-z]/i.test(camel) && !taken.has(camel) && !imported.includes(camel)
  return { name: words.join(' ') || `my ${otherwise}`, as: isFree ? camel : otherwise }
}

/** Words that no variable can be called, and the one type that the file imports. */
const taken = new Set(('Connector arguments await break case catch class const continue debugger default delete do else enum eval '
  + 'export extends false finally for function if implements import in instanceof interface let new null package private '
  + 'protected public return static super switch this throw true try typeof var void while with yield').split(' '))
