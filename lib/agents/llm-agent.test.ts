// An agent over a language model, with scripted models: what it is told, what it remembers, how answers are mended, and who acts where none
// can be had.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { playAsync } from "../environments/environment/play.ts";
import { sequential, ultimatum } from "../environments/games/sequential-game.ts";
import { pricingMarket } from "../environments/pricing-market.ts";
import type { CallNote } from "../experiment/effects/port.ts";
import { randomFrom } from "../random/random.ts";
import {
  type Decision,
  jsonIn,
  type LlmAgentOptions,
  type LlmAnswer,
  type LlmRequest,
  llmAgent,
} from "./llm-agent.ts";

const answer = z.object({ reasoning: z.string(), notes: z.string(), price: z.number().min(0).max(10) });
type Seen = { readonly prices: number[] | null };
type Options = LlmAgentOptions<Seen, number, z.output<typeof answer>>;

/** Plays two such firms against a scripted model; `reply` is what it says to a request, an Error that it cannot be asked. */
async function played(
  reply: (key: string, request: LlmRequest) => string | Error,
  more: Partial<Options> = {},
  rounds = 4,
): Promise<{
  readonly asked: readonly (readonly [string, LlmRequest])[];
  readonly decisions: readonly Decision<number>[];
}> {
  const asked: [string, LlmRequest][] = [];
  const decisions: Decision<number>[] = [];
  const firm = () =>
    llmAgent<Seen, number, z.output<typeof answer>>({
      name: "firm",
      model: "scripted",
      system: "You set prices.",
      prompt: ({ prices }, { round, history, notes }) =>
        `round ${round}, prices ${JSON.stringify(prices)}, remembered ${history.map((each) => each.round)}, notes ${notes}`,
      answer,
      decide: ({ price }) => price,
      fallback: "repeat last",
      onDecision: (decision) => decisions.push(decision),
      async ask(key, request): Promise<LlmAnswer> {
        asked.push([key, request]);
        const text = reply(key, request);
        if (text instanceof Error) throw text;
        return {
          text,
          promptTokens: 10,
          completionTokens: 5,
          latencyMs: 2,
          answeredAt: "2026-01-01T00:00:00.000Z",
          model: "scripted-1",
          finishReason: "stop",
        };
      },
      ...more,
    });
  await playAsync(pricingMarket, firm, { random: randomFrom(1), parameters: { rounds } });
  return { asked, decisions };
}
const priced = (price: number, notes = "") => JSON.stringify({ reasoning: "because", notes, price });

test("it is told who it is, what it sees, what it remembers and what it noted; its decision is recorded whole", async () => {
  const { asked, decisions } = await played(
    (key) => priced(key.startsWith("firm-1") ? 1.5 : 1.6, `after ${key}`),
    { memory: 2 },
  );
  const mine = asked.filter(([key]) => key.startsWith("firm-1"));
  assert.equal(
    mine.map(([key]) => key),
    [0, 1, 2, 3].map((round) => `firm-1/round-${round}`),
  );
  assert.equal(mine[0]![1].messages[0], { role: "system", content: "You set prices." });
  assert.is(mine[0]![1].messages[1]!.content, "round 0, prices null, remembered , notes ");
  assert.is(
    mine[3]![1].messages[1]!.content,
    "round 3, prices [1.5,1.6], remembered 1,2, notes after firm-1/round-2",
  );
  assert.is(mine[0]![1].schema?.type, "object");
  assert.equal(decisions[0], {
    agent: "firm-1",
    round: 0,
    action: 1.5,
    reasoning: "because",
    fallback: null,
    promptTokens: 10,
    completionTokens: 5,
    latencyMs: 2,
    answeredAt: "2026-01-01T00:00:00.000Z",
    repairs: 0,
    model: "scripted-1",
    finishReason: "stop",
    text: priced(1.5, "after firm-1/round-0"),
  });
});

test("an answer that does not fit is mended by asking again, with what was wrong, at most so often", async () => {
  const { asked, decisions } = await played(
    (key) => (key.endsWith("repair-1") ? priced(1.7) : '{"reasoning":"hm","notes":"","price":99}'),
    {},
    1,
  );
  assert.equal(asked.map(([key]) => key).sort(), [
    "firm-1/round-0",
    "firm-1/round-0/repair-1",
    "firm-2/round-0",
    "firm-2/round-0/repair-1",
  ]);
  const mend = asked.find(([key]) => key === "firm-1/round-0/repair-1")![1].messages;
  assert.is(mend.length, 4);
  assert.match(mend[3]!.content, /cannot be used: price: .*10/);
  assert.equal([decisions[0]!.action, decisions[0]!.repairs, decisions[0]!.promptTokens], [1.7, 1, 20]);
});

test("where no answer can be had the declared fallback acts, and says why", async () => {
  const { decisions } = await played((key) =>
    key.includes("round-0") ? priced(1.4) : new Error("no answer after 21 attempts"),
  );
  const mine = decisions.filter(({ agent }) => agent === "firm-1");
  assert.equal(
    mine.map(({ action }) => action),
    [1.4, 1.4, 1.4, 1.4],
  );
  assert.equal(
    mine.map(({ fallback }) => fallback),
    [null, ...Array(3).fill("no answer after 21 attempts")],
  );
  const given = await played(() => "I would rather not say", { fallback: { action: 1.5 }, repairs: 1 });
  assert.ok(
    given.decisions.every(
      ({ action, fallback, repairs }) => action === 1.5 && fallback === "it holds no JSON" && repairs === 1,
    ),
  );
  let message = "";
  await played(() => new Error("it is down"), { fallback: "fail" }).catch((error: Error) => {
    message = error.message;
  });
  assert.is(message, "firm firm-1 has no answer in round 0: it is down");
  await played(() => new Error("it is down")).catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, /it is down \(the fallback "repeat last" has nothing to take\)/);
});

test("a random allowed action stands in where that is the fallback, the same for the same random numbers", async () => {
  const options: Partial<Options> = { fallback: "random legal", actions: [1.1, 1.2, 1.3], repairs: 0 };
  const down = () => new Error("it is down");
  const first = await played(down, options, 20);
  const actions = first.decisions.map(({ action }) => action);
  assert.equal([...new Set(actions)].sort(), [1.1, 1.2, 1.3]);
  assert.ok(first.decisions.every(({ fallback }) => fallback === "it is down"));
  assert.equal((await played(down, options, 20)).decisions, first.decisions);
  // An answer that is none of them is mended as one that does not fit.
  const { decisions } = await played(() => priced(1.15), options, 1);
  assert.match(decisions[0]!.fallback!, /1.15 is not allowed now; allowed are \[1.1,1.2,1.3\]/);
});

test("players of unlike models and personas meet in one episode, and those of a round are asked before any has answered", async () => {
  const asked: (readonly [key: string, model: string, system: string])[] = [];
  const answers: (() => void)[] = [];
  const firm = (agent: string) =>
    llmAgent<Seen, number, z.output<typeof answer>>({
      name: agent,
      model: agent === "firm-1" ? "small" : "large",
      system: agent === "firm-1" ? "You are cautious." : "You are bold.",
      prompt: () => "Your price?",
      answer,
      decide: ({ price }) => price,
      fallback: "fail",
      async ask(key, { model, messages }): Promise<LlmAnswer> {
        asked.push([key, model ?? "", messages[0]!.content]);
        // Nobody is answered before both have been asked.
        await new Promise<void>((resolve) => {
          answers.push(resolve);
          if (answers.length === 2) for (const answer of answers.splice(0)) answer();
        });
        return { text: priced(1.5) };
      },
    });
  const { rounds } = await playAsync(pricingMarket, firm, {
    random: randomFrom(1),
    parameters: { rounds: 2 },
  });
  assert.is(rounds, 2);
  assert.equal(asked.slice(0, 2), [
    ["firm-1/round-0", "small", "You are cautious."],
    ["firm-2/round-0", "large", "You are bold."],
  ]);
  assert.is(asked.length, 4);
});

test("JSON is found alone, in a fence and in prose; what is none is none", () => {
  for (const text of [
    '{"a":1}',
    ' \n{"a":1}\n',
    '```json\n{"a":1}\n```',
    'Sure!\n```\n{"a":1}\n```\nBye',
    'I say {"a":1}, so.',
  ])
    assert.equal(jsonIn(text), { a: 1 }, text);
  // Half a character, as an escape that was cut, could not be sent again in the notes.
  assert.equal(jsonIn('{"a":"\\ud83d","b":"\\ud83d\\ude00"}'), { a: "\ufffd", b: "\u{1f600}" });
  for (const text of ["", "no", '{"a":', "}{"]) assert.is(jsonIn(text), undefined, text);
});

test("answers that cannot be used, repairs and fallbacks are said to the port, each with its cause", async () => {
  const replies: Readonly<Record<string, Partial<LlmAnswer>>> = {
    "firm-1/round-0": { refusal: "no" },
    "firm-1/round-0/repair-1": { text: '{"price":', finishReason: "length" },
    "firm-1/round-0/repair-2": { text: "I would rather not say" },
    "firm-2/round-0": { text: '{"decision":"unsure"}' },
    "firm-2/round-0/repair-1": { text: "" },
  };
  const notes: string[] = [];
  const ask = async (key: string): Promise<LlmAnswer> => ({
    text: '{"reasoning":"","notes":"","price":2}',
    ...replies[key],
  });
  const firm = () =>
    llmAgent<Seen, number, z.output<typeof answer>>({
      name: "firm",
      system: "You set prices.",
      prompt: () => "Which price?",
      answer,
      decide: ({ price }) => price,
      fallback: { action: 1 },
      ask: Object.assign(ask, {
        note: (note: CallNote) => void notes.push(note.kind === "unusable" ? note.cause : note.kind),
      }),
    });
  await playAsync(pricingMarket, firm, { random: randomFrom(1), parameters: { rounds: 1 } });
  const counts = Object.fromEntries(
    [...new Set(notes)].map((note) => [note, notes.filter((each) => each === note).length]),
  );
  assert.equal(counts, {
    refusal: 1,
    "cut off": 1,
    "no JSON": 1,
    "wrong schema": 1,
    empty: 1,
    repair: 4,
    fallback: 1,
  });
});

test("who has no answer forfeits where that is the fallback: the game ends with its outcome, counted and said", async () => {
  const notes: string[] = [];
  const player = (name: string) =>
    llmAgent<string[], string, { readonly action: string }>({
      name,
      system: "You share ten points.",
      prompt: (seen) => `Moves so far: ${seen}`,
      answer: ({ legal }) => z.object({ action: z.enum((legal ?? []).map(String)) }),
      decide: ({ action }) => action,
      repairs: 0,
      fallback: "forfeit",
      ask: Object.assign(
        async (_: string, { schema }: LlmRequest): Promise<LlmAnswer> => {
          asked.push(JSON.stringify(schema?.properties));
          return { text: name === "proposer" ? '{"action":"unfair"}' : "never" };
        },
        { note: ({ kind }: CallNote) => void notes.push(kind) },
      ),
    });
  const asked: string[] = [];
  const { returns, forfeits, standing } = await playAsync(sequential(ultimatum), player, {
    random: randomFrom(1),
  });
  assert.equal(forfeits, [{ agent: "responder", round: 1, why: "it holds no JSON" }]);
  assert.equal([returns, standing], [{ proposer: 0, responder: 0 }, "terminated"]);
  assert.equal(notes, ["unusable", "fallback"]);
  // What may be answered is what may be done now.
  assert.match(asked[0]!, /"enum":\["fair","unfair"\]/);
  assert.match(asked[1]!, /"enum":\["accept","reject"\]/);
});

test.run();
