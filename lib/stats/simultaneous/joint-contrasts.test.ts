// Joint tests agree with published critical values, with the slower exact quadratures, and with the t test they start from.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { studentTTwoSided, studentTUpper } from "../distribution/student-t.ts";
import { dunnettUpper } from "../means/dunnett.ts";
import { gamesHowell } from "../means/pairwise.ts";
import { welch } from "../means/t-test.ts";
import { jointAgainstBaseline, jointAllPairs } from "./joint-contrasts.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`);

test("equal variances give Dunnett's published critical values, two-sided and one-sided", () => {
  // Dunnett (1964), Biometrics 20, 482-491: 2.54 (3 groups, 20 df, two-sided), 2.57 (2, 10), and 2.19 (3, 20, one-sided), to more digits by
  // exact quadrature: 2.54035, 2.56834, 2.19228.
  for (const [k, df, alternative, critical] of [
    [3, 20, "two-sided", 2.54035],
    [2, 10, "two-sided", 2.56834],
    [3, 20, "greater", 2.19228],
  ] as const) {
    const contrasts = Array.from({ length: k }, () => ({ t: critical, df }));
    const joint = jointAgainstBaseline({
      contrasts,
      baseVariance: 1,
      variances: contrasts.map(() => 1),
      alternative,
    });
    near(joint[0]!.p, 0.05, 1e-4);
    const own = alternative === "greater" ? studentTUpper(critical, df) : studentTTwoSided(critical, df);
    near(joint[0]!.pointwiseError(0.05), own, 1e-4);
  }
});

test("one contrast is the t test by itself; all pairs of two levels are too", () => {
  for (const t of [0.3, 1.7, 4.2]) {
    const [alone] = jointAgainstBaseline({
      contrasts: [{ t, df: 7.3 }],
      baseVariance: 3,
      variances: [0.2],
      alternative: "two-sided",
    });
    near(alone!.p, studentTTwoSided(t, 7.3), 1e-7);
    near(alone!.pointwiseError(0.05), 0.05, 1e-7);
    near(jointAllPairs({ contrasts: [{ t, df: 7.3 }], k: 2 })[0]!.p, studentTTwoSided(t, 7.3), 1e-7);
  }
});

test("all pairs give the p values and intervals of Games and Howell", () => {
  const groups = [
    [4.1, 5.2, 6.3, 3.9, 5.5],
    [6.8, 9.9, 8.1, 12.4],
    [5.0, 5.3, 4.9, 5.6, 5.1, 5.2],
  ];
  for (const { first, second, adjustedP, low, high } of gamesHowell(groups)) {
    const samples = { x: groups[second]!, y: groups[first]! };
    const { statistic, df } = welch(samples);
    const [joint] = jointAllPairs({ contrasts: [{ t: statistic, df: df[0]! }], k: 3 });
    near(joint!.p, adjustedP, 1e-6);
    const { estimate } = welch({ ...samples, level: 1 - joint!.pointwiseError(0.05) });
    near(estimate.high - estimate.low, high - low, 1e-6);
  }
});

test("fast and exact quadrature agree, p is never below the raw one, and it is below the error exactly inside the critical value", () => {
  const contrast = fc.record({
    t: fc.double({ min: -6, max: 6, noNaN: true }),
    df: fc.double({ min: 1, max: 200, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(contrast, { minLength: 2, maxLength: 5 }),
      fc.double({ min: 0.02, max: 50, noNaN: true }),
      fc.constantFrom("two-sided" as const, "greater" as const, "less" as const),
      fc.constantFrom(0.1, 0.05, 0.01),
      (contrasts, baseVariance, alternative, error) => {
        const variances = contrasts.map((_, i) => 1 + i);
        const loadings = variances.map((variance) => Math.sqrt(baseVariance / (baseVariance + variance)));
        const twoSided = alternative === "two-sided";
        for (const [i, { p, pointwiseError }] of jointAgainstBaseline({
          contrasts,
          baseVariance,
          variances,
          alternative,
        }).entries()) {
          const { t, df } = contrasts[i]!;
          const size = twoSided ? Math.abs(t) : alternative === "greater" ? t : -t;
          const raw = twoSided ? studentTTwoSided(t, df) : studentTUpper(size, df);
          near(p, dunnettUpper(size, { loadings, df, twoSided }), 1e-5);
          assert.ok(p >= raw * (1 - 1e-6));
          if (Math.abs(p / error - 1) > 1e-5) assert.is(p < error, raw < pointwiseError(error));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test.run();
