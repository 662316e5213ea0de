// Laws of simultaneous inference, quantiles and spreads; R's answers and exact integrals are in reference.test.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../random/random.ts";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import { bonettRatio, pitmanMorgan } from "../effect-size/spread-ratio.ts";
import { dunnett, dunnettCritical, dunnettUnequal } from "../means/dunnett.ts";
import { harrellDavis, medianInterval } from "../quantile-estimates.ts";
import { StatisticsRefusal } from "../refusal.ts";
import { signFlipBand, signFlipMaxT } from "./sign-flips.ts";

const near = (actual: number, expected: number, digits = 8): void =>
  assert.ok(
    Math.abs(actual - expected) <= 10 ** -digits * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const normals = (seed: number, rows: number, columns: number): number[][] => {
  const random = randomFrom(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
};
const seeds = fc.integer({ min: 1, max: 2 ** 31 });

test("the printed critical values of Dunnett come out, and lie between one t and Bonferroni's", () => {
  const shape = (k: number, df: number) => ({
    loadings: new Array<number>(k).fill(Math.SQRT1_2),
    df,
    level: 0.95,
  });
  near(dunnettCritical({ ...shape(3, 20), twoSided: true }), 2.54035, 5);
  near(dunnettCritical({ ...shape(2, 10), twoSided: true }), 2.56834, 5);
  near(dunnettCritical({ ...shape(3, 20), twoSided: false }), 2.19228, 5);
  for (const k of [2, 5, 12]) {
    const critical = dunnettCritical({ ...shape(k, 15), twoSided: true });
    assert.ok(critical > studentTUpperQuantile(0.025, 15) && critical < studentTUpperQuantile(0.025 / k, 15));
  }
});

test("an interval against the baseline excludes 0 exactly where its p is below the error, pooled or not", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: -2, max: 2 }), (seed, shift) => {
      const groups = normals(seed, 4, 7).map((group, i) => group.map((value) => value * (i + 1) + i * shift));
      for (const method of [dunnett, dunnettUnequal])
        for (const { low, high, adjustedP } of method(groups))
          assert.is(low > 0 || high < 0, adjustedP < 0.05);
    }),
    { numRuns: 15 },
  );
});

test("p values of sign flips rise from the contrast alone over step-down to the largest of all", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 4, max: 9 }), (seed, n) => {
      const { contrasts, flips, isExact } = signFlipMaxT({ rows: normals(seed, n, 5) });
      assert.is(flips, 2 ** n);
      assert.ok(isExact);
      for (const { p, pStepDown, pSingleStep } of contrasts) {
        assert.ok(
          2 / flips - 1e-12 <= p &&
            p <= pStepDown + 1e-12 &&
            pStepDown <= pSingleStep + 1e-12 &&
            pSingleStep <= 1,
        );
        near(p * flips, Math.round(p * flips), 9);
      }
    }),
    { numRuns: 30 },
  );
});

test("under no effect the largest |t| rejects no more often than it says", () => {
  let rejected = 0;
  const runs = 400;
  for (let run = 0; run < runs; run += 1) {
    const { contrasts } = signFlipMaxT({ rows: normals(run + 1, 7, 4) });
    if (contrasts.some(({ pSingleStep }) => pSingleStep <= 0.05)) rejected += 1;
  }
  // 0.05 and three standard errors.
  assert.ok(rejected / runs < 0.083, `${rejected / runs}`);
});

test("more blocks than can be enumerated are drawn by a seed, the same each time", () => {
  const rows = normals(5, 20, 3);
  const one = signFlipMaxT({ rows, draws: 500, seed: 3 });
  assert.not(one.isExact);
  assert.equal(signFlipMaxT({ rows, draws: 500, seed: 3 }), one);
  const band = signFlipBand({ rows, draws: 500 });
  for (const [j, value] of band.mean.entries()) assert.ok(band.low[j]! < value && value < band.high[j]!);
});

test("quantiles move and stretch with the data, and a median's interval holds it", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 6, max: 40 }), (seed, n) => {
      const [values = []] = normals(seed, 1, n);
      const moved = values.map((value) => 3 * value + 7);
      for (const p of [0.2, 0.5, 0.9]) {
        near(harrellDavis(moved, p).value, 3 * harrellDavis(values, p).value + 7);
        near(harrellDavis(moved, p).standardError, 3 * harrellDavis(values, p).standardError);
      }
      const { low, value, high, coverage } = medianInterval(values);
      assert.ok(low <= value && value <= high && coverage >= 0.95);
    }),
    { numRuns: 50 },
  );
});

test("spreads compared the other way round give the ratio turned over", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const [x = [], y = []] = normals(seed, 2, 15);
      for (const ratio of [bonettRatio({ x, y }), pitmanMorgan({ x, y }).ratio])
        assert.ok(ratio.low < ratio.value && ratio.value < ratio.high);
      near(bonettRatio({ x: y, y: x }).low, 1 / bonettRatio({ x, y }).high);
      near(pitmanMorgan({ x: y, y: x }).ratio.low, 1 / pitmanMorgan({ x, y }).ratio.high);
      const { p, ratio } = pitmanMorgan({ x, y });
      assert.is(ratio.low > 1 || ratio.high < 1, p < 0.05);
    }),
    { numRuns: 50 },
  );
});

test("what has no answer is refused in words", () => {
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [() => signFlipMaxT({ rows: [[1, 2]] }), /1 blocks/],
    [() => signFlipMaxT({ rows: [[1, 2], [1]] }), /block 2 has 1 contrasts/],
    [
      () =>
        signFlipBand({
          rows: [
            [1, 2],
            [1, 3],
          ],
        }),
      /contrast 1 is the same in all blocks/,
    ],
    [
      () =>
        dunnettUnequal([
          [1, 1],
          [2, 3],
        ]),
      /a group does not vary/,
    ],
    [() => pitmanMorgan({ x: [1, 2, 3], y: [2, 4, 6] }), /move together exactly/],
    [() => bonettRatio({ x: [1, 2], y: [1, 2, 3, 4, 5] }), /at least 5/],
    [() => harrellDavis([1], 0.5), /at least 2/],
  ];
  for (const [at, [compute, words]] of refusals.entries())
    assert.throws(
      compute,
      (error: Error) => error instanceof StatisticsRefusal && words.test(error.message),
      `refusal ${at}`,
    );
});

test.run();
