// The frame of a page: type, the bar, the answer, notes, the design strip, sections and analyses. Sizes are those of the screen; print.ts
// and narrow.ts say what changes on paper and on a phone.

export const layout = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 3.2rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 Helvetica, Arial, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums lining-nums; }
.page { max-width: 96rem; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 3rem); }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 9; }
p { margin: 0 0 .6rem; max-width: 66ch; overflow-wrap: anywhere; text-wrap: pretty; }
h1, h2, h3, h4 { line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 1.05rem + 1.55vw, 2.25rem); font-weight: 600; letter-spacing: -.012em; max-width: 32em; text-wrap: balance; }
h2 { font-size: 1.375rem; font-weight: 600; padding-top: .7rem; border-top: 2px solid var(--ink); margin-bottom: .9rem; }
h3 { font-size: 1.0625rem; font-weight: 600; margin: 0 0 .5rem; }
h4 { font-size: .8125rem; font-weight: 400; color: var(--soft); margin-bottom: .25rem; }
section { margin-top: 3.4rem; }
article + article { margin-top: 6rem; border-top: 1px solid var(--line); }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { background: var(--fill); padding: .7rem .9rem; overflow-x: auto; margin: .4rem 0 .8rem; border-radius: 3px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.4rem; margin: 0 0 .8rem; font-size: .875rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--link); font-size: .875rem; } summary:hover { text-decoration: underline; }
.soft { color: var(--soft); } .small { font-size: .8125rem; line-height: 1.45; } .whole { white-space: nowrap; }
.alarm { color: var(--alarm); font-weight: 600; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bar { position: sticky; top: 0; z-index: 5; background: var(--paper); border-bottom: 1px solid var(--line); }
.bar .page { display: flex; gap: 1.4rem; align-items: baseline; height: 2.6rem; line-height: 2.6rem; overflow-x: auto; white-space: nowrap; scrollbar-width: none; font-size: .875rem; }
.bar a { color: var(--soft); text-decoration: none; } .bar a:hover, .bar a:focus-visible { color: var(--ink); text-decoration: underline; }
.bar b { font-size: 1rem; } .bar .state { margin-left: auto; color: var(--soft); } .bar .state a.alarm { color: var(--alarm); }
.contents { list-style: none; padding: 0; margin: 1.6rem 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: .4rem 2.4rem; }
.contents li { border-top: 1px solid var(--line); padding-top: .4rem; }
.meta { color: var(--soft); font-size: .875rem; margin: 1.8rem 0 .35rem; max-width: none; }
main > h1 { margin-top: 1.8rem; } .lead { color: var(--soft); margin-top: .6rem; }
.answer { display: grid; grid-template-columns: minmax(20rem, 5fr) minmax(0, 8fr); gap: 1.6rem 3.2rem; margin-top: 1.5rem; align-items: start; }
.answer.alone { grid-template-columns: minmax(0, 60rem); }
.answer > *, .analysis > *, .columns > *, figure { min-width: 0; }
.verdict { font-size: 1.25rem; line-height: 1.35; margin: 0 0 .9rem; } .verdict b { font-weight: 700; }
.estimate { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 .9rem; margin: 0; max-width: none; }
.estimate .number { font-size: clamp(2.7rem, 2rem + 2.2vw, 3.7rem); line-height: 1.05; font-weight: 600; letter-spacing: -.02em; }
.estimate .interval { font-size: 1.0625rem; color: var(--soft); } .estimate .interval b { color: var(--ink); font-weight: 600; white-space: nowrap; }
.estimate.open .number, .estimate.open .interval b { color: var(--soft); }
.of { margin: .35rem 0 1rem; }
.notes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .4rem 2.4rem; margin: 1.6rem 0 0; padding: .75rem 0 .2rem; border-top: 1px solid var(--line); list-style: none; font-size: .9375rem; }
.notes li, .note { padding-left: 1.35rem; position: relative; line-height: 1.4; margin-bottom: .45rem; overflow-wrap: anywhere; }
.notes li::before, .note::before { content: ""; position: absolute; left: 0; top: .28em; width: 13px; height: 13px; border-radius: 50%; border: 2px solid var(--faint); }
.notes li.bad::before, .note.bad::before { border: 0; border-radius: 0; background: var(--alarm); clip-path: polygon(50% 4%, 100% 96%, 0 96%); }
.strip { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); display: grid; grid-template-columns: 2.1fr 1.25fr 1.5fr 1.1fr; gap: 1.2rem 0; font-size: .875rem; line-height: 1.45; }
.strip > div { padding: 0 1.5rem; border-left: 1px solid var(--line); min-width: 0; } .strip > div:first-child { padding-left: 0; border: 0; } .strip > div:last-child { padding-right: 0; }
.strip p { margin-bottom: .25rem; } .strip .long { max-height: 20rem; overflow: auto; overflow-wrap: anywhere; white-space: pre-wrap; } .strip .size { font-size: 1.5rem; font-weight: 600; line-height: 1.2; }
.strip ul { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere; }
.strip table { border-collapse: collapse; } .strip td, .strip th { padding: 0 .9rem .1rem 0; text-align: left; font-weight: 400; vertical-align: top; overflow-wrap: anywhere; } .strip th { font-weight: 600; min-width: 5rem; }
.analysis { display: grid; grid-template-columns: minmax(18rem, 24rem) minmax(0, 1fr); gap: 1rem 3rem; padding: 1.4rem 0 1.8rem; border-top: 1px solid var(--line); align-items: start; }
.analysis:first-of-type { border-top: 0; padding-top: .2rem; } .analysis.wordy { grid-template-columns: minmax(0, 1fr); } .analysis.long .text { columns: 26rem 2; column-gap: 3rem; } .analysis.long p { break-inside: avoid; }
.analysis .text p { margin-bottom: .55rem; } .kind { font-size: .8125rem; color: var(--soft); margin-bottom: .15rem; }
.further { grid-column: 1 / -1; } .folds { display: flex; flex-wrap: wrap; gap: 0 1.8rem; align-items: baseline; } .folds > * { margin: .25rem 0; max-width: 100%; } .folds > h4 { min-width: 9rem; } .folds > details[open], .folds > .table { flex-basis: 100%; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 3.2rem; }
.references { font-size: .8125rem; color: var(--soft); padding-left: 1.2rem; line-height: 1.45; max-width: 80ch; margin: .6rem 0; }
.answer figure { max-width: calc(1.5 * var(--width)); } figure { margin: 0; } .figures { display: flex; flex-wrap: wrap; gap: 1.6rem 2.2rem; align-items: flex-start; }
.figures figure { width: var(--width); max-width: 100%; } .analysis > .figures figure { width: calc(1.22 * var(--width)); } figure svg { display: block; width: 100%; height: auto; overflow: visible; }
.picture { overflow-x: auto; } .picture.wide svg { min-width: 34rem; }
figcaption { font-size: .8125rem; line-height: 1.45; color: var(--soft); max-width: 100ch; margin-top: .5rem; } figcaption b { color: var(--ink); }
.figures, details[open] { content-visibility: auto; contain-intrinsic-size: auto 20rem; }
footer { margin-top: 3rem; padding: 1rem 0 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .8125rem; }
`;
