/** Circuit breakers that open for the wrong reason, or never close. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { dropped, entry, noop } from '../sending.ts'

/** Counts “refused for good” as trouble of the link: five bad addresses in a row, and good messages are flagged for 30 s. */
export const breakerCountsRefusals: Connector = {
  name: 'bad messages open the breaker for good ones', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, { failures: number; open: boolean }>()
    return {
      async take(m) {
        const lane = entry(lanes, m.link, () => ({ failures: 0, open: false }))
        if (lane.open) throw new Error('circuit open')
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (e) {
          if ((dropped(e) || outcomeOf(e) === 'refused for good') && ++lane.failures >= 5 && !lane.open) {
            lane.open = true
            setTimeout(() => Object.assign(lane, { open: false, failures: 0 }), 30_000)
          }
          throw e
        }
      },
    }
  },
}

/** Half open, everyone waits for one probe; a probe that is refused, neither a success nor a drop, is waited for even afterwards. */
export const probeNeverReturns: Connector = {
  name: 'half open for ever when the probe is refused', guarantee: 'at-least-once',
  start(w) {
    interface Lane { suspect: boolean; openUntil: number; probe?: Promise<void> | undefined }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        const lane = entry<Lane>(lanes, m.link, () => ({ suspect: false, openUntil: 0 }))
        while (lane.probe !== undefined) await lane.probe
        if (Date.now() < lane.openUntil) throw new Error('circuit open')
        let over: () => void = noop
        if (lane.suspect) lane.probe = new Promise((go) => { over = go })
        const settle = (suspect: boolean) => {
          lane.suspect = suspect
          lane.probe = undefined
          over()
        }
        try {
          await w.send(m.content)
          settle(false)
        } catch (e) {
          if (dropped(e)) {
            lane.openUntil = Date.now() + 20_000
            settle(true)
          }
          throw e
        }
      },
    }
  },
}

/** Each failure doubles the time it stays open, those under way too, without a cap: open for days after one outage. */
export const breakerDoublesPerFailure: Connector = {
  name: 'a breaker that stays open for days', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { link, up: true, openFor: 1_000, openUntil: 0 }
      link.watch((now) => { lane.up = now === 'up' })
      return [link.name, lane] as const
    }))
    return {
      async take(m) {
        const lane = lanes.get(m.link)
        if (!lane) throw new Error('no such link')
        if (Date.now() < lane.openUntil) throw new Error('circuit open')
        try {
          await lane.link.send(m.content)
          lane.openFor = 1_000
        } catch (e) {
          if (!lane.up || dropped(e)) {
            lane.openUntil = Date.now() + lane.openFor
            lane.openFor *= 2
          }
          throw e
        }
      },
    }
  },
}

/** A link that once dropped stays half open: from then on whoever is not alone on it is flagged. */
export const halfOpen: Connector = {
  name: 'half open for ever after one drop', guarantee: 'at-least-once',
  start(w) {
    const tripped = new Set<string>()
    const open = new Map<string, number>()
    return {
      async take(m) {
        const others = open.get(m.link) ?? 0
        if (tripped.has(m.link) && others > 0) throw new Error('half open')
        open.set(m.link, others + 1)
        try { await w.send(m.content) } catch (e) {
          if (dropped(e)) tripped.add(m.link)
          throw e
        } finally { open.set(m.link, open.get(m.link)! - 1) }
      },
    }
  },
}

/** Half open, everyone waits for one probe; one whose sender gives up while it is under way never says how it went. */
export const probeAborted: Connector = {
  name: 'half open for ever when the probe is aborted', guarantee: 'at-least-once',
  start(w) {
    interface Lane { failures: number; openUntil: number; probe?: Promise<void> | undefined }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
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
          throw e
        }
      },
    }
  },
}

/** Whatever comes while it is open keeps it open for another 20 s: with one message every few seconds it never closes again. */
export const breakerProlonged: Connector = {
  name: 'a breaker that is kept open by what it refuses', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, { failures: number; openUntil: number }>()
    return {
      async take(m) {
        const lane = entry(lanes, m.link, () => ({ failures: 0, openUntil: 0 }))
        if (Date.now() < lane.openUntil) {
          lane.openUntil = Date.now() + 20_000
          throw new Error('circuit open')
        }
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (e) {
          if (dropped(e) && ++lane.failures >= 3) Object.assign(lane, { failures: 0, openUntil: Date.now() + 20_000 })
          throw e
        }
      },
    }
  },
}
