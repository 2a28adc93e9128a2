/** The gate before a NATS server reads what a client says: it must see every frame, and pass each on as it was. */
import { describe, expect, it } from 'vitest'
import { Frames } from '../../connectors/field/nats/frames.ts'

const said = [
  'CONNECT {"verbose":false}\r\n', 'PING\r\n', 'SUB orders.new 1\r\n', 'PUB orders.new 5\r\n\r\nPUB\r\n',
  'HPUB orders.new 17 22\r\nNATS/1.0\r\nA:b\r\n\r\n12345\r\n', 'PUB $JS.ACK.s.c.1.2.3.4.0 _INBOX.x 4\r\n+ACK\r\n', 'PUB empty 0\r\n\r\n',
]
const published = (frames: ReturnType<Frames['whole']>) => frames.filter((frame) => frame.published)
  .map(({ published }) => [published!.subject, published!.reply, published!.payload.toString()])

describe('What a client of NATS says', () => {
  it('is the same frames wherever it is cut', () => {
    const all = Buffer.from(said.join(''))
    for (const size of [1, 2, 3, 7, 50, all.length]) {
      const frames = new Frames()
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size))
      const whole = pieces.flatMap((piece) => frames.whole(piece))
      expect(whole.map(({ bytes }) => bytes.toString()), `${size}`).toEqual(said)
      expect(published(whole), `${size}`).toEqual([
        ['orders.new', '', '\r\nPUB'], ['$JS.ACK.s.c.1.2.3.4.0', '_INBOX.x', '+ACK'], ['empty', '', ''],
      ])
    }
  })
})
