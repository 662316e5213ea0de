// What relations and interactions may name: factors, scales that their levels have, and the scale that a design sampled them on.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "./between.ts";
import { defineExperiment } from "./define-experiment.ts";
import type { ExperimentDefinition } from "./definition.ts";
import { metric } from "./metric.ts";
import { cross } from "./space/joined-spaces.ts";
import { sobol } from "./space/sampled-spaces.ts";
import { sweep } from "./sweep.ts";

/** Builds a definition from what types would refuse. */
const forced = (options: object): ExperimentDefinition =>
  (defineExperiment as unknown as (options: object) => ExperimentDefinition)({
    name: "forced",
    metrics: { m: metric.number() },
    trial: () => ({ m: 1 }),
    ...options,
  });

test("a relation has factors, each on a scale that its levels have, and the scale a design sampled it on", () => {
  const parameters = cross(
    { a: sweep([0, 1, -2]), b: sweep([1, 2]), kind: sweep(["x", "y"]) },
    sobol({ u: between(0, 1), v: between.log(1e-3, 1) }, 8, { seed: 1 }),
  );
  type Door = {
    relation: (...args: readonly unknown[]) => unknown;
    interaction: (...args: readonly unknown[]) => unknown;
  };
  const definitionOf = (call: (door: Door) => unknown) =>
    forced({ parameters, analyses: (door: Door) => [call(door)] });
  const foundIn = (call: (door: Door) => unknown) =>
    definitionOf(call).problems.map(({ code, found, site }) => {
      assert.ok(site !== null);
      return `${code}: ${found}`;
    });
  const [spec] = definitionOf((door) => door.relation("m", ["u", "v", "b", "kind"])).analyses;
  assert.equal(spec?.kind === "relation" && spec.factors, [
    { name: "u", scale: "linear" },
    { name: "v", scale: "log" },
    { name: "b", scale: "linear" },
    { name: "kind", scale: "linear" },
  ]);
  const [alone] = definitionOf((door) => door.relation("m", "v", { scale: "linear" })).analyses;
  assert.equal(alone?.kind === "relation" && alone.factors, [{ name: "v", scale: "linear" }]);
  assert.equal(
    foundIn((door) => door.relation("m", "a", { scale: "log" })),
    ['bad-option: scale "log" for a, which has the levels 0, -2'],
  );
  assert.equal(
    foundIn((door) => door.relation("m", ["u", "b"], { scale: { u: "log" } })),
    ['bad-option: scale "log" for u, which has the level 0'],
  );
  assert.equal(
    foundIn((door) => door.relation("m", ["b", "kind"], { scale: { kind: "log" } })),
    ["unknown-factor: kind"],
  );
  assert.equal(
    foundIn((door) => door.relation("m", "kind")),
    ["unknown-factor: kind"],
  );
  assert.equal(
    foundIn((door) => door.relation("m", ["b"], { scale: { u: "log" } })),
    ['bad-option: scale of "u"'],
  );
  assert.equal(
    foundIn((door) => door.relation("m", ["b"], { where: { b: 1 } })),
    ['bad-option: where with "b"'],
  );
  assert.equal(foundIn((door) => door.relation("m", ["b", "b"])).length, 1);
  assert.equal(
    foundIn((door) => door.interaction(["a", "b"], { by: ["b"], metric: "m" })),
    ['bad-option: by with "b"'],
  );
});

test.run();
