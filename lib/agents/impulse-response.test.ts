import { test } from "uvu";
import * as assert from "uvu/assert";
import { deviate, staticBestResponse } from "./impulse-response.ts";

// A prisoner's dilemma: action 0 cooperates, 1 defects; payoffs by joint action, two numbers each.
const payoffs = [3, 3, 0, 5, 5, 0, 1, 1];
const game = { agents: 2, actions: 2, memory: 1 };
// States: the last joint action, 0 = both cooperated ... 3 = both defected.
const grimTrigger = { ...game, greedy: [0, 0, 1, 1, 1, 1, 1, 1] };
const titForTat = { ...game, greedy: [0, 0, 1, 0, 0, 1, 1, 1] };
const forgiving = { ...game, greedy: [0, 0, 1, 1, 1, 1, 0, 0] };

test("the static best response to cooperation is to defect", () => {
  assert.is(staticBestResponse(grimTrigger, { state: 0, agent: 0, payoffs }), 1);
  assert.is(staticBestResponse(grimTrigger, { state: 0, agent: 1, payoffs }), 1);
});

test("grim trigger never returns; the loss is the discounted difference for ever", () => {
  const response = deviate(grimTrigger, {
    state: 0,
    agent: 0,
    action: 1,
    cycle: new Set([0]),
    payoffs,
    discount: 0.9,
  });
  assert.is(response.periodsToReturn, null);
  assert.equal(
    response.path.slice(0, 3).map((step) => step.actions),
    [
      [1, 0],
      [1, 1],
      [1, 1],
    ],
  );
  // 5 now and 1 for ever after, against 3 for ever.
  assert.ok(Math.abs(response.gain - (5 + (0.9 * 1) / 0.1 - 3 / 0.1)) < 1e-9);
});

test("a strategy that punishes once returns after three periods", () => {
  const response = deviate(forgiving, {
    state: 0,
    agent: 0,
    action: 1,
    cycle: new Set([0]),
    payoffs,
    discount: 0.9,
  });
  assert.is(response.periodsToReturn, 3);
  // 5, 1, then 3 for ever, against 3, 3, then 3 for ever.
  assert.ok(Math.abs(response.gain - (5 + 0.9 - 3 - 0.9 * 3)) < 1e-9);
});

test("tit for tat echoes a defection for ever, in a cycle of two", () => {
  const response = deviate(titForTat, {
    state: 0,
    agent: 0,
    action: 1,
    cycle: new Set([0]),
    payoffs,
    discount: 0.5,
  });
  assert.is(response.periodsToReturn, null);
  assert.equal(
    response.path.slice(0, 4).map((step) => step.actions),
    [
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ],
  );
  // 5, 0, 5, 0 ... is 5 / (1 - 0.25); 3 for ever is 6.
  assert.ok(Math.abs(response.gain - (5 / 0.75 - 6)) < 1e-9);
});

test("playing as before is no deviation: gain 0, back at once", () => {
  const response = deviate(forgiving, {
    state: 0,
    agent: 0,
    action: 0,
    cycle: new Set([0]),
    payoffs,
    discount: 0.9,
  });
  assert.is(response.gain, 0);
  assert.is(response.periodsToReturn, 1);
});

test.run();
