// A sample plan as one HTML page that works offline: what is assumed, how many replicates for which effect, the curve.

import type { SamplePlan } from "../analysis/planning/sample-plan.ts";
import { intervalText, numberText, signedText } from "../analysis/words/number-text.ts";
import type { Chart } from "../chart/chart.ts";
import { dataTable } from "./data-table.ts";
import { documentOf } from "./document.ts";
import { figures } from "./figures.ts";
import { type Html, html } from "./html.ts";

export function samplePlanPage(
  plan: SamplePlan,
  drawn: { readonly chart: Chart; readonly svg: string },
): string {
  const { experiment, metric, power, effects, declared, notes } = plan;
  const share = `${numberText(100 * power, 0)}%`;
  return documentOf({
    title: `${experiment} · replicates`,
    generator: null,
    skipTo: "plan",
    bar: null,
    main: html`<h1 id="plan">Replicates for ${experiment}</h1>
<p>${drawn.chart.caption}</p>
${notes.map((note) => html`<p class="note">${note}</p>`)}
${dataTable({
  caption: `Replicates in each condition that find a difference of ${metric} with ${share} power.`,
  name: "Replicates by difference",
  rows: effects,
  columns: [
    {
      head: "difference",
      isNumber: true,
      show: (row) => numberText(row.difference),
      key: (row) => row.difference,
    },
    { head: plan.sizeName, isNumber: true, show: (row) => numberText(row.size, 2), key: (row) => row.size },
    {
      head: "replicates",
      isNumber: true,
      show: (row) => numberText(row.replicates),
      key: (row) => row.replicates,
    },
  ],
})}
${declared !== null && html`<p>The ${declared.replicates} replicates that are declared ${foundWords(plan, numberText(declared.detectable))} with ${share} power.</p>`}
${pairTable(plan)}
${figures([drawn])}`,
    footer: null,
  });
}

/** What the declared replicates come to: "find a difference of 0.1", or of an equivalence test "show equivalence within 0.1". */
export function foundWords({ test }: SamplePlan, size: string): string {
  return test.margin === null
    ? `find a difference of ${size}`
    : `show that levels alike are equivalent within ${size}`;
}

/** The pairs of the pilot; nothing without one. */
function pairTable({ pairs, effects }: SamplePlan): Html | null {
  if (pairs.length === 0) return null;
  return dataTable({
    caption: `Pairs of levels in the pilot; replicates and simulated power are for a difference of ${numberText(effects[0]!.difference)}.`,
    name: "Pairs of the pilot",
    rows: pairs,
    columns: [
      { head: "pair", show: (row) => row.label },
      { head: "n", isNumber: true, show: (row) => row.n },
      {
        head: "observed",
        isNumber: true,
        show: (row) => signedText(row.observed),
        key: (row) => row.observed,
      },
      {
        head: "sd",
        isNumber: true,
        show: (row) => numberText(row.spread.sds[0]),
        key: (row) => row.spread.sds[0],
      },
      { head: "replicates", isNumber: true, show: (row) => row.replicates },
      {
        head: "simulated power",
        isNumber: true,
        show: (row) =>
          row.simulated === null
            ? "–"
            : `${numberText(row.simulated.value, 3)} ${intervalText({ low: row.simulated.low, high: row.simulated.high })}`,
      },
    ],
  });
}
