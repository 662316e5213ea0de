// Under an interaction: every difference of effects from the first levels.
import type { InteractionContrast, InteractionFinding } from "../../analysis/finding.ts";
import { intervalText, pText, signedText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function interactionBody({ contrasts, metric }: InteractionFinding): Html | null {
  if (contrasts.length === 0) return null;
  return html`<details><summary>Tests of every difference of effects</summary>${contrastTable(metric, contrasts)}</details>`;
}

function contrastTable(metric: string, contrasts: readonly InteractionContrast[]): Html {
  const decimals = Math.max(...contrasts.map(({ interval }) => halfWidthDecimals(interval) ?? 0)) || null;
  return dataTable<InteractionContrast>({
    caption: html`By how much an effect on <b>${metric}</b> exceeds that at the first levels. Each interval holds for its row alone, each simultaneous one together with the others (Bonferroni); a row is decided only where the joint test is.`,
    name: "Differences of effects",
    rows: contrasts,
    columns: [
      { head: "effect", show: ({ label }) => label },
      {
        head: "difference",
        isNumber: true,
        show: ({ difference }) => signedText(difference, decimals),
        key: ({ difference }) => difference,
      },
      {
        head: "interval",
        isNumber: true,
        show: ({ interval }) => intervalText(interval, decimals),
        key: ({ interval }) => interval.low,
      },
      {
        head: "simultaneous",
        isNumber: true,
        show: ({ adjustedInterval }) =>
          adjustedInterval === null ? "–" : intervalText(adjustedInterval, decimals),
        key: ({ adjustedInterval }) => adjustedInterval?.low ?? null,
      },
      { head: "p", isNumber: true, show: ({ p }) => pText(p), key: ({ p }) => p },
      {
        head: "adjusted p",
        isNumber: true,
        show: ({ pAdjusted }) => pText(pAdjusted),
        key: ({ pAdjusted }) => pAdjusted,
      },
      { head: "verdict", show: ({ verdict }) => verdict },
    ],
  });
}
