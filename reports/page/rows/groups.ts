// The groups of the table of all findings: one a declared analysis, repeats for the levels of `by` joined under one head. A kind that is
// missing here does not compile.
import type { ExperimentAnalysis, MetricSummary } from "../../analysis/analysis.ts";
import type { ComparisonFinding, Finding, FindingOf, ProfileFinding } from "../../analysis/finding.ts";
import { comparisonRows, comparisonScale } from "./comparison-rows.ts";
import { type FindingRow, type RowGroup, type RowPart, type RowScale, wordsRow } from "./finding-row.ts";
import {
  curveRows,
  customRows,
  gateRows,
  improvementRows,
  interactionParts,
  profileRows,
  regressionRows,
  relationRows,
  unansweredRows,
} from "./other-rows.ts";
import { stoppingGroup } from "./stopping-rows.ts";

/** One set of rows of a finding: most have one, a profile has two. */
interface Rows {
  readonly title: string;
  readonly parts: readonly RowPart[];
  readonly scale: RowScale;
  /** What the estimates are. */
  readonly about: string;
}

type RowsOf<F extends Finding> = (
  finding: F,
  metric: MetricSummary | null,
  experiment: ExperimentAnalysis,
) => readonly Rows[];

const described: RowScale = { reference: null, margin: null, isLog: false };
const aroundZero: RowScale = { reference: 0, margin: null, isLog: false };

const comparisons: RowsOf<ComparisonFinding> = (finding, metric, experiment) => [
  {
    title: wholeTitleOf(finding),
    parts: [{ head: finding.within, rows: comparisonRows(finding, { metric, experiment }) }],
    scale: comparisonScale(finding),
    about: finding.comparisons.length === 0 ? finding.estimand.levelName : finding.estimand.name,
  },
];

const profiles: RowsOf<ProfileFinding> = (finding) => [
  {
    title: finding.title,
    parts: [{ head: null, rows: profileRows(finding) }],
    scale: described,
    about: "interquartile mean",
  },
  ...(finding.improvement.length === 0
    ? []
    : [
        {
          title: `${finding.title}: probability of improvement`,
          parts: [{ head: null, rows: improvementRows(finding) }],
          scale: { reference: 0.5, margin: null, isLog: false },
          about: "probability that a run is better",
        },
      ]),
];

/** One set of rows under the finding's own title. */
function plain<F extends Finding>(
  rows: (finding: F) => readonly FindingRow[],
  { about, scale = described }: { readonly about: string; readonly scale?: RowScale },
): RowsOf<F> {
  return (finding) => [{ title: finding.title, parts: [{ head: null, rows: rows(finding) }], scale, about }];
}

const kinds: { readonly [K in Finding["kind"]]: RowsOf<FindingOf<K>> } = {
  compare: comparisons,
  equivalent: comparisons,
  effect: comparisons,
  interaction: (finding, metric) => [
    {
      title: finding.title,
      parts: interactionParts(finding, metric),
      scale: aroundZero,
      about: "differences of effects",
    },
  ],
  curve: plain(curveRows, { about: "described, not tested" }),
  relation: plain(relationRows, { about: "slope", scale: aroundZero }),
  regression: plain(regressionRows, { about: "slopes, the other factors held", scale: aroundZero }),
  profile: profiles,
  gate: plain(gateRows, { about: "gate" }),
  custom: plain(customRows, { about: "the author's own" }),
  chart: plain(({ title }) => [wordsRow(title, "see the figure")], { about: "the author's own" }),
  unanswered: plain(unansweredRows, { about: "" }),
};

/** The intervals of the stopping rule, where there is one; every finding in declared order; gates at the end. */
export function groupsOf(experiment: ExperimentAnalysis): readonly RowGroup[] {
  const groups = new Map<string, RowGroup>();
  for (const finding of ordered(experiment.findings)) {
    const metric = metricOf(finding, experiment);
    // The table above pairs each kind with rows for findings of that kind.
    const sets = (kinds[finding.kind] as RowsOf<Finding>)(finding, metric, experiment);
    for (const [i, { title, parts, scale, about }] of sets.entries()) {
      const isTested = parts.some(({ rows }) => rows.some(({ p }) => p !== null));
      const note = noteOf(finding, { about, metric, title, isTested });
      const key =
        finding.kind === "gate"
          ? "gate"
          : JSON.stringify([finding.kind, title, note, i, "baseline" in finding ? finding.baseline : null]);
      const before = groups.get(key);
      groups.set(
        key,
        before === undefined
          ? {
              anchor: finding.kind === "gate" ? "gates" : `finding-${finding.id}`,
              title: finding.kind === "gate" ? "Gates" : title,
              findings: [finding],
              note: finding.kind === "gate" ? "each with a range of its own, drawn under Gates" : note,
              scale,
              parts,
            }
          : { ...before, findings: [...before.findings, finding], parts: [...before.parts, ...parts] },
      );
    }
  }
  const { stopping } = experiment;
  return [...(stopping === null ? [] : [stoppingGroup(stopping)]), ...groups.values()];
}

function ordered(findings: readonly Finding[]): readonly Finding[] {
  const isGate = ({ kind }: Finding) => kind === "gate";
  return [...findings.filter((finding) => !isGate(finding)), ...findings.filter(isGate)];
}

function metricOf(finding: Finding, { metrics }: ExperimentAnalysis): MetricSummary | null {
  return "metric" in finding ? (metrics.find(({ name }) => name === finding.metric) ?? null) : null;
}

/** The title without the levels that are held fixed, which head the parts. */
function wholeTitleOf({ title, within }: ComparisonFinding): string {
  const suffix = within === null ? "" : `, ${within}`;
  return title.endsWith(suffix) ? title.slice(0, title.length - suffix.length) : title;
}

interface NoteInput {
  readonly about: string;
  readonly metric: MetricSummary | null;
  readonly title: string;
  /** Some row has a p value. */
  readonly isTested: boolean;
}

function noteOf(finding: Finding, { about, metric, title, isTested }: NoteInput): string {
  const better =
    metric?.direction === null || metric === null
      ? null
      : `${metric.direction === "maximize" ? "higher" : "lower"} is better`;
  const family = "family" in finding && isTested ? familyText(finding.family, title) : null;
  const own =
    finding.kind === "interaction" && finding.contrasts.length > 0
      ? "Bonferroni over the differences, shown only where the joint test is"
      : null;
  return [
    about,
    "estimand" in finding ? finding.estimand.unit : (metric?.unit ?? null),
    better,
    own,
    own !== null && family === uncorrected ? null : family,
  ]
    .filter((part) => part !== null && part !== "")
    .join(", ");
}

const uncorrected = "p not corrected";

/** The name of a family that is the analysis itself says nothing more. */
function familyText(family: string | null, title: string): string {
  if (family === null) return uncorrected;
  return family.replace(/ of the family "(.*)"$/, (all, name: string) =>
    name.toLowerCase().includes(title.toLowerCase()) ? "" : all,
  );
}
