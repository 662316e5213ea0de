// Under a comparison: level means, every pair, what other methods say, and the assumption checks.
import type { AssumptionCheck, ComparisonFinding, LevelEstimate } from "../../analysis/finding.ts";
import { intervalText, numberText, pText } from "../../analysis/words/number-text.ts";
import { comparisonTable, robustnessTable } from "../comparison-table.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function comparisonBody(finding: ComparisonFinding): Html {
  return html`${levelTable(finding)}
${comparisonTable(finding)}
${robustnessTable(finding)}
${finding.assumptions.length > 0 && html`<details><summary>Assumption checks</summary>${assumptionTable(finding.assumptions)}</details>`}`;
}

function levelTable(finding: ComparisonFinding): Html {
  const decimals = Math.max(...finding.levels.map((level) => halfWidthDecimals(level.interval) ?? 0)) || null;
  return html`<details><summary>${finding.estimand.levelName} of each level</summary>${dataTable<LevelEstimate>(
    {
      caption: html`<b>${finding.metric}</b> by ${finding.factor}, averaged over the other factors with equal weights.`,
      name: `Levels of ${finding.factor}`,
      rows: finding.levels,
      columns: [
        { head: finding.factor, show: (level) => level.level },
        { head: "n", isNumber: true, show: (level) => level.n },
        {
          head: "mean",
          isNumber: true,
          show: (level) => numberText(level.mean, decimals),
          key: (level) => level.mean,
        },
        {
          head: "sd",
          isNumber: true,
          show: (level) => numberText(level.sd, decimals),
          key: (level) => level.sd,
        },
        {
          head: "95% interval",
          isNumber: true,
          show: (level) => (level.interval === null ? "–" : intervalText(level.interval, decimals)),
          key: (level) => level.interval?.low ?? null,
        },
      ],
    },
  )}</details>`;
}

function assumptionTable(checks: readonly AssumptionCheck[]): Html {
  return dataTable({
    caption: "Shown for the reader; they choose no test unless the classical ladder was asked for.",
    name: "Assumption checks",
    rows: checks,
    columns: [
      { head: "check", show: (check) => check.name },
      {
        head: "statistic",
        isNumber: true,
        show: (check) => numberText(check.statistic, 3),
        key: (check) => check.statistic,
      },
      {
        head: "p",
        isNumber: true,
        show: (check) => (check.p === null ? "–" : pText(check.p)),
        key: (check) => check.p,
      },
      { head: "reading", show: (check) => check.verdict },
    ],
  });
}
