// Power by simulation from a pilot: samples of the planned size are drawn from the pilot's own values, the planned test is
// run on each, and rejections are counted (Colas, Sigaud & Oudeyer 2019). Non-normal pilots keep their shape.

import { betaQuantile } from "../distribution/beta.ts";
import type { Estimate } from "../estimate.ts";
import { pairedT, welch } from "../means/t-test.ts";
import { assertCount, assertOpenUnit, assertSample, isRefused, orRefusal, refuse } from "../refusal.ts";
import { resamplingRandom } from "../resampling/resampling-random.ts";

/** Options of powerFromPilot. */
export interface PilotPowerOptions {
  /** The pilot's samples; for pairs, of one length and in the same order. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Planned n per group, or planned pairs. */
  readonly n: number;
  readonly paired?: boolean;
  /** p value of the planned test; default Welch's t, or the paired t. A refusal counts as no rejection. */
  readonly test?: (samples: { x: number[]; y: number[] }) => number;
  /** Replaces the pilot's difference of means by this one (y is moved), to ask about another effect. */
  readonly effect?: number;
  readonly alpha?: number;
  /** Default 1,000 simulated experiments. */
  readonly experiments?: number;
  readonly seed?: number;
}

/**
 * Simulated power with its exact (Clopper-Pearson) 95% interval for the number of simulations.
 * A small pilot's own error is not in that interval: with n = 5 the true power may be far off.
 */
export function powerFromPilot(options: PilotPowerOptions): Estimate {
  const { x, y, n, paired = false, alpha = 0.05, experiments = 1000, seed = 1 } = options;
  assertSample(x, { name: "pilot sample x", least: 2 });
  assertSample(y, { name: "pilot sample y", least: 2 });
  assertCount(n, { name: "n", least: 2 });
  assertCount(experiments, { name: "experiments", least: 100 });
  assertOpenUnit(alpha, "alpha");
  if (paired && x.length !== y.length)
    refuse(
      "unequal-lengths",
      `pairs need samples of one length; x has ${x.length} values and y has ${y.length}`,
    );
  const test = options.test ?? ((samples) => (paired ? pairedT(samples) : welch(samples)).p);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  const shift = options.effect === undefined ? 0 : mean(x) - mean(y) - options.effect;
  const random = resamplingRandom(seed);
  let rejections = 0;
  for (let e = 0; e < experiments; e += 1) {
    const rows = Array.from({ length: n }, () => random.below(x.length));
    const drawnX = rows.map((i) => x[i]!);
    const drawnY = rows.map((i) => (paired ? y[i]! : y[random.below(y.length)]!) + shift);
    const p = orRefusal(() => test({ x: drawnX, y: drawnY }));
    if (!isRefused(p) && p < alpha) rejections += 1;
  }
  return {
    value: rejections / experiments,
    ...clopperPearson({ successes: rejections, trials: experiments, level: 0.95 }),
    level: 0.95,
    method: `power by simulation from a pilot of ${x.length} and ${y.length}, ${experiments} experiments, seed ${seed}`,
    n: experiments,
  };
}

/** The exact interval of a proportion (Clopper & Pearson 1934). */
export function clopperPearson(options: { successes: number; trials: number; level: number }): {
  low: number;
  high: number;
} {
  const { successes, trials, level } = options;
  assertCount(trials, { name: "trials", least: 1 });
  assertCount(successes, { name: "successes", least: 0 });
  if (successes > trials) refuse("bad-option", `${successes} successes in ${trials} trials`);
  assertOpenUnit(level, "level");
  const tail = (1 - level) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, { a: successes, b: trials - successes + 1 }),
    high: successes === trials ? 1 : betaQuantile(1 - tail, { a: successes + 1, b: trials - successes }),
  };
}
