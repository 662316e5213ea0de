// What a page leads with: a rule that is fixed before the data, so that no estimate is chosen for its size.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
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

async function headlineFor(analyses: readonly AnalysisSpec[], options: Partial<SyntheticOptions> = {}) {
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
  const [experiment] = (await analyze(syntheticResults([table]))).experiments;
  return headlineOf(experiment!, groupsOf(experiment!));
}

/** The second level differs a little, the third much. */
const effects = [0, 0.2, 5];
const based = { baseline: { level: 0 } };

test("the estimate is the first decided one in declared order, not the largest", async () => {
  const { row, word, sentence, isOpen } = await headlineFor([compareSpec("m", "a", based)]);
  assert.equal([row?.label, row?.against, isOpen], ["1", "− 0", false]);
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

test("nothing measured, nothing declared: no answer, and a description", async () => {
  const outcome = () => ({ code: outcomeCodes.failed, message: "boom" });
  assert.is((await headlineFor([compareSpec("m", "a")], { outcome })).word, "No answer.");
  assert.is((await headlineFor([])).word, "Described.");
});

test.run();
