// What the editor must refuse, and what it must infer: checked by the type checker alone.
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { between } from "./between.ts";
import { defineExperiment } from "./define-experiment.ts";
import { type Metric, metric } from "./metric.ts";
import { replicate } from "./replicate.ts";
import { cross, derive, oneOf, where } from "./space/joined-spaces.ts";
import { conditions, zip } from "./space/listed-spaces.ts";
import { latinHypercube } from "./space/sampled-spaces.ts";
import { sweep } from "./sweep.ts";

const hill = defineExperiment({
  name: "hill",
  parameters: cross(
    { noise: sweep([0, 0.1]), periods: 100, mode: "fast" },
    oneOf("climber", {
      greedy: { step: sweep([0.1, 0.5, 1]) },
      annealing: { step: sweep([0.1, 0.5, 1]), cooling: sweep([0.9, 0.99]) },
    }),
  ),
  replicates: replicate(20, { seed: 1, pairing: "common-random-numbers" }),
  metrics: {
    score: metric.number({ unit: "metres", range: [0, 100] }),
    steps: metric.integer(),
    found: metric.boolean(),
    best: metric.number({ optional: true }),
    ending: metric.category(["summit", "valley"]),
  },
  primary: "score",
  series: { path: z.object({ step: z.int(), x: z.number() }) },
  stages: ({ stage }) => {
    const terrain = stage({
      per: "condition",
      uses: ["noise"],
      run({ parameters, random, record }) {
        expectTypeOf(parameters).toEqualTypeOf<{ readonly noise: 0 | 0.1 }>();
        record("path", { step: 1, x: random.float() });
        // @ts-expect-error a row has an x
        record("path", { step: 1 });
        // @ts-expect-error no such series
        record("paths", { step: 1, x: 0 });
        // @ts-expect-error `climber` is not among those it uses
        parameters.climber;
        return { heights: [random.float(), parameters.noise] };
      },
    });
    const start = stage({
      per: "replicate",
      needs: { terrain },
      run: async ({ inputs }) => inputs.terrain.heights.length,
    });
    stage({
      per: "condition",
      // @ts-expect-error no such parameter
      uses: ["nois"],
      run: () => 1,
    });
    stage({
      per: "build",
      // @ts-expect-error a stage returns data, no functions
      run: () => ({ move: () => 1 }),
    });
    return { terrain, start };
  },
  onRecord: ({ stop, parameters }) => {
    let rows = 0;
    return {
      path(row) {
        expectTypeOf(row).toEqualTypeOf<{ step: number; x: number }>();
        rows += 1;
        if (rows > parameters.periods)
          stop({ score: 0, steps: rows, found: false, best: null, ending: "valley" });
      },
    };
  },
  trial({ parameters, random, record, inputs, censored, refuse }) {
    expectTypeOf(parameters.climber).toEqualTypeOf<"greedy" | "annealing">();
    expectTypeOf(parameters.periods).toEqualTypeOf<number>();
    expectTypeOf(parameters.mode).toEqualTypeOf<"fast">();
    expectTypeOf(inputs.terrain).toEqualTypeOf<{ heights: number[] }>();
    expectTypeOf(inputs.start).toEqualTypeOf<number>();
    // @ts-expect-error `cooling` does not exist in every branch
    parameters.cooling;
    if (parameters.climber === "annealing") expectTypeOf(parameters.cooling).toEqualTypeOf<number>();
    // @ts-expect-error an impossible branch
    if (parameters.climber === "gredy") return refuse("no such climber");
    record("path", { step: 1, x: random.float() });
    // @ts-expect-error a row that the schema refuses
    record("path", { step: 1, y: 2 });
    // @ts-expect-error no such series
    record("pth", { step: 1, x: 2 });
    if (random.boolean()) return censored({ metric: "steps", bound: 100 });
    // @ts-expect-error no such metric
    if (random.boolean()) return censored({ metric: "stps", bound: 100 });
    return { score: parameters.step, steps: 3, found: true, best: null, ending: "summit" };
  },
  analyses: ({
    compare,
    mainEffect,
    interaction,
    curve,
    equivalent,
    relation,
    profile,
    custom,
    chart,
    expect,
    family,
  }) => [
    compare("score", { across: "climber", baseline: "greedy" }),
    compare("score", { across: "step", baseline: 0.5, tests: "classical", where: { noise: 0.1 } }),
    compare("found", { across: "cooling" }),
    // @ts-expect-error no such metric
    compare("scoer", { across: "step" }),
    // @ts-expect-error a category has no mean
    compare("ending", { across: "step" }),
    // @ts-expect-error a constant is not swept
    compare("score", { across: "periods" }),
    // @ts-expect-error no such level
    compare("score", { across: "step", baseline: 7 }),
    // @ts-expect-error no such level under where
    compare("score", { across: "step", where: { climber: "gredy" } }),
    mainEffect("climber", { metric: "steps" }),
    interaction(["climber", "noise"]),
    // @ts-expect-error one factor does not interact
    interaction(["climber"]),
    curve("path", { x: "step", y: "x", across: "climber" }),
    // @ts-expect-error no such column
    curve("path", { x: "step", y: "z" }),
    equivalent("score", { across: "noise", baseline: 0, margin: 0.1 }),
    relation("score", "step"),
    // @ts-expect-error the levels of climber are no numbers
    relation("score", "climber"),
    relation("score", ["climber", "step", "noise"], { scale: { step: "log" } }),
    // @ts-expect-error the levels of climber have no logarithm
    relation("score", ["climber", "step"], { scale: { climber: "log" } }),
    // @ts-expect-error no such factor
    relation("score", ["stepp"]),
    // @ts-expect-error a scale for several factors names them
    relation("score", ["step", "noise"], { scale: "log" }),
    profile("score", { across: "climber", tasks: ["noise"], baseline: "greedy" }),
    custom("spread", (rows) => {
      expectTypeOf(rows[0]?.metrics?.score).toEqualTypeOf<number | undefined>();
      return { estimate: rows.length };
    }),
    custom("table", (rows) => ({
      tables: [{ columns: [{ name: "n", type: "number", unit: "trials" }], rows: [{ n: rows.length }] }],
    })),
    // @ts-expect-error a column is number or text
    custom("odd table", () => ({ tables: [{ columns: [{ name: "n", type: "integer" }], rows: [] }] })),
    chart("picture", (rows) => {
      expectTypeOf(rows[0]?.metrics?.score).toEqualTypeOf<number | undefined>();
      return {
        data: {
          values: rows.map(({ parameters, metrics }) => ({ step: parameters.step, score: metrics?.score })),
        },
        mark: "point",
        encoding: { x: { field: "step" }, y: { field: "score", type: "quantitative" } },
      };
    }),
    chart("trials", () => ({ mark: { type: "bar", opacity: 0.5 }, encoding: { x: { field: "step" } } })),
    // @ts-expect-error a chart loads nothing
    chart("elsewhere", () => ({ mark: "bar", data: { url: "x.csv" } })),
    // @ts-expect-error no such mark
    chart("imagined", () => ({ mark: "image" })),
    family("both", [compare("score", { across: "noise" }), compare("steps", { across: "noise" })]),
    expect("score").toBeAbove(0.5, { where: { climber: "annealing" } }),
    expect("score").toDiffer({ across: "climber", baseline: "greedy" }),
    // @ts-expect-error no such level
    expect("score").toDiffer({ across: "climber", baseline: "grdy" }),
  ],
});

defineExperiment({
  name: "needs-another",
  parameters: where({ low: sweep([1, 2]), high: sweep([1, 2]) }, (p) => p.low < p.high),
  replicates: replicate.until({ metric: "error", halfWidth: 0.1, max: 100 }),
  needs: { hill },
  metrics: { error: metric.number() },
  stages: ({ stage }) => {
    const best = stage({
      per: "build",
      needs: { hill },
      run({ inputs }) {
        expectTypeOf(inputs.hill[0]?.metrics.ending).toEqualTypeOf<"summit" | "valley" | undefined>();
        return inputs.hill.length;
      },
    });
    return { best };
  },
  trial({ inputs, parameters }) {
    const row = inputs.hill[0];
    if (row?.parameters.climber === "annealing") expectTypeOf(row.parameters.cooling).toEqualTypeOf<number>();
    return { error: inputs.best + parameters.low };
  },
});

defineExperiment({
  name: "missing-metric",
  parameters: { a: sweep([1, 2]) },
  metrics: { error: metric.number(), time: metric.number() },
  // @ts-expect-error `time` is not returned
  trial: () => ({ error: 1 }),
});

defineExperiment({
  name: "misspelt-metric",
  parameters: { a: sweep([1, 2]) },
  metrics: { error: metric.number() },
  // @ts-expect-error `eror` for `error`
  trial: async () => ({ eror: 1 }),
});

defineExperiment({
  name: "unknown-primary",
  parameters: { a: sweep([1, 2]) },
  metrics: { error: metric.number() },
  // @ts-expect-error no such metric
  primary: "eror",
  trial: () => ({ error: 1 }),
});

defineExperiment({
  name: "rule-on-the-primary",
  parameters: { a: sweep([1, 2]) },
  replicates: replicate.until({ decided: { across: "a", baseline: 1 }, max: 10 }),
  metrics: { error: metric.number(), cost: metric.number() },
  primary: "cost",
  trial: () => ({ error: 1, cost: 2 }),
});

// @ts-expect-error no such option
replicate.until({ halfWidth: 1, max: 10, most: 20 });
// @ts-expect-error max is needed
replicate.until({ halfWidth: 1 });

defineExperiment({
  name: "unknown-factor-in-rule",
  parameters: { a: sweep([1, 2]) },
  // @ts-expect-error no such factor
  replicates: replicate.until({ decided: { across: "b" }, max: 10 }),
  metrics: { error: metric.number() },
  trial: () => ({ error: 1 }),
});

defineExperiment({
  name: "unknown-metric-in-rule",
  parameters: { a: sweep([1, 2]) },
  // @ts-expect-error no such metric
  replicates: replicate.until({ metric: "eror", halfWidth: 1, max: 10 }),
  metrics: { error: metric.number() },
  trial: () => ({ error: 1 }),
});

const rest = { name: "refused", metrics: { m: metric.number() }, trial: () => ({ m: 1 }) };
// @ts-expect-error a function is no parameter
defineExperiment({ ...rest, parameters: { f: () => 1 } });
// @ts-expect-error a Map is no parameter
defineExperiment({ ...rest, parameters: { f: new Map() } });
// @ts-expect-error a class instance is no parameter
defineExperiment({ ...rest, parameters: { f: new Date() } });
// @ts-expect-error undefined is no parameter
defineExperiment({ ...rest, parameters: { f: undefined } });
// @ts-expect-error a space is no parameter: it is joined by cross
defineExperiment({ ...rest, parameters: { f: oneOf("a", { b: {} }) } });
// @ts-expect-error a bigint is no level
sweep([1n]);
// @ts-expect-error a function is no level
sweep([() => 1]);

const derived = derive(
  { firms: sweep([2, 3]), cost: 1 },
  { share: (p) => p.cost / p.firms, label: (p) => `n${p.firms}` },
);
defineExperiment({
  name: "derived",
  parameters: cross(
    derived,
    zip({ a: sweep([1, 2]), b: sweep(["x", "y"]) }),
    latinHypercube({ u: between(0, 1), v: sweep([5, 6]) }, 8),
  ),
  metrics: { m: metric.number() },
  trial({ parameters }) {
    expectTypeOf(parameters.share).toEqualTypeOf<number>();
    expectTypeOf(parameters.label).toEqualTypeOf<"n2" | "n3">();
    expectTypeOf(parameters.b).toEqualTypeOf<"x" | "y">();
    expectTypeOf(parameters.u).toEqualTypeOf<number>();
    expectTypeOf(parameters.v).toEqualTypeOf<number>();
    // The command line may set other numbers than the levels written here: `-S v=9`.
    if (parameters.v === 9) return { m: 9 };
    return { m: 1 };
  },
  analyses: ({ relation, compare, mainEffect }) => [
    relation("m", "u"),
    compare("m", { across: "v", baseline: 6 }),
    mainEffect("u"),
    // @ts-expect-error a derived value is not a factor
    mainEffect("share"),
  ],
});

defineExperiment({
  name: "listed",
  parameters: conditions([
    { a: 1, b: "x" },
    { a: 2, b: "y" },
  ]),
  metrics: { m: metric.number() },
  trial({ parameters }) {
    expectTypeOf(parameters.b).toEqualTypeOf<"x" | "y">();
    return { m: parameters.a };
  },
  analyses: ({ compare }) => [
    compare("m", { across: "b", baseline: "y" }),
    // @ts-expect-error no such level
    compare("m", { across: "b", baseline: "z" }),
  ],
});

expectTypeOf(metric.count({ exposure: "steps" })).toEqualTypeOf<Metric<number>>();
expectTypeOf(metric.count({ optional: true })).toEqualTypeOf<Metric<number | null>>();
// @ts-expect-error a count is at least 0 and has no other range
metric.count({ range: [0, 9] });
// @ts-expect-error events are counted over something that has a name
metric.count({ exposure: 100 });
// @ts-expect-error a number is counted over nothing
metric.integer({ exposure: "steps" });

defineExperiment({
  name: "steps",
  parameters: { total: 100 },
  metrics: { sum: metric.number() },
  async trial({ parameters, random, steps, checkpoint }) {
    const state = await steps({
      total: parameters.total,
      checkpoint: 10,
      initial: () => ({ x: 0, path: [0] }),
      step(now, index) {
        expectTypeOf(now).toEqualTypeOf<{ x: number; path: number[] }>();
        now.x += index * random.normal();
      },
      until: (now, done) => now.x > 3 && done > 10,
    });
    expectTypeOf(state.path).toEqualTypeOf<number[]>();
    await steps({
      total: 3,
      initial: () => 0,
      step: (sum, index) => sum + index,
      checkpoint: { seconds: 1, keep: 3 },
    });
    await steps({ total: 3, initial: () => [0], step: async (list, index) => void list.push(index) });
    // @ts-expect-error the next state has the type of the first
    await steps({ total: 3, initial: () => 0, step: () => "1" });
    // @ts-expect-error a pace is one in steps or one in seconds
    await steps({ total: 3, initial: () => 0, step: (sum) => sum, checkpoint: { keep: 3 } });
    const save = checkpoint.every({ steps: 10 });
    await save(1, () => state.x);
    return { sum: state.x };
  },
});

defineExperiment({
  name: "limits",
  parameters: {},
  metrics: { sum: metric.number() },
  limits: { timeout: "1.5h", memory: "2GB", retry: { on: ["crash"], max: 1 }, resources: { gpu: 1 } },
  trial: () => ({ sum: 1 }),
});
defineExperiment({
  name: "limits",
  parameters: {},
  metrics: { sum: metric.number() },
  limits: {
    // @ts-expect-error a duration has a unit
    timeout: "10",
    // @ts-expect-error a size in MB or GB
    memory: "2TB",
    // @ts-expect-error no such ending
    retry: { on: ["timeout"], max: 1 },
    // @ts-expect-error nothing else is needed of a machine
    resources: { disk: 1 },
  },
  trial: () => ({ sum: 1 }),
});
