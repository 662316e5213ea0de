// Which charts a report of an experiment has, and what each stands beside.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { CurveFinding, Finding } from "../analysis/finding.ts";
import { attritionChart } from "./attrition-bars.ts";
import { boxChart } from "./box.ts";
import type { Chart } from "./chart.ts";
import { ecdfChart } from "./ecdf.ts";
import { forestChart } from "./forest.ts";
import { heatMapChart } from "./heat-map.ts";
import { impulseResponseChart } from "./impulse-response.ts";
import { interactionLinesChart } from "./interaction-lines.ts";
import { learningCurvesChart } from "./learning-curves.ts";
import { levelBarsChart } from "./level-bars.ts";
import { parallelChart } from "./parallel.ts";
import { performanceProfileChart } from "./performance-profile.ts";
import { pointsChart } from "./points.ts";
import { powerChart } from "./power.ts";
import { quantileChart } from "./quantiles.ts";
import { relationChart } from "./relation-line.ts";
import { slopesChart } from "./slopes.ts";
import { violinChart } from "./violin.ts";

/** What a chart illustrates; "detail" charts of a metric are folded away until asked for. */
export interface ChartPlace {
  readonly kind: "metric" | "detail" | "finding" | "attrition";
  readonly name: string;
}

export interface PlacedChart {
  readonly chart: Chart;
  readonly about: ChartPlace;
}

/** Every chart that the analysis has data for, in page order. */
export function chartsOf(experiment: ExperimentAnalysis): readonly PlacedChart[] {
  const numeric = experiment.metrics.filter(({ kind }) => kind !== "category");
  const leading = numeric[0];
  return [
    ...numeric.flatMap((metric) =>
      placed([pointsChart(experiment, metric)], { kind: "metric", name: metric.name }),
    ),
    ...(leading === undefined || leading.kind === "boolean"
      ? []
      : placed(
          [
            boxChart(experiment, leading),
            violinChart(experiment, leading),
            ecdfChart(experiment, leading),
            quantileChart(experiment, leading),
            experiment.power === null ? null : powerChart(experiment.name, experiment.power),
            parallelChart(experiment),
          ],
          { kind: "detail", name: leading.name },
        )),
    ...experiment.findings.flatMap((finding) =>
      placed(findingCharts(experiment, finding), { kind: "finding", name: finding.id }),
    ),
    ...placed([attritionChart(experiment)], { kind: "attrition", name: experiment.name }),
  ];
}

function placed(charts: readonly (Chart | null)[], about: ChartPlace): readonly PlacedChart[] {
  return charts.flatMap((chart) => (chart === null ? [] : [{ chart, about }]));
}

function findingCharts(
  { name: experiment, findings }: ExperimentAnalysis,
  finding: Finding,
): readonly (Chart | null)[] {
  switch (finding.kind) {
    case "compare":
    case "equivalent":
      return [
        forestChart(experiment, finding),
        slopesChart(experiment, finding) ?? levelBarsChart(experiment, finding),
      ];
    case "effect":
      return [levelBarsChart(experiment, finding)];
    case "interaction":
      return [interactionLinesChart(experiment, finding), heatMapChart(experiment, finding)];
    case "curve":
      if (finding.impulseAt === null) return [learningCurvesChart(experiment, finding)];
      return [impulseResponseChart(experiment, impulseFamilyOf(finding, findings))];
    case "relation":
      return [relationChart(experiment, finding)];
    case "profile":
      return [performanceProfileChart(experiment, finding)];
    case "gate":
    case "custom":
    case "unanswered":
      return [];
  }
}

/** The curves around the same impulse, for the first of them; none for the others, which stand in its picture. */
function impulseFamilyOf(finding: CurveFinding, findings: readonly Finding[]): readonly CurveFinding[] {
  const family = findings.filter(
    (one): one is CurveFinding =>
      one.kind === "curve" &&
      one.series === finding.series &&
      one.x === finding.x &&
      one.factor === finding.factor &&
      one.impulseAt === finding.impulseAt,
  );
  return family[0] === finding ? family : [];
}
