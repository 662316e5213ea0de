// Tables: rows are text that wraps, marks are drawings in a cell. A table that is wider than its place scrolls in it, with a shadow at the
// edge that has more and a line that says so; the first column stays in sight.

export const tables = `
.table { position: relative; margin: .2rem 0 0; }
.scroll { overflow-x: auto; }
.over > .scroll { background: linear-gradient(270deg, var(--paper) 1.1rem, transparent) 100% 0/2.6rem 100% no-repeat local, linear-gradient(270deg, var(--shade), transparent) 100% 0/1rem 100% no-repeat scroll; }
.tall > .scroll { max-height: 26rem; overflow-y: auto; } .tall thead th { position: sticky; top: 0; background: var(--paper); z-index: 2; } .tall thead th:first-child { z-index: 3; }
.cue { display: none; max-width: none; font-size: .8125rem; color: var(--link); text-align: right; margin: 0 0 .25rem; } .over > .cue { display: block; }
table.data { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35; } table.data.fit { width: auto; }
.data caption { text-align: left; color: var(--soft); font-size: .8125rem; line-height: 1.45; padding: 0 0 .4rem; } .data caption > span { display: block; max-width: min(80ch, calc(100vw - 2.5rem)); } .data caption b { color: var(--ink); }
.data th, .data td { padding: .3rem .9rem .3rem 0; text-align: left; font-weight: 400; vertical-align: middle; overflow-wrap: break-word; }
.data thead th { font-size: .8125rem; color: var(--soft); vertical-align: bottom; border-bottom: 1px solid var(--ink); }
.data .number { text-align: right; white-space: nowrap; } .data td.words { min-width: 12rem; max-width: 40rem; }
.data th:first-child, .data td:first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; min-width: 5rem; overflow-wrap: anywhere; }
.data tbody tr:hover > * { background: var(--fill); }
.data .glyph { min-width: 9.5rem; width: 30%; padding-left: .9rem; padding-right: 1.6rem; } .findings td.verdict-words { min-width: 9.5rem; } .data.filled .glyph { width: auto; } .data.filled td.number, .data.filled th.number, .data.filled .nowrap { width: 1%; } .data tbody .glyph { padding-top: 0; padding-bottom: 0; }
.data tr.group > * { padding-top: 1.05rem; padding-bottom: .15rem; border-bottom: 1px solid var(--line); vertical-align: bottom; background: var(--paper) !important; } .data tr.group .glyph { padding-bottom: .1rem; }
.data tr.group th { font-weight: 600; font-size: .9375rem; color: var(--ink); } .data tr.group a { color: inherit; text-decoration: none; } .data tr.group a:hover { text-decoration: underline; } .tag { font-size: .75rem; color: var(--soft); font-weight: 400; white-space: nowrap; }
.data tr.part th { padding-top: .45rem; color: var(--soft); font-size: .8125rem; }
.data tr.row th:first-child { padding-left: 1rem; min-width: 13rem; }
.data .nowrap { white-space: nowrap; } @media (min-width: 80rem) { .findings td.verdict-words { white-space: nowrap; } }
.value { font-weight: 600; } .open, .open th, .open td { color: var(--soft); } .why { color: var(--soft); font-size: .8125rem; } .zero { color: var(--soft); }
.rows { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .9375rem; margin-bottom: .6rem; } .rows td, .rows th { padding: .28rem .5rem .28rem 0; text-align: left; font-weight: 400; vertical-align: middle; border-top: 1px solid var(--line); overflow-wrap: anywhere; } .rows .label { width: 36%; } .rows.short .label { width: 20%; } .rows.short .glyph { width: 28%; } .rows .value-cell { width: 15%; } .rows thead > tr > * { border-top: 0; padding-bottom: 0; color: var(--soft); font-size: .8125rem; vertical-align: bottom; }
.rows .glyph { width: 25%; } .rows td.verdict-words { overflow-wrap: normal; }
.controls { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; align-items: center; font-size: .875rem; color: var(--soft); margin: 0 0 .5rem; } .controls label { display: inline-flex; gap: .4rem; align-items: center; cursor: pointer; } .controls input, .controls select { accent-color: var(--link); font: inherit; color: inherit; } .controls input[type="search"] { background: var(--paper); border: 1px solid var(--faint); border-radius: 3px; padding: .15rem .4rem; }
section:has(.only-decided:checked) tr.row:not(.decided) { display: none; }
th button { all: unset; cursor: pointer; font: inherit; } th button:focus-visible { outline: 2px solid var(--link); } th button::after { content: "\\2195"; color: var(--faint); font-size: .8em; padding-left: .2em; }
th[aria-sort="ascending"] button::after { content: "\\2191"; color: inherit; } th[aria-sort="descending"] button::after { content: "\\2193"; color: inherit; }
`;
