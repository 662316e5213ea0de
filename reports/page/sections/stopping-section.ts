// How the number of replicates was decided: the stopping rule in words, and its interval for each mean or difference, which holds at the
// stop where the ordinary ones do not.
import { shareText } from "../../analysis/stopping.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";

export function stoppingSection(part: PagePart): Html | null {
  const { stopping, metrics } = part.experiment;
  if (stopping === null) return null;
  const { goal, metric } = stopping.rule;
  const rows = stopping.intervals.map((row) => ({
    ...row,
    estimate: row.mean,
    interval: row.low === null || row.high === null ? null : { low: row.low, high: row.high },
    adjusted: null,
    state: row.isSettled ? ("decided" as const) : ("open" as const),
  }));
  const axis = glyphAxisOf(rows, {
    reference: goal.kind === "decided-between" ? 0 : goal.kind === "decided" ? goal.value : null,
    margin: null,
    isLog: false,
    range:
      goal.kind === "decided-between" ? null : (metrics.find(({ name }) => name === metric)?.range ?? null),
  });
  return html`<section id="${part.anchor("stopping")}" aria-label="Stopping rule"><h2>When to stop</h2>
${stopping.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${dataTable<(typeof rows)[number]>({
  caption: `The confidence sequences of ${metric} after ${stopping.replicates} replicates.`,
  name: "Confidence sequences",
  isWide: true,
  rows,
  columns: [
    { head: goal.kind === "decided-between" ? "difference" : "condition", show: (row) => row.label },
    { head: axisHead(axis) ?? "", isGlyph: true, show: (row) => glyphOf(row, axis, 20) },
    { head: "n", isNumber: true, show: (row) => row.n },
    { head: "mean", isNumber: true, show: (row) => numberText(row.mean), key: (row) => row.mean },
    {
      head: `${shareText(stopping.level)} interval at all looks`,
      isNumber: true,
      show: (row) => (row.interval === null ? "–" : intervalText(row.interval)),
      key: (row) => row.low,
    },
    { head: "goal", show: (row) => (row.isSettled ? "met" : "open") },
  ],
})}
</section>
`;
}
