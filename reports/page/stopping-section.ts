// How the number of replicates was decided: the stopping rule in words, and its interval for each mean or difference.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { shareText } from "../analysis/stopping.ts";
import { intervalText, numberText } from "../analysis/words/number-text.ts";
import { dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

export function stoppingSection({ stopping }: ExperimentAnalysis): Html | null {
  if (stopping === null) return null;
  return html`<section aria-label="Stopping rule"><h3>When to stop</h3>
${stopping.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${dataTable({
  caption: `The confidence sequences of ${stopping.rule.metric} after ${stopping.replicates} replicates.`,
  rows: stopping.intervals,
  columns: [
    {
      head: stopping.rule.goal.kind === "decided-between" ? "difference" : "condition",
      show: (row) => row.label,
    },
    { head: "n", isNumber: true, show: (row) => row.n },
    {
      head: "mean",
      isNumber: true,
      show: (row) => (row.mean === null ? "–" : numberText(row.mean)),
      key: (row) => row.mean,
    },
    {
      head: `${shareText(stopping.level)} interval at all looks`,
      isNumber: true,
      show: (row) =>
        row.low === null || row.high === null ? "–" : intervalText({ low: row.low, high: row.high }),
      key: (row) => row.low,
    },
    { head: "goal", show: (row) => (row.isSettled ? "met" : "open") },
  ],
})}
</section>
`;
}
