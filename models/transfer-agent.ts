/**
 * Transfer agent: sends each message over the link to its site, while links fail and heal.
 *
 * A sender fetches a message and holds it until its link has accepted it. What matters is which links a sender serves,
 * and what it does while a link is down.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { alike, each, fate, maybe, model, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { type Scope, sizes } from '../spec/components/transfer-agent.ts'
import { delivery, deliveryOrFlag } from '../spec/verdict.ts'
import { answerIsLost, callIsLost, linkFails } from '../spec/word-map.ts'

const questions = {
  senders: question('Which links does a sender serve?', ['its own link', 'all links, alone', 'all links, with others']),
  whenDown: question('A sender finds the link of its message down. What does it do?',
    ['holds the message', 'puts it back at the head', 'drops it']),
  redials: question('A link that was down has healed. Does a sender dial it again?', ['yes', 'never']),
  expires: question('The time of a message for a dead link has run out. What becomes of it?',
    ['flagged', 'it waits on', 'flagged, but each try starts it anew']),
  afterGivingUp: question('A sender has given up a message. What becomes of the sender?', ['free again', 'never seen again']),
  unsure: question('A sender heard nothing of what it sent. What does it do?', ['asks', 'sends again']),
  inDoubt: question('The time of such a message has run out, and nobody can be asked. What becomes of it?',
    ['flagged', 'no word of it']),
  afterDelivery: question('A message was delivered. What becomes of the clock that ran for it?', ['stopped', 'runs on']),
  whenLinkFails: question('A link has failed. What becomes of the messages that wait?', ['it waits on', 'all of it is flagged']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  senders: 'its own link',
  whenDown: 'holds the message',
  redials: 'yes',
  expires: 'flagged',
  afterGivingUp: 'free again',
  unsure: 'asks',
  inDoubt: 'flagged',
  afterDelivery: 'stopped',
  whenLinkFails: 'it waits on',
}
const asShipped: Policy = { ...fixed, senders: 'all links, alone' }

const variants = {
  fixed,
  asShipped,
  sharedSenders: { ...fixed, senders: 'all links, with others' },
  retriesAtTheHead: { ...asShipped, whenDown: 'puts it back at the head' },
  dropsOnFailure: { ...fixed, whenDown: 'drops it' },
  neverExpires: { ...fixed, expires: 'it waits on' },
  expiresAnew: { ...fixed, expires: 'flagged, but each try starts it anew' },
  neverRedials: { ...fixed, redials: 'never' },
  losesTheSender: { ...fixed, afterGivingUp: 'never seen again' },
  resendsBlindly: { ...fixed, unsure: 'sends again' },
  leavesTheUnsure: { ...fixed, inDoubt: 'no word of it' },
  flagsTheDelivered: { ...fixed, afterDelivery: 'runs on' },
  flagsTheNeighbours: { ...fixed, whenLinkFails: 'all of it is flagged' },
} satisfies Record<string, Policy>

export const transferAgent: Component<Scope, typeof questions> = {
  name: 'transfer-agent',
  source: 'Q193760',
  title: 'MTA Stops Processing Messages When One Network Link Fails',
  sizes,
  questions,
  documented: ['asShipped'],
  variants,
  attributes: ({ links }) => ({
    link: { says: 'link', small: Array.from({ length: links }, (_, i) => i + 1), most: links },
  }),
  words: {
    attributes: { link: (value) => ({ link: Number(value) }) },
    faults: {
      'link fails': { ...linkFails, times: 'failures' },
      'sender delivers and hears nothing of its message': { ...answerIsLost, times: 'losses' },
      'sender sends its message in vain and hears nothing': { ...callIsLost, times: 'losses' },
    },
    // How long a message is kept is for whoever keeps it to say, and may be no time; and it began when it came, not when its link failed.
    waits: { 'agent gives up message': 0, 'sender gives up its message in doubt': 0 },
    workers: ['pool'],
    links: 'links',
  },
  vacuous: {},

  model(scope, policy) {
    const senders = match(policy.senders)
      .with('its own link', () => scope.links)
      .with('all links, alone', () => 1)
      .with('all links, with others', () => scope.pool)
      .exhaustive()
    const triesAnew = policy.expires === 'flagged, but each try starts it anew'
    const mostDelivered = scope.burst + 1
    const state = {
      link: each(scope.links, { is: oneOf('up', 'down'), failed: oneOf('never', 'once') }),
      sender: (policy.senders === 'its own link' ? each : alike)(senders, {
        is: oneOf('idle', 'sending', 'unsure', 'gone', ...(triesAnew ? ['pausing'] : [])),
        message: maybe('message'),
        /** What became of a send that it heard nothing of. Only the link knows, until the sender asks. */
        unheard: oneOf('none', 'lost', 'recorded'),
      }),
      message: each(scope.messages + 1, {
        link: maybe('link'),
        fetched: upTo(scope.burst),
        inDoubt: upTo(scope.burst),
        ...fate({
          arrived: scope.burst, delivered: mostDelivered, repeated: policy.unsure === 'sends again' ? scope.burst : 0, flagged: scope.burst,
        }),
      }),
    }
    const { rule, timer, heal, fault } = rulesOver(state)
    type Link = { readonly number: number; readonly is: string; readonly failed: string }
    type Message = { readonly arrived: number; readonly fetched: number; readonly link: Link | null }
    const delivers = (message: { delivered: number; repeated?: number }, isAgain: boolean) => {
      if (message.delivered < mostDelivered) {
        message.delivered += 1
        if (isAgain) message.repeated! += 1
      // Of a count that is full, one more that is delivered for the first time is one less that was again.
      } else if (!isAgain && message.repeated) message.repeated -= 1
    }
    const waits = (message: Message) => message.fetched < message.arrived
    /** Of a link that it never dials again, an agent does not notice that it has healed. */
    const down = ({ link }: Message) => link?.is === 'down' || (policy.redials === 'never' && link?.failed === 'once')
    // Who serves one link sends what waits for it in any order; who serves all of them works off the queue that they share.
    type Messages = { find(test: (message: Message) => boolean): Message | undefined }
    const isNext = (sender: { readonly number: number }, message: Message, messages: Messages) =>
      policy.senders === 'its own link' ? waits(message) && message.link?.number === sender.number : messages.find(waits) === message

    return model({
      name: 'transfer-agent',
      state,
      rules: [
        rule('sender fetches message',
          ({ sender, message, messages }) => sender.is === 'idle' && isNext(sender, message, messages),
          ({ sender, message }) => {
            sender.is = 'sending'
            sender.message = message
            message.fetched += 1
          }),

        rule('sender delivers its message',
          ({ sender, message }) => sender.is === 'sending' && !down(message),
          ({ sender, message }) => {
            delivers(message, sender.unheard === 'recorded')
            sender.is = 'idle'
            sender.message = null
            sender.unheard = 'none'
          }),

        rule('sender puts back its message',
          ({ sender, message }) => sender.is === 'sending' && down(message) && policy.whenDown === 'puts it back at the head',
          ({ sender, message }) => {
            message.fetched -= 1
            sender.is = 'idle'
            sender.message = null
          }),

        rule('sender drops its message',
          ({ sender, message }) => sender.is === 'sending' && down(message) && policy.whenDown === 'drops it',
          ({ sender }) => {
            sender.is = 'idle'
            sender.message = null
          }),

        rule('sender tries its message in vain',
          ({ sender, message }) => triesAnew && sender.is === 'sending' && down(message) && policy.whenDown === 'holds the message',
          ({ sender }) => { sender.is = 'pausing' }),

        rule('sender learns that its message arrived',
          ({ sender, message }) => sender.is === 'unsure' && !down(message) && policy.unsure === 'asks' && sender.unheard === 'recorded',
          ({ sender }) => {
            sender.is = 'idle'
            sender.message = null
            sender.unheard = 'none'
          }),

        rule('sender learns that its message did not arrive',
          ({ sender, message }) => sender.is === 'unsure' && !down(message) && policy.unsure === 'asks' && sender.unheard === 'lost',
          ({ sender }) => {
            sender.is = 'sending'
            sender.unheard = 'none'
          }),

        rule('sender prepares to send its message again',
          ({ sender }) => sender.is === 'unsure' && policy.unsure === 'sends again',
          ({ sender }) => { sender.is = 'sending' }),

        timer('sender tries its message again',
          ({ sender }) => sender.is === 'pausing',
          ({ sender }) => { sender.is = 'sending' }),

        timer('sender gives up its message in doubt',
          ({ sender, message }) => sender.is === 'unsure' && down(message) && policy.expires !== 'it waits on' && policy.inDoubt === 'flagged',
          ({ sender, message }) => {
            message.flagged += 1
            message.inDoubt += 1
            sender.is = policy.afterGivingUp === 'free again' ? 'idle' : 'gone'
            sender.message = null
            sender.unheard = 'none'
          }),

        timer('sender leaves its message unanswered',
          ({ sender, message }) => sender.is === 'unsure' && down(message) && policy.expires !== 'it waits on' && policy.inDoubt === 'no word of it',
          ({ sender }) => {
            sender.is = 'idle'
            sender.message = null
            sender.unheard = 'none'
          }),

        timer('agent gives up message that was delivered',
          ({ message }) => policy.afterDelivery === 'runs on' && down(message) && message.delivered > message.flagged,
          ({ message }) => { message.flagged += 1 }),

        timer('agent gives up message',
          ({ message, senders }) => policy.expires !== 'it waits on' && down(message) &&
            (waits(message) || (!triesAnew && senders.some((sender) => sender.is === 'sending' && sender.message === message))),
          ({ message, senders }) => {
            const holder = triesAnew ? undefined : senders.find((sender) => sender.is === 'sending' && sender.message === message)
            if (holder) {
              if (holder.unheard !== 'none') message.inDoubt += 1
              holder.unheard = 'none'
              holder.is = policy.afterGivingUp === 'free again' ? 'idle' : 'gone'
              holder.message = null
            } else message.fetched += 1
            message.flagged += 1
          }),

        heal('link heals',
          ({ link }) => link.is === 'down',
          ({ link }) => { link.is = 'up' }),

        fault('link fails', scope.failures,
          ({ link }) => link.is === 'up',
          ({ link, messages }) => {
            link.is = 'down'
            link.failed = 'once'
            if (policy.whenLinkFails === 'all of it is flagged')
              for (const message of messages)
                if (waits(message)) {
                  message.flagged += message.arrived - message.fetched
                  message.fetched = message.arrived
                }
          }),

        fault('sender delivers and hears nothing of its message', scope.losses,
          ({ sender, message }) => sender.is === 'sending' && !down(message),
          ({ sender, message }) => {
            delivers(message, sender.unheard === 'recorded')
            sender.is = 'unsure'
            sender.unheard = 'recorded'
          }),

        fault('sender sends its message in vain and hears nothing', scope.losses,
          ({ sender, message }) => sender.is === 'sending' && !down(message),
          ({ sender }) => {
            sender.is = 'unsure'
            if (sender.unheard !== 'recorded') sender.unheard = 'lost'
          }),
      ],
      fresh: { link: 1 },
      known: ({ links }) => ({
        due: (message) => (message.link?.failed === 'once' ? deliveryOrFlag : delivery),
        inDoubt: (message) => message.inDoubt,
        anotherIsDown: (message) => message.link?.failed === 'never' && links.some((link) => link.is === 'down'),
      }),
      facts: ({ links, messages }) => [
        ...links.map((link) => (link.is === 'down' ? `link ${link.number} is down` : '')),
        ...messages.map((m) => (m.flagged ? `m${m.number} flagged` : m.delivered > m.arrived || m.repeated ? `m${m.number} delivered twice` : '')),
      ],
    })
  },
}
