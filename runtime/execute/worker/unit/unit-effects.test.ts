// A unit's effects against a desk that answers by a script: a spent budget is the last that it asks, and its account of calls has every attempt
// and every note.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EffectReply, FromUnits } from "../../protocol/protocol.ts";
import { UnitEffects } from "./unit-effects.ts";
import { BudgetSpent } from "./unit-failure.ts";
import { CallDesk } from "./unit-link.ts";

const usage = { calls: 1, latencyMs: 12, promptTokens: 5, completionTokens: 3, costUsd: 0.5 };
const answer = (failed: readonly string[], isResent = false): EffectReply => ({
  kind: "response",
  response: "yes",
  usage,
  isReused: false,
  attempts: { failed, isResent },
});
const refusal = (cause: "effect" | "budget", failed: readonly string[] = []): EffectReply => ({
  kind: "refused",
  cause,
  message: "no more",
  usage: {},
  attempts: { failed, isResent: false },
});

/** The effects of a unit whose calls are answered in turn, and the keys that were asked for. */
function unitWith(replies: readonly EffectReply[]): { effects: UnitEffects; asked: readonly string[] } {
  const asked: string[] = [];
  const desk: CallDesk = new CallDesk({
    watched: { askOf: () => 0 },
    nextCall: () => asked.length,
    post(message) {
      if (message.type !== "effect-request") return;
      const reply = replies[asked.length];
      asked.push(message.key);
      if (reply !== undefined) desk.answer({ type: "effect-reply", call: message.call, reply });
    },
  });
  const { signal } = new AbortController();
  const effects = new UnitEffects({ link: desk, lease: 0, attempt: 1, unit: 0, signal: () => signal });
  return { effects, asked };
}

const outcomeOf = (effects: UnitEffects, key: string): Promise<unknown> =>
  effects.perform(key, { key }, { kind: "ask" }).catch((error: unknown) => error);

test("a unit whose budget is spent asks for nothing more, whatever it makes of the error", async () => {
  const { effects, asked } = unitWith([answer([]), refusal("budget"), answer([])]);
  assert.is(await outcomeOf(effects, "round-1"), "yes");
  assert.ok((await outcomeOf(effects, "round-2")) instanceof BudgetSpent);
  assert.ok((await outcomeOf(effects, "round-3")) instanceof BudgetSpent);
  assert.equal(asked, ["round-1", "round-2"]);
  assert.is(effects.budget?.message, "no more");
});

test("the account has the attempts of answered and of failed calls, those in doubt, and what the unit says of answers", async () => {
  const { effects } = unitWith([
    answer([]),
    answer(["rate limit", "status 503"], true),
    refusal("effect", ["rate limit", "rate limit"]),
  ]);
  for (const key of ["a", "b", "c"]) await outcomeOf(effects, key);
  effects.calls.noted("ask", { kind: "unusable", cause: "wrong schema" });
  effects.calls.noted("ask", { kind: "repair" });
  effects.calls.noted("ask", { kind: "fallback" });
  const account = {
    port: "ask",
    calls: 3,
    answered: 2,
    answeredAtOnce: 1,
    resent: 1,
    reused: 0,
    latencyMs: [12, 12],
    promptTokens: 10,
    completionTokens: 6,
    costUsd: 1,
    unpriced: 0,
    failures: { "rate limit": 3, "status 503": 1 },
    unusable: { "wrong schema": 1 },
    repairs: 1,
    fallbacks: 1,
  };
  assert.equal(effects.calls.ports, [account]);
  const restored = unitWith([]).effects;
  restored.restore({ used: effects.used, usage: effects.usage, calls: effects.calls.ports });
  assert.equal(restored.calls.ports, [account], "a checkpoint keeps it");
});

/** A unit that has asked for one effect, the news that it hears, and what it says. */
function unitThatWaits(onRows: (series: string, rows: readonly unknown[]) => void) {
  const said: FromUnits[] = [];
  const desk: CallDesk = new CallDesk({
    watched: { askOf: () => 0 },
    nextCall: () => 7,
    post: (message) => said.push(message),
  });
  const { signal } = new AbortController();
  const effects = new UnitEffects({ link: desk, lease: 0, attempt: 1, unit: 0, signal: () => signal });
  const answer = effects
    .perform("simulation", {}, { kind: "simulation", onRows })
    .catch((error: unknown) => error);
  const rows = (first: number, last: number): void =>
    desk.hear({ type: "effect-rows", call: 7, series: "days", first, rows: daysOf(first, last) });
  const reply = (): void => desk.answer({ type: "effect-reply", call: 7, reply: replies[0]! });
  return { effects, answer, rows, reply, said };
}
const replies = [answer([])];
const daysOf = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);

test("rows are heard once and in order, however often who performs the call begins anew, and none after the answer", () => {
  const pieces = fc.array(fc.record({ isAnew: fc.boolean(), rows: fc.nat({ max: 5 }) }), { maxLength: 20 });
  return fc.assert(
    fc.asyncProperty(pieces, async (all) => {
      const heard: unknown[] = [];
      const unit = unitThatWaits((_, rows) => heard.push(...rows));
      let [at, most] = [0, 0];
      for (const { isAnew, rows } of all) {
        if (isAnew) at = 0;
        unit.rows(at, at + rows);
        at += rows;
        most = Math.max(most, at);
      }
      assert.equal(heard, daysOf(0, most));
      unit.reply();
      assert.is(await unit.answer, "yes");
      unit.rows(0, most + 1);
      assert.is(heard.length, most);
    }),
  );
});

test("what a unit throws on hearing rows ends its call, and the controller is told that nobody waits", async () => {
  const unit = unitThatWaits(() => {
    throw new Error("a row that is none");
  });
  unit.rows(0, 1);
  assert.match(String(await unit.answer), /a row that is none/);
  assert.equal(
    unit.said.map(({ type }) => type),
    ["effect-request", "effect-abandoned"],
  );
});

test.run();
