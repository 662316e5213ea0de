// What became of every planned trial, by arm. When nothing was lost this is one sentence; when something was, it is a table
// with the reasons, and a warning where arms lost different shares.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { AttritionCounts, AttritionRow } from "../design/attrition.ts";
import { factorColumns } from "./condition-table.ts";
import { type Column, dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

const columns: readonly (readonly [keyof AttritionCounts, string])[] = [
  ["planned", "planned"],
  ["measured", "measured"],
  ["failed", "failed"],
  ["refused", "refused"],
  ["censored", "censored"],
  ["cancelled", "cancelled"],
  ["budgetStopped", "stopped by budget"],
  ["notRun", "not run"],
];

export function attritionSection(experiment: ExperimentAnalysis): Html {
  const { total, arms, warning } = experiment.attrition;
  if (total.measured === total.planned) {
    return html`<section aria-label="Attrition"><h3>Attrition</h3><p>All ${total.planned} planned trials were measured; none failed, was refused, censored or left out.</p></section>`;
  }
  const hit = arms.filter((arm) => arm.measured < arm.planned);
  const rows = arms.length > 60 ? hit : arms;
  const cells: Column<AttritionRow>[] = columns
    .filter(([name]) => name === "planned" || name === "measured" || total[name] > 0)
    .map(([name, head]) => ({
      head,
      isNumber: true,
      show: (row) => (row[name] === 0 ? html`<span class="zero">0</span>` : row[name]),
      key: (row) => row[name],
    }));
  return html`<section aria-label="Attrition"><h3>Attrition</h3>
<p>${total.measured} of ${total.planned} planned trials were measured. A trial without a measurement enters no mean; it is counted here.</p>
${warning !== null && html`<p class="note">${warning}</p>`}
${dataTable({
  caption:
    arms.length > 60
      ? `The ${hit.length} arms that lost trials.`
      : "Planned trials by arm and by how they ended.",
  rows,
  columns: [
    ...factorColumns(experiment, (row: AttritionRow) => experiment.arms[row.condition]!),
    ...cells,
    {
      head: "reasons",
      show: (row) =>
        html`<span class="why">${row.reasons.map(({ message, count }) => `${count} × ${shortened(message)}`).join("; ")}</span>`,
    },
  ],
})}</section>`;
}

function shortened(message: string): string {
  const line = message.split("\n")[0]!;
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}
