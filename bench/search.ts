/**
 * One search in a process of its own, so that its time and memory are all it cost:
 * `search.ts component variant scope stream`, the last two as JSON. Visits every state and keeps no transitions.
 */
import { build } from '../engine/build.ts'
import { fill } from '../engine/kernel.ts'
import { components } from '../models/catalogue.ts'

const [name, variant, scope, stream] = process.argv.slice(2)
const component = components.find((other) => other.name === name)!
const machine = build(component, variant!, JSON.parse(scope!), { probe: false })
const began = performance.now()
const { states, transitions } = fill(machine, [machine.start(JSON.parse(stream!))], false, { states: 2 ** 28 })
console.log(JSON.stringify({ states, transitions, seconds: (performance.now() - began) / 1000 }))
