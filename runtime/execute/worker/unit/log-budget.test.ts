// Promise: a log is bounded in lines and characters, and says how much of it is missing.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogBudget, logLimits } from "./log-budget.ts";

test("lines beyond the limit are dropped and counted", () => {
  const budget = new LogBudget();
  let kept = 0;
  for (let line = 0; line < logLimits.lines + 7; line++) if (budget.admit("x") !== null) kept += 1;
  assert.is(kept, logLimits.lines);
  assert.match(budget.summary() ?? "", /^7 more lines were dropped/);
});

test("long lines keep head and tail, and all of them together stay below the limit of characters", () => {
  const budget = new LogBudget();
  let characters = 0;
  for (let line = 0; line < 200; line++) characters += budget.admit(`${"x".repeat(50_000)}end`)?.length ?? 0;
  assert.ok(characters > 900_000 && characters <= logLimits.characters, `${characters}`);
  assert.match(new LogBudget().admit(`${"x".repeat(50_000)}end`) ?? "", /left out\) \.\.\.\nx+end$/);
});

test("a short log is whole, and nothing is said of it", () => {
  const budget = new LogBudget();
  assert.is(budget.admit("trained"), "trained");
  assert.is(budget.summary(), null);
});

test.run();
