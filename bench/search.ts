/**
 * One search in a process of its own, so that its time and memory are all it cost:
 * `search.ts component variant scope stream`, scope and stream as JSON; with `plain` after that, without what makes it fast.
 * Visits every state and keeps no transitions.
 */
import { build } from '../engine/model/build.ts'
import { fill } from '../engine/states/kernel.ts'
import { speed } from '../engine/speed/speed.ts'
import { components } from '../models/catalogue.ts'

const [name, variant, scope, stream, plain] = process.argv.slice(2)
const component = components.find((other) => other.name === name)!
const machine = build(component, variant!, JSON.parse(scope!), { fresh: false })
const before = process.cpuUsage()
const began = performance.now()
const limits = { states: 2 ** 28, speed: plain === undefined ? speed : undefined }
const { states, transitions } = fill(machine, [machine.start(JSON.parse(stream!))], false, limits)
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ states, transitions, search: (user + system) / 1e6, clock: (performance.now() - began) / 1000 }))
