import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalQuantile } from "./normal-quantile.ts";

// Python 3.11, statistics.NormalDist().inv_cdf (the same algorithm); SciPy agrees.
const values: readonly (readonly [p: number, z: number])[] = [
  [0.5, 0.0],
  [0.6, 0.2533471031357998],
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446008],
  [0.975, 1.9599639845400536],
  [0.995, 2.5758293035489],
  [0.999, 3.090232306167813],
  [0.9999999, 5.199337582290662],
  [0.3, -0.5244005127080407],
  [0.1, -1.2815515655446008],
  [0.025, -1.9599639845400538],
  [0.0001, -3.71901648545568],
  [1e-8, -5.61200124417479],
  [1e-12, -7.034483825301132],
  [1e-20, -9.262340089798405],
  [1e-100, -21.27345356096532],
  [1e-300, -37.0470962993612],
  [5.551115123125783e-17, -8.292361075813595],
];

test("gives the published quantiles to 15 digits, tails included", () => {
  for (const [p, z] of values) {
    const relative = z === 0 ? Math.abs(normalQuantile(p)) : Math.abs(normalQuantile(p) / z - 1);
    assert.ok(relative < 2e-15, `p = ${p}: ${normalQuantile(p)} against ${z}`);
  }
});

test("is odd around one half and rises", () => {
  let last = Number.NEGATIVE_INFINITY;
  for (let p = 1 / 1024; p < 1; p += 1 / 1024) {
    const z = normalQuantile(p);
    assert.ok(z > last);
    assert.ok(Math.abs(z + normalQuantile(1 - p)) < 1e-13);
    last = z;
  }
});

test.run();
