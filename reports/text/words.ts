/** Numbers and words in pages and messages, and the guard on text that comes from outside. */

export const amount = (n: number) => n.toLocaleString('en-US')
/** Such as `1 message` or `2 messages`. */
export const amountOf = (n: number, one: string, many = `${one}s`) => `${amount(n)} ${n === 1 ? one : many}`
/** Such as `m1, m2 and m3`. */
export const listed = (names: readonly string[]) => [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')
/** So many of what is named in the plural. */
export const counted = (n: number, of: string) => `${amount(n)} ${n === 1 ? of.replace(/(?<=\w)s\b/, '') : of}`

/**
 * A line that a terminal will only print, and as one line: control characters, escapes, bidirectional controls and lone
 * surrogates are shown as what they are; so is what a build server obeys wherever it stands.
 */
export const plain = (line: string): string =>
  unheeded(line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`))

/** Text in which no build server finds a command: `::error::` at the beginning of a line, `##[error]` and `##vso[…]` anywhere. */
export const unheeded = (text: string): string =>
  text.replace(/^([^\S\n]*):(?=:[\w-]+[^\n]*::)/gm, '$1\\u{3a}').replace(/(?<=#)#(?=\[|vso\[|teamcity\[)/g, '\\u{23}')

/** Such as `12 ms` or `3.4 s`. */
export const duration = (milliseconds: number): string =>
  milliseconds < 999.5 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`

/** A word as a shell takes it for itself. */
export const shellWord = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** A text as TypeScript writes it, in one line. */
export const quotedText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)}'`
