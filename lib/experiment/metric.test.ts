// What an estimate is held against has to be there: a truth, and the method's own standard error.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { defineExperiment } from "./define-experiment.ts";
import { metric } from "./metric.ts";
import { sweep } from "./sweep.ts";

const problemsOf = (options: Parameters<typeof metric.estimate>[0]) =>
  defineExperiment({
    name: "study",
    parameters: { effect: sweep([0, 1]) },
    metrics: { slope: metric.estimate(options), se: metric.number(), ended: metric.boolean() },
    primary: "slope",
    trial: () => ({ slope: 0, se: 1, ended: true }),
  }).problems;

test("an estimate names its truth and its standard error, or the build says which is not there", () => {
  assert.equal(problemsOf({ truth: "effect", standardError: "se" }), []);
  assert.equal(problemsOf({ truth: 0.5 }), []);
  for (const [options, subject, found] of [
    [{ truth: "efect" }, 'truth of metric "slope"', "efect"],
    [{ truth: "se" }, 'truth of metric "slope"', "se"],
    [{ truth: 1, standardError: "ended" }, 'standard error of metric "slope"', "ended"],
    [{ truth: 1, standardError: "slope" }, 'standard error of metric "slope"', "slope"],
  ] as const) {
    const [problem] = problemsOf(options);
    assert.equal([problem!.code, problem!.subject, problem!.found], ["unknown-truth", subject, found]);
  }
});

test("an estimate without a truth is no metric", () => {
  // The types refuse it; JavaScript does not.
  const untold = {} as Parameters<typeof metric.estimate>[0];
  assert.equal(
    problemsOf(untold).map(({ code }) => code),
    ["bad-metric"],
  );
});

test.run();
