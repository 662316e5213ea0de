// How many replicates for which effect: a plan of the next run from an assumed spread or from a pilot's. The test is the one that the
// analysis will use (paired t over replicates under common random numbers, Welch's t else); an observed effect is never its input.

import type { Estimate } from "../../../lib/stats/estimate.ts";
import { powerFromPilot } from "../../../lib/stats/power-simulation.ts";
import { powerT, powerWelch } from "../../../lib/stats/power-t.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelDesignOf } from "../../design/level-design.ts";
import { type PairSpread, pairSpreadsOf, type Spread } from "./pair-spread.ts";

export interface PlannedEffect {
  /** In the metric's units, or in standard deviations where no spread is known. */
  readonly difference: number;
  /** The same in standard deviations (of the differences when paired). */
  readonly d: number;
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
  readonly alpha: number;
  readonly spread: Spread;
  /** Where the spread comes from, in words. */
  readonly source: string;
  readonly effects: readonly PlannedEffect[];
  /** Replicates that the experiment declares, and the difference that they would find with the wanted power; null where none is known. */
  readonly declared: { readonly replicates: number; readonly detectable: number } | null;
  /** Pairs of levels of a pilot, each with its own spread; the plan rests on the widest. */
  readonly pairs: readonly PilotPair[];
  readonly notes: readonly string[];
}

export interface SamplePlanOptions {
  readonly experiment: string;
  readonly metric: string;
  readonly spread: Spread;
  readonly source: string;
  /** Differences in the units of the spread; multiples of the standard deviation when empty. */
  readonly differences: readonly number[];
  readonly power: number;
  readonly declared: number | null;
}

export const alpha = 0.05;
const ladder = [0.2, 0.3, 0.5, 0.8, 1.2];
const replicatesMax = 1e7;

/** A plan from a spread that is given. */
export function samplePlanOf(options: SamplePlanOptions): SamplePlan {
  const { experiment, metric, spread, source, power, declared } = options;
  const sd = Math.sqrt((spread.sds[0] ** 2 + spread.sds[1] ** 2) / 2);
  const differences = options.differences.length > 0 ? options.differences : ladder.map((d) => d * sd);
  return {
    experiment,
    metric,
    power,
    alpha,
    spread,
    source,
    effects: differences.map((difference) => {
      const replicates = replicatesFor(spread, difference, power);
      return { difference, d: difference / sd, replicates, points: curveOf(spread, difference, replicates) };
    }),
    declared:
      declared === null || declared < 2
        ? null
        : { replicates: declared, detectable: detectableWith(spread, declared, power) },
    pairs: [],
    notes: [],
  };
}

/** A plan from a pilot: the spread of each pair of levels of a factor, and simulation from the pilot's own values beside the formula. */
export function samplePlanFromPilot(
  table: TrialTable,
  options: Omit<SamplePlanOptions, "experiment" | "spread" | "source"> & {
    readonly factor: string;
    readonly baseline: string | null;
  },
): SamplePlan {
  const { metric, factor, power } = options;
  const design = levelDesignOf(table, { metric, factor });
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
    experiment: table.experiment.name,
    spread: widest.spread,
    source: `the pilot's pair ${widest.label}, the one of ${pairs.length} with the widest spread (n = ${widest.n})`,
  });
  const [first] = plan.effects;
  return {
    ...plan,
    pairs: pairs.map((pair): PilotPair => {
      const replicates = replicatesFor(pair.spread, first!.difference, power);
      return { ...pair, replicates, simulated: simulatedOf(pair, first!.difference, replicates) };
    }),
    notes: [
      `A pilot's own error is in no number here: with n = ${widest.n} a standard deviation may be off by ${Math.round(100 / Math.sqrt(2 * (widest.n - 1)))}% or more.`,
      ...design.notes,
    ],
  };
}

/** Power of n replicates for a difference. */
export function powerOf({ design, sds, strata }: Spread, difference: number, n: number): number {
  const effect = Math.abs(difference);
  return design === "paired"
    ? powerT({ design: "paired", d: effect / sds[0], n, alpha })
    : powerWelch({ effect, sd1: sds[0], sd2: sds[1], n: n * strata, alpha });
}

/** The smallest whole number of replicates, at least 2, with the wanted power. Throws RangeError beyond ten million. */
export function replicatesFor(spread: Spread, difference: number, power: number): number {
  let low = 1;
  let high = 2;
  while (powerOf(spread, difference, high) < power) {
    low = high;
    high *= 2;
    if (high > replicatesMax)
      throw new RangeError(`a difference of ${difference} needs more than ${replicatesMax} replicates`);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(spread, difference, middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

function detectableWith(spread: Spread, n: number, power: number): number {
  let low = 0;
  let high = Math.max(...spread.sds);
  while (powerOf(spread, high, n) < power) high *= 2;
  // Sixty halvings leave less than a rounding error.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (powerOf(spread, middle, n) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** Points from 2 replicates to twice the number needed, at even ratios. */
function curveOf(spread: Spread, difference: number, replicates: number): PlannedEffect["points"] {
  const last = Math.max(10, 2 * replicates);
  const sizes = Array.from({ length: 25 }, (_, i) => Math.round(2 * (last / 2) ** (i / 24)));
  return [...new Set(sizes)].map((n) => ({ n, power: powerOf(spread, difference, n) }));
}

function simulatedOf(pair: PairSpread, difference: number, replicates: number): Estimate | null {
  const simulated = orRefusal(() =>
    powerFromPilot({
      x: pair.values[0],
      y: pair.values[1],
      n: replicates * pair.spread.strata,
      paired: pair.spread.design === "paired",
      effect: difference,
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
