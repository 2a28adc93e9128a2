/**
 * Any SMTP transfer agent as a connector. The suite submits over SMTP, hosts the next hop of every link and the mailbox that reports
 * come to, and starts the agent afresh for each scenario, in a folder of its own. An adapter says how its agent is started.
 *
 * What an agent has taken, it delivers or reports: a delivery status notification of a failure flags a message, and where none comes,
 * silence claims it. An agent that was not told of a recording may deliver again (RFC 1047).
 */
import type { Connector, Message } from '../../../spec/connector.ts'
import { Daemon, type Launch } from '../../adapters/daemon.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { carriesMail, diesWhole, fetchesNone, writesNothing } from '../never.ts'
import { type Mail, reportIn } from './mail.ts'
import { type MailServer, nextHop, reportServer } from './next-hop.ts'
import { mailOf, submit } from './submission.ts'

/** What an agent is given to start with. */
export interface Site {
  /** Its own: configuration, queue and logs go there. It is the same when the agent is started again, and is removed in the end. */
  readonly folder: string
  /** Where it is to listen on loopback for what is submitted. */
  readonly port: number
  /** Which port of loopback mail for a domain goes to. Mail for any other domain is undeliverable. */
  readonly routes: ReadonlyMap<string, number>
}

export interface Agent extends Partial<Omit<Connector, 'name' | 'start'>> {
  readonly name: string
  /** Puts into the folder what it needs, and says how it is started. */
  readonly launch: (site: Site) => Launch | Promise<Launch>
  /** Its reports are refused: what becomes of those, it is to tell whoever looks after it, at `deadLetters`. */
  readonly refusesReports?: boolean
  /** What is submitted is a report itself, with nobody to report to (RFC 5321, 4.5.5). */
  readonly submitsReports?: boolean
  /** How many new header names a message with one has in all; one unless told otherwise. */
  readonly names?: number
}

const reportsDomain = 'reports.near.example'
/** Whom an agent tells of a report that nobody takes. */
export const deadLetters = `dead.letters@${reportsDomain}`
/** How many mails are submitted at once. */
const mostSubmitting = 5
/** Milliseconds from when an agent hears that a mail was taken until it has crossed it out. */
const crossesOut = 250
/** Milliseconds that an agent may take to come to terms with a fault: it tries again every few seconds; unless told otherwise. */
const usualRecovery = 5_000

export const transferAgent = (
  { name, launch, refusesReports = false, submitsReports = false, names = 1, recovery = usualRecovery, ...own }: Agent,
): Connector => ({
  name,
  guarantee: 'at-least-once',
  clock: 'real',
  patience: 8_000,
  recovery,
  workers: [1, 1],
  burst: 16,
  recipients: 1,
  carries: ['address', 'header', 'attachments'],
  neverGiven: carriesMail,
  async start(world) {
    const { links, disk, flag, delivered, report } = world
    const folder = (disk.get('folder') as string | undefined) ?? privateFolder()
    disk.set('folder', folder)
    const domains = links.map((link, i) => ({ link: link.name, suffix: `.link-${i + 1}.example` }))
    const sent = (address: string, link: string) => address.replace(/\.example$/, domains.find((each) => each.link === link)!.suffix)
    const given = (address: string) => address.replace(/\.link-\d+\.example$/, '.example')
    const linkOf = (address: string) => domains.find(({ suffix }) => address.endsWith(suffix))?.link

    const claims = new Set<NodeJS.Timeout>()
    const claim = (id: string, link: string) => {
      disk.set(`${id} is claimed for ${link}`, true)
      delivered(id, link)
    }
    /** Silence claims it, once there has been enough of that. */
    const claimAfter = (milliseconds: number, id: string, link: string) => {
      if (disk.has(`${id} is claimed for ${link}`)) return
      const timer = setTimeout(() => {
        claims.delete(timer)
        if (!disk.has(`${id} is claimed for ${link}`)) claim(id, link)
      }, milliseconds)
      claims.add(timer)
    }
    const hops = await Promise.all(links.map((link) => nextHop(link, {
      given,
      recorded(id, heard) {
        disk.set(`${id} is recorded by ${link.name}`, true)
        void heard.then((isHeard) => claimAfter(isHeard ? crossesOut : recovery, id, link.name))
      },
    })))
    const reported = async (to: string, mail: Mail) => {
      const statuses = await reportIn(mail)
      const id = to === deadLetters ? mail.id : to.slice(0, to.indexOf('@'))
      const failed = statuses?.filter(({ action }) => action === 'failed') ?? []
      if (statuses && failed.length === 0) return
      if (failed.length === 0 || to === deadLetters) return flag(id, statuses ? failed[0]?.reason : 'returned')
      for (const { address, reason } of failed) flag(id, reason, linkOf(address))
    }
    const reports = await reportServer((to, mail) => void reported(to, mail).catch(report), (to) => !refusesReports || to === deadLetters)

    const routes = new Map([
      ...domains.flatMap(({ suffix }, i) => [`far${suffix}`, `nowhere${suffix}`].map((domain) => [domain, hops[i]!.port] as const)),
      [reportsDomain, reports.port],
    ])
    const { port, daemon } = await Daemon.listening({
      folder, greeting: /^220/, launch: (at) => launch({ folder, port: at, routes }),
    }, world)

    // What was recorded when it was stopped before, and was not claimed by then.
    for (const key of disk.keys()) {
      const [, id = '', link = ''] = /^(m\d+) is recorded by (.*)$/.exec(key) ?? []
      if (id !== '') claimAfter(recovery, id, link)
    }

    const waiting: (() => Promise<void>)[] = []
    const submitting = new Set<Promise<void>>()
    let isStopping = false
    const next = (): void => {
      while (!isStopping && submitting.size < mostSubmitting && waiting.length > 0) {
        const one = waiting.shift()!().finally(() => { submitting.delete(one); next() })
        submitting.add(one)
      }
    }
    const submitted = async (message: Message) => {
      const { id, recipients } = message
      const to = recipients.map(({ address, link }) => sent(address, link))
      const from = submitsReports ? '' : `${id}@${reportsDomain}`
      const refused = await submit(port, from, to, await mailOf(message, { moreNames: names - 1 }))
      disk.set(`${id} is accepted`, true)
      for (const { recipient, message: reason } of refused) flag(id, reason, recipients[to.indexOf(recipient)]?.link)
    }
    /** Nothing goes on here: what the agent has, it has in its folder. */
    const leave = async (): Promise<void> => {
      // Nobody listens any more: what is being submitted has its answer, and so has what waits for that.
      while (submitting.size > 0) await Promise.all(submitting)
      for (const timer of claims) clearTimeout(timer)
      await Promise.all([...hops, reports].map((server: MailServer) => server.close()))
    }
    return {
      take(message) {
        const { id } = message
        // Given again, it is in the agent’s hands all the same; or has come already, and the end came before that was said.
        if (!disk.has(`${id} is accepted`)) {
          waiting.push(() => submitted(message).catch(async (error: unknown) => {
            // That ends the trial: it is no word of the agent’s on the message.
            if (!(await daemon.hasEndedByItself())) flag(id, error)
          }))
          return next()
        }
        for (const { link } of message.recipients) if (disk.has(`${id} is recorded by ${link}`)) claimAfter(crossesOut, id, link)
      },
      /**
       * Between two submissions: whoever has not heard whether the agent has a message submits it again, and a copy that comes of that
       * is not the agent’s. What it has taken, it has to have still.
       */
      async die() {
        waiting.length = 0
        while (submitting.size > 0) await Promise.all(submitting)
        await daemon.kill()
        await leave()
      },
      /** Between two submissions likewise. What waits for one finds nobody then. */
      async stop(within) {
        isStopping = true
        await Promise.all(submitting)
        await daemon.stop(within / 2)
        isStopping = false
        next()
        await leave()
      },
      async end() {
        await daemon.kill()
        await leave()
        removeFolder(folder)
      },
    }
  },
  ...own,
  notApplicable: {
    ...fetchesNone, ...diesWhole, ...writesNothing,
    'reporting fails': 'it has nobody to report to but whoever sent a message',
    'link answers twice': 'a second answer would be one to the next command, which no mail server gives',
    'sender aborts': 'what is handed over cannot be called back',
    ...own.notApplicable,
  },
})
