/** How a page looks: a well-set paper, on any width, by day and by night. */

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --raised: #f5f2eb; --ink: #1f1d1a; --muted: #645f57; --rule: #d9d4c9; --line: #8b857a;
  --accent: #1c4f82; --broken: #a8231b; --kept: #2b6a39; --open: #7d5300; --mark: #ffedb3; --here: #f0e9da;
  --fault: #f9e4df; --heal: #e4efe2; --world: #ece8df; --time: #e6eaf2;
  --m0: #1f5fa8; --m1: #b04f14; --m2: #2b7a40; --m3: #7a3da0; --m4: #866700; --m5: #0d7a82; --m6: #a62a5c; --m7: #56616c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17181b; --raised: #202226; --ink: #e7e3db; --muted: #a8a297; --rule: #383a3f; --line: #8d887e;
    --accent: #8fbcec; --broken: #ff9a8f; --kept: #8fd19e; --open: #e6bd62; --mark: #5a4708; --here: #2d2e33;
    --fault: #43241f; --heal: #1f3524; --world: #2a2a2c; --time: #252b38;
    --m0: #82b6f2; --m1: #f0a271; --m2: #86cc90; --m3: #caa0ea; --m4: #d8bc58; --m5: #68c8d0; --m6: #f18fb7; --m7: #a9b4c0;
  }
}`

const type = `
* { box-sizing: border-box; }
html { font-size: 106.25%; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6; overflow-wrap: break-word;
  font-family: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Source Serif 4', 'Noto Serif', Georgia, serif;
  font-variant-numeric: lining-nums; hanging-punctuation: first;
}
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem); }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding-top: 1.4rem; padding-bottom: 1.4rem; }
header .name { font-variant-caps: small-caps; letter-spacing: .06em; font-size: 1.1rem; color: var(--ink); text-decoration: none; }
header nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-left: auto; font-size: .85rem; }
footer { border-top: 1px solid var(--rule); margin-top: 5rem; padding-top: 1.2rem; padding-bottom: 3rem; }
footer { color: var(--muted); font-size: .85rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .8rem; z-index: 9; }
h1, h2, h3 { font-weight: 500; line-height: 1.22; text-wrap: balance; margin: 0; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.3rem); letter-spacing: -.01em; max-width: 34ch; }
h1.long { font-size: 1.25rem; max-width: 42rem; line-height: 1.4; overflow-wrap: anywhere; }
main:focus, h1:focus { outline: none; }
h2 { font-size: 1.35rem; margin: 2.8rem 0 .8rem; }
h2#run { margin-top: 1.8rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
p { margin: .6rem 0; max-width: 42rem; text-wrap: pretty; }
.lead { font-size: 1.15rem; max-width: 40rem; }
.kicker { font-variant-caps: all-small-caps; letter-spacing: .08em; color: var(--muted); margin: 1rem 0 .5rem; }
.back { margin: 0; }
.where { margin: -.3rem 0 .6rem; color: var(--muted); overflow-wrap: anywhere; }
.unbroken { white-space: nowrap; }
.broken { color: var(--broken); }
.kept { color: var(--kept); }
.open { color: var(--open); }
.quiet { color: var(--muted); }
.small { font-size: .875rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, .code { font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace; font-size: .84em; }
pre {
  background: var(--raised); border-left: 2px solid var(--rule); padding: .8rem 1rem; margin: .6rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; user-select: all;
}
mark { background: var(--mark); color: inherit; padding: 0 .2em; border-radius: 2px; }
del { color: var(--muted); text-decoration-thickness: 1px; }
dl.facts { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .45rem 1.5rem; max-width: 52rem; margin: .6rem 0; }
dl.facts dt { color: var(--muted); }
dl.facts dd, .laws dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
ul.plain, ol.plain { list-style: none; margin: 0; padding: 0; }
table { border-collapse: collapse; font-variant-numeric: lining-nums tabular-nums; }
caption { text-align: left; }
th { font-weight: 500; text-align: left; }
td, th { padding: .42rem .9rem .42rem 0; vertical-align: baseline; overflow-wrap: anywhere; }
thead th { color: var(--muted); font-size: .85rem; font-weight: 400; border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
table.rows { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
.swatch { display: inline-block; width: .62em; height: .62em; border-radius: 50%; margin-right: .45em; background: currentColor; }
@media (max-width: 40rem) {
  html { font-size: 100%; }
  h2 { margin-top: 2.6rem; }
  header nav { margin-left: 0; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .6rem; }
  dl.facts dt:empty { display: none; }
}
@media print {
  header, footer, .controls, .skip { display: none; }
  .run { display: block; }
}`

const index = `
.laws { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.5rem; max-width: 52rem; margin: 1rem 0 0; }
.laws dt { font-style: italic; }
.laws dd { margin: 0; }
table.kill { width: 100%; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
table.kill .law { text-align: center; width: 6.2rem; padding-left: .3rem; padding-right: .3rem; line-height: 1.25; }
table.kill td.law a { display: block; padding: .1rem 0; }
table.kill tbody th { width: 40%; min-width: 9rem; }
table.kill .says.open { color: var(--open); }
table.kill .says { display: block; color: var(--muted); overflow-wrap: anywhere; font-size: .9rem; line-height: 1.4; font-weight: 400; }
table.kill .untried { color: var(--open); font-size: .9rem; line-height: 1.4; }
table.kill .states { text-align: right; white-space: nowrap; overflow-wrap: normal; color: var(--muted); font-size: .9rem; }
table.kill tr.wrong th { color: var(--broken); }
.nil { color: var(--muted); }
.word { display: block; font-size: .78rem; line-height: 1.2; color: var(--muted); }
.open > .word { color: var(--open); }
.notice { background: var(--mark); padding: .6rem 1rem; border-radius: 3px; max-width: 46rem; overflow-wrap: anywhere; }
.brief { margin: .8rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.brief p { margin: .15rem 0; max-width: none; }
ul.lead li { margin: .2rem 0; overflow-wrap: anywhere; }
.coverage { width: 100%; max-width: 52rem; }
.coverage .asked { padding-left: 1.4rem; color: var(--muted); font-weight: 400; }
.coverage .states { text-align: right; white-space: nowrap; }
.coverage .never > * { color: var(--open); }
.log { width: 100%; max-width: 52rem; }
.log .no { width: 1%; text-align: right; white-space: nowrap; color: var(--muted); }
.log .when { width: 1%; color: var(--muted); white-space: nowrap; }
.log .broken > * { color: var(--broken); }
@media (max-width: 40rem) {
  .log .when { white-space: normal; min-width: 6rem; }
  .laws { grid-template-columns: 1fr; gap: 0; }
  .laws dd { margin-bottom: .5rem; }
  table.kill thead .law > span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9.5rem; }
  table.kill .law { width: 2.1rem; padding-left: 0; padding-right: 0; }
  table.kill .states, table.kill .says .says:not(.open) { display: none; }
  table.kill .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  table.kill tbody th { width: auto; padding-right: .4rem; }
}`

const run = `
.advice {
  background: var(--raised); border-left: 3px solid var(--accent); padding: .7rem 1.2rem .5rem; margin: 1.4rem 0; max-width: 46rem;
}
.advice h2 { font-size: 1.1rem; margin: 0 0 .3rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: .4rem 0 1rem; font-size: .92rem; }
.legend li, .turn a { min-width: 0; overflow-wrap: anywhere; }
.legend b, .who { font-weight: 500; }
.run { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 0 3rem; align-items: start; }
.controls {
  display: flex; flex-wrap: wrap; gap: .4rem .7rem; align-items: center; margin: .6rem 0 1rem; padding: .5rem 0;
  position: sticky; top: 0; background: var(--paper); z-index: 3; border-bottom: 1px solid var(--rule);
}
.controls button {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 3px;
  min-width: 2.2rem; height: 2.2rem; padding: 0 .6rem; line-height: 1; cursor: pointer;
}
.controls button:hover { background: var(--raised); }
.controls svg { width: 1em; height: 1em; fill: currentColor; display: block; margin: auto; }
.controls input { flex: 1 1 8rem; min-width: 6rem; accent-color: var(--accent); height: 1.6rem; margin: 0; }
.controls output { min-width: 8.5rem; text-align: right; font-variant-numeric: tabular-nums lining-nums; }
.time { position: relative; font-size: .95rem; }
.time.scrolls { max-height: min(70vh, 42rem); overflow-y: auto; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.heads { position: relative; height: 1.9rem; overflow: hidden; color: var(--muted); font-size: .88rem; }
.heads span { position: absolute; bottom: .2rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.heads.upright span { writing-mode: vertical-rl; rotate: 180deg; max-height: 100%; line-height: 1; }
.time ol { list-style: none; margin: 0; padding: 0; position: relative; }
.time li { position: absolute; left: 0; right: 0; }
.time li > a { position: absolute; inset: 0; color: inherit; text-decoration: none; display: block; border-radius: 3px; }
.time li > a:hover { background: var(--raised); }
.time li > a[aria-current] { background: var(--here); box-shadow: inset 2px 0 var(--accent); }
.time li > a > span { position: absolute; white-space: nowrap; line-height: 1.35; top: 50%; translate: 0 -50%; z-index: 2; }
.time li > a > .behind { z-index: 0; height: 1.65em; border-radius: 3px; }
.time .no { text-align: right; color: var(--muted); font-size: .85rem; font-variant-numeric: tabular-nums lining-nums; }
.time .note { color: var(--muted); font-style: italic; right: .4rem; overflow: hidden; text-overflow: ellipsis; }
.time .foldable .note { right: 4.2rem; }
.time .note .code { font-style: normal; font-size: .78em; }
.time .breaks .cell, .time .breaks .band { color: var(--broken); font-weight: 600; }
.time .cell, .time .band { overflow: hidden; text-overflow: ellipsis; }
.time .cell, .time .note { background: var(--paper); }
.time li > a:hover .cell, .time li > a:hover .note { background: var(--raised); }
.time li > a[aria-current] .cell, .time li > a[aria-current] .note { background: var(--here); }
.time .breaks .cell, .time .breaks .band { white-space: normal; overflow-wrap: anywhere; }
.time li > a > .whole { white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-height: 1.25; }
.time .whole .beside-band { white-space: normal; display: inline-block; }
.time .below { display: block; color: var(--muted); font-style: italic; font-weight: 400; }
.time .never { position: absolute; right: 0; margin: 0; max-width: none; line-height: 1.35; color: var(--broken); font-weight: 600; }
.time .never .quiet { font-weight: 400; font-style: italic; white-space: pre-wrap; }
.beside-band { font-style: italic; color: var(--muted); white-space: pre; }
.time .band, .time .behind { background: var(--world); }
.time .fault { background: var(--fault); }
.time .heal { background: var(--heal); }
.time .timer { background: var(--time); }
button.unfold { font: inherit; font-size: .8rem; color: var(--accent);
  background: var(--paper); border: 1px solid var(--rule); border-radius: 3px; cursor: pointer; padding: .05rem .5rem; }
.time button.unfold { position: absolute; z-index: 3; right: .3rem; top: 50%; translate: 0 -50%; }
.refold { margin: .3rem 0 0; text-align: right; max-width: none; }
.time svg { position: absolute; left: 0; pointer-events: none; overflow: visible; z-index: 1; }
.time svg .life { fill: none; stroke-width: 2; stroke: currentColor; }
.time svg .lost { stroke-dasharray: 2 4; }
.time svg .nowhere { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 2 2; }
.time svg .held { stroke-opacity: .45; }
.time svg .dot { fill: var(--paper); stroke: currentColor; stroke-width: 2; }
.time svg .full { fill: currentColor; stroke: currentColor; }
.time svg .sign { fill: none; stroke: var(--paper); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.time svg .rail { stroke: var(--rule); stroke-width: 1; }
.time svg .bracket { fill: none; stroke: var(--ink); stroke-width: 1.3; }
.time svg .rounds { fill: none; stroke: var(--line); stroke-width: 1.3; stroke-dasharray: 1.5 3; }
.m0 { color: var(--m0); } .m1 { color: var(--m1); } .m2 { color: var(--m2); } .m3 { color: var(--m3); }
.m4 { color: var(--m4); } .m5 { color: var(--m5); } .m6 { color: var(--m6); } .m7 { color: var(--m7); } .none { color: var(--line); }
.end { margin: .5rem 0 0; font-weight: 500; max-width: none; }
.ever { font-style: italic; color: var(--ink); margin: .1rem 0 0; }
.state { position: sticky; top: 4.2rem; font-size: .92rem; max-height: calc(100vh - 5rem); overflow-y: auto; padding: 0 .3rem .5rem 0; }
.state h3 { margin: 1.3rem 0 .35rem; font-size: .85rem; font-variant-caps: all-small-caps; letter-spacing: .07em; color: var(--muted); }
.state h3:first-child { margin-top: 0; }
.state .now { font-size: 1.08rem; line-height: 1.4; margin: 0; }
.state .now + .quiet { margin-top: .2rem; }
.state table { width: 100%; }
.state td, .state th { padding: .12rem .6rem .12rem 0; border: 0 !important; font-weight: 400; }
.state td { text-align: right; padding-right: 0; }
.state tbody th[scope=rowgroup] { padding-top: .5rem; font-weight: 500; }
.state th[scope=row] { color: var(--muted); padding-left: .8rem; min-width: 5.5rem; }
.state li { margin: .15rem 0; line-height: 1.4; }
.state li .quiet { font-size: .85em; }
.matters { width: 100%; max-width: 52rem; }
.matters tr.yes th, .matters tr.yes td { font-weight: 500; }
.matters tr.no { color: var(--muted); }
.matters td:first-child, .beside td:first-child { text-align: right; width: 1%; min-width: 2.2rem; white-space: nowrap; }
.answers th, .answers td { padding-right: 2rem; }
.beside { width: 100%; max-width: 60rem; }
.beside th { width: 48%; }
.beside td { padding: .22rem 1rem .22rem 0; border: 0 !important; line-height: 1.4; }
.beside td:first-child { color: var(--muted); }
.beside tr.parting td { border-top: 1px solid var(--broken) !important; }
.turn { display: flex; justify-content: space-between; gap: 1rem; margin-top: 3.5rem; }
@media (max-width: 64rem) { .run { grid-template-columns: minmax(0, 1fr) 16rem; gap: 0 2rem; } }
@media (max-width: 52rem) {
  .run { display: block; }
  .state { position: static; max-height: none; margin-top: 1.6rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
}
@media (max-width: 40rem) {
  .controls {
    position: fixed; bottom: 0; left: 0; right: 0; top: auto; margin: 0; border-top: 1px solid var(--rule); border-bottom: 0;
    padding: .5rem 1rem calc(.5rem + env(safe-area-inset-bottom));
  }
  .controls output { min-width: 0; font-size: .85rem; }
  .time button.unfold { top: 75%; padding: 0 .4rem; line-height: 1.3; }
  main.stepping, main.stepping + footer { padding-bottom: 5rem; }
  .beside td:first-child, .matters td:first-child { min-width: 1.6rem; padding-right: .6rem; }
  .answers th, .answers td { padding-right: .6rem; min-width: 6em; }
}`

export const style = [colours, type, index, run].join('\n')
