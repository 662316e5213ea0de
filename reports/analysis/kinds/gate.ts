// The kind `expect`: does the evidence support the claim? A claim passes when the whole interval lies where it says, fails
// when the whole interval lies elsewhere, and is undecided in between, which a check treats as not passed.
import type { GateSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../../design/arm.ts";
import type { MetricSummary } from "../analysis.ts";
import { correctedTests } from "../families.ts";
import type { ComparisonFinding, GateFinding } from "../finding.ts";
import type { Interval } from "../interval.ts";
import { intervalText, numberText, pText } from "../words/number-text.ts";
import { comparisonOf } from "./compare.ts";
import {
  type AnalysisKind,
  findingIdOf,
  type KindInput,
  levelWords,
  numericMetric,
  plainKind,
  unansweredFindingOf,
  untested,
} from "./kind.ts";

type Verdict = GateFinding["verdict"];

export const gateKind: AnalysisKind<GateSpec> = {
  ...plainKind,
  answer: (spec, input) => [untested(gateFindingOf(gateInputOf(spec, input)))],
  // A gate that cannot be judged is not passed, so it must stay a gate.
  unanswered(spec, obstacle): GateFinding {
    return {
      ...unansweredFindingOf(spec, obstacle),
      kind: "gate",
      metric: spec.metric,
      expectation: spec.name,
      verdict: "undecided",
      estimate: null,
      interval: null,
      sentences: [`Gate undecided: ${spec.name}; ${obstacle.why}`],
    };
  },
};

interface GateInput {
  readonly spec: GateSpec;
  readonly table: TrialTable;
  readonly metric: MetricSummary;
  readonly id: string;
  /** The comparison behind a claim that levels differ; null for the other claims. */
  readonly comparison: ComparisonFinding | null;
}

function gateInputOf(spec: GateSpec, input: KindInput): GateInput {
  const metric = numericMetric(spec.metric, input);
  const { claim } = spec;
  const { table, arms } = input;
  const id = findingIdOf(spec.name);
  if (claim.kind !== "differ") return { spec, table, metric, id, comparison: null };
  const compared = comparisonOf({
    spec: {
      ...spec,
      kind: "compare",
      across: claim.across,
      baseline: claim.baseline,
      tests: "estimation",
      alternative: "two-sided",
      block: null,
      cluster: null,
      by: [],
    },
    table,
    metric,
    arms,
    fixed: {},
    id,
    title: spec.name,
    within: levelWords(spec.where).join(", ") || null,
  });
  const [corrected] = correctedTests([{ spec, tests: compared.tests }]);
  return { spec, table, metric, id, comparison: compared.conclude(corrected!) };
}

function gateFindingOf(input: GateInput): GateFinding {
  const { spec, metric, id, comparison } = input;
  const expectation = expectationOf(spec);
  const checks = comparison === null ? conditionChecks(input) : differenceChecks(comparison, spec.confidence);
  const verdict = overallOf(checks.map((check) => check.verdict));
  const worst = checks.find((check) => check.verdict === verdict);
  const sentence = `Gate ${verdict}: ${expectation}${worst === undefined ? "; there is no value to judge it by" : `; ${worst.words}`}${verdict !== "passed" && checks.length > 1 ? ` (${checks.filter((check) => check.verdict === "passed").length} of ${checks.length} pass)` : ""}.`;
  return {
    kind: "gate",
    id,
    title: spec.name,
    metric: metric.name,
    expectation,
    verdict,
    estimate: worst?.estimate ?? null,
    interval: worst?.interval ?? null,
    sentences: [sentence],
    reason: `A gate passes when the whole ${Math.round(100 * spec.confidence)}% interval supports the claim${comparison === null ? ", in every condition on its own" : ""}.`,
    notes: [],
    isConfirmatory: !spec.exploratory,
    fault: null,
  };
}

interface Check {
  readonly verdict: Verdict;
  readonly words: string;
  readonly estimate: number | null;
  readonly interval: Interval | null;
}

function conditionChecks({ spec, table, metric }: GateInput): readonly Check[] {
  const wanted = Object.entries(spec.where).map(([name, level]) => [name, levelText(level)] as const);
  return metric.cells
    .map((cell) => ({ cell, at: coordinatesOf(table, cell.condition!) }))
    .filter(({ at }) => wanted.every(([name, level]) => at[name] === level))
    .map(({ cell, at }): Check => {
      const where =
        Object.entries(at)
          .map(([name, level]) => `${name} = ${level}`)
          .join(", ") || "the only condition";
      // Equal values have no interval, but a constant is still a value to judge.
      const isConstant = cell.n > 1 && cell.min !== null && cell.min === cell.max;
      const low = cell.interval?.low ?? (isConstant ? cell.min : null);
      const high = cell.interval?.high ?? (isConstant ? cell.max : null);
      const words =
        low === null || high === null || cell.mean === null
          ? `${where}: ${cell.note ?? "no interval"}`
          : `${where}: mean ${numberText(cell.mean)} ${intervalText({ low, high })}, n = ${cell.n}`;
      return {
        verdict: low === null || high === null ? "undecided" : claimOn(spec, low, high),
        words,
        estimate: cell.mean,
        interval: cell.interval,
      };
    });
}

function claimOn({ claim }: GateSpec, low: number, high: number): Verdict {
  switch (claim.kind) {
    case "above":
      return low > claim.bound ? "passed" : high <= claim.bound ? "failed" : "undecided";
    case "below":
      return high < claim.bound ? "passed" : low >= claim.bound ? "failed" : "undecided";
    case "within":
      return low >= claim.low && high <= claim.high
        ? "passed"
        : high < claim.low || low > claim.high
          ? "failed"
          : "undecided";
    case "differ":
      throw new Error("A claim that levels differ is judged by its comparison.");
  }
}

/** "Differ" can be supported or left open; a failure to differ is never proven by a test of difference. */
function differenceChecks(finding: ComparisonFinding, confidence: number): readonly Check[] {
  return finding.comparisons.map((comparison) => {
    const p = comparison.pAdjusted ?? comparison.test?.p ?? null;
    return {
      verdict: p !== null && p < 1 - confidence ? ("passed" as const) : ("undecided" as const),
      words: `${comparison.label}: ${p === null ? (comparison.note ?? "not tested") : pText(p)}`,
      estimate: comparison.difference,
      interval: comparison.interval,
    };
  });
}

function overallOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return "undecided";
  if (verdicts.includes("failed")) return "failed";
  return verdicts.includes("undecided") ? "undecided" : "passed";
}

function expectationOf({ metric, claim }: GateSpec): string {
  switch (claim.kind) {
    case "above":
      return `${metric} above ${numberText(claim.bound)}`;
    case "below":
      return `${metric} below ${numberText(claim.bound)}`;
    case "within":
      return `${metric} within ${numberText(claim.low)} and ${numberText(claim.high)}`;
    case "differ":
      return `${metric} differs across ${claim.across}`;
  }
}
