// The findings of an experiment: each declared analysis handed to the module that answers its kind, in declared order; then p
// values are corrected over the declared families, and only then the sentences are written.
import type { AnalysisSpec, GateSpec } from "../../lib/experiment/analysis-spec.ts";
import type { CustomResult } from "../../lib/experiment/custom-analysis.ts";
import type { RunResults, TrialTable } from "../../runtime/record/trial-table.ts";
import { levelText } from "../design/arm.ts";
import type { AttritionRow } from "../design/attrition.ts";
import { DesignError } from "../design/level-design.ts";
import type { MetricSummary } from "./analysis.ts";
import { type SpecifiedFinding, withAdjustedP } from "./families.ts";
import type { Finding, UnansweredFinding } from "./finding.ts";
import { type ComparisonSpec, compareFindingOf } from "./kinds/compare.ts";
import { curveFindingOf } from "./kinds/curve.ts";
import { customFindingOf } from "./kinds/custom.ts";
import { gateFindingOf } from "./kinds/gate.ts";
import { interactionFindingOf } from "./kinds/interaction.ts";
import { profileFindingOf } from "./kinds/profile.ts";
import { relationFindingOf } from "./kinds/relation.ts";
import { comparisonSentences } from "./words/comparison-sentences.ts";

export interface FindingsInput {
  readonly table: TrialTable;
  readonly results: RunResults;
  readonly metrics: readonly MetricSummary[];
  readonly arms: readonly AttritionRow[];
  readonly customs: Readonly<Record<string, CustomResult>>;
}

export async function findingsOf(input: FindingsInput): Promise<readonly Finding[]> {
  const found: SpecifiedFinding[] = [];
  for (const spec of input.table.experiment.analyses) {
    for (const finding of await answersTo(spec, input))
      found.push({ spec, finding: saidWithin(spec, finding) });
  }
  return withAdjustedP(found).map((finding) => comparisonSentences(finding, input.metrics));
}

async function answersTo(spec: AnalysisSpec, input: FindingsInput): Promise<readonly Finding[]> {
  try {
    return await answered(spec, input);
  } catch (error) {
    if (!(error instanceof DesignError)) throw error;
    // A gate that cannot be judged is not passed, so it must stay a gate.
    return [spec.kind === "expect" ? unjudged(spec, error.message) : unanswered(spec, error.message)];
  }
}

async function answered(spec: AnalysisSpec, input: FindingsInput): Promise<readonly Finding[]> {
  const { table, results } = input;
  const id = idOf(spec.name);
  switch (spec.kind) {
    case "compare":
    case "equivalent":
    case "effectOf":
      return combinationsOf(table, spec.by).map((fixed) => {
        const suffix = levelWords(fixed);
        const within = [...levelWords(spec.where), ...suffix].join(", ");
        return compareFindingOf({
          spec,
          table,
          metric: numericMetric(spec.metric, input),
          arms: input.arms,
          fixed,
          id: idOf([spec.name, ...suffix].join(" ")),
          title: within === "" ? titleOf(spec) : `${titleOf(spec)}, ${within}`,
          within: within === "" ? null : within,
        });
      });
    case "interaction":
      numericMetric(spec.metric, input);
      return [interactionFindingOf({ spec, table, id })];
    case "curve":
      return [await curveFindingOf({ spec, table, results, id })];
    case "relation":
      return [relationFindingOf({ spec, table, unit: numericMetric(spec.metric, input).unit, id })];
    case "profile":
      numericMetric(spec.metric, input);
      return [profileFindingOf({ spec, table, id })];
    case "expect":
      return [gateOf(spec, input, id)];
    case "custom": {
      const result = input.customs[spec.name];
      if (result === undefined)
        return [
          unanswered(
            spec,
            "its function was not run when this report was made, and no stored result was handed in",
          ),
        ];
      return [customFindingOf({ spec, result, id })];
    }
  }
}

/** Levels in words: "noise = 1". */
function levelWords(levels: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(levels).map(([name, level]) => `${name} = ${levelText(level)}`);
}

/** A sentence stands alone at the top of the page, so one about a part of the design names the part. */
function saidWithin(spec: AnalysisSpec, finding: Finding): Finding {
  switch (finding.kind) {
    case "interaction":
    case "relation":
    case "curve":
    case "profile": {
      const within = "where" in spec ? levelWords(spec.where) : [];
      if (within.length === 0) return finding;
      const sentences = finding.sentences.map((sentence) => `Where ${within.join(", ")}: ${sentence}`);
      return { ...finding, sentences };
    }
    default:
      return finding;
  }
}

function gateOf(spec: GateSpec, input: FindingsInput, id: string): Finding {
  const metric = numericMetric(spec.metric, input);
  const { claim } = spec;
  if (claim.kind !== "differ")
    return gateFindingOf({ spec, table: input.table, metric, id, comparison: null });
  const compared = compareFindingOf({
    spec: {
      ...spec,
      kind: "compare",
      across: claim.across,
      baseline: claim.baseline,
      tests: "estimation",
      alternative: "two-sided",
      block: null,
      cluster: null,
      unit: "replicate",
      by: [],
    },
    table: input.table,
    metric,
    arms: input.arms,
    fixed: {},
    id,
    title: spec.name,
    within: levelWords(spec.where).join(", ") || null,
  });
  const [adjusted] = withAdjustedP([{ spec, finding: compared }]);
  const comparison = adjusted?.kind === "compare" ? adjusted : compared;
  return gateFindingOf({ spec, table: input.table, metric, id, comparison });
}

function numericMetric(name: string, { metrics, table }: FindingsInput): MetricSummary {
  const metric = metrics.find((summary) => summary.name === name);
  if (metric === undefined)
    throw new DesignError(
      `${name} is not a metric of ${table.experiment.name}; its metrics are ${metrics.map((summary) => summary.name).join(", ")}.`,
    );
  if (metric.kind === "category")
    throw new DesignError(
      `${name} is a category, which has no mean; its counts by condition are in the table.`,
    );
  return metric;
}

/** Every combination of the levels of the given factors; one empty combination for none. */
function combinationsOf(
  table: TrialTable,
  by: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  return by.reduce<readonly Readonly<Record<string, unknown>>[]>(
    (combinations, name) => {
      const factor = table.experiment.factors.find((candidate) => candidate.name === name);
      if (factor === undefined) throw new DesignError(`${name} is not a factor of ${table.experiment.name}.`);
      return combinations.flatMap((fixed) => factor.levels.map((level) => ({ ...fixed, [name]: level })));
    },
    [{}],
  );
}

function titleOf(spec: ComparisonSpec): string {
  if (spec.kind === "effectOf") return `Effect of ${spec.factor} on ${spec.metric}`;
  return spec.kind === "equivalent"
    ? `Equivalence of ${spec.metric} across ${spec.across}`
    : `${spec.metric} across ${spec.across}`;
}

function unjudged(spec: GateSpec, why: string): Finding {
  return {
    ...unanswered(spec, why),
    kind: "gate",
    metric: spec.metric,
    expectation: spec.name,
    verdict: "undecided",
    estimate: null,
    interval: null,
    sentences: [`Gate undecided: ${spec.name}; ${why}`],
  };
}

function unanswered(spec: AnalysisSpec, why: string): UnansweredFinding {
  const sentence = `${spec.name}: not answered, because ${why.replace(/\.$/, "")}.`;
  return {
    kind: "unanswered",
    id: idOf(spec.name),
    title: spec.name,
    sentences: [sentence],
    reason: "",
    notes: [],
    isConfirmatory: !spec.exploratory,
  };
}

function idOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
