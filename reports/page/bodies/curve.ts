// Under a curve: where each line ends, or, around an impulse, every change from the value before it.
import type { CurveFinding } from "../../analysis/finding.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function curveBody(finding: CurveFinding): Html {
  return finding.impulseAt === null ? endTable(finding) : impulseTable(finding);
}

function endTable(finding: CurveFinding): Html {
  return html`<details><summary>Where each line ends</summary>${dataTable({
    caption: "Where each line ends.",
    name: "Ends of the lines",
    rows: finding.lines.flatMap((line) =>
      line.points.length === 0 ? [] : [{ line, last: line.points.at(-1)! }],
    ),
    columns: [
      { head: finding.factor ?? "line", show: ({ line }) => line.label },
      { head: "trials", isNumber: true, show: ({ line }) => line.n },
      {
        head: finding.x,
        isNumber: true,
        show: ({ last }) => numberText(last.x),
        key: ({ last }) => last.x,
      },
      {
        head: `mean ${finding.y}`,
        isNumber: true,
        show: ({ last }) => numberText(last.mean, halfWidthDecimals(last.interval)),
        key: ({ last }) => last.mean,
      },
      {
        head: "95% interval",
        isNumber: true,
        show: ({ last }) => (last.interval === null ? "–" : intervalText(last.interval)),
        key: ({ last }) => last.interval?.low ?? null,
      },
    ],
  })}</details>`;
}

function impulseTable(finding: CurveFinding): Html {
  const rows = finding.lines.flatMap(({ label, impulse }) =>
    (impulse?.changes ?? []).map((change) => ({ label, ...change })),
  );
  const decimals = Math.max(0, ...rows.map(({ interval }) => halfWidthDecimals(interval) ?? 0)) || null;
  return html`<details><summary>Change from the value before, by ${finding.x}</summary>${dataTable({
    caption: html`<b>${finding.y}</b>: change of each run from its own mean before ${finding.x} ${numberText(finding.impulseAt)}.`,
    name: `Change by ${finding.x}`,
    rows,
    columns: [
      ...(finding.factor === null
        ? []
        : [{ head: finding.factor, show: ({ label }: (typeof rows)[number]) => label }]),
      { head: finding.x, isNumber: true, show: ({ x }) => numberText(x), key: ({ x }) => x },
      { head: "n", isNumber: true, show: ({ n }) => n, key: ({ n }) => n },
      {
        head: "mean change",
        isNumber: true,
        show: ({ change }) => numberText(change, decimals),
        key: ({ change }) => change,
      },
      {
        head: "95% interval",
        isNumber: true,
        show: ({ interval }) => (interval === null ? "–" : intervalText(interval, decimals)),
        key: ({ interval }) => interval?.low ?? null,
      },
    ],
  })}</details>`;
}
