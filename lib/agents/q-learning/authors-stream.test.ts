// The authors' own random stream: their first hundred sessions, recomputed. The reference file of experiments/pricing is
// read, so this is the same promise that its experiment makes, kept without the runtime.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { payoffTable, priceGrid } from "../../environments/price-grid.ts";
import { logitMarket } from "../../environments/pricing.ts";
import { limitCycleOf } from "../limit-cycle.ts";
import { expectedValues, qLearning } from "../q-learning.ts";
import { nextUniform, ran2Stream } from "../uniform-stream.ts";

interface Session {
  readonly session: number;
  readonly episodesToConvergence: number;
  readonly cycleLength: number;
  readonly priceIndex: readonly (readonly number[])[];
  readonly profit: readonly (readonly number[])[];
}

const reference = new URL(
  "../../../experiments/pricing/reference/calvano-baseline-sessions.json",
  import.meta.url,
);
const { sessions }: { readonly sessions: readonly Session[] } = JSON.parse(readFileSync(reference, "utf8"));

const grid = priceGrid({ nash: 1.47293, joint: 1.92498 });
const payoffs = payoffTable(logitMarket({ firms: 2 }), [grid, grid]);
const game = { agents: 2, actions: 15, memory: 1, payoffs, discount: 0.95 };
const initialValues = expectedValues(game);

for (const expected of sessions) {
  test(`session ${expected.session} of the authors' baseline is reproduced`, () => {
    const first = ran2Stream({ seed: 1, skip: 2 * (expected.session - 1) });
    const learner = qLearning({
      ...game,
      initialValues,
      initialActions: [Math.floor(15 * nextUniform(first)), Math.floor(15 * nextUniform(first))],
      learningRate: 0.15,
      explorationDecay: 0.1 / 25_000,
      exploration: ran2Stream({ seed: expected.session }),
      ties: ran2Stream({ seed: expected.session }),
    });
    assert.is(learner.run(10_000_000), "converged");
    const { greedy, state, periods } = learner.snapshot();
    const cycle = limitCycleOf({ ...game, greedy }, state);
    assert.is(((periods - 100_000) / 25_000).toFixed(2), expected.episodesToConvergence.toFixed(2));
    assert.is(cycle.length, expected.cycleLength);
    for (const firm of [0, 1]) {
      assert.equal(
        cycle.map((step) => step.actions[firm]! + 1),
        expected.priceIndex[firm],
      );
      const profits = cycle.map(({ actions }) => payoffs[(actions[0]! * 15 + actions[1]!) * 2 + firm]!);
      assert.equal(
        profits.map((profit) => profit.toFixed(5)),
        expected.profit[firm]!.map((p) => p.toFixed(5)),
      );
    }
  });
}

test.run();
