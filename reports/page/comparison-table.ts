// Every comparison that a finding made, raw and adjusted p side by side; and beneath it what other methods would have said.
import type { Comparison, ComparisonFinding, OtherMethod } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "../analysis/words/number-text.ts";
import { type Column, dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

export function comparisonTable(finding: ComparisonFinding): Html | null {
  const rows = finding.comparisons;
  if (rows.length === 0) return null;
  const columns = [...alwaysColumns(finding.factor), ...optionalColumns(finding)];
  const family = finding.family === null ? "" : ` Adjusted p: ${finding.family}.`;
  return html`<details><summary>Tests and further sizes of every comparison</summary>${dataTable({
    caption: html`<b>Every comparison made.</b> Difference in the units of ${finding.metric}.${family}`,
    name: `Comparisons of ${finding.metric}`,
    rows,
    columns,
  })}</details>`;
}

/** What every comparison has. */
function alwaysColumns(factor: string): readonly Column<Comparison>[] {
  return [
    { head: factor, show: (row) => row.label },
    {
      head: "n",
      isNumber: true,
      show: (row) => (row.isPaired ? `${row.nLevel} pairs` : `${row.nLevel} + ${row.nBaseline}`),
      key: (row) => row.nLevel,
    },
    {
      head: "difference",
      isNumber: true,
      show: (row) => (row.difference === null ? "–" : signedText(row.difference, decimalsOf(row))),
      key: (row) => row.difference,
    },
    {
      head: "95% interval",
      isNumber: true,
      show: (row) =>
        row.interval === null
          ? html`<span class="why">${row.note ?? "–"}</span>`
          : intervalText(row.interval, decimalsOf(row)),
      key: (row) => row.interval?.low ?? null,
    },
    {
      head: "test",
      isNumber: true,
      show: (row) =>
        row.test === null
          ? "–"
          : `${row.test.symbol}${row.test.df.length > 0 ? `(${row.test.df.map((df) => numberText(df, Number.isInteger(df) ? 0 : 1)).join(", ")})` : ""} = ${numberText(row.test.statistic, 2)}`,
      key: (row) => row.test?.statistic ?? null,
    },
    {
      head: "p",
      isNumber: true,
      show: (row) => (row.test === null ? "–" : bare(row.test.p)),
      key: (row) => row.test?.p ?? null,
    },
  ];
}

/** What some comparison of the finding has. */
function optionalColumns(finding: ComparisonFinding): readonly Column<Comparison>[] {
  const rows = finding.comparisons;
  const columns: Column<Comparison>[] = [];
  if (finding.family !== null) {
    columns.push({
      head: "adjusted p",
      isNumber: true,
      show: (row) => (row.pAdjusted === null ? "–" : bare(row.pAdjusted)),
      key: (row) => row.pAdjusted,
    });
  }
  const effect = rows.find((row) => row.effect !== null)?.effect;
  if (effect !== undefined && effect !== null) {
    columns.push({
      head: effect.name,
      isNumber: true,
      show: (row) =>
        row.effect === null
          ? "–"
          : `${numberText(row.effect.value, 2)}${row.effect.interval === null ? "" : ` ${intervalText(row.effect.interval, 2)}`}${row.effect.label === null ? "" : `, ${row.effect.label}`}`,
      key: (row) => row.effect?.value ?? null,
    });
  }
  if (rows.some((row) => row.detectable !== null)) {
    columns.push({
      head: "detectable at 80%",
      isNumber: true,
      show: (row) => numberText(row.detectable, decimalsOf(row)),
      key: (row) => row.detectable,
    });
  }
  if (rows.some((row) => row.worstCase !== null)) {
    columns.push({
      head: "worst case",
      isNumber: true,
      show: (row) => (row.worstCase === null ? "–" : intervalText(row.worstCase, decimalsOf(row))),
      key: (row) => row.worstCase?.low ?? null,
    });
  }
  if (rows.some((row) => row.verdict !== null)) {
    columns.push({ head: "verdict", show: (row) => row.verdict ?? "–" });
  }
  return columns;
}

export function robustnessTable(finding: ComparisonFinding): Html | null {
  interface Row {
    readonly comparison: Comparison;
    readonly alternative: OtherMethod;
  }
  const rows = finding.comparisons.flatMap((comparison) =>
    comparison.robustness.map((alternative): Row => ({ comparison, alternative })),
  );
  if (rows.length === 0) return null;
  return html`<details><summary>What other methods would have said</summary>${dataTable<Row>({
    caption: "The same data under other methods; the first of each comparison is the one used.",
    name: "Other methods",
    rows,
    columns: [
      { head: finding.factor, show: ({ comparison }) => comparison.label },
      {
        head: "method",
        show: ({ alternative }) =>
          alternative.isChosen ? html`<b>${alternative.method}</b>` : alternative.method,
      },
      {
        head: "estimate",
        isNumber: true,
        show: ({ alternative, comparison }) => numberText(alternative.estimate, decimalsOf(comparison)),
        key: ({ alternative }) => alternative.estimate,
      },
      {
        head: "95% interval",
        isNumber: true,
        show: ({ alternative, comparison }) =>
          alternative.interval === null ? "–" : intervalText(alternative.interval, decimalsOf(comparison)),
        key: ({ alternative }) => alternative.interval?.low ?? null,
      },
      {
        head: "p",
        isNumber: true,
        show: ({ alternative }) => (alternative.p === null ? "–" : bare(alternative.p)),
        key: ({ alternative }) => alternative.p,
      },
    ],
  })}</details>`;
}

function decimalsOf(row: Comparison): number | null {
  return row.interval === null ? null : decimalsFor((row.interval.high - row.interval.low) / 2);
}

/** "0.031" or "< 1e-15": the column head already says p. */
function bare(p: number): string {
  return pText(p).replace(/^p (= )?/, "");
}
