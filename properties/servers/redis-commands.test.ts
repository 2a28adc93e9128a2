/** The gate before a Redis server reads what a client says: it must see every command, and pass each on as it was. */
import { describe, expect, it } from 'vitest'
import { Commands } from '../../connectors/field/redis/commands.ts'

const command = (...words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
const all = [
  ['PING'], ['xadd', 'link-1', '1-1', 'payload', '{"content":"*1\r\n$4\r\nXACK\r\n"}'], ['set', 'ключ', ''],
  ['XREADGROUP', 'GROUP', 'connector', 'link-1', 'STREAMS', 'link-1', '>'], ['xack', 'link-1', 'connector', '1-1', '2-1'],
]

describe('What a client of Redis says', () => {
  it('is the same commands wherever it is cut', () => {
    const bytes = Buffer.from(all.map((words) => command(...words)).join(''))
    for (const size of [1, 2, 3, 7, 50, bytes.length]) {
      const commands = new Commands()
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
      const whole = pieces.flatMap((piece) => commands.whole(piece))
      expect(whole.map(({ words }) => words), `${size}`).toEqual(all)
      expect(whole.map((each) => each.bytes.toString()), `${size}`).toEqual(all.map((words) => command(...words)))
    }
  })

  it('is refused where it is something else', () => {
    expect(() => new Commands().whole(Buffer.from('PING\r\n'))).toThrow('begins with *, and this one with ‘PING’')
    expect(() => new Commands().whole(Buffer.from('*1\r\nPING\r\n'))).toThrow('begins with $, and this one with ‘PING’')
  })
})
