// What a kind of analysis is to shared code, and what several kinds ask of the table. Shared code never asks which kind it holds:
// each kind says here how it answers, and what stands in the place of an answer.
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { CustomOutcome } from "../../../lib/experiment/custom-analysis.ts";
import type { RunResults, TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelText } from "../../design/arm.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { DesignError } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import { sizeOf, vast } from "../estimates/extent.ts";
import type { AnalysisTests, CorrectedTests, FamilyTest } from "../families.ts";
import type { Finding, UnansweredFinding } from "../finding.ts";
import { numberText } from "../words/number-text.ts";

/** What every analysis of an experiment may draw on. */
export interface KindInput {
  readonly table: TrialTable;
  readonly results: RunResults;
  readonly metrics: readonly MetricSummary[];
  readonly arms: readonly AttritionRow[];
  /** By name of the analysis. */
  readonly customs: Readonly<Record<string, CustomOutcome>>;
}

/** Why there is no answer, in words; `fault` when the reason is a fault of labwright's own. */
export interface Obstacle {
  readonly why: string;
  readonly fault: string | null;
}

/** What an analysis found while its p values are not corrected yet, and how that is written down once they are. */
export interface Answer<F extends Finding = Finding> {
  /** The tests that enter the analysis's family; empty for an answer that tests nothing. */
  readonly tests: readonly FamilyTest[];
  /** A method that judges all of these tests together; absent where there is none. */
  readonly joint?: AnalysisTests["joint"];
  /** The finding with its verdicts and sentences; `corrected` has one entry a test, in their order. */
  conclude(corrected: CorrectedTests): F;
}

export interface AnalysisKind<S extends AnalysisSpec> {
  /**
   * The answer: one, or one for each combination of the levels that `by` names.
   *
   * @throws DesignError or StatisticsRefusal when these results cannot answer it.
   */
  answer(spec: S, input: KindInput): readonly Answer[] | Promise<readonly Answer[]>;
  /** What stands in the place of an answer that cannot be given. */
  unanswered(spec: S, obstacle: Obstacle): Finding;
}

/** The parts of a kind that say nothing special. */
export const plainKind = { unanswered: unansweredFindingOf };

/** The answer of an analysis without a test. */
export function untested<F extends Finding>(finding: F): Answer<F> {
  return { tests: [], conclude: () => finding };
}

/** A finding that says why there is no answer. */
export function unansweredFindingOf(spec: AnalysisSpec, { why, fault }: Obstacle): UnansweredFinding {
  return {
    kind: "unanswered",
    id: findingIdOf(spec.name),
    title: spec.name,
    sentences: [`${spec.name}: not answered, because ${why.replace(/\.$/, "")}.`],
    reason: "",
    notes: [],
    isConfirmatory: !spec.exploratory,
    fault,
  };
}

/** The summary of a metric that has a mean. @throws DesignError naming the metrics when there is none. */
export function numericMetric(name: string, { metrics, table }: KindInput): MetricSummary {
  const metric = metrics.find((summary) => summary.name === name);
  if (metric === undefined)
    throw new DesignError(
      `${name} is not a metric of ${table.experiment.name}; its metrics are ${metrics.map((summary) => summary.name).join(", ")}.`,
    );
  if (metric.kind === "category")
    throw new DesignError(
      `${name} is a category, which has no mean; its counts by condition are in the table.`,
    );
  const size = sizeOf(metric);
  if (size > vast)
    throw new DesignError(
      `${name} holds values as large as ${numberText(size)}, whose squares a double cannot hold; record its logarithm, or divide it by its size.`,
    );
  return metric;
}

/** Every combination of the levels of the given factors; one empty combination for none. */
export function combinationsOf(
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

/** Levels in words: "noise = 1". */
export function levelWords(levels: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(levels).map(([name, level]) => `${name} = ${levelText(level)}`);
}

/** A sentence stands alone at the top of the page, so one about a part of the design names the part. */
export function saidWithin<F extends Finding>(where: Readonly<Record<string, unknown>>, finding: F): F {
  const within = levelWords(where);
  if (within.length === 0) return finding;
  return {
    ...finding,
    sentences: finding.sentences.map((sentence) => `Where ${within.join(", ")}: ${sentence}`),
  };
}

/** Lower-case letters, digits and dashes; findings.ts makes it unique and short. */
export function findingIdOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
