// The attack finds what is broken: environments with one fault each, every one of them caught by the rule that it breaks, and sound
// ones that pass.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import { attack } from "./attack.ts";
import { examine } from "./examine.ts";
import { storyOf } from "./story.ts";
import { mutants } from "./testing/mutants.ts";
import { highCard, pennies, standOff } from "./testing/sound.ts";

const quick = { runs: 300, timeMs: 20_000, seed: 1 };

for (const sound of [pennies, highCard, standOff] as const) {
  test(`${sound.name} passes`, () => {
    const { counterexample, coverage } = attack(sound as unknown as Environment, quick);
    assert.is(
      counterexample,
      null,
      counterexample === null ? "" : storyOf(sound.name, counterexample).join("\n"),
    );
    assert.ok(coverage !== null && coverage.rounds > 1000 && coverage.states > 10);
  });
}

for (const { name, environment, rule, isDeterministic = true } of mutants) {
  test(`${name} is caught`, () => {
    const { counterexample } = attack(environment, quick);
    assert.ok(counterexample !== null, `no rule of ${name} was broken`);
    assert.match(counterexample.violation.rule, rule);
    // What was found breaks the same rule when it is played again, unless the fault is one of chance.
    if (isDeterministic)
      assert.is(examine(environment, counterexample.scenario)?.rule, counterexample.violation.rule);
  });
}

test("a counterexample is shrunk to the fewest rounds that show it", () => {
  const fault = mutants.find(({ name }) => name === "a card is lost")!;
  const { counterexample } = attack(fault.environment, quick);
  assert.ok(counterexample!.violation.actions.length <= 3);
});

test("the same seed makes the same attack", () => {
  const { environment } = mutants[0]!;
  assert.equal(attack(environment, quick), attack(environment, quick));
});

test("a scenario that broke a rule before is tried first", () => {
  const { environment } = mutants.find(({ name }) => name === "a card is lost")!;
  const { counterexample } = attack(environment, quick);
  const again = attack(environment, { ...quick, runs: 1, seed: 99, known: [counterexample!.scenario] });
  assert.is(again.counterexample?.violation.rule, counterexample!.violation.rule);
});

test("the conditions of an experiment are attacked where they are given", () => {
  const fault = mutants.find(({ name }) => name === "a fault at one parameter value")!;
  const fine = attack(fault.environment, { ...quick, conditions: [{ rounds: 3 }, { rounds: 5 }] });
  assert.is(fine.counterexample, null);
  const caught = attack(fault.environment, { ...quick, conditions: [{ rounds: 3 }, { rounds: 7 }] });
  assert.equal(caught.counterexample?.scenario.parameters, { rounds: 7 });
});

test("an action that is never allowed shows in what was covered", () => {
  const { coverage } = attack(highCard as unknown as Environment, quick);
  assert.is(coverage!.actions.first!['"peek"'], 0);
  assert.ok(coverage!.actions.first!['"stay"']! > 100);
});

test("a story names the rule, the parameters, what was done, and the state before and after", () => {
  const fault = mutants.find(({ name }) => name === "a reward is off by one")!;
  const { counterexample } = attack(fault.environment, quick);
  const story = storyOf("broken", counterexample!).join("\n");
  assert.match(story, /^broken breaks law: rewards are the stake/);
  assert.match(story, /parameters \{.*\}, seed \d+/);
  assert.match(story, /round 0 +even: "(heads|tails)", odd: "(heads|tails)"/);
  assert.match(story, /before +\{"played":0/);
  assert.match(story, /after +\{"played":1/);
});

test.run();
