// Which charts illustrate a finding, by its kind. A kind that is missing here does not compile.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type {
  ComparisonFinding,
  CurveFinding,
  Finding,
  FindingOf,
  InteractionFinding,
} from "../analysis/finding.ts";
import { colourFactorOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { authorChart } from "./author-chart.ts";
import { cellPanelsChart } from "./cell-panels.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { forestChart } from "./forest.ts";
import { impulseResponseChart } from "./impulse-response.ts";
import { learningCurvesChart } from "./learning-curves.ts";
import { levelRowsChart } from "./level-rows.ts";
import { matrixChart } from "./matrix.ts";
import { partialPlotsChart } from "./partial-plots.ts";
import { performanceProfileChart } from "./performance-profile.ts";
import { pointsChart } from "./points.ts";
import { relationChart } from "./relation-line.ts";
import { slopesChart } from "./slopes.ts";
import { survivalChart } from "./survival.ts";

type Pictures<F extends Finding> = (finding: F, experiment: ExperimentAnalysis) => readonly (Chart | null)[];

const comparisonCharts: Pictures<ComparisonFinding> = (finding, experiment) => [
  survivalChart(experiment.name, finding),
  conditionsChart(finding, experiment),
  forestChart(experiment, finding),
  slopesChart(experiment.name, finding),
  levelRowsChart(experiment, finding),
];

const wordsOnly = () => [];

const pictures: { readonly [K in Finding["kind"]]: Pictures<FindingOf<K>> } = {
  compare: comparisonCharts,
  equivalent: comparisonCharts,
  effect: (finding, experiment) => [
    survivalChart(experiment.name, finding),
    conditionsChart(finding, experiment),
    levelRowsChart(experiment, finding),
  ],
  interaction: interactionCharts,
  curve: (finding, experiment) => [
    finding.impulseAt === null
      ? learningCurvesChart(experiment, finding)
      : impulseResponseChart(experiment.name, impulseFamilyOf(finding, experiment.findings)),
  ],
  relation: (finding, { name }) => [relationChart(name, finding)],
  regression: (finding, { name }) => [partialPlotsChart(name, finding)],
  profile: (finding, { name }) => [performanceProfileChart(name, finding)],
  gate: wordsOnly,
  custom: wordsOnly,
  chart: (finding, { name }) => [authorChart(name, finding)],
  unanswered: wordsOnly,
};

/** The charts of one finding, the one that shows most first; null where the data do not suffice for one. */
export function findingCharts(experiment: ExperimentAnalysis, finding: Finding): readonly (Chart | null)[] {
  // The table above pairs each kind with pictures for findings of that kind.
  return (pictures[finding.kind] as Pictures<Finding>)(finding, experiment);
}

/** Every condition, in panels or, where the factor is the only one, in rows. */
function conditionsChart(finding: ComparisonFinding, experiment: ExperimentAnalysis): Chart | null {
  const metric = experiment.metrics.find(({ name }) => name === finding.metric);
  if (metric === undefined || pictureFactorsOf(experiment).length > 1)
    return cellsChart(finding, experiment, finding.factor);
  return pointsChart(experiment, metric);
}

/** Every condition that the finding draws on, the factor in sight. */
function cellsChart(
  finding: ComparisonFinding | InteractionFinding,
  experiment: ExperimentAnalysis,
  focus: string,
): Chart | null {
  const metric = experiment.metrics.find(({ name }) => name === finding.metric);
  return metric === undefined
    ? null
    : cellPanelsChart(experiment, metric, { id: `${finding.id} panels`, focus });
}

function interactionCharts(
  finding: InteractionFinding,
  experiment: ExperimentAnalysis,
): readonly (Chart | null)[] {
  const colour = colourFactorOf(experiment)?.name;
  const focus = finding.factors.find((name) => name !== colour)!;
  return [cellsChart(finding, experiment, focus) ?? interactionMatrix(finding, experiment)];
}

function interactionMatrix(finding: InteractionFinding, { name, design }: ExperimentAnalysis): Chart | null {
  const sideOf = (side: "first" | "second", factors: readonly string[]) => ({
    name: factors.join(", "),
    levels: [...new Set(finding.cells.map((cell) => cell[side]))],
    isNumeric: design.factors.find((one) => one.name === factors.join(", "))?.isNumeric ?? false,
  });
  const rows = sideOf("first", finding.factors.slice(0, -1));
  const columns = sideOf("second", finding.factors.slice(-1));
  return matrixChart({
    id: chartIdOf(name, finding.id, "matrix"),
    title: `${finding.metric} by ${rows.name} and ${columns.name}`,
    caption: `Each cell is the mean of ${finding.metric} over its measured trials, averaged over the other factors with equal weights; intervals are in the tables.`,
    rows,
    columns,
    cells: finding.cells.flatMap(({ first, second, mean }) =>
      mean === null
        ? []
        : [{ row: rows.levels.indexOf(first), column: columns.levels.indexOf(second), value: mean }],
    ),
    isShare: false,
  });
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
