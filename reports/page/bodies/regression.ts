// Under a regression on several factors: every slope with its test, on its own scale and in standard deviations.
import type { RegressionFinding, RegressionSlope } from "../../analysis/regression-finding.ts";
import { intervalText, numberText, pText, signedText } from "../../analysis/words/number-text.ts";
import { testText } from "../../analysis/words/sentence.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function regressionBody({ terms, metric, lackOfFit }: RegressionFinding): Html | null {
  if (terms.length === 0) return null;
  return html`<details><summary>Every slope and its test</summary>${slopeTable(metric, terms)}${lackOfFit !== null && html`<p>Lack of fit: ${testText(lackOfFit)}.</p>`}</details>`;
}

function slopeTable(metric: string, terms: readonly RegressionSlope[]): Html {
  return dataTable<RegressionSlope>({
    caption: html`Change of <b>${metric}</b> for one of each factor, the others held; standardised: in standard deviations of both. A variance inflation of 10 and more says that the other factors nearly say what this one is.`,
    name: "Slopes",
    rows: terms,
    columns: [
      { head: "per unit of", show: ({ label }) => label },
      {
        head: "slope",
        isNumber: true,
        show: ({ estimate, interval }) => signedText(estimate, halfWidthDecimals(interval)),
        key: ({ estimate }) => estimate,
      },
      {
        head: "interval",
        isNumber: true,
        show: ({ interval }) => intervalText(interval),
        key: ({ interval }) => interval.low,
      },
      {
        head: "standardised",
        isNumber: true,
        show: ({ standardised }) => signedText(standardised, 2),
        key: ({ standardised }) => standardised,
      },
      { head: "p", isNumber: true, show: ({ test }) => pText(test.p), key: ({ test }) => test.p },
      {
        head: "adjusted p",
        isNumber: true,
        show: ({ pAdjusted }) => (pAdjusted === null ? "–" : pText(pAdjusted)),
        key: ({ pAdjusted }) => pAdjusted,
      },
      {
        head: "variance inflation",
        isNumber: true,
        show: ({ inflation }) => numberText(inflation, 1),
        key: ({ inflation }) => inflation,
      },
    ],
  });
}
