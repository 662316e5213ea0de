// Promise: a selection never hands an experiment a part of the rows that it needs.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { defineExperiment, metric, replicate, sweep } from "../../lib/index.ts";
import { planOfDefinitions } from "../testing/plan-of-definitions.ts";
import { countBits } from "./bitmap.ts";
import { everything, type Selection, select } from "./selection.ts";

const source = defineExperiment({
  name: "source",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(3, { seed: 1 }),
  metrics: { score: metric.number() },
  trial: ({ parameters, random }) => ({ score: parameters.size + random.float() }),
});
const summary = defineExperiment({
  name: "summary",
  needs: { source },
  parameters: { above: sweep([0, 1, 2]) },
  metrics: { share: metric.number() },
  trial: ({ inputs, parameters }) => ({ share: inputs.source.length + parameters.above }),
});

const opened = planOfDefinitions(
  [
    { exportName: "source", definition: source },
    { exportName: "summary", definition: summary },
  ],
  { folder: "", bundle: "" },
);

function selected(selection: Partial<Selection>): Readonly<Record<string, number>> {
  const found = select(opened, { ...everything, ...selection });
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return Object.fromEntries(
    [...found.wanted].map(([index, units]) => [opened.plan.jobs[index]!.experiment, countBits(units)]),
  );
}

function leftOut(selection: Partial<Selection>): unknown {
  const found = select(opened, { ...everything, ...selection });
  return "problems" in found ? null : found.leftOut;
}

test("what a named experiment needs is wanted whole, whatever the filter or limit", () => {
  assert.equal(selected({ experiments: ["summary"], limit: 1 }), { source: 6, summary: 1 });
  assert.equal(selected({ experiments: ["source", "summary"], limit: 1 }), { source: 6, summary: 1 });
  assert.equal(selected({ experiments: ["source"], limit: 1 }), { source: 1 });
});

test("without names a part of an experiment leaves out what needs the whole", () => {
  assert.equal(selected({}), { source: 6, summary: 3 });
  assert.equal(selected({ limit: 2 }), { source: 2 });
  assert.equal(selected({ filter: { size: [1] } }), { source: 3 });
  assert.equal(selected({ filter: { replicate: [0] } }), { source: 2 });
  assert.equal(leftOut({ limit: 2 }), [{ experiment: "summary", needs: "source" }]);
  assert.equal(leftOut({}), []);
});

test("a selection that does not touch what is needed leaves nothing out", () => {
  assert.equal(selected({ filter: { above: [0] } }), { source: 6, summary: 1 });
  assert.equal(selected({ limit: 6 }), { source: 6, summary: 3 });
});

test.run();
