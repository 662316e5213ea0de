// The kind `expect`: does the evidence support the claim? A claim passes when the whole interval lies where it says, fails
// when the whole interval lies elsewhere, and is undecided in between, which a check treats as not passed.
import type { GateSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { StoppingOutcome } from "../../../runtime/record/stopping-outcome.ts";
import type { ComparisonFinding, GateFinding } from "../finding.ts";
import { shareText } from "../stopping.ts";
import { intervalText, numberText, pText } from "../words/number-text.ts";
import { comparisonOf } from "./compare.ts";
import { conditionChecksOf, type GateCheckInput } from "./gate-check.ts";
import {
  type AnalysisKind,
  type Answer,
  findingIdOf,
  type KindInput,
  levelWords,
  numericMetric,
  plainKind,
  unansweredFindingOf,
  untested,
} from "./kind.ts";

type Verdict = GateFinding["verdict"];
type Check = GateFinding["checks"][number];

/** Conditions or comparisons that a gate's sentence names, at most; the others are counted. */
const namedMax = 12;

export const gateKind: AnalysisKind<GateSpec> = {
  ...plainKind,
  answer: (spec, input) => [gateAnswerOf(spec, input)],
  // A gate that cannot be judged is not passed, so it must stay a gate.
  unanswered(spec, obstacle): GateFinding {
    return {
      ...unansweredFindingOf(spec, obstacle),
      kind: "gate",
      metric: spec.metric,
      expectation: spec.name,
      claim: spec.claim,
      verdict: "undecided",
      estimate: null,
      interval: null,
      checks: [],
      sentences: [`Gate undecided: ${spec.name}; ${obstacle.why}`],
    };
  },
};

function gateAnswerOf(spec: GateSpec, input: KindInput): Answer<GateFinding> {
  const metric = numericMetric(spec.metric, input);
  const { claim } = spec;
  if (claim.kind !== "differ")
    return untested(
      gateFindingOf(spec, conditionChecks({ spec: { ...spec, claim }, table: input.table, metric })),
    );
  const { conclude, ...asked } = comparisonBehind({ ...spec, claim }, input);
  return {
    ...asked,
    conclude: (corrected) => {
      const finding = conclude(corrected);
      const { stopping } = input.table.experiment;
      return gateFindingOf(
        spec,
        stopping === undefined
          ? differenceChecks(spec, finding)
          : stoppedDifferenceChecks({ ...spec, claim }, finding, stopping),
      );
    },
  };
}

function gateFindingOf(spec: GateSpec, judged: Pick<GateFinding, "checks" | "reason">): GateFinding {
  const { checks, reason } = judged;
  const verdict = overallOf(checks.map((check) => check.verdict));
  const worst = checks.find((check) => check.verdict === verdict);
  return {
    kind: "gate",
    id: findingIdOf(spec.name),
    title: spec.name,
    metric: spec.metric,
    expectation: expectationOf(spec),
    claim: spec.claim,
    verdict,
    estimate: worst?.estimate ?? null,
    interval: worst?.interval ?? null,
    checks,
    sentences: [sentenceOf(spec, verdict, checks)],
    reason,
    notes: [],
    isConfirmatory: !spec.exploratory,
    fault: null,
  };
}

/** A gate over levels names every comparison; one over conditions the one that its verdict rests on, and those beside it. */
function sentenceOf(spec: GateSpec, verdict: Verdict, checks: readonly Check[]): string {
  const start = `Gate ${verdict}: ${expectationOf(spec)}`;
  if (checks.length === 0) return `${start}; there is no value to judge it by.`;
  const decisive = checks.filter((check) => check.verdict === verdict);
  const named = (
    spec.claim.kind === "differ"
      ? [...decisive, ...checks.filter((check) => check.verdict !== verdict)]
      : decisive
  ).slice(0, spec.claim.kind === "differ" ? namedMax : 1);
  const passed = checks.filter((check) => check.verdict === "passed").length;
  const left = checks.length - named.length;
  const others =
    left === 0 ? "" : verdict === "passed" ? ` (and ${left} more)` : ` (${passed} of ${checks.length} pass)`;
  return `${start}; ${named.map(({ words }) => words).join("; ")}${others}.`;
}

function conditionChecks(input: GateCheckInput): Pick<GateFinding, "checks" | "reason"> {
  const { checks, methods } = conditionChecksOf(input);
  const share = shareText(input.spec.confidence);
  return {
    checks,
    reason: `A gate passes when the whole ${share} interval supports the claim, in every condition on its own; each end of it errs in at most ${shareText((1 - input.spec.confidence) / 2)} of experiments, a trial without a value counting as the worst that it can have been.${methods.length === 0 ? "" : ` The interval: ${methods.join("; ")}.`}`,
  };
}

function comparisonBehind(
  spec: GateSpec & { readonly claim: Extract<GateSpec["claim"], { readonly kind: "differ" }> },
  input: KindInput,
): Answer<ComparisonFinding> {
  const { claim } = spec;
  const { table, arms } = input;
  return comparisonOf({
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
    metric: numericMetric(spec.metric, input),
    arms,
    fixed: {},
    id: findingIdOf(spec.name),
    title: spec.name,
    within: levelWords(spec.where).join(", ") || null,
    withAlternatives: false,
  });
}

/** "Differ" can be supported or left open; a failure to differ is never proven by a test of difference. */
function differenceChecks(
  spec: GateSpec,
  finding: ComparisonFinding,
): Pick<GateFinding, "checks" | "reason"> {
  const checks = finding.comparisons.map((comparison): Check => {
    const p = comparison.pAdjusted ?? comparison.test?.p ?? null;
    return {
      label: comparison.label,
      verdict: p !== null && p < 1 - spec.confidence ? "passed" : "undecided",
      words: `${comparison.label}: ${p === null ? (comparison.note ?? "not tested") : pText(p)}`,
      estimate: comparison.difference,
      interval: comparison.adjustedInterval ?? comparison.interval,
    };
  });
  const corrected = finding.family === null ? "" : ` (corrected: ${finding.family})`;
  return {
    checks,
    reason:
      `A gate passes when the p value of every comparison${corrected} lies below ${numberText(Number((1 - spec.confidence).toPrecision(6)))}. ${finding.reason}`.trim(),
  };
}

/** A p value takes the number of replicates as fixed, so at a stop only the rule's own intervals can support a difference. */
function stoppedDifferenceChecks(
  spec: GateSpec & { readonly claim: Extract<GateSpec["claim"], { readonly kind: "differ" }> },
  finding: ComparisonFinding,
  { rule, intervals, level, method }: StoppingOutcome,
): Pick<GateFinding, "checks" | "reason"> {
  const { goal } = rule;
  const isWatched =
    goal.kind === "decided-between" &&
    goal.across === spec.claim.across &&
    rule.metric === spec.metric &&
    Object.keys(spec.where).length === 0 &&
    spec.confidence <= rule.confidence;
  const checks = finding.comparisons.map(({ label, level: first, baseline }): Check => {
    const named = (x: string, y: string) => `${spec.claim.across}: ${x} rather than ${y}`;
    const watched = isWatched
      ? intervals.find((one) => one.label === named(first, baseline) || one.label === named(baseline, first))
      : undefined;
    if (watched === undefined || watched.low === null || watched.high === null || watched.mean === null)
      return {
        label,
        verdict: "undecided",
        words: `${label}: the data decided how many replicates there are, and the stopping rule has no interval of it`,
        estimate: null,
        interval: null,
      };
    const { low, high, mean } = watched;
    return {
      label,
      verdict: low <= high && (low > 0 || high < 0) ? "passed" : "undecided",
      words: `${watched.label}: ${numberText(mean)} ${intervalText({ low, high })}`,
      estimate: mean,
      interval: low <= mean && mean <= high ? { low, high, level, method } : null,
    };
  });
  return {
    checks,
    reason: `The data decided how many replicates there are, so the gate passes when every interval of the stopping rule (${method}, together ${shareText(rule.confidence)}) leaves out 0.`,
  };
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
