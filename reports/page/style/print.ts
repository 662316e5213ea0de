// On paper (A4): one column, nothing clipped, heads repeated, folds as they stand on the screen.

export const print = `
@media print {
  @page { size: A4; margin: 13mm 12mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 8.6pt; line-height: 1.36; } .analysis .text p, .methods p { font-size: 8pt; } .page { padding: 0; max-width: none; } .bar, .skip, .controls, .cue, details:not([open]) { display: none !important; }
  .scroll, .tall > .scroll, .picture { overflow: visible; max-height: none; background: none; } .picture.wide svg { min-width: 0; } .figures, details { content-visibility: visible; } .middle { display: none; }
  .data, .rows { font-size: 7.2pt; line-height: 1.25; } .data th, .data td { padding: .1rem .45rem .1rem 0; } .data th:first-child, .data td:first-child { position: static; } .data .glyph { min-width: 20mm; width: 20%; padding-right: 4mm; }
  .data thead th, .data tr.group td, .data tr.part th { font-size: 7pt; } .data tr.group th { font-size: 8.4pt; } .data tr.row th:first-child { min-width: 47mm; }
  .data tr.group > * { padding-top: .5rem; } h1 { font-size: 17pt; } h2 { font-size: 12.5pt; padding-top: .35rem; margin-bottom: .45rem; } section { margin-top: 1.3rem; } .meta { margin-top: 0; }
  .estimate .number { font-size: 27pt; } .answer { grid-template-columns: 5fr 7fr; gap: 1rem 1.4rem; } .answer.alone { grid-template-columns: 1fr; } .analysis { grid-template-columns: minmax(0, 4fr) minmax(0, 7fr); gap: .6rem 1.4rem; padding: .7rem 0; }
  .analysis figure { max-width: 96mm; } .methods p { font-size: 7.4pt; line-height: 1.3; } .references { font-size: 6.6pt; line-height: 1.22; margin: .2rem 0; } .folds:not(:has(details[open], .table)) { display: none; } .findings td.verdict-words { white-space: nowrap; } .columns { grid-template-columns: 1fr 1fr; gap: .8rem 1.4rem; } .strip { grid-template-columns: 2fr 1.2fr 1.4fr 1.2fr; font-size: 8pt; gap: .6rem 0; margin-top: .8rem; padding-top: .5rem; } .strip > div { padding: 0 .7rem; border-left: 1px solid var(--line); } .strip > div:nth-child(3) { padding-left: .7rem; border-left: 1px solid var(--line); } .strip > div:first-child { padding-left: 0; border: 0; } .strip .size { font-size: 13pt; }
  figure, tr, .notes, .strip, .rows, .estimate { break-inside: avoid; } h2, h3, h4, .kind, tr.group, tr.part { break-after: avoid; } thead { display: table-header-group; }
  th button::after { content: ""; } a { text-decoration: none; } footer { margin-top: 1rem; padding-bottom: 0; } }
`;
