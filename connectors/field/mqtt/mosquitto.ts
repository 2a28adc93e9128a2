/** Subscribers of a real Mosquitto, a private instance on loopback; and of aedes, which is embedded, and needs nothing but itself. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Connector, World } from '../../../spec/connector.ts'
import { Daemon } from '../../adapters/daemon.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { type MqttBroker, subscribing } from './subscriber.ts'

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` }
const printed = spawnSync('mosquitto', ['-h'], { encoding: 'utf8', env }).stdout ?? ''
const version = /version (\d+\.\d+\.\d+)/.exec(printed)?.[1] ?? '(not installed)'

export const unreachable = async (): Promise<string | null> =>
  (printed === '' ? 'there is no mosquitto here: apt-get install -y --no-install-recommends mosquitto' : null)

/** As it is shipped, and with a file for what it has in memory: it is written when Mosquitto ends, and every half hour. */
const settings = (folder: string, port: number) => `
listener ${port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location ${folder}/
`

async function mosquitto(world: World): Promise<MqttBroker> {
  const { disk } = world
  const folder = (disk.get('folder') as string | undefined) ?? privateFolder()
  disk.set('folder', folder)
  const file = join(folder, 'mosquitto.conf')
  const { daemon, port } = await Daemon.listening({
    folder,
    launch(at) {
      writeFileSync(file, settings(folder, at))
      return { command: 'mosquitto', words: ['-c', file], env }
    },
  }, world)
  return {
    dial: () => connect(port, '127.0.0.1'),
    stop: (within) => daemon.stop(within),
    kill: () => daemon.kill(),
    async end() {
      await daemon.kill()
      removeFolder(folder)
    },
  }
}

const inMemory = 'what it has is in memory, and written when it ends, and every half hour: autosave_interval, mosquitto.conf(5)'

export const mosquittoQos1 =
  subscribing(`mqtt.js 5.16.0 subscribed to Mosquitto ${version}, QoS 1`, 1, mosquitto, { notApplicable: { 'service dies': inMemory } })
export const mosquittoQos2 =
  subscribing(`mqtt.js 5.16.0 subscribed to Mosquitto ${version}, QoS 2`, 2, mosquitto, { notApplicable: { 'service dies': inMemory } })
/** What it was killed with is gone, as its manual says: whoever wants more than that finds out here. */
export const mosquittoKilled = subscribing(`mqtt.js 5.16.0 subscribed to Mosquitto ${version}, which is killed`, 1, mosquitto)

export const mustPass: readonly Connector[] = [mosquittoQos1, mosquittoQos2]
