/** Right circuit breakers: what they fail fast is excused by a failure of its link not long before. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { again, dropped, entry, noop, pause } from '../sending.ts'

/** Opens at three failures in a row that are the link’s, fails fast for 20 s, and opens again at the next failure. */
export const breakerTimed: Connector = {
  name: 'a breaker on a timer, per link', guarantee: 'at-least-once', recovery: 30_000,
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { link, up: true, failures: 0, open: false }
      link.watch((now) => { lane.up = now === 'up' })
      return [link.name, lane] as const
    }))
    return {
      async take(m) {
        const lane = lanes.get(m.link)
        if (!lane) throw new Error(`no link ${m.link}`)
        if (lane.open) throw new Error('circuit open')
        try {
          await lane.link.send(m.content)
          lane.failures = 0
        } catch (e) {
          const ofTheLink = dropped(e) || (outcomeOf(e) === 'refused for now' && !lane.up)
          if (ofTheLink && ++lane.failures >= 3 && !lane.open) {
            lane.open = true
            setTimeout(() => Object.assign(lane, { open: false, failures: 2 }), 20_000)
          }
          throw e
        }
      },
    }
  },
}

/** A breaker that is polled: after a drop everything waits for 15 s, then for one probe, asking once a second; nothing is failed fast. */
export const breakerPolled: Connector = {
  name: 'a breaker that is polled, with one probe', guarantee: 'at-least-once', burst: 200,
  start(w) {
    interface Lane { openUntil: number; suspect: boolean; probing: boolean }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        const lane = entry<Lane>(lanes, m.link, () => ({ openUntil: 0, suspect: false, probing: false }))
        for (let n = 1; ; n++) {
          while (lane.probing || Date.now() < lane.openUntil) await pause(1_000)
          const probe = lane.suspect
          if (probe) lane.probing = true
          const failed = await w.send(m.content).then(() => null, (error: unknown) => ({ error }))
          if (probe) lane.probing = false
          if (!failed) {
            lane.suspect = false
            return
          }
          if (dropped(failed.error)) Object.assign(lane, { suspect: true, openUntil: Date.now() + 15_000 })
          if (n >= 5 || !again(failed.error)) throw failed.error
          if (!dropped(failed.error)) await pause(5_000)
        }
      },
    }
  },
}

/** Waits for its breaker by asking the clock once a second, for a minute; tries five times, then flags. */
export const polled: Connector = {
  name: 'a breaker that is polled, for a minute', guarantee: 'at-least-once',
  start(w) {
    const openUntil = new Map<string, number>()
    return {
      async take(m) {
        for (let n = 1; ; n++) {
          while ((openUntil.get(m.link) ?? 0) > Date.now()) await pause(1_000)
          try { return await w.send(m.content) } catch (e) {
            if (n >= 5 || outcomeOf(e) === 'refused for good') throw e
            openUntil.set(m.link, Date.now() + 60_000)
          }
        }
      },
    }
  },
}

/** Fails fast: after a drop it flags whatever comes for that link within five seconds, by the clock. */
export const coolsDown: Connector = {
  name: 'fails fast for 5 s after a drop', guarantee: 'at-least-once',
  start(w) {
    const until = new Map<string, number>()
    return {
      async take(m) {
        if (Date.now() < (until.get(m.link) ?? 0)) throw new Error('cooling down')
        try { await w.send(m.content) } catch (e) {
          if (dropped(e)) until.set(m.link, Date.now() + 5_000)
          throw e
        }
      },
    }
  },
}

/** Half open, everyone waits for one probe; where its sender gives up while it is under way, the next is the probe. */
export const probeReleased: Connector = {
  name: 'half open, and a probe that is aborted makes way', guarantee: 'at-least-once',
  start(w) {
    interface Lane { failures: number; openUntil: number; probe?: Promise<void> | undefined }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        m.signal.throwIfAborted()
        const lane = entry<Lane>(lanes, m.link, () => ({ failures: 0, openUntil: 0 }))
        const aborted = new Promise<never>((_, no) => m.signal.addEventListener('abort', () => no(new Error('aborted')), { once: true }))
        while (lane.probe !== undefined) await Promise.race([lane.probe, aborted])
        if (Date.now() < lane.openUntil) throw new Error('circuit open')
        let over: () => void = noop
        if (lane.failures >= 3) lane.probe = new Promise((go) => { over = go })
        const settle = (failures: number) => {
          Object.assign(lane, { failures, probe: undefined, openUntil: failures >= 3 ? Date.now() + 20_000 : 0 })
          over()
        }
        try {
          await Promise.race([w.send(m.content), aborted])
          settle(0)
        } catch (e) {
          if (outcomeOf(e)) settle(dropped(e) ? lane.failures + 1 : 0)
          else {
            lane.probe = undefined
            over()
          }
          throw e
        }
      },
    }
  },
}
