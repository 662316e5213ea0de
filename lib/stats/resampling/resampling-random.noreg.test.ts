// Pins, not proofs: the resampling stream must not change, or stored reports would not regenerate byte for byte.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bootstrap } from "./bootstrap.ts";
import { permutationTest } from "./permutation.ts";
import { resamplingRandom } from "./resampling-random.ts";

test("the first numbers of seeds 1 and 2^40 stay what they are", () => {
  const one = resamplingRandom(1);
  assert.equal(
    Array.from({ length: 8 }, () => one.below(1000)),
    [91, 506, 888, 487, 434, 507, 746, 665],
  );
  const far = resamplingRandom(2 ** 40);
  assert.equal(
    Array.from({ length: 8 }, () => far.below(1000)),
    [954, 31, 498, 282, 309, 23, 317, 910],
  );
});

test("a bootstrap interval and a Monte Carlo p value stay what they are", () => {
  const x = [3.1, 4.7, 2.2, 5.9, 4.1, 3.8, 6.4];
  const interval = bootstrap(x, { method: "percentile", seed: 9 });
  assert.equal([interval.low, interval.high], [3.314285714285714, 5.314285714285715]);
  assert.is(
    permutationTest({ x, y: [2.1, 3.3, 1.9, 4.4], variant: "monte-carlo", seed: 9 }).p,
    0.1521847815218478,
  );
});

test("below() is uniform on a bound that does not divide 2^32", () => {
  const random = resamplingRandom(3);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i += 1) counts[random.below(7)]! += 1;
  const statistic = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  // chi-squared with 6 df exceeds 22.5 with probability 0.001.
  assert.ok(statistic < 22.5, String(statistic));
});

test.run();
