// How many replicates for which effect: a plan of the next run from an assumption or from a pilot's spread. The test is the one that the
// declared analysis will make, with its correction; an observed effect is never its input.

import type { Estimate } from "../../../lib/stats/estimate.ts";
import { pairedT, welch } from "../../../lib/stats/means/t-test.ts";
import { powerFromPilot } from "../../../lib/stats/power/power-simulation.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelDesignOf } from "../../design/level-design.ts";
import { type Assumption, mostOf, placedDifference, powerOf, sizeNames, sizeOf } from "./assumption.ts";
import { type PairSpread, pairSpreadsOf, type Spread } from "./pair-spread.ts";
import { rateOfPilot, shareOfPilot } from "./pilot-counts.ts";
import type { PlannedTest } from "./planned-test.ts";

export interface PlannedEffect {
  /** In the metric's units, or in standard deviations where no spread is known. */
  readonly difference: number;
  /** The same on the scale of `sizeName`. */
  readonly size: number;
  /** Smallest number of replicates a condition with the wanted power. */
  readonly replicates: number;
  readonly points: readonly { readonly n: number; readonly power: number }[];
}

export interface PilotPair extends PairSpread {
  /** Power of the wanted number of replicates for the first effect, by drawing from the pilot itself; null where it cannot be drawn. */
  readonly simulated: Estimate | null;
  readonly replicates: number;
}

export interface SamplePlan {
  readonly experiment: string;
  readonly metric: string;
  readonly power: number;
  readonly test: PlannedTest;
  readonly assumption: Assumption;
  /** Where the assumption comes from, in words. */
  readonly source: string;
  /** What `size` of an effect is: "in sd", "Cohen's h", "ratio". */
  readonly sizeName: string;
  readonly effects: readonly PlannedEffect[];
  /**
   * Replicates that the experiment declares, and the difference that they would find with the wanted power (of an equivalence test the margin
   * that they would show, where levels are alike); null where none is known.
   */
  readonly declared: { readonly replicates: number; readonly detectable: number } | null;
  /** Pairs of levels of a pilot, each with its own spread; the plan rests on the widest. */
  readonly pairs: readonly PilotPair[];
  readonly notes: readonly string[];
}

export interface SamplePlanOptions {
  readonly experiment: string;
  readonly metric: string;
  readonly test: PlannedTest;
  readonly assumption: Assumption;
  readonly source: string;
  /** True differences in the units of the assumption; a ladder of them when empty. */
  readonly differences: readonly number[];
  readonly power: number;
  readonly declared: number | null;
}

const replicatesMax = 1e7;

/** A plan from an assumption that is given. */
export function samplePlanOf(options: SamplePlanOptions): SamplePlan {
  const { experiment, metric, test, assumption, source, power, declared } = options;
  const asked = options.differences.length > 0 ? options.differences : ladderOf(assumption, test);
  const differences = asked.map((difference) => placedDifference(assumption, difference));
  const detectable =
    declared === null || declared < 2 ? null : detectableWith(assumption, test, declared, power);
  return {
    experiment,
    metric,
    power,
    test,
    assumption,
    source,
    sizeName: sizeNames[assumption.measure],
    effects: differences.map((difference) => {
      const replicates = replicatesFor(assumption, test, difference, power);
      return {
        difference,
        size: sizeOf(assumption, difference),
        replicates,
        points: curveOf(assumption, test, difference, replicates),
      };
    }),
    declared: detectable === null ? null : { replicates: declared!, detectable },
    pairs: [],
    notes: [],
  };
}

/** What a plan is asked for where no difference is given; of an equivalence test levels that are alike. */
function ladderOf(assumption: Assumption, test: PlannedTest): readonly number[] {
  if (test.margin !== null) return [0];
  switch (assumption.measure) {
    case "mean": {
      const sd = Math.sqrt((assumption.sds[0] ** 2 + assumption.sds[1] ** 2) / 2);
      return [0.2, 0.3, 0.5, 0.8, 1.2].map((d) => d * sd);
    }
    case "share":
      return [0.05, 0.1, 0.2, 0.3, 0.5].filter((difference) => difference <= mostOf(assumption)!);
    case "rate":
      return [0.25, 0.5, 1, 2].map((more) => more * assumption.from);
  }
}

/** A plan from a pilot: the spread of each pair of levels of a factor, and simulation from the pilot's own values beside the formula. */
export function samplePlanFromPilot(
  table: TrialTable,
  options: Omit<SamplePlanOptions, "experiment" | "assumption" | "source"> & {
    readonly factor: string;
    readonly baseline: string | null;
  },
): SamplePlan {
  const { metric, factor, power, test } = options;
  const design = levelDesignOf(table, { metric, factor });
  const spec = table.experiment.metrics[metric];
  const experiment = table.experiment.name;
  if (spec?.type === "boolean" || spec?.count !== undefined) {
    const found = (spec.type === "boolean" ? shareOfPilot : rateOfPilot)(design, options.baseline);
    const plan = samplePlanOf({ ...options, experiment, assumption: found.assumption, source: found.source });
    return { ...plan, notes: [...found.notes, ...design.notes] };
  }
  const pairs = pairSpreadsOf(design, options.baseline);
  const widest = pairs.reduce<PairSpread | null>(
    (most, pair) => (most === null || varianceOf(pair.spread) > varianceOf(most.spread) ? pair : most),
    null,
  );
  if (widest === null)
    throw new RangeError(
      `the pilot has no two levels of ${factor} with at least two different values of ${metric} each`,
    );
  const plan = samplePlanOf({
    ...options,
    experiment,
    assumption: { measure: "mean", ...widest.spread },
    source: `the pilot's pair ${widest.label}, the one of ${pairs.length} with the widest spread (n = ${widest.n})`,
  });
  const [first] = plan.effects;
  return {
    ...plan,
    pairs: pairs.map((pair): PilotPair => {
      const replicates = replicatesFor({ measure: "mean", ...pair.spread }, test, first!.difference, power);
      const simulated = test.margin === null ? simulatedOf(pair, test, first!.difference, replicates) : null;
      return { ...pair, replicates, simulated };
    }),
    notes: [
      `A pilot's own error is in no number here: with n = ${widest.n} a standard deviation may be off by ${Math.round(100 / Math.sqrt(2 * (widest.n - 1)))}% or more.`,
      ...design.notes,
    ],
  };
}

/** The smallest number of replicates, at least 2, from which on the power is the wanted one. Throws RangeError beyond ten million. */
export function replicatesFor(
  assumption: Assumption,
  test: PlannedTest,
  difference: number,
  power: number,
): number {
  const reaches = (n: number): boolean => powerOf(assumption, test, difference, n) >= power;
  if (test.margin !== null && Math.abs(difference) >= test.margin)
    throw new RangeError(`levels that differ by ${difference} are not equivalent within ${test.margin}`);
  let low = 1;
  let high = 2;
  while (!reaches(high)) {
    low = high;
    high *= 2;
    if (high > replicatesMax)
      throw new RangeError(`a difference of ${difference} needs more than ${replicatesMax} replicates`);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  if (assumption.measure === "mean") return high;
  // Power of counts rises in steps and falls a little between them.
  for (let next = high + 1; next <= high + teeth; next += 1) if (!reaches(next)) high = next + 1;
  return high;
}

/** Numbers of replicates over which power may fall before it rises again. */
const teeth = 4;

/** Null where even the largest difference is not found so often. */
function detectableWith(assumption: Assumption, test: PlannedTest, n: number, power: number): number | null {
  const reaches = (size: number): boolean =>
    test.margin === null
      ? powerOf(assumption, test, placedDifference(assumption, size), n) >= power
      : powerOf(assumption, { ...test, margin: size }, 0, n) >= power;
  const most = test.margin === null ? mostOf(assumption) : null;
  let low = 0;
  let high = most ?? 1e-3;
  if (most !== null && !reaches(most)) return null;
  while (!reaches(high)) {
    high *= 2;
    if (high > 1e300) return null;
  }
  // Sixty halvings leave less than a rounding error.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Points from 2 replicates to twice the number needed, at even ratios. */
function curveOf(
  assumption: Assumption,
  test: PlannedTest,
  difference: number,
  replicates: number,
): PlannedEffect["points"] {
  const last = Math.max(10, 2 * replicates);
  const sizes = Array.from({ length: 25 }, (_, i) => Math.round(2 * (last / 2) ** (i / 24)));
  return [...new Set(sizes)].map((n) => ({ n, power: powerOf(assumption, test, difference, n) }));
}

function simulatedOf(
  pair: PairSpread,
  { alpha, isOneSided }: PlannedTest,
  difference: number,
  replicates: number,
): Estimate | null {
  const isPaired = pair.spread.design === "paired";
  const alternative = isOneSided ? "greater" : "two-sided";
  const simulated = orRefusal(() =>
    powerFromPilot({
      x: pair.values[0],
      y: pair.values[1],
      n: replicates * pair.spread.strata,
      paired: isPaired,
      effect: difference,
      test: (samples) => (isPaired ? pairedT : welch)({ ...samples, alternative }).p,
      alpha,
      experiments: 2000,
      seed: 1,
    }),
  );
  return isRefused(simulated) ? null : simulated;
}

function varianceOf({ sds, strata }: Spread): number {
  return (sds[0] ** 2 + sds[1] ** 2) / strata;
}
