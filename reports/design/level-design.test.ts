// Like with like: whatever conditions a design lacks, a level is held against another inside what both met, or not at all.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isRefused } from "../../lib/stats/refusal.ts";
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import { differenceOf } from "../analysis/estimates/difference.ts";
import { numberMetric, type SyntheticOptions, syntheticTable } from "../testing/synthetic-results.ts";
import { type LevelData, levelDesignOf } from "./level-design.ts";
import { sharedOf } from "./shared-cells.ts";

type Level = Readonly<Record<string, unknown>>;

const lost = { code: outcomeCodes.failed, message: "lost" };

const tableOf = (options: Omit<SyntheticOptions, "metrics" | "replicates"> & { replicates?: number }) =>
  syntheticTable({ replicates: 4, metrics: { m: numberMetric() }, ...options });

/** The difference of two levels, null where it is refused. */
function difference(
  table: ReturnType<typeof tableOf>,
  factor: string,
  [level, against]: readonly [string, string],
): number | null {
  const design = levelDesignOf(table, { metric: "m", factor });
  const named = (text: string) => design.levels.find((one) => one.level === text)!;
  const [x, y] = sharedOf(design, [named(level), named(against)]) as readonly [LevelData, LevelData];
  const found = differenceOf({
    kind: design.kind,
    x,
    y,
    side: "two-sided",
    level: 0.95,
    ladder: "estimation",
    seed: 1,
    withAlternatives: false,
  });
  return isRefused(found.chosen) ? null : found.chosen.estimate.value;
}

const byStep = ({ condition }: { readonly condition: Level }) => 10 * Number(condition.step) ** 2;

for (const pairing of ["independent", "common-random-numbers"] as const)
  test(`${pairing}: whatever conditions are missing, a factor without effect shows none beside a strong one`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
        fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 72, maxLength: 72 }),
        (held, gone) => {
          const place = ({ cooling, step, c }: Level) =>
            (Number(cooling) - 1) * 6 + (Number(step) - 1) * 2 + Number(c);
          const table = tableOf({
            factors: { cooling: [1, 2, 3], step: [1, 2, 3], c: [0, 1] },
            pairing,
            admits: (at) => held[place(at)]!,
            outcome: ({ condition, replicate }) =>
              gone[place(condition) * 4 + replicate] === 1 ? lost : null,
            // Noise of 1e-6, so that a nuisance that leaks in cannot hide; an interaction of two nuisances besides.
            value: ({ condition, noise }) =>
              byStep({ condition }) + 7 * Number(condition.step) * Number(condition.c) + 1e-6 * noise,
          });
          if (table.conditions.length === 0) return;
          const levels = levelDesignOf(table, { metric: "m", factor: "cooling" }).levels;
          for (const [i, x] of levels.entries())
            for (const y of levels.slice(0, i)) {
              const found = difference(table, "cooling", [x.level, y.level]);
              assert.ok(found === null || Math.abs(found) < 1e-3, `${x.level} - ${y.level}: ${found}`);
            }
        },
      ),
      { numRuns: 300 },
    );
  });

test("a factor of the same branch is a stratum: cooling 0.99 was only tried with step 3, and is compared there", () => {
  const branch = { tag: "climber", value: "annealing" };
  const table = tableOf({
    factors: { cooling: [0.9, 0.99], step: [1, 2, 3] },
    declared: { cooling: { branch }, step: { branch } },
    admits: ({ cooling, step }) => cooling === 0.9 || step === 3,
    value: ({ condition, noise }) => 10 * Number(condition.step) + noise,
  });
  const design = levelDesignOf(table, { metric: "m", factor: "cooling" });
  assert.equal(
    design.levels.map(({ cells }) => cells.length),
    [1, 1],
  );
  assert.match(design.notes.join(" "), /cooling = 0\.9 has 2 conditions without a counterpart/);
  assert.ok(Math.abs(difference(table, "cooling", ["0.99", "0.9"])!) < 5);
});

test("across a tag a level is averaged over the factors that only its own branch has", () => {
  const table = syntheticTable({
    factors: { climber: ["greedy", "annealing"], cooling: [0.9, 0.99], noise: [0, 1] },
    replicates: 4,
    metrics: { m: numberMetric() },
    value: ({ condition }) => Number(condition.noise),
  });
  // The fixture is a cross product: what greedy has of cooling is taken away.
  const conditions = table.conditions.map(({ cooling, ...rest }) =>
    rest.climber === "greedy" ? rest : { ...rest, cooling },
  );
  const design = levelDesignOf({ ...table, conditions }, { metric: "m", factor: "climber" });
  assert.equal(design.averagedOver, ["noise", "cooling"]);
  assert.is(design.strata, 2);
  assert.equal(
    design.levels.map(({ cells }) => cells.map(({ weight }) => weight)),
    [
      [0.25, 0.25, 0.25, 0.25],
      [0.25, 0.25, 0.25, 0.25],
    ],
  );
});

test("what a zip moves together is compared together, and said", () => {
  const together = { a: { zippedWith: ["b"] }, b: { zippedWith: ["a"] } };
  const options = {
    factors: { a: [1, 2, 3], b: [10, 20, 30], c: [0, 1] },
    admits: ({ a, b }: Level) => Number(b) === 10 * Number(a),
    value: ({ condition }: { readonly condition: Level }) => Number(condition.a),
  };
  const design = levelDesignOf(tableOf({ ...options, declared: together }), { metric: "m", factor: "a" });
  assert.equal(
    design.levels.map(({ units }) => units.length),
    [8, 8, 8],
  );
  assert.equal(design.averagedOver, ["c"]);
  assert.match(design.notes.join(" "), /b changes together with a in every condition/);
  // The same by accident is refused.
  const other = levelDesignOf(tableOf(options), { metric: "m", factor: "a" });
  assert.match(other.refusal!, /a = 1 only with b 10, a = 2 only with b 20/);
});

test("levels that share nothing by pairs are refused with what each met; with some pairs, each pair has its own strata", () => {
  const factors = { a: [1, 2, 3], step: [1, 2, 3] };
  const chain: Readonly<Record<number, readonly number[]>> = { 1: [1, 2], 2: [2, 3], 3: [3] };
  const table = tableOf({
    factors,
    admits: ({ a, step }) => chain[Number(a)]!.includes(Number(step)),
    value: ({ condition, noise }) => byStep({ condition }) + 1e-6 * noise,
  });
  const design = levelDesignOf(table, { metric: "m", factor: "a" });
  assert.is(design.basis, "pairwise");
  assert.match(design.notes.join(" "), /each pair is compared over the combinations that both have/);
  assert.ok(Math.abs(difference(table, "a", ["2", "1"])!) < 1e-3);
  assert.is(difference(table, "a", ["3", "1"]), null);
});

test("a cell that failed whole in one level leaves the others out of that stratum only, and is said", () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const table = tableOf({
      factors: { a: [1, 2], step: [1, 2, 3] },
      pairing,
      outcome: ({ condition }) => (condition.a === 2 && condition.step === 3 ? lost : null),
      value: ({ condition, noise }) => byStep({ condition }) + 1e-6 * noise,
    });
    const design = levelDesignOf(table, { metric: "m", factor: "a" });
    assert.is(design.strata, 2);
    assert.ok(Math.abs(difference(table, "a", ["2", "1"])!) < 1e-3);
    assert.match(design.notes.join(" "), /a = 2 has 1 condition without any measured value/);
  }
});

test("a combination with a single value is left out of a stratified test, which says so and has an answer", () => {
  const table = tableOf({
    factors: { a: [1, 2], step: [1, 2, 3] },
    outcome: ({ condition, replicate }) =>
      condition.a === 2 && condition.step === 3 && replicate > 0 ? lost : null,
    value: ({ condition, noise }) => byStep({ condition }) + 1e-6 * noise,
  });
  const design = levelDesignOf(table, { metric: "m", factor: "a" });
  const [y, x] = sharedOf(design, design.levels) as readonly [LevelData, LevelData];
  const { chosen } = differenceOf({
    ...{ kind: design.kind, x, y, level: 0.95, seed: 1 },
    side: "two-sided",
    ladder: "estimation",
    withAlternatives: false,
  });
  assert.not.ok(isRefused(chosen));
  if (isRefused(chosen)) return;
  assert.is(
    chosen.test.method,
    "Welch's t test stratified by cell, 1 combination with a single value left out",
  );
  assert.ok(Math.abs(chosen.estimate.value) < 1e-3);
});

test("sampled points that meet every level are blocks; where points are the level's own, a regression takes their slopes out", () => {
  const points = [0.1, 0.3, 0.45, 0.62, 0.8, 0.97];
  const options = {
    factors: { kind: ["x", "y"], alpha: points },
    declared: { alpha: { sampled: "linear" as const } },
    replicates: 1,
    value: ({ condition, noise }: { readonly condition: Level; readonly noise: number }) =>
      5 * Number(condition.alpha) + 0.01 * noise,
  };
  const crossed = levelDesignOf(tableOf(options), { metric: "m", factor: "kind" });
  assert.equal(
    [crossed.kind, crossed.blockName, crossed.levels[0]!.units.length],
    ["blocks", "sampled point", 6],
  );
  const apart = tableOf({
    ...options,
    admits: ({ kind, alpha }) => (points.indexOf(Number(alpha)) % 2 === 0) === (kind === "x"),
  });
  const design = levelDesignOf(apart, { metric: "m", factor: "kind" });
  assert.equal([design.basis, design.covariates], ["regression", ["alpha"]]);
  assert.equal(
    design.levels[0]!.cells.map(({ covariates }) => covariates),
    [[0.1], [0.45], [0.8]],
  );
  const beyond = tableOf({ ...options, admits: ({ kind, alpha }) => Number(alpha) < 0.5 === (kind === "x") });
  assert.is(levelDesignOf(beyond, { metric: "m", factor: "kind" }).basis, "none");
});

test("whole numbers that add up to the same over a unit's cells are no difference, in whatever order they stand", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 9 }),
      fc.integer({ min: 1, max: 8 }),
      (values, turn) => {
        const cells = values.length;
        const table = tableOf({
          factors: { a: [0, 1], b: values.map((_, i) => i) },
          pairing: "common-random-numbers",
          value: ({ condition, replicate }) =>
            replicate * values[(Number(condition.b) + turn * Number(condition.a)) % cells]!,
        });
        const { levels } = levelDesignOf(table, { metric: "m", factor: "a" });
        const [x, y] = levels.map(({ units }) => units.map(({ value }) => value));
        assert.equal(x, y);
      },
    ),
  );
});

test.run();
