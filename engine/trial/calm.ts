/** What comes after the storm: fresh messages of every healthy kind, several to a link, at once and again later. */
import { type Connector, healthyKinds, type MessageKind } from '../../spec/connector.ts'

export interface Fresh {
  readonly kind: MessageKind
  /** The number of its link, from 0. */
  readonly link: number
}

/** Plain messages that come over each link at once: more than a half-open breaker or a leaking pool lets pass. */
const manyToALink = 3

/** The first wave: several to each link, and every healthy kind over one of them; two of them with equal content. */
export function firstWave({ neverGiven }: Connector, links: number): readonly Fresh[] {
  const wave: Fresh[] = []
  for (let i = 0; i < links * manyToALink; i++) wave.push({ kind: 'plain', link: i % links })
  let others = 0
  for (const kind of healthyKinds) {
    if (kind === 'plain' || neverGiven?.[kind] !== undefined) continue
    const link = others++ % links
    for (let twins = kind === 'twin' ? 2 : 1; twins > 0; twins--) wave.push({ kind, link })
  }
  return wave
}

/** The second: one to each link, some time after. */
export const secondWave = (links: number): readonly Fresh[] => Array.from({ length: links }, (_, link) => ({ kind: 'plain', link }))

/** Milliseconds between the two, of virtual time. */
export const betweenWaves = 600_000
