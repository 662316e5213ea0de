import { test } from "uvu";
import * as assert from "uvu/assert";
import { payoffTable, priceGrid } from "../environments/price-grid.ts";
import { logitMarket } from "../environments/pricing.ts";
import { randomFrom } from "../random/random.ts";
import { expectedValues, type LearningProblem, learn, qLearning, saveLearner } from "./q-learning.ts";
import { xoshiroStream } from "./uniform-stream.ts";

const grid = priceGrid({ nash: 1.47293, joint: 1.92498 });
const payoffs = payoffTable(logitMarket({ firms: 2 }), [grid, grid]);
const random = randomFrom(2020);
const baseline: LearningProblem = {
  agents: 2,
  actions: 15,
  memory: 1,
  payoffs,
  learningRate: 0.15,
  discount: 0.95,
  explorationDecay: 4e-6,
  initialValues: expectedValues({ agents: 2, actions: 15, payoffs, discount: 0.95 }),
  initialActions: [3, 11],
  exploration: xoshiroStream(random.stream("exploration").state()),
  ties: xoshiroStream(random.stream("ties").state()),
};

test("initial values are the discounted mean payoff against uniform rivals (eq. 8)", () => {
  const { initialValues } = baseline;
  for (const action of [0, 7, 14]) {
    let mean = 0;
    for (let rival = 0; rival < 15; rival++) mean += payoffs[(action * 15 + rival) * 2]! / 15;
    assert.ok(Math.abs(initialValues[action]! - mean / (1 - 0.95)) < 1e-12);
    assert.ok(Math.abs(initialValues[15 + action]! - initialValues[action]!) < 1e-12);
  }
});

test("a baseline session converges, and alike in the kernel and in plain TypeScript", () => {
  const kernel = qLearning(baseline);
  const plain = qLearning(baseline, { engine: "duopoly" });
  assert.is(kernel.run(10_000_000), "converged");
  assert.is(plain.run(10_000_000), "converged");
  assert.is(kernel.periods, plain.periods);
  assert.equal(saveLearner(kernel), saveLearner(plain));
  assert.ok(kernel.periods > 900_000 && kernel.periods < 4_000_000);
});

test("nothing more happens once learning has ended", () => {
  const learner = qLearning({ ...baseline, periodsMax: 500 });
  assert.is(learner.run(10_000), "exhausted");
  const ended = saveLearner(learner);
  assert.is(learner.run(10_000), "exhausted");
  assert.is(learner.periods, 500);
  assert.equal(saveLearner(learner), ended);
});

test("a killed session resumes from its last checkpoint with an identical result", async () => {
  const undisturbed = await learn(qLearning(baseline));
  let checkpoint: Uint8Array | undefined;
  const killed = learn(qLearning(baseline), {
    slice: 100_000,
    afterSlice: (learner) => {
      checkpoint = saveLearner(learner);
      if (learner.periods === 700_000) throw new Error("killed");
    },
  });
  await killed.then(
    () => assert.unreachable("the kill was swallowed"),
    (error) => assert.is(error.message, "killed"),
  );
  const resumed = await learn(qLearning(baseline, { saved: checkpoint! }));
  assert.equal(resumed, undisturbed);
});

test("an aborted signal stops learning between slices, with its reason", async () => {
  const controller = new AbortController();
  const learner = qLearning(baseline);
  const learning = learn(learner, {
    slice: 10_000,
    signal: controller.signal,
    afterSlice: ({ periods }) => {
      if (periods === 50_000) controller.abort(new Error("enough"));
    },
  });
  await learning.then(
    () => assert.unreachable("the signal was ignored"),
    (error) => assert.is(error.message, "enough"),
  );
  assert.is(learner.periods, 50_000);
});

test("a field out of range is named with what was expected", () => {
  const cases: readonly [Partial<LearningProblem>, RegExp][] = [
    [{ agents: 0 }, /expected agents to be a whole number from 1 to 16, got 0/],
    [{ learningRate: 0 }, /expected 0 < learningRate <= 1, got learningRate 0/],
    [{ discount: 1 }, /expected 0 <= discount < 1, got discount 1/],
    [{ explorationDecay: Number.NaN }, /got explorationDecay NaN/],
    [{ payoffs: new Float64Array(3) }, /expected payoffs to hold 450 numbers, got 3/],
    [{ initialActions: [3, 15] }, /expected initialActions to be a whole number from 0 to 14, got 15/],
    [{ initialActions: [3] }, /expected 2 initialActions \(memory x agents\), got 1/],
    [{ memory: 9 }, /expected at most 134217728 cells/],
  ];
  for (const [change, message] of cases) assert.throws(() => qLearning({ ...baseline, ...change }), message);
  assert.throws(
    () => qLearning({ ...baseline, memory: 0, initialActions: [] }, { engine: "duopoly" }),
    /memory 1/,
  );
  const wide = {
    ...baseline,
    actions: 17,
    payoffs: new Float64Array(578),
    initialValues: new Float64Array(34),
  };
  assert.throws(() => qLearning(wide, { engine: "duopoly" }), /at most 16 actions/);
  assert.throws(() => qLearning({ ...baseline, payoffs, shocks: 3 }), /hold 1350 numbers, got 450/);
});

test("a saved state of another problem is refused", () => {
  const saved = saveLearner(qLearning(baseline));
  assert.throws(
    () => qLearning(baseline, { saved: saved.subarray(1) }),
    /expected a saved state of \d+ bytes/,
  );
  const older = saved.slice();
  new DataView(older.buffer).setFloat64(0, 0, true);
  assert.throws(() => qLearning(baseline, { saved: older }), /expected a saved state of version 1, got 0/);
});

test.run();
