/** The frame of a page: one file that fetches nothing, with a policy that forbids it to. */
import { createHash } from 'node:crypto'
import { explanations } from './script/explanations.ts'
import { lanes } from './script/lanes.ts'
import { pages } from './script/pages.ts'
import { run } from './script/run.ts'
import { runModel } from './script/run-model.ts'
import { timeline } from './script/timeline.ts'
import { words } from './script/words.ts'
import { style } from './style.ts'

const script = `(() => {\n'use strict'\n${[words, runModel, timeline, lanes, run, explanations, pages].join('\n')}\n})()`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing from anywhere; this style and this script and no other. */
const policy = [
  "default-src 'none'", `style-src ${hashOf(style)}`, `script-src ${hashOf(script)}`, 'img-src data:',
  "base-uri 'none'", "form-action 'none'",
].join('; ')

/** JSON that stays data inside a script element: what could end the element stands as an escape. */
const embedded = (data: unknown): string =>
  JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)

export function page(data: { readonly command: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>unwedge</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the page</a>
<header><a class="name" href="#">unwedge</a><nav aria-label="Pages"><a href="#">All results</a></nav></header>
<main id="main" tabindex="-1"></main>
<noscript><p>This page needs a script to step through runs.
<code>--format text</code> writes the same as text.</p></noscript>
<footer>Written by unwedge. On the page of a run, ← and → go from step to step, and every step has its own address.</footer>
<script type="application/json" id="evidence">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`
}
