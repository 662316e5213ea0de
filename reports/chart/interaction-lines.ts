// Interaction lines: the second factor along the axis, one line a level of the first, means with intervals.
// Parallel lines are what no interaction looks like.
import type { InteractionFinding } from "../analysis/finding.ts";
import { intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, intervalMark, layers, meanMark, numeric, ordered } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

/** Null when nothing was measured, or the first factor has more than six levels (the heat map shows those). */
export function interactionLinesChart(experiment: string, finding: InteractionFinding): Chart | null {
  const [first, second] = finding.factors;
  const cells = finding.cells.flatMap((cell) =>
    cell.mean === null
      ? []
      : [
          {
            first: cell.first,
            second: cell.second,
            mean: cell.mean,
            low: cell.interval?.low ?? null,
            high: cell.interval?.high ?? null,
          },
        ],
  );
  const lines = [...new Set(finding.cells.map((cell) => cell.first))];
  if (cells.length === 0 || lines.length > 6) return null;
  const x = ordered("second", [...new Set(finding.cells.map((cell) => cell.second))], {
    title: second,
    labelAngle: 0,
  });
  const color = colourBy("first", lines, first);
  return {
    id: chartIdOf(experiment, finding.id, "lines"),
    title: `${finding.metric} by ${second} and ${first}`,
    caption: `Marks are means, bars 95% confidence intervals (t interval); parallel lines would mean that the effect of ${second} does not depend on ${first}.`,
    alt: `Interaction plot. ${finding.cells
      .slice(0, 24)
      .map(
        (cell) =>
          `${first} ${cell.first}, ${second} ${cell.second}: ${numberText(cell.mean)}${cell.interval === null ? "" : ` ${intervalText(cell.interval)}`}`,
      )
      .join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 210,
      layer: layers(
        {
          name: "lines",
          data: { values: cells },
          mark: { type: "line", strokeWidth: 1.5, opacity: 0.7 },
          encoding: { x, y: numeric("mean", finding.metric), color },
        },
        {
          name: "intervals",
          data: { values: cells.filter(({ low }) => low !== null) },
          mark: { ...intervalMark, strokeWidth: 2 },
          encoding: { x, y: numeric("low", finding.metric), y2: { field: "high" }, color },
        },
        {
          name: "means",
          data: { values: cells },
          mark: meanMark,
          encoding: { x, y: numeric("mean", finding.metric), color },
        },
      ),
    }),
  };
}
