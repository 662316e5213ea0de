// Forest plot: every difference of a finding with its interval, beside the line of no difference.
import type { ComparisonFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, signedText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { intervalMark, layers, meanMark, numeric, ordered, referenceLine } from "./encoding.ts";
import { palette, plotWidth, rowAxis, themed } from "./theme.ts";

const rowsMax = 40;

/** Null when no comparison has an interval. */
export function forestChart(experiment: string, finding: ComparisonFinding): Chart | null {
  const drawn = finding.comparisons
    .flatMap(({ label, difference, interval, nLevel, nBaseline, isPaired }) =>
      difference === null || interval === null
        ? []
        : [
            {
              label,
              difference,
              low: interval.low,
              high: interval.high,
              n: isPaired ? `${nLevel} pairs` : `n = ${nLevel} + ${nBaseline}`,
            },
          ],
    )
    .slice(0, rowsMax);
  if (drawn.length === 0) return null;
  const { interval } = finding.comparisons.find((comparison) => comparison.interval !== null)!;
  const labels = drawn.map(({ label }) => label);
  const y = ordered("label", labels, rowAxis(finding.factor));
  const margins = finding.margin === null ? [] : [-finding.margin, finding.margin];
  const more =
    finding.comparisons.length > drawn.length
      ? ` ${finding.comparisons.length - drawn.length} comparisons are only in the table.`
      : "";
  return {
    id: chartIdOf(experiment, finding.id, "forest"),
    title: `Differences of ${finding.metric}, ${finding.factor}`,
    caption: `Each mark is a difference of means, the bar its ${Math.round(100 * interval!.level)}% confidence interval (${interval!.method}), not adjusted for the number of comparisons; the dashed line is no difference${finding.margin === null ? "" : ", the dotted ones the margins of equivalence"}.${more}`,
    alt: `Forest plot. ${drawn.map(({ label, difference, low, high, n }) => `${label}: ${signedText(difference, decimalsFor((high - low) / 2))} ${intervalText({ low, high })}, ${n}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: 28 },
      data: { values: drawn },
      layer: layers(
        referenceLine("x", 0),
        margins.length === 0
          ? null
          : {
              name: "margins",
              data: { values: margins.map((value) => ({ value })) },
              mark: { type: "rule", strokeDash: [1, 3], color: palette[1] },
              encoding: { x: { field: "value", type: "quantitative" } },
            },
        {
          name: "intervals",
          mark: { ...intervalMark, color: palette[0] },
          encoding: { y, x: numeric("low", `difference of ${finding.metric}`), x2: { field: "high" } },
        },
        {
          name: "differences",
          mark: { ...meanMark, color: palette[0] },
          encoding: { y, x: numeric("difference", `difference of ${finding.metric}`) },
        },
      ),
    }),
  };
}
