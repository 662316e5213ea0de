// Under a curve: its points, or, around an impulse, every change from the value before it.
import type { CurveFinding } from "../../analysis/finding.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function curveBody(finding: CurveFinding): Html {
  return finding.impulseAt === null ? pointTable(finding) : impulseTable(finding);
}

/** Every point of every line, with the trials that are in it. */
function pointTable(finding: CurveFinding): Html {
  const rows = finding.lines.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
  return html`<details><summary>Every point, and how many trials are in it</summary>${dataTable({
    caption: html`<b>${finding.y}</b> over ${finding.x}.`,
    name: `Points over ${finding.x}`,
    rows,
    columns: [
      ...(finding.factor === null
        ? []
        : [{ head: finding.factor, show: ({ label }: (typeof rows)[number]) => label }]),
      { head: finding.x, isNumber: true, show: ({ x }) => numberText(x), key: ({ x }) => x },
      { head: "n", isNumber: true, show: ({ n }) => n, key: ({ n }) => n },
      {
        head: finding.summary.replace("-", " "),
        isNumber: true,
        show: ({ mean, interval }) => numberText(mean, halfWidthDecimals(interval)),
        key: ({ mean }) => mean,
      },
      {
        head: "interval",
        isNumber: true,
        show: ({ interval }) => (interval === null ? "–" : intervalText(interval)),
        key: ({ interval }) => interval?.low ?? null,
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
