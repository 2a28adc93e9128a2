/** A thread of a search beside the first: builds the same machine, says that it is ready, and does what it is told. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Component } from '../../spec/component.ts'
import { build } from '../model/build.ts'
import { bound, compiled } from '../search/kernel-source.ts'
import type { Post, Order } from './parallel.ts'
import { at } from './parallel-source.ts'

const { port, ctl, me, origin } = workerData as Post
try {
  const exported: Readonly<Record<string, Partial<Component> | undefined>> = await import(origin.module)
  const component = Object.values(exported).find((value) => value?.name === origin.component && value.model !== undefined)
  if (!component) throw new Error(`${origin.module} exports no component ‘${origin.component}’, as it says of itself.`)
  const machine = build(component as Component, origin.variant, origin.scope, { fresh: origin.fresh })
  Atomics.add(ctl, at.ready, 1)
  Atomics.notify(ctl, at.ready)
  for (let known = 0; ; ) {
    const arrays = Atomics.load(ctl, at.arrays)
    if (arrays === known) {
      Atomics.wait(ctl, at.signal, Atomics.load(ctl, at.signal), 1000)
      continue
    }
    let latest: Order | undefined
    for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) latest = message.message
    known = arrays
    if (latest) compiled({ ...bound(machine, latest.rules, null), ...latest.arrays, ctl, me }, latest.source)
  }
} catch (error) {
  port.postMessage(error)
  Atomics.store(ctl, at.failed, 1)
  Atomics.notify(ctl, at.turn)
}
