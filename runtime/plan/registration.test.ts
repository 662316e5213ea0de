// A registration's hash is of what was asked and of nothing else, and every departure is named.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { defineExperiment, metric, replicate, sweep } from "../../lib/index.ts";
import { planOfDefinitions } from "../testing/plan-of-definitions.ts";
import { departureOf, registeredContentOf, registrationHashOf } from "./registration.ts";

const parts = {
  name: "dose",
  metrics: { health: metric.number(), pulse: metric.number() },
  primary: "health",
  trial: () => ({ health: 1, pulse: 2 }),
} as const;

function contentOf(
  levels: readonly number[] = [0, 1],
  replicates: ReturnType<typeof replicate> | ReturnType<typeof replicate.until> = replicate(20, { seed: 3 }),
) {
  const definition = defineExperiment({
    ...parts,
    parameters: { dose: sweep([...levels]) },
    replicates: replicates as never,
  });
  const opened = planOfDefinitions([{ definition, exportName: "default" }], { folder: ".", bundle: "b.js" });
  return registeredContentOf(opened.experiments[0]!);
}

test("the same question has the same hash, another has another, and JSON on the way changes nothing", () => {
  const content = contentOf();
  const hash = registrationHashOf(content);
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.is(registrationHashOf(contentOf()), hash);
  assert.is(registrationHashOf(JSON.parse(JSON.stringify(content))), hash);
  assert.is.not(registrationHashOf(contentOf([0, 2])), hash);
  assert.is.not(registrationHashOf({ ...content, question: "Why?" }), hash);
});

test("what follows the registration departs in nothing", () => {
  assert.equal(departureOf(contentOf(), contentOf()), {
    analyses: { added: [], removed: [], changed: [] },
    deviations: [],
  });
});

test("levels, replicates, seeds, pairing and stopping rules are named when they change", () => {
  const registered = contentOf();
  const wordsOf = (done: ReturnType<typeof contentOf>) => departureOf(registered, done).deviations;
  assert.equal(wordsOf(contentOf([0, 2])), [
    "The design was changed: levels of parameter dose: new 2, gone 1.",
  ]);
  assert.equal(wordsOf(contentOf([0, 1], replicate(30, { seed: 3 }))), [
    "The number of replicates was 20 and is 30.",
  ]);
  assert.equal(wordsOf(contentOf([0, 1], replicate(20, { seed: 4 }))), ["The seeds were changed."]);
  assert.equal(wordsOf(contentOf([0, 1], replicate(20, { seed: 3, pairing: "common-random-numbers" }))), [
    "The pairing was independent and is common-random-numbers.",
  ]);
  const until = replicate.until({ halfWidth: 0.1, max: 50, seed: 3 });
  assert.equal(wordsOf(contentOf([0, 1], until)), [
    "A stopping rule was added; the number of replicates had been fixed.",
  ]);
  assert.equal(departureOf(contentOf([0, 1], until), registered).deviations, [
    "The stopping rule was taken out; the number of replicates is fixed.",
  ]);
  const wider = replicate.until({ halfWidth: 0.2, max: 50, seed: 3 });
  assert.equal(departureOf(contentOf([0, 1], until), contentOf([0, 1], wider)).deviations, [
    "The stopping rule was changed from half-width 0.1 of health (10 to 50 replicates, 95%) to half-width 0.2 of health (10 to 50 replicates, 95%).",
  ]);
});

test("metrics and the primary metric are part of it", () => {
  const registered = contentOf();
  const done = {
    ...registered,
    primary: "pulse",
    metrics: { pulse: { ...registered.metrics.pulse!, unit: "beats" }, age: registered.metrics.health! },
  };
  assert.equal(departureOf(registered, done).deviations, [
    "The primary metric was health and is pulse.",
    "The metric health was removed.",
    "The metric pulse was changed.",
    "The metric age was added.",
  ]);
});

test.run();
