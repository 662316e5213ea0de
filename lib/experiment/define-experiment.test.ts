import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { between } from "./between.ts";
import { defineExperiment } from "./define-experiment.ts";
import { type ExperimentDefinition, isExperiment } from "./definition.ts";
import { metric } from "./metric.ts";
import { replicate } from "./replicate.ts";
import { concat, cross, oneOf, where } from "./space/joined-spaces.ts";
import { zip } from "./space/listed-spaces.ts";
import { proposed } from "./space/proposed-space.ts";
import { sobol } from "./space/sampled-spaces.ts";
import { sweep } from "./sweep.ts";
import { trialColumns } from "./trial-columns.ts";

/** Builds a definition from what types would refuse. */
const forced = (options: object): ExperimentDefinition =>
  (defineExperiment as unknown as (options: object) => ExperimentDefinition)({
    name: "forced",
    parameters: { a: sweep([1, 2]) },
    metrics: { m: metric.number() },
    trial: () => ({ m: 1 }),
    ...options,
  });
const problemsOf = (options: object) =>
  forced(options).problems.map(({ code, subject, found }) => ({ code, subject, found }));
const codesOf = (options: object) => forced(options).problems.map(({ code }) => code);

const walk = defineExperiment({
  name: "walk",
  question: "Does a longer step carry further?",
  parameters: cross(
    { step: sweep([1, 2, 4]), periods: 100 },
    oneOf("kind", { plain: {}, lazy: { rest: sweep([0.1, 0.5]) } }),
  ),
  replicates: replicate(50, { seed: 7, pairing: "common-random-numbers" }),
  metrics: {
    distance: metric.number({ unit: "steps", range: [0, Number.POSITIVE_INFINITY] }),
    turns: metric.integer(),
  },
  primary: "distance",
  series: { path: z.object({ period: z.int(), x: z.number() }) },
  stages: ({ stage }) => {
    const map = stage({ per: "condition", uses: ["step"], run: ({ parameters }) => [parameters.step] });
    const start = stage({ per: "replicate", needs: { map }, run: ({ inputs }) => inputs.map.length });
    return { start };
  },
  trial: () => ({ distance: 1, turns: 2 }),
  analyses: ({ compare, curve, custom, expect, mainEffect, family }) => [
    compare("distance", { across: "step", baseline: 1 }),
    mainEffect("kind"),
    curve("path", { x: "period", y: "x", across: "step" }),
    custom("spread", (rows) => ({ estimate: rows.length })),
    family("turns", [compare("turns", { across: "step" }), compare("turns", { across: "rest" })], {
      correction: "hochberg",
    }),
    expect("distance").toBeAbove(0.5, { where: { kind: "lazy" } }),
  ],
});

test("a sound definition is plain data with no problems", () => {
  assert.equal(walk.problems, []);
  assert.ok(isExperiment(walk));
  const { space, metrics, replicates, analyses } = walk;
  const data = { space, metrics, replicates, analyses };
  assert.equal(JSON.parse(JSON.stringify(data)), data);
  assert.equal(metrics.distance, {
    type: "number",
    unit: "steps",
    range: [0, null],
    direction: null,
    optional: false,
    categories: null,
    description: null,
  });
  assert.equal(replicates, {
    count: 50,
    seed: 7,
    seeds: null,
    pairing: "common-random-numbers",
    until: null,
  });
});

test("stages come in execution order with the trial last, needed ones included", () => {
  assert.equal(
    walk.stages.map(({ name, per, uses, needs }) => ({ name, per, uses, needs })),
    [
      { name: "map", per: "condition", uses: ["step"], needs: [] },
      { name: "start", per: "replicate", uses: "all", needs: ["map"] },
      { name: "trial", per: "replicate", uses: "all", needs: ["start"] },
    ],
  );
});

test("analyses have names, defaults and families of their own", () => {
  assert.equal(
    walk.analyses.map(({ name, family }) => [name, family.name, family.correction]),
    [
      ["compare distance across step", "compare distance across step", "simultaneous"],
      ["main effect of kind on distance", "main effect of kind on distance", "simultaneous"],
      ["curve of x over period in path across step", "curve of x over period in path across step", "none"],
      ["spread", "spread", "none"],
      ["compare turns across step", "turns", "hochberg"],
      ["compare turns across rest", "turns", "hochberg"],
      ['expect distance above 0.5 where kind="lazy"', 'expect distance above 0.5 where kind="lazy"', "none"],
    ],
  );
  assert.equal(walk.customs.spread?.([]), { estimate: 0 });
  const [first] = walk.analyses;
  assert.ok(first?.kind === "compare");
  assert.equal(first.baseline, { level: 1 });
});

test("every part knows the line on which it was built", () => {
  assert.match(walk.site?.file ?? "", /define-experiment\.test\.ts$/);
  const lines = [
    walk.sites.parameters.step?.line,
    walk.sites.metrics.turns?.line,
    ...walk.stages.slice(0, 2).map(({ site }) => site?.line),
    ...walk.sites.analyses.map((site) => site?.line),
  ];
  const start = walk.site?.line ?? 0;
  assert.ok(
    lines.every((line) => line !== undefined && line > start && line < start + 40),
    `${start}: ${lines}`,
  );
  const distinct = new Set(walk.sites.analyses.map((site) => `${site?.line}:${site?.column}`));
  assert.is(distinct.size, walk.analyses.length);
});

test("the only metric is the primary one, and one of several is only if named", () => {
  assert.is(forced({}).primary, "m");
  assert.is(forced({ metrics: { m: metric.number(), n: metric.number() } }).primary, null);
});

test("values that cannot be hashed are problems that say where", () => {
  class Market {}
  const bad: readonly (readonly [value: unknown, found: string])[] = [
    [() => 1, "a function"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [undefined, "undefined"],
    [1n, "a bigint"],
    [Symbol("s"), "a symbol"],
    [new Map(), "an instance of Map"],
    [new Date(0), "an instance of Date"],
    [new Market(), "an instance of Market"],
    [{ costs: [1, Number.NaN] }, "NaN at .costs[1]"],
    ["\ud800", "text with half a surrogate pair"],
  ];
  for (const [value, found] of bad) {
    assert.equal(problemsOf({ parameters: { value } }), [
      { code: "not-json", subject: 'parameter "value"', found },
    ]);
  }
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assert.equal(problemsOf({ parameters: { loop } })[0]?.found, "a reference to itself at .self");
});

test("mistakes in the space are problems", () => {
  assert.equal(codesOf({ parameters: { a: sweep([]) } }), ["empty-sweep"]);
  assert.equal(codesOf({ parameters: cross({ a: 1 }, { a: sweep([1, 2]) }) }), ["duplicate-parameter"]);
  assert.equal(codesOf({ parameters: oneOf("a", { b: { a: 1 } }) }), ["duplicate-parameter"]);
  assert.equal(codesOf({ parameters: { inner: oneOf("a", { b: {} }) } }), ["space-as-value"]);
  assert.equal(codesOf({ parameters: { "a=b": 1 } }), ["bad-name"]);
  assert.equal(codesOf({ parameters: zip({ a: sweep([1, 2]), b: sweep([1]) }) }), ["unequal-zip"]);
  assert.equal(codesOf({ parameters: zip({ a: sweep([1, 1]), b: sweep([1, 2]) }) }), []);
  assert.equal(codesOf({ parameters: sobol({}, 8) }), ["empty-sweep"]);
  assert.equal(
    codesOf({
      parameters: sweep.range(0, 2 ** 20) && { a: sweep.range(0, 2 ** 20), b: sweep.range(0, 2 ** 12) },
    }),
    ["too-many-trials"],
  );
  assert.equal(codesOf({ parameters: null }), ["bad-definition"]);
});

test("whatever must know all conditions beforehand does not go with a space that is proposed while it runs", () => {
  const tuned = proposed({ alpha: between(0, 1) }, { capacity: 5 });
  const told = (options: object) => problemsOf(options).map(({ subject, found }) => `${subject}: ${found}`);
  assert.equal(told({ parameters: cross(tuned, { b: sweep([1, 2]) }) }), []);
  assert.equal(told({ parameters: where(tuned, () => true) }), [
    "a space with space.proposed(...): space.where(...) or space.derive(...)",
  ]);
  assert.equal(told({ parameters: concat(tuned, { alpha: 1 }) }), [
    "a space with space.proposed(...): space.concat(...)",
  ]);
  assert.equal(told({ parameters: cross(tuned, proposed({ beta: between(0, 1) }, { capacity: 5 })) }), [
    "space.proposed(...): 2 of them in one space",
  ]);
  assert.equal(told({ parameters: tuned, replicates: replicate.until({ halfWidth: 1, max: 90 }) }), [
    "replicate.until(...): a space with space.proposed(...)",
  ]);
  const stages = (uses: string[]) => ({
    parameters: cross(tuned, { b: 1, c: 2 }),
    stages: ({ stage }: { stage: (options: object) => unknown }) => ({
      early: stage({ per: "replicate", uses, run: () => 1 }),
    }),
  });
  assert.equal(told(stages(["b"])), []);
  assert.equal(told(stages(["alpha", "b", "c"])), []);
  assert.equal(told(stages(["alpha", "b"])), ['stage "early": uses "alpha", "b"']);
  assert.equal(codesOf({ parameters: proposed({ a: between(0, 1) }, { capacity: 0.5 }) }), ["bad-option"]);
  assert.equal(codesOf({ parameters: proposed({}, { capacity: 5 }) }), ["empty-sweep"]);
});

test("mistakes in names, metrics and replicates are problems", () => {
  assert.equal(codesOf({ name: "../up" }), ["bad-name"]);
  assert.equal(codesOf({ metrics: {} }), ["no-metrics"]);
  assert.equal(codesOf({ metrics: undefined }), ["no-metrics"]);
  assert.equal(codesOf({ metrics: { m: z.number() } }), ["bad-metric"]);
  assert.equal(codesOf({ metrics: { m: metric.number({ range: [1, 0] }) } }), ["bad-metric"]);
  assert.equal(codesOf({ metrics: { m: metric.category(["one"]) } }), ["bad-metric"]);
  // A count has no range of its own, and what it is counted over must be there.
  const ranged = { range: [0, 9] } as Parameters<typeof metric.count>[0];
  assert.equal(codesOf({ metrics: { m: metric.count(ranged!) } }), ["bad-metric"]);
  for (const exposure of ["m", "n", "ended"]) {
    const metrics = { m: metric.count({ exposure }), ended: metric.boolean() };
    assert.equal(codesOf({ metrics, primary: "m" }), ["unknown-exposure"], exposure);
  }
  assert.equal(codesOf({ primary: "n" }), ["unknown-metric"]);
  assert.equal(codesOf({ replicates: replicate(0) }), ["bad-replicates"]);
  assert.equal(codesOf({ replicates: replicate(1.5) }), ["bad-replicates"]);
  assert.equal(codesOf({ replicates: 50 }), ["bad-replicates"]);
  assert.equal(codesOf({ replicates: replicate(5, { seed: -1 }) }), ["bad-seed"]);
  assert.equal(codesOf({ replicates: replicate({ seeds: [1, 2, 1] }) }), ["bad-seed"]);
  assert.equal(codesOf({ replicates: replicate({ seeds: [2 ** 32] }) }), ["bad-seed"]);
  assert.equal(codesOf({ replicates: replicate({ seeds: [] }) }), ["bad-replicates"]);
});

test("names that a file system, a run or a table has for itself are problems, and so are endless ones", () => {
  const taken = [
    "run.json",
    "Plan.json",
    "segments",
    "con",
    "NUL.txt",
    "lpt1",
    "ends.",
    ".",
    "..",
    "a".repeat(101),
  ];
  for (const name of taken) assert.equal(codesOf({ name }), ["bad-name"], name);
  for (const name of ["console", "a".repeat(100), "run", "plan.json.2"])
    assert.equal(codesOf({ name }), [], name);
  for (const name of [...trialColumns, "Outcome"]) {
    assert.equal(codesOf({ metrics: { m: metric.number(), [name]: metric.number() }, primary: "m" }), [
      "bad-name",
    ]);
    assert.equal(codesOf({ parameters: { [name]: sweep([1, 2]) } }), ["bad-name"]);
  }
  const long = "a".repeat(101);
  assert.equal(codesOf({ metrics: { [long]: metric.number() } }), ["bad-name"]);
  assert.equal(codesOf({ parameters: { [long]: 1 } }), ["bad-name"]);
  assert.equal(codesOf({ series: { [long]: z.object({}) } }), ["bad-name"]);
  for (const name of ["", "a\nb", "a".repeat(251), "\u001b[31m"]) {
    type Door = Record<string, (...args: unknown[]) => unknown>;
    const analyses = ({ compare }: Door) => [compare?.("m", { across: "a", name })];
    assert.equal(codesOf({ analyses }), ["bad-name"], JSON.stringify(name));
  }
});

test("a stopping rule names a metric, one goal and sound bounds", () => {
  const rule = forced({ replicates: replicate.until({ halfWidth: 0.1, max: 200, seed: 3 }) }).replicates;
  assert.equal(rule, {
    count: 200,
    seed: 3,
    seeds: null,
    pairing: "independent",
    until: { metric: "m", goal: { kind: "half-width", halfWidth: 0.1 }, confidence: 0.95, min: 10, max: 200 },
  });
  const until = (options: object): readonly string[] =>
    codesOf({
      replicates: (replicate.until as unknown as (options: object) => unknown)({ max: 50, ...options }),
    });
  assert.equal(until({ decided: { across: "a", baseline: 1 } }), []);
  assert.equal(until({ decided: { value: 3 } }), []);
  assert.equal(until({}), ["bad-stopping-rule"]);
  assert.equal(until({ halfWidth: 1, decided: { value: 1 } }), ["bad-stopping-rule"]);
  assert.equal(until({ halfWidth: 0 }), ["bad-stopping-rule"]);
  assert.equal(until({ halfWidth: 1, min: 60 }), ["bad-stopping-rule"]);
  assert.equal(until({ halfWidth: 1, metric: "n" }), ["unknown-metric"]);
  assert.equal(until({ decided: { across: "b" } }), ["unknown-factor"]);
  assert.equal(until({ decided: { across: "a", baseline: 9 } }), ["unknown-level"]);
});

test("wrong names in analyses are problems at their own line", () => {
  type Door = Record<string, (...args: unknown[]) => unknown>;
  const analyses = (write: (door: Door) => unknown[]) => codesOf({ analyses: write });
  assert.equal(
    analyses(({ compare }) => [compare?.("n", { across: "a" })]),
    ["unknown-metric"],
  );
  assert.equal(
    analyses(({ compare }) => [compare?.("m", { across: "b" })]),
    ["unknown-factor"],
  );
  assert.equal(
    analyses(({ compare }) => [compare?.("m", { across: "a", baseline: 3 })]),
    ["unknown-level"],
  );
  assert.equal(
    analyses(({ compare }) => [compare?.("m", { across: "a", unit: "rounds" })]),
    ["rounds-as-replicates"],
  );
  assert.equal(
    analyses(({ curve }) => [curve?.("path", { x: "t", y: "x" })]),
    ["unknown-series"],
  );
  assert.equal(
    analyses(({ interaction }) => [interaction?.(["a", "a"])]),
    ["bad-option"],
  );
  assert.equal(
    analyses(({ equivalent }) => [equivalent?.("m", { across: "a", margin: 0 })]),
    ["bad-option"],
  );
  assert.equal(
    analyses(({ mainEffect }) => [mainEffect?.("a"), mainEffect?.("a")]),
    ["duplicate-analysis"],
  );
  assert.equal(
    analyses(() => [1]),
    ["bad-definition"],
  );
  assert.equal(
    analyses(() => {
      throw new Error("oops");
    }),
    ["callback-threw"],
  );
  assert.equal(
    codesOf({
      metrics: { m: metric.number(), n: metric.number() },
      analyses: ({ mainEffect }: Door) => [mainEffect?.("a")],
    }),
    ["no-primary"],
  );
  const series = { path: z.object({ t: z.int() }) };
  const { problems } = forced({
    series,
    analyses: ({ curve }: Door) => [curve?.("path", { x: "t", y: "x" })],
  });
  assert.equal(
    problems.map(({ code, found, candidates }) => ({ code, found, candidates })),
    [{ code: "unknown-column", found: "x", candidates: ["t"] }],
  );
  assert.match(problems[0]?.site?.file ?? "", /define-experiment\.test\.ts$/);
});

test("mistakes in stages and needs are problems", () => {
  type Door = { stage: (options: object) => object };
  const stages = (write: (door: Door) => object) => codesOf({ stages: write });
  const run = () => 1;
  assert.equal(
    stages(({ stage }) => ({ s: stage({ per: "round", run }) })),
    ["bad-stage"],
  );
  assert.equal(
    stages(({ stage }) => ({ s: stage({ per: "build", uses: ["a"], run }) })),
    ["bad-stage"],
  );
  assert.equal(
    stages(({ stage }) => ({ s: stage({ per: "condition", uses: ["b"], run }) })),
    ["unknown-parameter"],
  );
  assert.equal(
    stages(({ stage }) => ({ trial: stage({ per: "build", run }) })),
    ["duplicate-stage"],
  );
  assert.equal(
    stages(() => ({ s: 1 })),
    ["bad-stage"],
  );
  assert.equal(
    stages(({ stage }) => {
      const one = stage({ per: "build", run });
      return { one, two: stage({ per: "build", needs: { other: one }, run }) };
    }),
    ["stage-alias"],
  );
  assert.equal(
    stages(({ stage }) => {
      const late = stage({ per: "replicate", run });
      return { early: stage({ per: "condition", needs: { late }, run }) };
    }),
    ["bad-stage"],
  );
  assert.equal(codesOf({ needs: { other: {} } }), ["not-an-experiment"]);
  assert.equal(codesOf({ needs: { other: walk } }), []);
});

test.run();
