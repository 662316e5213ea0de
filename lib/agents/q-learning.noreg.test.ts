// Pins, not proofs: a session of the baseline cell on our generator. May change only with a major version.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { payoffTable, priceGrid } from "../environments/price-grid.ts";
import { logitMarket } from "../environments/pricing.ts";
import { limitCycleOf } from "./limit-cycle.ts";
import { expectedValues, qLearning } from "./q-learning.ts";
import { xoshiroStream } from "./uniform-stream.ts";

test("the session begun from these words converges when and where it did", () => {
  const grid = priceGrid({ nash: 1.47293, joint: 1.92498 });
  const game = {
    agents: 2,
    actions: 15,
    memory: 1,
    discount: 0.95,
    payoffs: payoffTable(logitMarket({ firms: 2 }), [grid, grid]),
  };
  const learner = qLearning({
    ...game,
    learningRate: 0.15,
    explorationDecay: 4e-6,
    initialValues: expectedValues(game),
    initialActions: [7, 3],
    exploration: xoshiroStream([1, 2, 3, 4]),
    ties: xoshiroStream([5, 6, 7, 8]),
  });
  learner.run(10_000_000);
  const { greedy, state, periods } = learner.snapshot();
  const cycle = limitCycleOf({ ...game, greedy }, state);
  assert.equal(
    { periods, cycle: cycle.map((step) => step.actions) },
    { periods: 1_893_712, cycle: [[9, 9]] },
  );
});

test.run();
