// Performance profile: for each score the share of runs above it, one line an algorithm with a bootstrap band (rliable).
import type { ProfileFinding } from "../analysis/finding.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, numeric } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

/** Null when no algorithm has runs of every task. */
export function performanceProfileChart(experiment: string, finding: ProfileFinding): Chart | null {
  if (finding.groups.length === 0) return null;
  const side = finding.better === "higher" ? "above" : "below";
  const levels = finding.groups.map(({ level }) => level);
  const values = finding.groups.flatMap(({ level, profile }) =>
    profile.map((point) => ({ level, ...point })),
  );
  const x = numeric("score", `${finding.metric} (score)`, { scale: { zero: false, nice: false } });
  const y = (field: string) => numeric(field, `share of runs ${side}`, { scale: { domain: [0, 1] } });
  const color = colourBy("level", levels, finding.factor);
  return {
    id: chartIdOf(experiment, finding.id, "profile"),
    title: `Performance profile of ${finding.metric}`,
    caption: `Each line is the share of runs over all tasks that score ${side} the value on the axis; bands are pointwise Wilson intervals. A line above another everywhere is better at every score.`,
    alt: `Performance profile. ${finding.groups.map(({ level, iqm, runs }) => `${level}: interquartile mean ${numberText(iqm)} over ${runs} runs`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 210,
      data: { values },
      layer: layers(
        {
          name: "bands",
          mark: { type: "area", opacity: 0.2 },
          encoding: { x, y: y("low"), y2: { field: "high" }, color },
        },
        {
          name: "lines",
          mark: { type: "line", strokeWidth: 2 },
          encoding: {
            x,
            y: y("share"),
            color,
            ...(levels.length > 1 && { strokeDash: dashBy("level", levels, finding.factor) }),
          },
        },
      ),
    }),
  };
}
