// A gate passes only on evidence that holds for the metric's own kind, at the declared confidence, with every lost or censored trial at
// its worst; how often each errs is simulated in testing/rates/gates.rates.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec, GateClaim } from "../../../lib/experiment/analysis-spec.ts";
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import type { StoppingOutcome } from "../../../runtime/record/stopping-outcome.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { gateSpec } from "../../testing/specs.ts";
import { normals, numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { GateFinding } from "../finding.ts";

const yesOrNo = numberMetric({ type: "boolean" });

/** Values of one condition; null is a trial that failed. */
function tableOf(values: readonly (number | null)[], metric: MetricSpec = numberMetric()): TrialTable {
  return syntheticTable({
    factors: {},
    replicates: values.length,
    metrics: { y: metric },
    value: ({ replicate }) => values[replicate] ?? Number.NaN,
    outcome: ({ replicate }) =>
      values[replicate] === null ? { code: outcomeCodes.failed, message: "it failed" } : null,
  });
}

async function gatesOf(
  table: TrialTable,
  analyses: readonly AnalysisSpec[],
): Promise<readonly GateFinding[]> {
  const asked = { ...table, experiment: { ...table.experiment, analyses } };
  const { experiments } = await analyze(syntheticResults([asked]));
  return experiments[0]!.findings.map((finding) => {
    assert.is(finding.kind, "gate");
    return finding as GateFinding;
  });
}

async function gateOf(
  values: readonly (number | null)[],
  claim: GateClaim,
  of: { readonly metric?: MetricSpec; readonly confidence?: number } = {},
): Promise<GateFinding> {
  const { metric, confidence = 0.95 } = of;
  const [gate] = await gatesOf(tableOf(values, metric), [gateSpec("y", claim, { confidence })]);
  return gate!;
}

const times = (count: number, value: number) => new Array<number>(count).fill(value);

test("nothing passes on trials that were censored below the bound", async () => {
  // 8 of 40 ended in time; the other 32 are known only to last longer than 10.
  const values = Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 1 + (i % 7) : null));
  const table = tableOf(values);
  const outcome = table.outcome.map((code) => (code === outcomeCodes.failed ? outcomeCodes.censored : code));
  const censored = new Map(
    values.flatMap((value, row) => (value === null ? [[row, { metric: "y", bound: 10 }] as const] : [])),
  );
  const claims = [
    gateSpec("y", { kind: "below", bound: 9 }, { name: "below 9" }),
    gateSpec("y", { kind: "below", bound: 5 }, { name: "below 5" }),
    gateSpec("y", { kind: "above", bound: 5 }, { name: "above 5" }),
  ];
  const [below, far, above] = await gatesOf({ ...table, outcome, censored }, claims);
  assert.is(below!.verdict, "undecided");
  assert.match(below!.sentences[0]!, "32 of 40 trials were censored, and y declares no highest value");
  assert.is(far!.verdict, "failed");
  assert.is(above!.verdict, "passed");
  assert.match(above!.sentences[0]!, "n = 8 and 32 censored");
});

test("a lost trial counts as the worst that the declared range allows, and without a range nothing passes", async () => {
  const values = Array.from({ length: 40 }, (_, i) => (i < 4 ? null : 0.4 + 0.01 * (i % 7)));
  const claim = { kind: "below", bound: 0.7 } as const;
  const open = await gateOf(values, claim);
  assert.is(open.verdict, "undecided");
  assert.match(
    open.sentences[0]!,
    "4 of 40 ended without a value, and y declares no highest value (`range`)",
  );
  const unit = numberMetric({ range: [0, 1] });
  assert.is((await gateOf(values, claim, { metric: unit })).verdict, "passed");
  const near = await gateOf(values, { kind: "below", bound: 0.46 }, { metric: unit });
  assert.is(near.verdict, "undecided");
  assert.is(
    (
      await gateOf(
        values.filter((value) => value !== null),
        { kind: "below", bound: 0.46 },
      )
    ).verdict,
    "passed",
  );
});

test("two values, or values that do not vary, pass nothing without a declared range", async () => {
  const claim = { kind: "below", bound: 0.05 } as const;
  const two = await gateOf([0, 0], claim);
  assert.is(two.verdict, "undecided");
  assert.match(two.sentences[0]!, "at least 5 replicates are needed, or a declared `range`");
  const equal = await gateOf(times(20, 0), claim);
  assert.is(equal.verdict, "undecided");
  assert.match(equal.sentences[0]!, "all 20 values are equal");
  const unit = numberMetric({ range: [0, 1] });
  assert.is((await gateOf(times(20, 0), claim, { metric: unit })).verdict, "undecided");
  const many = await gateOf(times(200, 0), claim, { metric: unit });
  assert.is(many.verdict, "passed");
  assert.match(many.sentences[0]!, "betting interval for values in [0, 1]");
});

test("yes or no is judged by the exact interval at the declared confidence", async () => {
  // Clopper-Pearson of 38 in 40: low end 0.8308 at 0.95 and 0.7882 at 0.99; from scipy.stats.beta.ppf 1.17.1.
  const wins = [...times(38, 1), ...times(2, 0)];
  const at = async (confidence: number) =>
    await gateOf(wins, { kind: "above", bound: 0.8 }, { metric: yesOrNo, confidence });
  const usual = await at(0.95);
  assert.is(usual.verdict, "passed");
  assert.ok(Math.abs(usual.interval!.low - 0.8308) < 5e-5, String(usual.interval!.low));
  assert.match(usual.sentences[0]!, "Clopper-Pearson exact interval");
  const sure = await at(0.99);
  assert.is(sure.verdict, "undecided");
  assert.ok(Math.abs(sure.interval!.low - 0.7882) < 5e-5, String(sure.interval!.low));
  assert.is(sure.interval!.level, 0.99);
  assert.match(sure.reason, "the whole 99% interval");
  assert.match((await at(0.999)).reason, "the whole 99.9% interval");
  assert.match(sure.sentences[0]!, /about \d+ replicates would decide it/);
});

test("an undecided gate says how many replicates would do, and so many do", async () => {
  const draw = normals(3);
  const values = Array.from({ length: 400 }, () => draw());
  const claim = { kind: "below", bound: 0.25 } as const;
  const few = await gateOf(values.slice(0, 20), claim);
  assert.is(few.verdict, "undecided");
  const said = Number(/about (\d+) replicates/.exec(few.sentences[0]!)![1]);
  assert.ok(said > 20 && said <= 400, few.sentences[0]);
});

test("lost trials that leave a claim open whatever the number of replicates are called so", async () => {
  const values = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? null : 0.5 + 0.01 * (i % 7)));
  const unit = numberMetric({ range: [0, 1] });
  const { verdict, sentences } = await gateOf(values, { kind: "above", bound: 0.5 }, { metric: unit });
  assert.is(verdict, "undecided");
  assert.match(sentences[0]!, "the trials without a value leave it open, whatever the number of replicates");
  // With a lowest value alone, nothing says how high the lost ones are.
  const open = numberMetric({ range: [0, null] });
  const one = await gateOf(values, { kind: "above", bound: 0.6 }, { metric: open });
  assert.match(one.sentences[0]!, "the trials without a value leave it open");
});

test("a gate over levels names every comparison with its corrected p value", async () => {
  const table = syntheticTable({
    factors: { a: [1, 2, 3] },
    replicates: 20,
    metrics: { y: numberMetric() },
    value: ({ condition, noise }) => Number(condition.a) + 0.1 * noise,
  });
  const differ = { kind: "differ", across: "a", baseline: null } as const;
  const [gate] = await gatesOf(table, [gateSpec("y", differ)]);
  assert.is(gate!.verdict, "passed");
  assert.is(gate!.checks.length, 3);
  for (const { label, words } of gate!.checks) {
    assert.match(words, /p [=<]/);
    assert.ok(gate!.sentences[0]!.includes(label), label);
  }
  assert.match(gate!.reason, /\(corrected: Holm over the \d tests of the family/);
});

test("a count is judged by its exact limits, also where no event came", async () => {
  const count = numberMetric({ type: "integer", count: { exposure: null } });
  // No event in 20 trials: the upper limit of the rate is 3.689 / 20 (Garwood 1936).
  const none = await gateOf(times(20, 0), { kind: "below", bound: 0.2 }, { metric: count });
  assert.is(none.verdict, "passed");
  assert.ok(Math.abs(none.interval!.high - 3.68888 / 20) < 1e-5, String(none.interval!.high));
  assert.match(none.sentences[0]!, "exact Poisson interval");
  const few = await gateOf(times(10, 0), { kind: "below", bound: 0.2 }, { metric: count });
  assert.is(few.verdict, "undecided");
  // Counts that vary more than Poisson's are not judged as if they did not.
  const unlike = await gateOf(
    [0, 0, 9, 0, 1, 0, 12, 0, 0, 0],
    { kind: "below", bound: 4 },
    { metric: count },
  );
  assert.is(unlike.verdict, "undecided");
  assert.is(unlike.interval!.low, 0, "no rate is below 0");
  assert.match(unlike.sentences[0]!, "wider of the exact negative binomial interval and the t interval");
  const lost = await gateOf([...times(20, 0), null], { kind: "below", bound: 3 }, { metric: count });
  assert.is(lost.verdict, "undecided");
});

test("where the data decided how many replicates there are, gates rest on what holds at the stop", async () => {
  const draw = normals(5);
  const table = syntheticTable({
    factors: { a: [1, 2] },
    replicates: 60,
    metrics: { y: numberMetric() },
    value: ({ condition }) => Number(condition.a) + draw(),
  });
  const stopping = (goal: StoppingOutcome["rule"]["goal"]): StoppingOutcome => ({
    rule: { metric: "y", goal, confidence: 0.95, min: 10, max: 500 },
    replicates: 60,
    reason: "met",
    method: "asymptotic sequence",
    guarantee: "asymptotic",
    level: 0.95,
    intervals: [{ label: "a: 2 rather than 1", n: 60, mean: 1, low: 0.4, high: 1.6, isSettled: true }],
  });
  const asked = (goal: StoppingOutcome["rule"]["goal"]) =>
    gatesOf({ ...table, experiment: { ...table.experiment, stopping: stopping(goal) } }, [
      gateSpec("y", { kind: "above", bound: 0.2 }, { name: "high" }),
      gateSpec("y", { kind: "differ", across: "a", baseline: null }, { name: "differ" }),
    ]);
  const [high, differ] = await asked({ kind: "decided-between", across: "a", baseline: null });
  assert.is(high!.verdict, "passed");
  assert.match(high!.sentences[0]!, "it holds wherever the run stopped");
  assert.is(differ!.verdict, "passed");
  assert.match(differ!.sentences[0]!, "a: 2 rather than 1: 1 [0.40, 1.60]");
  // A rule that did not watch the difference has no interval of it.
  const [, unwatched] = await asked({ kind: "half-width", halfWidth: 0.5 });
  assert.is(unwatched!.verdict, "undecided");
  assert.match(unwatched!.sentences[0]!, "the stopping rule has no interval of it");
});

test("verdict, interval and sentence never contradict each other, whatever was lost", async () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(numberMetric(), numberMetric({ range: [0, 1] }), numberMetric({ range: [0, null] })),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (values, metric, bound) => {
        const below = await gateOf(values, { kind: "below", bound }, { metric });
        const above = await gateOf(values, { kind: "above", bound }, { metric });
        assert.not(below.verdict === "passed" && above.verdict === "passed");
        for (const gate of [below, above]) {
          assert.ok(gate.sentences[0]!.startsWith(`Gate ${gate.verdict}: `));
          assert.not.match(JSON.stringify(gate), /NaN|Infinity|undefined/);
          const { interval, verdict } = gate;
          if (interval === null) continue;
          const isBelow = interval.high < bound;
          const isAbove = interval.low > bound;
          if (verdict === "passed") assert.ok(gate === below ? isBelow : isAbove);
          if (verdict === "undecided") assert.not(gate === below ? isBelow : isAbove);
        }
        // What fails for sure with every lost trial at its best end is the opposite claim, but for a mean at the bound itself.
        if (below.verdict === "failed") assert.ok(above.verdict !== "failed");
      },
    ),
    { numRuns: 150 },
  );
});

test.run();
