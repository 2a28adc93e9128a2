/** Text inside Markdown and Mermaid, so that nothing in it is taken for markup. */
import { plain } from './words.ts'

/** A page of text as Markdown: what it is about, and the page between fences. */
export const quotedPage = (connector: string, broken: string, page: string): string =>
  [`## ${prose(connector)}`, '', `> ✗ ${prose(broken)}`, '', fenced(page, 'text')].join('\n')

/** A page between fences longer than any in it, so that nothing inside can close them. */
export function fenced(page: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, ...[...page.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
  return `${fence}${language}\n${page.trimEnd()}\n${fence}\n`
}

/** Text that Mermaid will only print: all but letters, digits and harmless marks stand as codes, as in `#35;`. */
export const label = (text: string): string =>
  plain(text).replace(/[^\p{L}\p{N} ,.()’‘“”–…·✗✓_/=!?-]/gu, (mark) => `#${mark.codePointAt(0)};`)

/** Text that Markdown will only print inside a line: no emphasis, code, link, mention or markup begins in it. */
export const inline = (text: string): string =>
  plain(text).trim()
    .replace(/[\\`*_[\]<>#|~&$!@]/g, '\\$&')
    .replace(/:(?=\/\/)|\.(?<=\bwww\.)/gi, '\\$&')

/** The same at the start of a line, where no list or rule may begin either. */
export const prose = (text: string): string =>
  inline(text).replace(/^(?:[-+=]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`))
