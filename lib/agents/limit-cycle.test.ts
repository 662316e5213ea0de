import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { jointActionOf, limitCycleOf, stepFrom } from "./limit-cycle.ts";

/** Strategies of given sizes from a list of numbers. */
const strategies = fc
  .record({
    agents: fc.integer({ min: 1, max: 3 }),
    actions: fc.integer({ min: 1, max: 4 }),
    memory: fc.integer({ min: 0, max: 2 }),
  })
  .chain((sizes) => {
    const rows = sizes.actions ** (sizes.agents * sizes.memory) * sizes.agents;
    const action = fc.integer({ min: 0, max: sizes.actions - 1 });
    return fc.record({
      strategies: fc
        .array(action, { minLength: rows, maxLength: rows, size: "max" })
        .map((greedy) => ({ ...sizes, greedy })),
      start: fc.integer({ min: 0, max: rows / sizes.agents - 1 }),
    });
  });

test("greedy play from a cycle's last state goes round the cycle and never leaves it", () => {
  fc.assert(
    fc.property(strategies, ({ strategies, start }) => {
      const cycle = limitCycleOf(strategies, start);
      let state = cycle.at(-1)!.state;
      for (const expected of [...cycle, ...cycle]) {
        const step = stepFrom(strategies, state);
        assert.equal(step, expected);
        state = step.state;
      }
      assert.is(new Set(cycle.map((step) => step.state)).size, cycle.length);
    }),
  );
});

test("with memory 1 the state is the last joint action; with memory 2 the one before follows it", () => {
  const greedy = Array.from({ length: 3 ** 4 * 2 }, () => 2);
  assert.is(stepFrom({ agents: 2, actions: 3, memory: 1, greedy }, 4).state, 8);
  assert.is(stepFrom({ agents: 2, actions: 3, memory: 2, greedy }, 4 * 9 + 1).state, 8 * 9 + 4);
  assert.is(jointActionOf([1, 0, 2], 3), 11);
});

test("a deviation replaces one agent's action only", () => {
  const game = { agents: 2, actions: 3, memory: 1, greedy: Array.from({ length: 18 }, () => 1) };
  assert.equal(stepFrom(game, 0, { agent: 1, action: 0 }), { actions: [1, 0], state: 3 });
});

test.run();
