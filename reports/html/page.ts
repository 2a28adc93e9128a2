/** The frame of a page: one file that fetches nothing, with a policy that forbids it to. */
import { createHash } from 'node:crypto'
import { script } from './script/script.ts'
import { style } from './style.ts'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing from anywhere; this style, and this script where there is one, and no other. */
const policyFor = (code: string | null) => [
  "default-src 'none'", `style-src ${hashOf(style)}`, ...(code === null ? [] : [`script-src ${hashOf(code)}`]), 'img-src data:',
  "base-uri 'none'", "form-action 'none'",
].join('; ')

/** JSON that stays data inside a script element: what could end the element stands as an escape. */
const embedded = (data: unknown): string =>
  JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A page that its script fills from the data. */
export const page = (data: { readonly command: string }): string => framed({
  title: 'unwedge', code: script, main: `<main id="main" tabindex="-1"></main>
<noscript><p>This page needs a script to step through runs.
<code>--format text</code> writes the same as text.</p></noscript>`,
  nav: '<nav aria-label="Pages"><a href="#">All results</a></nav>',
  says: ' On the page of a run, ← and → go from step to step, and every step has its own address.',
  scripts: `<script type="application/json" id="evidence">${embedded(data)}</script>
<script>${script}</script>
`,
})

/** A page that is whole as it is, and has no script. What stands in `main` is markup; the title is text. */
export const stillPage = (title: string, main: string): string =>
  framed({ title: escaped(title), code: null, main: `<main id="main" tabindex="-1">\n${main}\n</main>`, nav: '', says: '', scripts: '' })

/** Any text as markup that shows it. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)

interface Framed {
  readonly title: string
  readonly code: string | null
  readonly main: string
  readonly nav: string
  readonly says: string
  readonly scripts: string
}

const framed = ({ title, code, main, nav, says, scripts }: Framed) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(code)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the page</a>
<header><a class="name" href="#">unwedge</a>${nav}</header>
${main}
<footer>Written by unwedge.${says}</footer>
${scripts}</body>
</html>
`
