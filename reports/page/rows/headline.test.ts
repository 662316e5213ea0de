// What a page leads with: a rule that is fixed before the data, so that no estimate is chosen for its size.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import type { StoppingOutcome } from "../../../runtime/record/stopping-outcome.ts";
import { analyze } from "../../analysis/analyze.ts";
import {
  compareSpec,
  effectSpec,
  equivalentSpec,
  gateSpec,
  interactionSpec,
  relationSpec,
} from "../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { groupsOf } from "./groups.ts";
import { headlineOf } from "./headline.ts";

async function headlineFor(
  analyses: readonly AnalysisSpec[],
  options: Partial<SyntheticOptions> = {},
  stopping?: StoppingOutcome,
) {
  const table = syntheticTable({
    factors: { a: [0, 1, 2], b: [0, 1] },
    replicates: 20,
    metrics: { m: numberMetric(), other: numberMetric() },
    primary: "m",
    value: ({ metric, condition, noise }) =>
      (metric === "m" ? effects[Number(condition.a)]! : 0) + 0.1 * noise,
    analyses,
    ...options,
  });
  const [experiment] = (
    await analyze(
      syntheticResults([{ ...table, experiment: { ...table.experiment, ...(stopping && { stopping }) } }]),
    )
  ).experiments;
  return headlineOf(experiment!, groupsOf(experiment!));
}

/** The second level differs a little, the third much. */
const effects = [0, 0.2, 5];
const based = { baseline: { level: 0 } };

test("the estimate is the first decided one in declared order, not the largest", async () => {
  const { row, word, sentence, isOpen } = await headlineFor([compareSpec("m", "a", based)]);
  assert.equal([row?.label, row?.against?.level, isOpen], ["1", "0", false]);
  assert.is(word, "Different.");
  assert.is(sentence, "m is higher for a 1 than for 0.");
});

test("an open comparison before a decided one does not lead", async () => {
  const value: SyntheticOptions["value"] = ({ condition, noise }) => (condition.a === 2 ? 5 : 0) + noise;
  assert.is((await headlineFor([compareSpec("m", "a", based)], { value })).row?.label, "2");
});

test("where nothing is decided the first declared estimate stands, open, and the words promise nothing", async () => {
  const { row, word, sentence, isOpen } = await headlineFor([compareSpec("m", "a", based)], {
    value: ({ noise }) => noise,
  });
  assert.equal([row?.label, word, isOpen], ["1", "Inconclusive.", true]);
  assert.match(sentence, /do not decide whether m differs across a\. That is no evidence that it does not/);
});

test("the primary analysis is the first planned one of the primary metric, whatever else is declared before it", async () => {
  const titleOf = async (analyses: readonly AnalysisSpec[]) => (await headlineFor(analyses)).group?.title;
  assert.is(
    await titleOf([
      compareSpec("other", "a"),
      gateSpec("m", { kind: "above", bound: 0 }),
      compareSpec("m", "a"),
    ]),
    "m across a",
  );
  assert.is(
    await titleOf([compareSpec("m", "a", { exploratory: true }), compareSpec("other", "b")]),
    "other across b",
  );
  assert.is(await titleOf([compareSpec("m", "b", { exploratory: true })]), "m across b");
});

test("a better or worse direction is said where one was declared", async () => {
  const metrics = { m: numberMetric({ direction: "minimize" }) };
  assert.is(
    (await headlineFor([compareSpec("m", "a", based)], { metrics })).sentence,
    "m is higher for a 1 than for 0, which is worse.",
  );
});

const kinds: readonly (readonly [string, AnalysisSpec, string])[] = [
  ["equivalence", equivalentSpec("m", "b", 1), "Equivalent."],
  ["an interaction without effect", interactionSpec("m", ["a", "b"]), "Inconclusive."],
  ["a relation", relationSpec("m", "a"), "Related."],
  ["a main effect", effectSpec("m", "a"), "Different."],
  ["a gate that passes", gateSpec("m", { kind: "below", bound: 99 }), "Passed."],
  ["a gate that fails", gateSpec("m", { kind: "above", bound: 99 }), "Failed."],
];

for (const [name, spec, expected] of kinds)
  test(`the word of ${name} is "${expected}"`, async () =>
    assert.is((await headlineFor([spec])).word, expected));

test("an interaction leads with the first difference of effects that is decided, under the effect that it is of", async () => {
  const value: SyntheticOptions["value"] = ({ condition, noise }) =>
    (condition.a === 2 && condition.b === 1 ? 5 : 0) + 0.1 * noise;
  const { word, sentence, row, within } = await headlineFor([interactionSpec("m", ["a", "b"])], { value });
  assert.equal([word, sentence], ["It depends.", "The effect of b on m depends on a."]);
  assert.equal([within, row?.label, row?.against?.level], ["b = 1 rather than 0", "2", "0"]);
  assert.ok(row!.adjusted!.low < row!.interval!.low && row!.interval!.low > 4.5);
});

test("where a stopping rule decided how much was run, its own intervals lead, with their own level", async () => {
  const analyses = [compareSpec("m", "a", based)];
  const interval = { label: "a: 1 rather than 0", n: 20, mean: 0.2, low: 0.1, high: 0.3, isSettled: true };
  const stopping: StoppingOutcome = {
    rule: {
      metric: "m",
      goal: { kind: "decided-between", across: "a", baseline: null },
      confidence: 0.95,
      min: 10,
      max: 50,
    },
    replicates: 20,
    reason: "max",
    method: "a sequence",
    guarantee: "non-asymptotic",
    level: 0.975,
    intervals: [{ ...interval, label: "a: 2 rather than 0", low: -1, isSettled: false }, interval],
  };
  const headline = await headlineFor(analyses, {}, stopping);
  assert.equal([headline.row?.label, headline.row?.interval?.level], ["a: 1 rather than 0", 0.975]);
  assert.equal(
    [headline.word, headline.sentence],
    ["Partly decided.", "1 of 2 differences of m across a are decided, after 20 replicates."],
  );
  const none = await headlineFor(
    analyses,
    {},
    { ...stopping, intervals: [{ ...interval, isSettled: false }] },
  );
  assert.equal([none.word, none.isOpen, none.row?.state], ["Inconclusive.", true, "open"]);
});

test("nothing measured, nothing declared: no answer, and a description", async () => {
  const outcome = () => ({ code: outcomeCodes.failed, message: "boom" });
  assert.is((await headlineFor([compareSpec("m", "a")], { outcome })).word, "No answer.");
  assert.is((await headlineFor([])).word, "Described.");
});

test.run();
