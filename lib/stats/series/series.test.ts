// What series owe their readers: settled prices are recognised, curves have bands, areas and effective sizes are sane.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { resamplingRandom } from "../resampling/resampling-random.ts";
import { effectiveSampleSize } from "./autocorrelation.ts";
import { learningCurve, movingAverage } from "./learning-curve.ts";
import { priceConvergence } from "./price-convergence.ts";

const random = resamplingRandom(5);
const noise = (n: number) => Array.from({ length: n }, () => random.normal());
function autoregressive(n: number, phi: number): number[] {
  let last = 0;
  return noise(n).map((shock) => {
    last = phi * last + shock;
    return last;
  });
}

test("a constant end is found with the index where it begins", () => {
  const result = priceConvergence([...noise(40), ...new Array<number>(60).fill(1.9)]);
  assert.is(result.verdict, "constant");
  assert.is(result.since, 40);
});

test("an exact price cycle is found with its period and begin", () => {
  const cycle = Array.from({ length: 90 }, (_, i) => [1.5, 1.6, 1.8][i % 3]!);
  const result = priceConvergence([...noise(30), ...cycle]);
  assert.is(result.verdict, "cycle");
  assert.is(result.period, 3);
  assert.is(result.since, 30);
});

test("noise around a level is stationary, a random walk or a trend is not", () => {
  assert.is(priceConvergence(noise(400)).verdict, "stationary");
  assert.is.not(priceConvergence(autoregressive(400, 1)).verdict, "stationary");
  assert.is.not(priceConvergence(noise(400).map((v, i) => v + i / 10)).verdict, "stationary");
});

test("an autoregressive series is worth n (1 - phi)/(1 + phi) independent values", () => {
  const phi = 0.6;
  const size = effectiveSampleSize(autoregressive(20_000, phi));
  const theory = (20_000 * (1 - phi)) / (1 + phi);
  assert.ok(Math.abs(size / theory - 1) < 0.15, `${size} of ${theory}`);
});

test("a learning curve holds its centre at every step, and equal runs have a band of no width", () => {
  const runs = Array.from({ length: 7 }, (_, run) => [0, 1 + run / 10, 2 + run / 5]);
  for (const centre of ["mean", "median", "interquartile-mean"] as const)
    for (const point of learningCurve(runs, { centre }))
      assert.ok(point.low <= point.value && point.value <= point.high);
  assert.is(learningCurve(runs)[0]!.method, "all runs are equal");
  assert.equal(movingAverage([1, 2, 3, 6], 3), [1, 1.5, 2, 11 / 3]);
});

test.run();
