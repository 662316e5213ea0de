// Order among experiments and stages, and what cannot be ordered.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PlacedExperiment } from "../load/check-definitions.ts";
import type { LoadedExperiment, LoadedStage } from "../load/loaded-experiment.ts";
import { type BuildCode, link } from "./link.ts";
import { topologicalOrder } from "./topological-order.ts";

function stage(name: string, needs: readonly string[] = [], reads: readonly string[] = []): LoadedStage {
  return {
    name,
    per: "build",
    uses: [],
    inherited: [],
    needs,
    reads,
    conditions: 1,
    projected: null,
    site: null,
  };
}

function item(
  name: string,
  stages: readonly LoadedStage[],
  needs: LoadedExperiment["needs"] = {},
): PlacedExperiment {
  const experiment: LoadedExperiment = {
    file: `${name}.experiment.ts`,
    exportNames: ["default"],
    name,
    description: null,
    question: null,
    replicates: { count: 1, seed: 1, seeds: null, pairing: "independent", until: null },
    metrics: {},
    primary: null,
    limits: null,
    tags: [],
    labels: [],
    series: {},
    analyses: [],
    stages,
    needs,
    effects: {},
    simulation: null,
    problems: [],
    site: null,
    parameters: [],
    factors: [],
    space: { kind: "product", parameters: [] },
    design: "",
    conditions: 1,
    admittedCount: 1,
    admitted: null,
    derived: null,
    derivedHashes: null,
    overrides: {},
    spaceProblems: [],
  };
  const place = { file: experiment.file, line: 1, column: 1, length: 1 };
  return { experiment, place, written: null };
}

const code: BuildCode = {
  bundleOf: () => "",
  codeOf: ({ experiment }) => ({ slice: experiment.name, symbols: [], outside: [] }),
};

function refusedBy(items: readonly PlacedExperiment[]): readonly string[] {
  const linked = link(items, code);
  if (linked.ok) throw new Error("linked");
  return linked.error.map(({ code, message }) => `${code}: ${message}`);
}

test("needed experiments and stages come first, whatever the order of writing", () => {
  const items = [
    item("last", [stage("trial", ["b"], ["source"]), stage("b", ["a"]), stage("a")], { source: "first" }),
    item("first", [stage("trial")]),
  ];
  const linked = link(items, code);
  assert.ok(linked.ok);
  assert.equal(
    linked.value.jobs.map((job) => `${job.experiment}/${job.stage}`),
    ["first/trial", "last/a", "last/b", "last/trial"],
  );
  assert.equal(
    linked.value.jobs.at(-1)?.needs.map(({ input, kind }) => `${input} ${kind}`),
    ["b stage", "source experiment"],
  );
});

test("a circle of stages is named", () => {
  assert.equal(refusedBy([item("x", [stage("a", ["b"]), stage("b", ["a"]), stage("trial", ["a"])])]), [
    'circular-stages: Stages of "x" wait for each other: a > b > a.',
  ]);
});

test("a circle of experiments is named", () => {
  const found = refusedBy([
    item("x", [stage("trial")], { of: "y" }),
    item("y", [stage("trial")], { of: "x" }),
  ]);
  assert.equal(found, ["circular-needs: Experiments wait for each other's results: x > y > x."]);
});

test("a need that the build does not have is named with the nearest", () => {
  const found = refusedBy([item("market", [stage("trial")]), item("x", [stage("trial")], { of: "markte" })]);
  assert.equal(found, ['unknown-need: The build has no experiment or stage named "markte".']);
});

test("names without needs keep their order", () => {
  assert.equal(
    topologicalOrder(["c", "a", "b"], () => []),
    { order: ["c", "a", "b"] },
  );
  assert.equal(
    topologicalOrder(["a"], () => ["a"]),
    { cycle: ["a", "a"] },
  );
});

test.run();
