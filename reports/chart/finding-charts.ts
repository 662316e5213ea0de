// Which charts illustrate a finding, by its kind. A kind that is missing here does not compile.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { ComparisonFinding, CurveFinding, Finding, FindingOf } from "../analysis/finding.ts";
import type { Chart } from "./chart.ts";
import { forestChart } from "./forest.ts";
import { heatMapChart } from "./heat-map.ts";
import { impulseResponseChart } from "./impulse-response.ts";
import { interactionLinesChart } from "./interaction-lines.ts";
import { learningCurvesChart } from "./learning-curves.ts";
import { levelBarsChart } from "./level-bars.ts";
import { performanceProfileChart } from "./performance-profile.ts";
import { relationChart } from "./relation-line.ts";
import { slopesChart } from "./slopes.ts";

type Pictures<F extends Finding> = (finding: F, experiment: ExperimentAnalysis) => readonly (Chart | null)[];

const comparisonCharts: Pictures<ComparisonFinding> = (finding, { name }) => [
  forestChart(name, finding),
  slopesChart(name, finding) ?? levelBarsChart(name, finding),
];

const wordsOnly = () => [];

const pictures: { readonly [K in Finding["kind"]]: Pictures<FindingOf<K>> } = {
  compare: comparisonCharts,
  equivalent: comparisonCharts,
  effect: (finding, { name }) => [levelBarsChart(name, finding)],
  interaction: (finding, { name }) => [interactionLinesChart(name, finding), heatMapChart(name, finding)],
  curve: (finding, { name, findings }) => [
    finding.impulseAt === null
      ? learningCurvesChart(name, finding)
      : impulseResponseChart(name, impulseFamilyOf(finding, findings)),
  ],
  relation: (finding, { name }) => [relationChart(name, finding)],
  profile: (finding, { name }) => [performanceProfileChart(name, finding)],
  gate: wordsOnly,
  custom: wordsOnly,
  unanswered: wordsOnly,
};

/** The charts of one finding; null where the data do not suffice for one. */
export function findingCharts(experiment: ExperimentAnalysis, finding: Finding): readonly (Chart | null)[] {
  // The table above pairs each kind with pictures for findings of that kind.
  return (pictures[finding.kind] as Pictures<Finding>)(finding, experiment);
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
