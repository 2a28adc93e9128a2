/** Daemons leave nothing behind, however whoever started them ends: no process of theirs, no port, no folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Daemon, type Launch } from '../../connectors/adapters/daemon.ts'
import { privateFolder, removeFolder } from '../../connectors/adapters/keeper.ts'
import { hold, holdPort, isListenedAtBy } from '../../connectors/adapters/ports.ts'
import { trial } from '../../engine/trial/trial.ts'
import { incomplete } from '../../engine/verdict/completeness.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

/** Starts a child of its own and one in a session of its own, says who they are, and stays. */
const busy = (folder: string) => `
trap 'echo bye > "${folder}/bye"; exit 0' TERM
sleep 1000 & one=$!
setsid sleep 1000 & two=$!
echo $$ $one $two > "${folder}/pids.new"; mv "${folder}/pids.new" "${folder}/pids"
wait
`
const shell = (script: string) => ({ command: '/bin/sh', words: ['-c', script] })
const isAlive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
const until = async (is: () => boolean) => { while (!is()) await new Promise((go) => setTimeout(go, 5)) }
const pidsIn = async (folder: string) => {
  await until(() => existsSync(join(folder, 'pids')))
  return readFileSync(join(folder, 'pids'), 'utf8').trim().split(/\s+/).map(Number)
}

const adapter = (name: string) => JSON.stringify(new URL(`../../connectors/adapters/${name}.ts`, import.meta.url).href)
const starters: ChildProcess[] = []
afterEach(() => { for (const each of starters.splice(0)) each.kill('SIGKILL') })

/** A process of its own that starts a daemon, and says in which folder. */
function started() {
  const source = `
    import { Daemon } from ${adapter('daemon')}
    import { privateFolder } from ${adapter('keeper')}
    const folder = privateFolder()
    new Daemon({ command: '/bin/sh', words: ['-c', ${JSON.stringify(busy('FOLDER'))}.replaceAll('FOLDER', folder)] }, folder)
    console.log(folder)
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'], detached: true,
  })
  starters.push(child)
  const folder = new Promise<string>((say) => child.stdout.once('data', (bytes: Buffer) => say(bytes.toString().trim())))
  return { child, folder }
}

describe.skipIf(process.platform !== 'linux')('A daemon', () => {
  for (const [how, kill] of [
    ['is killed', (pid: number) => process.kill(pid, 'SIGKILL')],
    ['is killed with its whole group', (pid: number) => process.kill(-pid, 'SIGKILL')],
    ['is asked to end', (pid: number) => process.kill(pid, 'SIGTERM')],
  ] as const)
    it(`leaves nothing when whoever started it ${how}`, async () => {
      const { child, folder } = started()
      const there = await folder
      const pids = await pidsIn(there)
      expect([pids.length, pids.every(isAlive)]).toEqual([3, true])
      kill(child.pid!)
      await until(() => !pids.some(isAlive) && !existsSync(there))
    })

  it('ends with all that it has started, also what has left its group', async () => {
    const folder = privateFolder()
    const daemon = new Daemon(shell(busy(folder)), folder)
    const pids = await pidsIn(folder)
    await daemon.kill()
    await until(() => !pids.some(isAlive))
    expect([pids.length, existsSync(join(folder, 'bye')), await daemon.ended]).toEqual([3, false, { code: null, signal: 'SIGKILL' }])
    removeFolder(folder)
    expect(existsSync(folder)).toBe(false)
  })

  it('is asked to end, and ended where it does not', async () => {
    const folder = privateFolder()
    const polite = new Daemon(shell(busy(folder)), folder)
    const pids = await pidsIn(folder)
    await polite.stop(5_000)
    await until(() => !pids.some(isAlive))
    expect([existsSync(join(folder, 'bye')), (await polite.ended).code]).toEqual([true, 0])
    const deaf = new Daemon(shell(`trap '' TERM; echo > "${folder}/deaf"; while :; do sleep 1; done`), folder)
    await until(() => existsSync(join(folder, 'deaf')))
    await deaf.stop(50)
    expect((await deaf.ended).signal).toBe('SIGKILL')
    removeFolder(folder)
  })

  it('leaves alone whoever is started after it in its folder', async () => {
    const folder = privateFolder()
    const first = new Daemon(shell('sleep 1000'), folder)
    const next = new Daemon(shell(busy(folder)), folder)
    const second = await pidsIn(folder)
    await first.kill()
    await new Promise((go) => setTimeout(go, 100))
    expect(second.every(isAlive)).toBe(true)
    await next.kill()
    await until(() => !second.some(isAlive))
    removeFolder(folder)
  })

  it('is killed once: later its number may be that of somebody else', async () => {
    const folder = privateFolder()
    const daemon = new Daemon(shell('exit 0'), folder)
    await daemon.ended
    const kill = vi.spyOn(process, 'kill')
    await daemon.kill()
    await daemon.stop(10)
    expect(kill.mock.calls).toEqual([])
    kill.mockRestore()
    removeFolder(folder)
  })

  it('listens at a port, or says that it did not', async () => {
    const folder = privateFolder()
    const { number: port, release } = await holdPort()
    const words = ['-e', `require('node:net').createServer().listen(${port}, '127.0.0.1')`]
    const daemon = new Daemon({ command: process.execPath, words }, folder)
    await daemon.listens(port)
    await daemon.kill()
    await expect(new Daemon(shell('exit 3'), folder).listens(port)).rejects.toThrow(/^\/bin\/sh \(process \d+\) did not come up/)
    release()
    removeFolder(folder)
  })

  it('says why it did not come up', async () => {
    const folder = privateFolder()
    const { number: port, release } = await holdPort()
    const greets = (launch: Launch) => new Daemon(launch, folder).greets(port, /^220/)
    await expect(greets(shell('echo no such file >&2; exit 3'))).rejects.toThrow(/^\/bin\/sh \(process \d+\) did not come up: no such file/)
    await expect(greets({ command: '/no/such/daemon', words: [] })).rejects.toThrow('did not come up: spawn /no/such/daemon ENOENT')
    release()
    removeFolder(folder)
  })

  it('is called on when it is ready', async () => {
    const folder = privateFolder()
    const { number: port, release } = await holdPort()
    const daemon = new Daemon({ ...mailServer(port), isReady: () => existsSync(join(folder, 'ready')) }, folder)
    let isUp = false
    const greeted = daemon.greets(port, /^220/).then(() => { isUp = true })
    await until(() => isListenedAtBy([process.pid], port) === false)
    await new Promise((go) => setTimeout(go, 50))
    expect(isUp).toBe(false)
    writeFileSync(join(folder, 'ready'), '')
    await greeted
    await daemon.kill()
    release()
    mkdirSync(join(folder, 'more'))
    removeFolder(folder)
  })

  it('is never taken for somebody else who answers at its port, and listens at another', async () => {
    const folder = privateFolder()
    const stranger = createServer((socket) => socket.end('220 here'))
    const ports: number[] = []
    let daemon: Daemon | undefined
    const { history } = await tried({
      async start(world) {
        const up = await Daemon.listening({
          folder, greeting: /^220/,
          async launch(port) {
            if (ports.push(port) === 1) await new Promise<void>((ready) => stranger.listen(port, '127.0.0.1', ready))
            return mailServer(port, { after: 300 })
          },
        }, world)
        daemon = up.daemon
        expect(ports).toEqual([ports[0], up.port])
        expect(new Set(ports).size).toBe(2)
        return { end: () => daemon!.kill() }
      },
    })
    expect(history.map(({ what }) => what)).not.toContain('crashed')
    stranger.close()
    removeFolder(folder)
  })

  it('has its port for itself as long as it lives, and is not in the way of a port that somebody holds', async () => {
    const folder = privateFolder()
    await tried({
      async start(world) {
        const { daemon, port } = await Daemon.listening({ folder, greeting: /^220/, launch: (at) => mailServer(at) }, world)
        expect(await hold(port)).toBeNull()
        await daemon.kill()
        const again = await hold(port)
        expect(again?.number).toBe(port)
        again?.release()
        return {}
      },
    })
    removeFolder(folder)
  })
})

/** Greets as a mail server does, a while after it is started; ends where somebody else is at its port. */
const mailServer = (port: number, { after = 0, then = '' } = {}) => ({
  command: process.execPath, words: ['-e', `
    setTimeout(() => require('node:net').createServer((socket) => socket.end('220 here')).listen(${port}, '127.0.0.1', () => { ${then} }), ${after})
  `],
})

/** Nothing comes of what it is given. */
const given: Scenario = { workers: 1, links: 1, stream: [{ kind: 'plain', count: 1, link: 1 }], faults: [], schedule: [], calm: [] }
async function tried(own: Pick<Connector, 'start'>, scenario: Scenario = { ...given, stream: [] }) {
  const connector: Connector = { name: 'daemon', guarantee: 'at-least-once', clock: 'real', patience: 10_000, ...own }
  const history = await trial(connector, scenario)
  return { history, judgement: judge(connector, history), because: incomplete(history, scenario) }
}

describe.skipIf(process.platform !== 'linux')('A daemon that nobody told to end', () => {
  /** It ends in a way of its own, when it is given a message; and that has no verdict. */
  const ending = async (then: string) => {
    const folder = privateFolder()
    const seen = await tried({
      async start(world) {
        const ends = `setInterval(() => { if (require('node:fs').existsSync('given')) { ${then} } }, 10)`
        const { daemon } = await Daemon.listening({ folder, greeting: /^220/, launch: (port) => mailServer(port, { then: ends }) }, world)
        return { take: () => writeFileSync(join(folder, 'given'), ''), end: () => daemon.kill() }
      },
    }, given)
    removeFolder(folder)
    return seen
  }

  it('has crashed, where that is its own doing: with its code or signal, its last words, and when it happened', async () => {
    for (const [then, how] of [
      [`console.error('no room left'); process.exit(3)`, 'with code 3: no room left'],
      ['process.exit(0)', 'with code 0: it printed nothing'],
      [`process.kill(process.pid, 'SIGSEGV')`, 'by SIGSEGV: it printed nothing'],
    ] as const) {
      const { history, judgement } = await ending(then)
      expect(history.at(-1), how).toMatchObject({ what: 'crashed', detail: expect.stringContaining(`ended by itself, ${how}`) })
      expect(judgement).toMatchObject({ law: { name: 'nothing wedges' }, clause: 'it does not crash' })
      // Long before its patience is over.
      expect(history.at(-1)!.time - history[0]!.time).toBeLessThan(5_000)
    }
  })

  it('says nothing of the connector, where it is the doing of somebody else', async () => {
    const { history, judgement, because } = await ending(`process.kill(process.pid, 'SIGKILL')`)
    expect([history.at(-1)?.what, judgement]).toEqual(['gave up', null])
    expect(because).toMatch(/was ended by SIGKILL, and not by this trial: try again where nobody does that/)
  })
})
