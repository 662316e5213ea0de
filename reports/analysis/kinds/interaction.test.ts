// Interactions: independent of the order of factors, of all factors named, with an answer for few replicates, missing cells and shares.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { InteractionSpec } from "../../../lib/experiment/analysis-spec.ts";
import { welchJames } from "../../../lib/stats/means/welch-james.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { interactionSpec } from "../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { InteractionFinding } from "../finding.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

async function findingsOf(
  options: Partial<SyntheticOptions>,
  specs: readonly InteractionSpec[],
): Promise<readonly InteractionFinding[]> {
  const table = syntheticTable({
    factors: { a: [1, 2], b: [1, 2], c: [1, 2] },
    replicates: 12,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
    ...options,
    analyses: specs,
  });
  // Only interactions are declared.
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings as readonly InteractionFinding[];
}

/** a = 2, c = 1 is not in the design; b matters where c = 1 alone. */
const holes: Partial<SyntheticOptions> = {
  admits: ({ a, c }) => !(a === 2 && c === 1),
  seed: 21,
  value: ({ condition, noise }) => (condition.c === 1 ? 6 * Number(condition.b) : 0) + noise,
};

test("an interaction is tested where all its combinations are, whichever factor is named first", async () => {
  const [ab, ba] = await findingsOf(holes, [
    interactionSpec("m", ["a", "b"]),
    interactionSpec("m", ["b", "a"], { name: "turned" }),
  ]);
  near(ab!.test!.statistic, ba!.test!.statistic);
  near(ab!.test!.p, ba!.test!.p);
  assert.ok(ab!.test!.statistic < 8, `${ab!.test!.statistic}`);
  assert.ok(ab!.test!.p > 0.01);
  assert.match(ab!.notes.join(" "), /without a counterpart in the other levels/);
});

const permutations: readonly (readonly [string, string, string])[] = [
  ["a", "b", "c"],
  ["b", "a", "c"],
  ["c", "a", "b"],
  ["b", "c", "a"],
];

test("permuting the factors of a table with missing cells, lost trials and either pairing changes neither F nor p", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer({ min: 1, max: 1e6 }),
        missing: fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 8 }),
        lost: fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 5 }),
        pairing: fc.constantFrom("independent" as const, "common-random-numbers" as const),
        isShare: fc.boolean(),
      }),
      async ({ seed, missing, lost, pairing, isShare }) => {
        const place = (of: Readonly<Record<string, unknown>>) =>
          (Number(of.a) - 1) * 8 + (Number(of.b) - 1) * 4 + (Number(of.c) - 1) * 2 + Number(of.d) - 1;
        const options: Partial<SyntheticOptions> = {
          factors: { a: [1, 2, 3], b: [1, 2], c: [1, 2], d: [1, 2] },
          replicates: 5,
          seed,
          pairing,
          metrics: { m: numberMetric(isShare ? { type: "boolean" } : {}) },
          admits: (condition) => !missing.includes(place(condition)),
          outcome: ({ condition, replicate }) =>
            lost.includes((place(condition) * 5 + replicate) % 100)
              ? { code: outcomeCodes.failed, message: "lost" }
              : null,
          value: ({ noise, replicateNoise }) => (isShare ? Number(noise > 0) : noise + replicateNoise),
        };
        const found = await findingsOf(
          options,
          permutations.flatMap((factors, i) => [
            interactionSpec("m", factors, { name: `three ${i}` }),
            interactionSpec("m", [factors[0] === "c" ? "b" : factors[0], factors[1] === "a" ? "a" : "c"], {
              name: `two ${i}`,
              exploratory: true,
            }),
          ]),
        );
        const threes = found.filter((_, i) => i % 2 === 0);
        for (const one of threes) {
          assert.is(one.test === null, threes[0]!.test === null);
          if (one.test === null) continue;
          near(one.test.statistic, threes[0]!.test!.statistic, 1e-6);
          near(one.test.p, threes[0]!.test!.p, 1e-6);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("three factors named are tested for what all three do together", async () => {
  const [three] = await findingsOf(
    { value: ({ condition: { a, b }, noise }) => 5 * Number(a) * Number(b) + noise },
    [interactionSpec("m", ["a", "b", "c"])],
  );
  const table = syntheticTable({
    factors: { a: [1, 2], b: [1, 2], c: [1, 2] },
    replicates: 12,
    metrics: { m: numberMetric() },
    value: ({ condition: { a, b }, noise }) => 5 * Number(a) * Number(b) + noise,
  });
  const cells = table.conditions.map((_, c) =>
    [...table.metrics.m!].filter((_, row) => table.condition[row] === c),
  );
  const expected = welchJames({ cells, contrasts: [[1, -1, -1, 1, -1, 1, 1, -1]] });
  near(three!.test!.statistic, expected.statistic);
  near(three!.test!.p, expected.p);
  assert.ok(three!.test!.p > 0.01);
  assert.is(three!.contrasts.length, 1);
  assert.match(three!.sentences[0]!, /depends on a and b together is not shown/);
  assert.match(three!.reason, /all 3 factors/);
});

test("an interaction has a finding for each combination of by", async () => {
  const found = await findingsOf(
    { value: ({ condition: { a, b, c }, noise }) => (c === 1 ? 5 : 0) * Number(a) * Number(b) + noise },
    [interactionSpec("m", ["a", "b"], { by: ["c"] })],
  );
  assert.equal(
    found.map(({ title }) => title),
    ["m: a with b, c = 1", "m: a with b, c = 2"],
  );
  assert.match(found[0]!.sentences[0]!, /^Where c = 1: The effect of b on m depends on a: /);
  assert.match(
    found[0]!.sentences[1]!,
    /^Where c = 1: b = 2 rather than 1, at a = 2 rather than 1: m changes by \+/,
  );
  assert.match(found[1]!.sentences[0]!, /is not shown/);
});

test("under common random numbers a 3 x 4 table has an answer from two replicates on, that of repeated measures", async () => {
  for (const replicates of [2, 3, 4, 5, 6, 7]) {
    const options: SyntheticOptions = {
      factors: { a: [1, 2, 3], b: [1, 2, 3, 4] },
      replicates,
      pairing: "common-random-numbers",
      metrics: { m: numberMetric() },
      value: ({ condition: { a, b }, noise, replicateNoise }) =>
        Number(a) + Number(b) + noise + 3 * replicateNoise,
    };
    const [found] = await findingsOf(options, [interactionSpec("m", ["a", "b"])]);
    const { statistic, df, p } = found!.test!;
    near(statistic, byHand(syntheticTable(options), replicates), 1e-8);
    near(df[1]! / df[0]!, replicates - 1);
    assert.ok(df[0]! >= 1 && df[0]! <= 6 && p > 0 && p <= 1 && statistic > 0);
    assert.is(found!.contrasts.length, 6);
    assert.match(found!.reason, /Greenhouse and Geisser/);
  }
});

/** The mean square of a x b over that of a x b x replicate, from deviations of means. */
function byHand(table: TrialTable, replicates: number): number {
  const y = Array.from({ length: replicates }, (_, r) =>
    [0, 1, 2].map((a) => [0, 1, 2, 3].map((b) => table.metrics.m![r * 12 + a * 4 + b]!)),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  /** Deviations of a table from its row and column means. */
  const apart = (of: readonly (readonly number[])[]) =>
    of.map((row, a) =>
      row.map((value, b) => value - mean(of[a]!) - mean(of.map((other) => other[b]!)) + mean(of.flat())),
    );
  const squares = (of: readonly number[]) => of.reduce((sum, value) => sum + value ** 2, 0);
  const own = y.map((one) => apart(one).flat());
  const average = own[0]!.map((_, i) => mean(own.map((one) => one[i]!)));
  const left = own.map((one) => squares(one.map((value, i) => value - average[i]!)));
  return (
    (replicates * squares(average)) /
    6 /
    (left.reduce((sum, value) => sum + value, 0) / (6 * (replicates - 1)))
  );
}

test("an interaction of shares has an answer where every cell ends alike", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const [found] = await findingsOf(
      {
        factors: { a: [1, 2], b: [1, 2] },
        replicates: 20,
        pairing,
        metrics: { m: numberMetric({ type: "boolean" }) },
        value: ({ condition: { a, b } }) => Number(a === 2 && b === 2),
      },
      [interactionSpec("m", ["a", "b"])],
    );
    assert.ok(found!.test!.p <= 1e-4, `${pairing}: ${found!.test!.p}`);
    assert.ok(found!.cells.every(({ tally, interval }) => tally !== null && interval !== null));
  }
});

test("what has no interaction to test is said in words", async () => {
  const [diagonal, one, many] = await findingsOf(
    {
      factors: { a: [1, 2, 3], b: [1, 2, 3], c: [1], d: Array.from({ length: 120 }, (_, i) => i) },
      admits: ({ a, b }) => a === b,
      replicates: 2,
    },
    [interactionSpec("m", ["a", "b"]), interactionSpec("m", ["a", "c"]), interactionSpec("m", ["a", "d"])],
  );
  assert.match(diagonal!.sentences[0]!, /cannot be tested: /);
  assert.match(one!.sentences[0]!, /needs two levels of both factors/);
  assert.match(many!.sentences[0]!, /relation/);
});

test.run();
