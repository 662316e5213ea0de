// The design of an experiment as a reader needs it: factors with levels, constants, replicates, pairing, seed, units.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

const levelsMax = 24;

export function designSection(experiment: ExperimentAnalysis): Html {
  const { design } = experiment;
  const pairing =
    design.pairing === "common-random-numbers"
      ? "common random numbers: a replicate meets the same chance in every condition, so replicates are the blocks of the analysis"
      : "independent: every trial has random numbers of its own";
  return html`<section aria-label="Design"><h3>Design</h3>
${
  design.factors.length === 0
    ? html`<p>No parameter varies: there is one condition.</p>`
    : dataTable({
        caption: "Factors: the parameters that vary.",
        rows: design.factors,
        isSortable: false,
        columns: [
          { head: "factor", show: (factor) => factor.name },
          { head: "levels", isNumber: true, show: (factor) => factor.levels.length },
          { head: "values", show: (factor) => levelsText(factor.levels) },
          ...(design.factors.some((factor) => factor.branch !== null)
            ? [
                {
                  head: "only where",
                  show: (factor: (typeof design.factors)[number]) => factor.branch ?? "everywhere",
                },
              ]
            : []),
        ],
      })
}
<dl>
<dt>Conditions</dt><dd>${design.conditions}</dd>
<dt>Replicates</dt><dd>${design.replicates} in each condition, ${experiment.attrition.total.planned} trials planned</dd>
<dt>Pairing</dt><dd>${pairing}</dd>
<dt>Root seed</dt><dd>${design.seed}</dd>
${design.primary !== null && html`<dt>Primary metric</dt><dd>${design.primary}</dd>`}
${design.constants.length > 0 && html`<dt>Held constant</dt><dd>${design.constants.map(({ name, value }) => `${name} = ${value}`).join(", ")}</dd>`}
</dl></section>`;
}

function levelsText(levels: readonly string[]): string {
  if (levels.length <= levelsMax) return levels.join(", ");
  return `${levels.slice(0, 6).join(", ")}, … ${levels.slice(-3).join(", ")}`;
}
