// Methods that the reference file has no cases for, against R (reference/unreferenced.json names the functions) and against
// brute force: Dunnett, repeated measures, autocorrelation, e-values, areas.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { eBenjaminiHochberg, eProcess } from "./e-value.ts";
import type { Alternative } from "./estimate.ts";
import { dunnett } from "./means/dunnett.ts";
import { repeatedMeasures } from "./means/repeated-measures.ts";
import { autocorrelation, ljungBox } from "./series/autocorrelation.ts";
import { areaUnderCurve } from "./series/learning-curve.ts";

interface Unreferenced {
  readonly series: readonly {
    name: string;
    values: number[];
    acf: number[];
    lags: number;
    q: number;
    p?: number;
  }[];
  readonly dunnett: readonly { alternative: Alternative; groups: number[][]; t: number[]; p: number[] }[];
  readonly repeatedMeasures: readonly {
    blocks: number[][];
    ss: number;
    error: number;
    f: number;
    gg: number;
    ggP: number;
    hf: number;
    hfP: number;
  }[];
}
const reference = JSON.parse(
  readFileSync(new URL("./reference/unreferenced.json", import.meta.url), "utf8"),
) as Unreferenced;

function near(actual: number, expected: number, relative: number): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.max(Math.abs(expected), 1e-12),
    `${actual} is not ${expected} to ${relative}`,
  );
}

test("autocorrelations and Ljung-Box agree with R on lh, Nile and lynx", () => {
  for (const { values, acf, lags, q, p } of reference.series) {
    for (const [lag, r] of autocorrelation(values, acf.length - 1).entries()) near(r, acf[lag]!, 1e-10);
    const box = ljungBox(values, { lags });
    near(box.statistic, q, 1e-10);
    // R's Box.test prints 1 - pchisq, so its p is good to 1e-16 absolute only.
    if (p !== undefined) assert.ok(Math.abs(box.p - p) < 1e-9 * p + 2e-16);
  }
});

test("Dunnett's p values agree with R's multivariate t to its accuracy", () => {
  for (const { alternative, groups, t, p } of reference.dunnett)
    dunnett(groups, { alternative }).forEach((pair, i) => {
      near(pair.statistic, t[i]!, 1e-10);
      // mvtnorm integrates by quasi-Monte Carlo; its error here is up to 2e-7.
      assert.ok(Math.abs(pair.adjustedP - p[i]!) < 5e-7, `${pair.adjustedP} is not ${p[i]}`);
    });
});

test("with one group Dunnett's test is Student's t test", async () => {
  const { student } = await import("./means/t-test.ts");
  for (const shift of [0.1, 2, 30]) {
    const x = [1.1, 2.3, 0.4, 1.9];
    const y = [2.2, 3.1, 2.6, 1.7, 2.8].map((value) => value + shift);
    near(dunnett([x, y])[0]!.adjustedP, student({ x: y, y: x }).p, 1e-11);
  }
});

test("Dunnett's critical values for 3 groups and 20 error df are the published 2.54 and 2.19", () => {
  // Dunnett (1955), table 1a (one-sided, p = 3, df = 20: 2.19) and Dunnett (1964), table II (two-sided: 2.54).
  const group = [0, 1, 2, 3, 4, 5];
  const pairs = dunnett([group, group, group, group]);
  near((pairs[0]!.high - pairs[0]!.low) / 2 / pairs[0]!.standardError, 2.54, 0.002);
  const oneSided = dunnett([group, group, group, group], { alternative: "greater" });
  near(-oneSided[0]!.low / oneSided[0]!.standardError, 2.19, 0.002);
});

test("repeated measures agree with R's car::Anova, corrections included", async () => {
  for (const it of reference.repeatedMeasures) {
    const result = repeatedMeasures(it.blocks);
    near(result.treatments.sumOfSquares, it.ss, 1e-10);
    near(result.treatments.residualSumOfSquares, it.error, 1e-10);
    near(result.statistic, it.f, 1e-6);
    near(result.greenhouseGeisser.epsilon, it.gg, 1e-9);
    near(result.greenhouseGeisser.p, it.ggP, 1e-9);
    near(result.huynhFeldt.epsilon, it.hf, 1e-9);
    near(result.huynhFeldt.p, it.hfP, 1e-9);
  }
});

test("an e-process has expectation exactly 1 under the null, over all sequences of coin tosses", () => {
  // Brute force over all 2^10 outcomes, for three null means.
  for (const mean of [0.2, 0.5, 0.7]) {
    let expectation = 0;
    for (let code = 0; code < 1024; code += 1) {
      const tosses = Array.from({ length: 10 }, (_, i) => Math.floor(code / 2 ** i) % 2);
      const probability = tosses.reduce((product, toss) => product * (toss === 1 ? mean : 1 - mean), 1);
      expectation += probability * eProcess(tosses, { range: [0, 1], mean }).e;
    }
    near(expectation, 1, 1e-12);
  }
});

test("the chance that an e-process ever exceeds 20 is at most 5%, counted over all sequences", () => {
  for (const mean of [0.3, 0.5, 0.9]) {
    let chance = 0;
    for (let code = 0; code < 4096; code += 1) {
      const tosses = Array.from({ length: 12 }, (_, i) => Math.floor(code / 2 ** i) % 2);
      const probability = tosses.reduce((product, toss) => product * (toss === 1 ? mean : 1 - mean), 1);
      if (eProcess(tosses, { range: [0, 1], mean }).anytimeP <= 0.05) chance += probability;
    }
    assert.ok(chance <= 0.05, `mean ${mean}: ${chance}`);
  }
});

test("e-BH rejects by the rule k e_(k) >= K/alpha", () => {
  assert.equal(eBenjaminiHochberg([80, 1, 41, 0.5], 0.05), [true, false, true, false]);
  assert.equal(eBenjaminiHochberg([79, 1, 39, 0.5], 0.05), [false, false, false, false]);
  assert.equal(eBenjaminiHochberg([21], 0.05), [true]);
});

test("the area under a line is exact, and its normalised form is the mean height", () => {
  assert.is(areaUnderCurve({ y: [0, 1, 2, 3] }), 4.5);
  assert.is(areaUnderCurve({ x: [0, 10, 20], y: [1, 3, 1] }), 40);
  assert.is(areaUnderCurve({ x: [0, 10, 20], y: [1, 3, 1], normalise: true }), 2);
});

test.run();
