/** Daemons leave nothing behind, however whoever started them ends: no process of theirs, no port, no folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Daemon, freePort, type Launch, privateFolder, removeFolder } from '../connectors/adapters/daemon.ts'

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

const starters: ChildProcess[] = []
afterEach(() => { for (const each of starters.splice(0)) each.kill('SIGKILL') })

/** A process of its own that starts a daemon, and says in which folder. */
function started() {
  const source = `
    import { Daemon, privateFolder } from ${JSON.stringify(new URL('../connectors/adapters/daemon.ts', import.meta.url).href)}
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

  it('listens at a port, or says that it did not', async () => {
    const folder = privateFolder()
    const port = await freePort()
    const words = ['-e', `require('node:net').createServer().listen(${port}, '127.0.0.1')`]
    const daemon = new Daemon({ command: process.execPath, words }, folder)
    await daemon.listens(port)
    await daemon.kill()
    await expect(new Daemon(shell('exit 3'), folder).listens(port)).rejects.toThrow(/^\/bin\/sh \(process \d+\) did not come up/)
    removeFolder(folder)
  })

  it('says why it did not come up', async () => {
    const folder = privateFolder()
    const port = await freePort()
    const greets = (launch: Launch) => new Daemon(launch, folder).greets(port, /^220/)
    await expect(greets(shell('echo no such file >&2; exit 3'))).rejects.toThrow(/^\/bin\/sh \(process \d+\) did not come up: no such file/)
    await expect(greets({ command: '/no/such/daemon', words: [] })).rejects.toThrow('did not come up: spawn /no/such/daemon ENOENT')
    removeFolder(folder)
  })

  it('is called on when it is ready', async () => {
    const folder = privateFolder()
    const port = await freePort()
    let calls = 0
    const server = createServer((socket) => { calls++; socket.end('220 here') })
    await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
    const daemon = new Daemon({ ...shell('sleep 1000'), isReady: () => existsSync(join(folder, 'ready')) }, folder)
    const greeted = daemon.greets(port, /^220/)
    await new Promise((go) => setTimeout(go, 50))
    expect(calls).toBe(0)
    writeFileSync(join(folder, 'ready'), '')
    await greeted
    expect(calls).toBe(1)
    await daemon.kill()
    server.close()
    mkdirSync(join(folder, 'more'))
    removeFolder(folder)
  })
})
