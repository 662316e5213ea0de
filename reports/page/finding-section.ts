// One finding on the page: its sentences, figures, the table behind them, why this test, and what others would have said.

import type { TestResult } from "../../lib/stats/estimate.ts";
import type {
  AssumptionCheck,
  ComparisonFinding,
  CurveFinding,
  EffectSize,
  Finding,
  LevelEstimate,
} from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText, pText } from "../analysis/words/number-text.ts";
import { effectText, testText } from "../analysis/words/sentence.ts";
import { comparisonTable, robustnessTable } from "./comparison-table.ts";
import { dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

export function findingSection(finding: Finding, figures: Html | null): Html {
  return html`<section aria-label="${finding.title}"><h3 id="finding-${finding.id}">${finding.title}</h3>
${!finding.isConfirmatory && html`<p class="meta">Exploratory: added after the design was frozen.</p>`}
${finding.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${finding.notes.map((note) => html`<p class="note">${note}</p>`)}
${figures}
${bodyOf(finding)}
${finding.reason !== "" && html`<p class="why">${finding.reason}</p>`}
</section>
`;
}

function bodyOf(finding: Finding): Html | null {
  switch (finding.kind) {
    case "compare":
    case "effect":
    case "equivalent":
      return comparisonBody(finding);
    case "interaction":
      return finding.test === null ? null : overallText(finding.test, finding.effect);
    case "curve":
      if (finding.impulseAt !== null) return impulseTable(finding);
      return dataTable({
        caption: "Where each line ends.",
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
      });
    case "relation":
      return finding.test === null
        ? null
        : html`<p>Slope ${numberText(finding.slope, halfWidthDecimals(finding.slopeInterval))}${finding.slopeInterval !== null && ` ${intervalText(finding.slopeInterval)}`}, intercept ${numberText(finding.intercept)}, R² = ${numberText(finding.rSquared, 3)}, n = ${finding.n}; ${testText(finding.test)}.</p>`;
    case "profile":
      return dataTable({
        caption:
          "Aggregates over tasks; the intervals are stratified bootstrap intervals over runs (Agarwal et al. 2021).",
        rows: finding.groups,
        columns: [
          { head: finding.factor, show: (group) => group.level },
          { head: "tasks", isNumber: true, show: (group) => group.tasks },
          { head: "runs", isNumber: true, show: (group) => group.runs },
          {
            head: "interquartile mean",
            isNumber: true,
            show: (group) => numberText(group.iqm),
            key: (group) => group.iqm,
          },
          {
            head: "95% interval",
            isNumber: true,
            show: (group) => (group.iqmInterval === null ? "–" : intervalText(group.iqmInterval)),
          },
          ...(finding.target === null
            ? []
            : [
                {
                  head: "optimality gap",
                  isNumber: true,
                  show: (group: (typeof finding.groups)[number]) => numberText(group.optimalityGap),
                  key: (group: (typeof finding.groups)[number]) => group.optimalityGap,
                },
                {
                  head: "95% interval of the gap",
                  isNumber: true,
                  show: (group: (typeof finding.groups)[number]) =>
                    group.optimalityGapInterval === null ? "–" : intervalText(group.optimalityGapInterval),
                },
              ]),
          {
            head: "mean of tasks",
            isNumber: true,
            show: (group) => numberText(group.mean),
            key: (group) => group.mean,
          },
          {
            head: "median of tasks",
            isNumber: true,
            show: (group) => numberText(group.median),
            key: (group) => group.median,
          },
        ],
      });
    case "gate":
      return null;
    case "custom":
      return finding.rows.length === 0
        ? null
        : dataTable({
            caption: "What the author's own function gave.",
            rows: finding.rows,
            columns: finding.columns.map((head, i) => ({
              head,
              isNumber: finding.rows.every((row) => typeof row[i] !== "string"),
              show: (row: (typeof finding.rows)[number]) => {
                const value = row[i] ?? null;
                return typeof value === "string" ? value : numberText(value);
              },
            })),
          });
    case "unanswered":
      return null;
  }
}

function impulseTable(finding: CurveFinding): Html {
  const rows = finding.lines.flatMap(({ label, impulse }) =>
    (impulse?.changes ?? []).map((change) => ({ label, ...change })),
  );
  const decimals = Math.max(0, ...rows.map(({ interval }) => halfWidthDecimals(interval) ?? 0)) || null;
  return html`<details><summary>Change from the value before, by ${finding.x}</summary>${dataTable({
    caption: html`<b>${finding.y}</b>: change of each run from its own mean before ${finding.x} ${numberText(finding.impulseAt)}.`,
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

function comparisonBody(finding: ComparisonFinding): Html {
  return html`${levelTable(finding)}
${finding.overall !== null && overallText(finding.overall, finding.overallEffect)}
${comparisonTable(finding)}
${robustnessTable(finding)}
${finding.assumptions.length > 0 && html`<details><summary>Assumption checks</summary>${assumptionTable(finding.assumptions)}</details>`}`;
}

function levelTable(finding: ComparisonFinding): Html {
  const decimals = Math.max(...finding.levels.map((level) => halfWidthDecimals(level.interval) ?? 0)) || null;
  return dataTable<LevelEstimate>({
    caption: html`<b>${finding.metric}</b> by ${finding.factor}, averaged over the other factors with equal weights.`,
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
  });
}

function overallText(test: TestResult, effect: EffectSize | null): Html {
  return html`<p>Over all levels at once: ${testText(test)}${effect !== null && `, ${effectText(effect)}`}.</p>`;
}

function assumptionTable(checks: readonly AssumptionCheck[]): Html {
  return dataTable({
    caption: "Shown for the reader; they choose no test unless the classical ladder was asked for.",
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

function halfWidthDecimals(interval: { readonly low: number; readonly high: number } | null): number | null {
  return interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
}
