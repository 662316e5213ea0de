// Two runs held against each other, as one HTML page that works offline: what changed, and by how much each metric did.

import type { ComparedCell, RunComparison } from "../analysis/run-comparison.ts";
import { intervalText, numberText, pText, signedText } from "../analysis/words/number-text.ts";
import { dataTable } from "./data-table.ts";
import { documentOf } from "./document.ts";
import { type Html, html } from "./html.ts";

export interface ComparedRuns {
  /** How each run is called. */
  readonly before: string;
  readonly after: string;
  /** What changed between them, in sentences, by experiment; and of machine and versions. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
  readonly surroundings: readonly string[];
  readonly comparisons: readonly RunComparison[];
}

export function runComparisonPage(compared: ComparedRuns): string {
  const { before, after, comparisons, changes, surroundings } = compared;
  return documentOf({
    title: `${before} and ${after}`,
    generator: null,
    skipTo: "comparison",
    bar: null,
    main: html`<h1 id="comparison">${after} against ${before}</h1>
<p class="lead">Differences are ${after} minus ${before}, over trials of the same condition and replicate that both runs measured. Intervals are 95% intervals of each difference by itself; p values are adjusted as each experiment says, and what is estimated stands above each table.</p>
${surroundings.length > 0 && html`<ul>${surroundings.map((each) => html`<li>${each}</li>`)}</ul>`}
${comparisons.map((comparison) => experimentPart(comparison, changes[comparison.experiment] ?? []))}`,
    footer: null,
  });
}

function experimentPart(comparison: RunComparison, changes: readonly string[]): Html {
  const { experiment, metrics, families, notes, onlyBefore, onlyAfter } = comparison;
  const lone = (labels: readonly string[], which: string) =>
    labels.length > 0 && html`<p class="note">Only the run ${which} has ${labels.join("; ")}.</p>`;
  return html`<section aria-label="${experiment}"><h2>${experiment}</h2>
${changes.length === 0 ? html`<p>Code and parameters are the same.</p>` : html`<ul>${changes.map((each) => html`<li>${each}</li>`)}</ul>`}
${families.length > 0 && html`<p>p values: ${families.join("; ")}.</p>`}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${lone(onlyBefore, "before")}${lone(onlyAfter, "after")}
${metrics.map(({ metric, unit, estimand, reason, overall, cells }) =>
  dataTable<ComparedCell>({
    caption: html`<b>${metric}</b>${unit !== null && ` (${unit})`}, ${estimand.name}. ${reason}`,
    name: `Differences of ${metric}`,
    rows: overall === null ? cells : [overall, ...cells],
    columns: [
      { head: "condition", show: (row) => row.label },
      { head: "n", isNumber: true, show: (row) => row.n },
      { head: "same", isNumber: true, show: (row) => row.same },
      { head: "in one run only", isNumber: true, show: (row) => row.lost },
      { head: "before", isNumber: true, show: (row) => numberText(row.before), key: (row) => row.before },
      { head: "after", isNumber: true, show: (row) => numberText(row.after), key: (row) => row.after },
      {
        head: "difference",
        isNumber: true,
        show: differenceText,
        key: (row) => row.difference?.value ?? null,
      },
      {
        head: "p",
        isNumber: true,
        show: (row) => (row.p === null ? "–" : pText(row.pAdjusted ?? row.p)),
        key: (row) => row.pAdjusted ?? row.p,
      },
    ],
  }),
)}
</section>
`;
}

/** "+0.61 [0.57, 0.65]", or why there is none. */
export function differenceText({ difference, note }: ComparedCell): string {
  if (difference === null) return note ?? "–";
  return `${signedText(difference.value)} ${intervalText({ low: difference.low, high: difference.high })}`;
}
