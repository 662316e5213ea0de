// A simulation study in a report: the measures of Morris, White and Crowther (2019) against their reference, by condition, in all outputs.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { csvOf } from "../../export/csv.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import { performanceSentences } from "../words/performance-words.ts";

interface Runs {
  readonly estimate: readonly number[];
  readonly se: readonly number[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../../lib/stats/reference/monte-carlo-error.json", import.meta.url), "utf8"),
) as {
  data: { simulations: { sim_1: { theta: number; A: Runs; B: Runs } } };
  cases: { method: string; data: string; params: { method?: string }; expected: Record<string, number> }[];
};
const study = reference.data.simulations.sim_1;

const table = syntheticTable({
  factors: { method: ["A", "B"] },
  replicates: study.A.estimate.length,
  metrics: {
    slope: numberMetric({ estimate: { truth: study.theta, standardError: "se", null: 0 } }),
    se: numberMetric(),
  },
  value: ({ metric, condition, replicate }) =>
    study[condition.method as "A" | "B"][metric === "se" ? "se" : "estimate"][replicate]!,
});

test("each condition has the performance of its method, with Monte Carlo standard errors", async () => {
  const experiment = (await analyze(syntheticResults([table]))).experiments[0]!;
  const { performance } = experiment.metrics[0]!;
  for (const [i, method] of ["A", "B"].entries()) {
    const { expected } = reference.cases.find(
      (own) =>
        own.method === "performance" && own.data === "simulations/sim_1" && own.params.method === method,
    )!;
    for (const [name, key] of [
      ["bias", "bias"],
      ["empirical se", "empirical_se"],
      ["root mean squared error", "rmse"],
      ["model se", "model_se"],
      ["coverage", "coverage"],
      ["rejection", "rejection"],
    ] as const) {
      const measure = performance!.cells[i]!.measures.find((own) => own.name === name)!;
      assert.ok(Math.abs(measure.value - expected[key]!) < 1e-9, `${method} ${name} ${measure.value}`);
      assert.ok(
        Math.abs(measure.error - expected[`${key}_mcse`]!) < 1e-9,
        `${method} ${name} ${measure.error}`,
      );
    }
  }
});

test("what chance does not explain is said, and the numbers are in the file", async () => {
  const analysis = await analyze(syntheticResults([table]));
  const experiment = analysis.experiments[0]!;
  const [slope] = experiment.metrics;
  // Bias of A: 0.0549 with Monte Carlo standard error 0.0222; coverage 92% of 200 has 95% within its Wilson interval.
  assert.equal(performanceSentences(experiment, slope!, slope!.performance!), [
    "method = A: slope is above the truth by 0.055 (0.022) on average, by more than chance.",
  ]);
  const row = csvOf(analysis)
    .split("\n")
    .find((line) => line.startsWith("synthetic,slope: coverage,A,"))!;
  assert.match(row, /^synthetic,slope: coverage,A,200,0,0\.92,,0\.0191833/);
});

test("a truth that a condition does not hold as a number, and one trial, leave a sentence", async () => {
  const lone = syntheticTable({
    factors: { effect: ["none", 1] },
    replicates: 1,
    metrics: { slope: numberMetric({ estimate: { truth: "effect", standardError: null, null: 0 } }) },
    value: ({ noise }) => noise,
  });
  const { performance } = (await analyze(syntheticResults([lone]))).experiments[0]!.metrics[0]!;
  assert.equal(
    performance!.cells.map(({ measures }) => measures.length),
    [0, 0],
  );
  assert.is(performance!.cells[0]!.note, "effect is no number here");
  assert.match(performance!.cells[1]!.note!, /2|two/);
});

test.run();
