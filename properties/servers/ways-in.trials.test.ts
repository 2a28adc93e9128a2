/** The guides to real servers: what they have to copy is copied, and comes to what they say. `npm run trials:agents` and `:services`. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import type { Connector } from '../../spec/connector.ts'
import { becomes, burst, real, root, shown } from './agents-on-trial.ts'

interface Service { readonly unreachable: () => Promise<string | null> }

const field = join(root, 'connectors/field')
const asksFor = (name: string) => process.env[name] !== undefined
/** Its code, beside what it imports, in a folder that is gone in the end. */
const rooms: string[] = []
afterAll(() => { for (const room of rooms) rmSync(room, { recursive: true }) })
async function copied(guide: string, room: string): Promise<Connector> {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, `examples/${guide}.md`), 'utf8'))![1]!
  const folder = mkdtempSync(join(field, 'node_modules', '.copied-'))
  rooms.push(folder)
  const text = code.replaceAll(/(?<=from ')\.\//g, `${join(field, room)}/`)
  writeFileSync(join(folder, 'mine.ts'), text)
  return (await import(join(folder, 'mine.ts')) as { readonly mine: Connector }).mine
}

const { unreachable } = asksFor('UNWEDGE_SOCKETS') ? await import(join(field, 'nats/jetstream.ts')) as Service : { unreachable: null }
const noNats = await unreachable?.() ?? null

describe('The guides to real servers', () => {
  it('are tried where that is asked for', () => undefined)

  if (asksFor('UNWEDGE_AGENTS')) real(null, 'have an agent to copy, of which somebody’s own program is one', async () => {
    const mine = await copied('transfer-agent', 'agents')
    const bin = mkdtempSync(join(field, 'node_modules', '.bin-'))
    rooms.push(bin)
    writeFileSync(join(bin, 'my-agent'), agent)
    chmodSync(join(bin, 'my-agent'), 0o755)
    process.env['PATH'] = `${bin}:${process.env['PATH']}`
    const stream = [burst('plain', 2), burst('plain', 1, 2), burst('no such destination')]
    const { history, says } = await shown(mine, { links: 2, stream })
    const became = ['m1', 'm2', 'm3', 'm4'].map((id) => becomes(history, id))
    expect([says, ...became]).toEqual([null, 'recorded', 'recorded', 'recorded', 'flagged'])
  })

  if (asksFor('UNWEDGE_SOCKETS')) real(noNats, 'have a consumer of NATS to copy, which keeps every law', async () => {
    expect(await attempt(await copied('broker', 'nats'), { seed: 1, runs: 10 })).toMatchObject({ verdict: 'lawful' })
  })
})

/** An agent without a queue: it hands a mail on while whoever has brought it waits, and says what the next hop says. */
const agent = `#!/usr/bin/env python3
import smtplib, socketserver, sys
words = sys.argv[1:]
of = lambda name: words[words.index(name) + 1]
routes = dict(line.split() for line in open(of('--routes')))
host, port = of('--listen').split(':')

class Session(socketserver.StreamRequestHandler):
    def says(self, text): self.wfile.write(text.encode() + b'\\r\\n')
    def handle(self):
        self.says('220 mine')
        for line in iter(self.rfile.readline, b''):
            word = line[:4].upper()
            if word == b'MAIL': self.sender = line.split(b'<')[1].split(b'>')[0].decode()
            if word == b'RCPT': self.to = line.split(b'<')[1].split(b'>')[0].decode()
            if word == b'DATA': self.data()
            elif word == b'QUIT': return self.says('221 bye')
            else: self.says('250 well')
    def data(self):
        self.says('354 go on')
        mail = b''.join(line[line[:2] == b'..':] for line in iter(self.rfile.readline, b'.\\r\\n'))
        try:
            to = routes[self.to.split('@')[1]].split(':')
            with smtplib.SMTP(to[0], int(to[1]), timeout=10) as hop: hop.sendmail(self.sender, [self.to], mail)
            self.says('250 taken')
        except Exception as error: self.says('554 ' + type(error).__name__)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True
Server((host, int(port)), Session).serve_forever()
`
