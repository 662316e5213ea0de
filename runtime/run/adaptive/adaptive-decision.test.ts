// A stopping rule is met at the first k, in index order, at which every sequence over complete replicates meets the goal.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MetricSpec, StoppingRule } from "../../../lib/experiment/definition.ts";
import { randomFrom } from "../../../lib/random/random.ts";
import { confidenceSequence } from "../../../lib/stats/confidence-sequence.ts";
import { type Evidence, stoppingOutcomeOf } from "./adaptive-decision.ts";
import { contrastsOf } from "./adaptive-watch.ts";

const metric: MetricSpec = {
  type: "number",
  unit: null,
  range: [0, 1],
  direction: null,
  optional: false,
  categories: null,
  description: null,
};

function ruleOf(goal: StoppingRule["goal"], more: Partial<StoppingRule> = {}): StoppingRule {
  return { metric: "m", goal, confidence: 0.95, min: 10, max: 500, ...more };
}

const factor = (name: string, levels: readonly number[]) => ({
  name,
  levels,
  range: null,
  branch: null,
  zippedWith: [],
});

/** Values by replicate and condition: uniform around 0.3 in the first condition, 0.6 in the second. */
function valuesOf(replicates: number): readonly (readonly number[])[] {
  const random = randomFrom(5);
  return Array.from({ length: replicates }, () => [0.6 * random.float(), 0.2 + 0.8 * random.float()]);
}

function evidenceOf(
  rule: StoppingRule,
  values: readonly (readonly number[])[],
  of: Partial<Evidence> = {},
): Evidence {
  const contrasts = contrastsOf(rule, { conditions: [{ a: 1 }, { a: 2 }], factors: [factor("a", [1, 2])] });
  return {
    rule,
    metric,
    contrasts,
    complete: values.length,
    valueAt: (replicate, place) => values[replicate]![place]!,
    ...of,
  };
}

test("half-width: the first k at which both sequences, each at 97.5%, are narrow enough", () => {
  const values = valuesOf(500);
  const rule = ruleOf({ kind: "half-width", halfWidth: 0.1 });
  const outcome = stoppingOutcomeOf(evidenceOf(rule, values));
  const [first, second] = [0, 1].map((place) =>
    confidenceSequence(
      values.map((row) => row[place]!),
      { range: [0, 1], level: 0.975 },
    ).steps.map(({ low, high }) => (high - low) / 2),
  );
  const expected =
    1 + first!.findIndex((width, index) => index >= 9 && Math.max(width, second![index]!) <= 0.1);
  assert.is(outcome.reason, "met");
  assert.is(outcome.replicates, expected);
  assert.ok(expected > 30 && expected < 500, `stops at ${expected}`);
  assert.equal(
    outcome.intervals.map(({ label, n, isSettled }) => [label, n, isSettled]),
    [
      ["a = 1", expected, true],
      ["a = 2", expected, true],
    ],
  );
  assert.is(outcome.guarantee, "non-asymptotic");
  assert.ok(Math.abs(outcome.level - 0.975) < 1e-12);
});

test("more replicates never move a stop, and fewer leave it open", () => {
  const values = valuesOf(500);
  for (const goal of [
    { kind: "half-width", halfWidth: 0.12 },
    { kind: "decided", value: 0.45 },
    { kind: "decided-between", across: "a", baseline: null },
  ] as const) {
    const rule = ruleOf(goal);
    const stop = stoppingOutcomeOf(evidenceOf(rule, values));
    assert.is(stop.reason, "met", goal.kind);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (complete) => {
        const outcome = stoppingOutcomeOf(evidenceOf(rule, values.slice(0, complete)));
        if (complete < stop.replicates) assert.is(outcome.reason, "open");
        else assert.equal(outcome, stop);
      }),
      { numRuns: 30 },
    );
  }
});

test("never before min, and at max in any case", () => {
  const values = valuesOf(60);
  const easy = ruleOf({ kind: "half-width", halfWidth: 0.49 }, { min: 40 });
  assert.is(stoppingOutcomeOf(evidenceOf(easy, values)).replicates, 40);
  const hard = ruleOf({ kind: "half-width", halfWidth: 0.001 }, { max: 50 });
  const { reason, replicates } = stoppingOutcomeOf(evidenceOf(hard, values));
  assert.equal([reason, replicates], ["max", 50]);
});

test("a replicate without a measurement is complete, and left out of the sequence that lacks it", () => {
  const values = valuesOf(200).map((row, index) => (index % 4 === 0 ? [row[0]!, Number.NaN] : row));
  const outcome = stoppingOutcomeOf(evidenceOf(ruleOf({ kind: "half-width", halfWidth: 0.001 }), values));
  assert.equal(
    outcome.intervals.map(({ n }) => n),
    [200, 150],
  );
  const between = ruleOf({ kind: "decided-between", across: "a", baseline: null }, { max: 12 });
  assert.is(stoppingOutcomeOf(evidenceOf(between, values)).intervals[0]?.n, 9);
});

test("without a declared range nothing is said before 30 values, nor of values that do not vary", () => {
  const open = { ...metric, range: null };
  const values = valuesOf(200);
  const wide = ruleOf({ kind: "half-width", halfWidth: 10 });
  const outcome = stoppingOutcomeOf(evidenceOf(wide, values, { metric: open }));
  assert.equal([outcome.reason, outcome.replicates, outcome.guarantee], ["met", 30, "asymptotic"]);
  const equal = values.map(() => [0.5, 0.5]);
  const constant = stoppingOutcomeOf(evidenceOf(wide, equal, { metric: open }));
  assert.is(constant.reason, "open");
  assert.is(constant.intervals[0]?.low, null);
  // The first 30 values are equal: their spread of 0 must not decide the sequence for ever.
  const late = values.map((row, index) => (index < 35 ? [0.5, 0.5] : row));
  const settled = stoppingOutcomeOf(
    evidenceOf(ruleOf({ kind: "half-width", halfWidth: 0.1 }), late, { metric: open }),
  );
  assert.ok(settled.replicates > 35, `stops at ${settled.replicates}`);
});

test("a difference is taken within strata that both levels have, with equal weights", () => {
  const rule = ruleOf({ kind: "decided-between", across: "a", baseline: { level: 1 } });
  const conditions = [
    { a: 1, b: 1 },
    { a: 1, b: 2 },
    { a: 2, b: 1 },
    { a: 2, b: 2 },
    { a: 3, b: 1 },
    { a: 3, b: 2 },
    { a: 3, b: 3 },
  ];
  const contrasts = contrastsOf(rule, {
    conditions,
    factors: [factor("a", [1, 2, 3]), factor("b", [1, 2, 3])],
  });
  assert.equal(
    contrasts.map(({ label }) => label),
    ["a: 2 rather than 1", "a: 3 rather than 1"],
  );
  assert.equal(contrasts[1]!.terms, [
    { place: 4, weight: 0.5 },
    { place: 5, weight: 0.5 },
    { place: 0, weight: -0.5 },
    { place: 1, weight: -0.5 },
  ]);
});

test("under continuous looking the decision errs in at most 5% of experiments", () => {
  const rule = ruleOf({ kind: "decided", value: 0.5 }, { max: 300, min: 2 });
  const random = randomFrom(17);
  let wrong = 0;
  const experiments = 400;
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    // The mean is exactly the value, so that every decision is an error.
    const values = Array.from({ length: 300 }, () => [random.float(), random.float()]);
    if (stoppingOutcomeOf(evidenceOf(rule, values)).reason === "met") wrong += 1;
    else if (evidenceErrs(rule, values)) wrong += 1;
  }
  assert.ok(wrong <= 0.05 * experiments, `${wrong} of ${experiments} erred`);
});

/** Whether any of the two sequences ever excludes 0.5, even if the rule needs both. */
function evidenceErrs(rule: StoppingRule, values: readonly (readonly number[])[]): boolean {
  const { intervals } = stoppingOutcomeOf(evidenceOf(rule, values));
  return intervals.some(({ low, high }) => low! > 0.5 || high! < 0.5);
}

test.run();
