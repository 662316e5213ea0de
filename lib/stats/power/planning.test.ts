// Planning: sample sizes reach their power, detectable effects are detected, simulation agrees with the exact power, and
// sequences narrow on the truth.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { confidenceSequence } from "../confidence-sequence.ts";
import { equivalence } from "../means/equivalence.ts";
import { resamplingRandom } from "../resampling/resampling-random.ts";
import {
  detectableAnova,
  powerAnova,
  powerProportions,
  sampleSizeAnova,
  sampleSizeProportions,
} from "./power-other.ts";
import { clopperPearson, powerFromPilot } from "./power-simulation.ts";
import { detectableT, powerT, powerWelch, sampleSizeT, sampleSizeWelch } from "./power-t.ts";

test("a planned sample size is the smallest that reaches the power", () => {
  for (const d of [0.3, 0.8]) {
    const { n } = sampleSizeT({ d, power: 0.8 });
    assert.ok(powerT({ d, n }) >= 0.8 && powerT({ d, n: n - 1 }) < 0.8);
  }
  const welch = { effect: 1, sd1: 1, sd2: 2 };
  const { n } = sampleSizeWelch({ ...welch, power: 0.9 });
  assert.ok(powerWelch({ ...welch, n }) >= 0.9 && powerWelch({ ...welch, n: n - 1 }) < 0.9);
  const groups = sampleSizeAnova({ f: 0.25, k: 4, power: 0.8 }).n;
  // Cohen (1988), table 8.4.4: f = .25, u = 3, power .80 needs n = 45.
  assert.is(groups, 45);
  const shares = sampleSizeProportions({ h: 0.3, power: 0.8 }).n;
  assert.ok(powerProportions({ h: 0.3, n: shares }) >= 0.8);
});

test("the detectable effect is detected with the wanted power", () => {
  for (const design of ["independent", "paired"] as const)
    assert.ok(
      Math.abs(powerT({ d: detectableT({ n: 17, power: 0.8, design }), n: 17, design }) - 0.8) < 1e-9,
    );
  assert.ok(
    Math.abs(powerAnova({ f: detectableAnova({ k: 3, n: 12, power: 0.9 }), k: 3, n: 12 }) - 0.9) < 1e-9,
  );
});

test("simulated power from a large normal pilot agrees with the exact one", () => {
  const random = resamplingRandom(12);
  const x = Array.from({ length: 4000 }, () => random.normal());
  const y = Array.from({ length: 4000 }, () => random.normal());
  const simulated = powerFromPilot({ x, y, n: 20, effect: 0.9, experiments: 4000, seed: 2 });
  const exact = powerT({ d: 0.9, n: 20 });
  assert.ok(Math.abs(simulated.value - exact) < 0.035, `${simulated.value} for ${exact}`);
});

test("Clopper-Pearson gives the published limits of 4 in 20", () => {
  // Fleiss, Levin & Paik (2003) and R binom.test(4, 20): 0.0573, 0.4366.
  const { low, high } = clopperPearson({ successes: 4, trials: 20, level: 0.95 });
  assert.ok(Math.abs(low - 0.05733399) < 1e-7 && Math.abs(high - 0.43661403) < 1e-7, `${low} ${high}`);
});

test("a confidence sequence never widens and closes on the mean of a bounded metric", () => {
  const random = resamplingRandom(8);
  const values = Array.from({ length: 3000 }, () => 10 + 5 * random.uniform());
  const { steps, guarantee } = confidenceSequence(values, { range: [10, 15] });
  assert.is(guarantee, "non-asymptotic");
  steps.forEach((step, i) => {
    if (i > 0) assert.ok(step.low >= steps[i - 1]!.low && step.high <= steps[i - 1]!.high);
  });
  const last = steps.at(-1)!;
  assert.ok(last.low < 12.5 && last.high > 12.5 && last.high - last.low < 0.4);
});

test("the asymptotic sequence says so and starts at n = 30", () => {
  const random = resamplingRandom(9);
  const sequence = confidenceSequence(Array.from({ length: 100 }, () => random.normal()));
  assert.is(sequence.guarantee, "asymptotic");
  assert.is(sequence.steps[0]!.n, 30);
});

test("equivalence at alpha is the 1 - 2 alpha interval lying inside the margins", () => {
  const x = [5.1, 4.9, 5.3, 5.0, 5.2];
  const y = [5.0, 5.1, 4.8, 5.2, 5.1, 4.9];
  for (const margin of [0.05, 0.15, 0.3, 1]) {
    const { equivalent, estimate } = equivalence({ x, y, low: -margin, high: margin });
    assert.is(equivalent, estimate.low > -margin && estimate.high < margin);
  }
});

test.run();
