// The style sheet of a page: system fonts, one text column, light and dark by the reader's setting, and a print style.
// What is off the screen is laid out when it comes into view. Nothing is fetched; the drawings take their inks from the variables of chart/ink.ts.

import { inkDeclarations } from "../chart/ink.ts";

export const style = `
:root {
  color-scheme: light dark; ${inkDeclarations("light")}
  --paper: #fdfdfc; --ink: #1c1f23; --soft: #5b6470; --line: #dcdfe3; --fill: #f3f4f6; --accent: #0b63a5; --warn: #fff5e0; --warn-line: #d98e04;
}
@media (prefers-color-scheme: dark) {
  :root { ${inkDeclarations("dark")} --paper: #14171b; --ink: #e6e8eb; --soft: #a0a8b3; --line: #31363d; --fill: #1d2126; --accent: #6cb6f0; --warn: #2c2413; --warn-line: #c98a1b; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, .top, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
.top { padding-top: 2.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3rem 0 .6rem; padding-top: 1.2rem; border-top: 2px solid var(--ink); overflow-wrap: anywhere; }
h3 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .4rem .8rem; z-index: 2; }
.meta { color: var(--soft); font-size: .9rem; }
nav ul { list-style: none; padding: 0; margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
.question { font-size: 1.2rem; line-height: 1.45; margin: .2rem 0 1rem; }
.answers { list-style: none; margin: 1rem 0; padding: 0; max-width: 46rem; }
.answers > li { border-left: 4px solid var(--accent); padding: .35rem 0 .35rem .9rem; margin: .6rem 0; }
.answers > li.unmet { border-left-color: var(--warn-line); background: var(--warn); }
.note { border-left: 4px solid var(--warn-line); background: var(--warn); padding: .55rem .9rem; max-width: 46rem; margin: .7rem 0; border-radius: 0 4px 4px 0; }
.scroll { overflow-x: auto; margin: .6rem 0; }
.tall { max-height: 34rem; overflow-y: auto; }
.tall, .figures, details { content-visibility: auto; contain-intrinsic-size: auto 20rem; }
.tall thead th { position: sticky; top: 0; background: var(--paper); }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums lining-nums; }
caption { position: sticky; left: 0; text-align: left; color: var(--soft); font-size: .88rem; padding: 0 0 .4rem; }
caption > span { display: block; min-width: min(20rem, calc(100vw - 2.5rem)); max-width: min(46rem, calc(100vw - 2.5rem)); }
th, td { padding: .3rem .55rem; text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: .3rem; }
thead th { white-space: nowrap; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 2px solid var(--ink); }
tbody th { font-weight: 500; }
tbody tr:nth-child(even) > * { background: var(--fill); }
.number { text-align: right; white-space: nowrap; }
.zero { color: var(--soft); }
.why { color: var(--soft); font-size: .86rem; }
th button { all: unset; cursor: pointer; font: inherit; }
th button:focus-visible { outline: 2px solid var(--accent); }
th button::after { content: "\\2195"; color: var(--soft); font-weight: 400; font-size: .8em; padding-left: .2em; }
th[aria-sort="ascending"] button::after { content: "\\2191"; color: inherit; }
th[aria-sort="descending"] button::after { content: "\\2193"; color: inherit; }
.pair { display: flex; flex-wrap: wrap; gap: 1.2rem 2.2rem; align-items: flex-start; }
.pair { margin: 1.4rem 0 2.2rem; }
.pair > .figures { flex: 0 1 auto; min-width: 0; max-width: 100%; }
.pair > .beside { flex: 1 1 38rem; min-width: min(100%, 18rem); }
.figures { display: flex; flex-wrap: wrap; gap: 1.6rem 2.2rem; align-items: flex-start; }
figure { margin: .4rem 0; width: var(--width); max-width: 100%; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { color: var(--soft); font-size: .88rem; margin-top: .5rem; }
figcaption b { color: var(--ink); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.2rem; margin: .6rem 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--fill); padding: .7rem .9rem; border-radius: 4px; overflow-x: auto; max-width: 46rem; }
details { margin: .6rem 0; }
summary { cursor: pointer; }
.methods { max-width: 46rem; }
footer { color: var(--soft); font-size: .85rem; padding-top: 2.5rem; padding-bottom: 3rem; }
@media (max-width: 64rem) { .pair > .figures { flex: 1 1 100%; } }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  .top { padding-top: 1.4rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --fill: #f4f4f4; --accent: #000; --warn: #fff; }
  body { font-size: 10pt; } nav, .skip { display: none; } main, .top, footer { max-width: none; padding: 0; }
  th button::after { content: ""; } figure, tr, .note { break-inside: avoid; } h2, h3 { break-after: avoid; }
  details > * { display: block; } .scroll, .tall { overflow: visible; max-height: none; } .tall, .figures, details { content-visibility: visible; }
}
`;
