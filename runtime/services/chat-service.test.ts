// The performer of language models over a real server: every fault is met as it should be, limits hold as the server sees them, a quota and a
// budget stop in words, and no key leaves the headers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChatAnswer } from "../../lib/experiment/effects/chat-port.ts";
import { type ChatOptions, chat as portTo } from "../../lib/experiment/effects/chat-port.ts";
import { LeftUnderWay, type PerformContext, type Performer, TurnGivenUp } from "../effects/performer.ts";
import { type FakeFault, type FakeLlmOptions, faultsAt, startFakeLlm } from "../testing/fake-llm.ts";
import { askedFor, failureOf } from "./failure.ts";
import { runPerformers } from "./port-performers.ts";
import { openSpending } from "./spending.ts";

/** The performer that a run makes of a port. */
function chat(options: Omit<ChatOptions, "model">): Performer {
  const spending = openSpending({ file: null, earlier: [], budget: {}, session: "test" });
  const declared = { chat: portTo(options) };
  return runPerformers({
    experiments: [],
    declared,
    spending,
    priceOf: () => null,
    endpoints: null,
    simulations: null,
  }).performers.chat!;
}

function contextOf(key: string, signal = new AbortController().signal): PerformContext {
  const [trial = ""] = key.split("/");
  const of = { attempt: 1, trial, condition: "c", key, idempotencyKey: key, isResent: false };
  return { signal, ...of, queued: async (turn) => turn, rowsSoFar: () => undefined };
}
const asking = (content: string) => ({ model: "tiny", messages: [{ role: "user", content }] });

async function withServer(
  options: Partial<FakeLlmOptions>,
  use: (
    server: Awaited<ReturnType<typeof startFakeLlm>>,
    chatOf: (more?: Partial<ChatOptions>) => ReturnType<typeof chat>,
  ) => Promise<void>,
): Promise<void> {
  const server = await startFakeLlm({ answer: ({ prompt }) => JSON.stringify({ said: prompt }), ...options });
  try {
    await use(server, (more = {}) => chat({ endpoint: server.endpoint, ...more }));
  } finally {
    await server.close();
  }
}

function answerOf(performed: Awaited<ReturnType<ReturnType<typeof chat>>>): ChatAnswer {
  assert.ok("response" in performed, JSON.stringify(performed));
  return performed.response as ChatAnswer;
}

test("an answer comes with its tokens, its model and how it ended", () =>
  withServer({}, async (_, chatOf) => {
    const performed = await chatOf({ price: { prompt: 1000, completion: 2000 } })(
      asking("hello"),
      contextOf("t/1"),
    );
    const answer = answerOf(performed);
    assert.equal(
      [answer.text, answer.finishReason, answer.model],
      ['{"said":"hello"}', "stop", "tiny-scripted"],
    );
    assert.equal(answer.failures, []);
    const usage = "usage" in performed ? performed.usage : {};
    assert.equal([usage?.calls, usage?.tokens, usage?.retries], [1, 6, 0]);
    assert.ok(Math.abs(usage!.costUsd! - (2 * 1000 + 4 * 2000) / 1e6) < 1e-12);
  }));

const passing: readonly (readonly [FakeFault, string])[] = [
  ["429", "rate limit"],
  ["429 with retry-after", "rate limit"],
  ["500", "status 500"],
  ["502 page", "status 502"],
  ["503", "status 503"],
  ["529", "status 529"],
  ["reset", "connection lost"],
  ["reset in the body", "connection lost"],
  ["silence", "no answer in time"],
];
for (const [fault, cause] of passing) {
  test(`${fault}: asked again with the same key, and the cause is kept`, () =>
    withServer({ fault: ({ attempt }) => (attempt <= 2 ? fault : null) }, async (server, chatOf) => {
      const answer = answerOf(await chatOf({ timeoutMs: 300 })(asking("x"), contextOf("t/1")));
      assert.equal(answer.failures, [cause, cause]);
      assert.equal(
        server.arrivals.map(({ key }) => key),
        ["t/1", "t/1", "t/1"],
      );
    }));
}

test("what no waiting cures is not asked again", () =>
  withServer({ fault: ({ prompt }) => prompt as FakeFault }, async (server, chatOf) => {
    const performed = await chatOf()(asking("quota"), contextOf("t/1"));
    assert.match("budget" in performed ? performed.budget : "", /insufficient_quota/);
    let message = "";
    await chatOf()(asking("401"), contextOf("t/2")).catch((error: Error) => {
      message = error.message;
    });
    assert.match(message, /401.*the key is missing, wrong/);
    assert.is(server.arrivals.length, 2);
  }));

test("after the last retry the error names every cause", () =>
  withServer(
    { fault: ({ attempt }) => (attempt % 2 === 0 ? "500" : "429 with retry-after") },
    async (_, chatOf) => {
      let message = "";
      await chatOf({ retries: 2 })(asking("x"), contextOf("t/1")).catch((error: Error) => {
        message = error.message;
      });
      assert.is(message, "no answer after 3 attempts: rate limit (2), status 500 (1)");
    },
  ));

test("in no window does the server see more requests than allowed, and nobody is turned away", () =>
  withServer({ requestsPerWindow: 20, windowMs: 1000 }, async (server, chatOf) => {
    const performer = chatOf({ requestsPerMinute: 20, windowMs: 1000 });
    await Promise.all(
      Array.from({ length: 70 }, async (_, i) =>
        answerOf(await performer(asking(`${i}`), contextOf(`trial-${i % 7}/${i}`))),
      ),
    );
    assert.is(server.arrivals.length, 70);
    assert.ok(server.busiest(1000) <= 20, `${server.busiest(1000)} in one window`);
    assert.ok(server.arrivals.every(({ status }) => status === 200));
  }));

test("trials take turns: one that asks much does not make another wait for all of it", () =>
  withServer({ latencyMs: 2 }, async (server, chatOf) => {
    const performer = chatOf({ concurrency: 1 });
    const greedy = Array.from({ length: 20 }, (_, i) => performer(asking(`${i}`), contextOf(`greedy/${i}`)));
    const modest = [0, 1, 2].map((i) => performer(asking(`${i}`), contextOf(`modest/${i}`)));
    await Promise.all([...greedy, ...modest]);
    const places = server.arrivals.flatMap(({ key }, i) => (key.startsWith("modest") ? [i] : []));
    assert.ok(
      places.every((place) => place <= 7),
      `asked for as number ${places.join(", ")}`,
    );
  }));

test("of two conditions that ask at once each has half of the places, however many trials it has", () =>
  withServer({ latencyMs: 2 }, async (server, chatOf) => {
    const performer = chatOf({ concurrency: 1 });
    const asked = (condition: string, trials: number): readonly Promise<unknown>[] =>
      Array.from({ length: trials }, (_, i) =>
        performer(asking(`${i}`), { ...contextOf(`${condition}-${i}/round-1`), condition }),
      );
    await Promise.all([...asked("many", 30), ...asked("few", 6)]);
    const places = server.arrivals.flatMap(({ key }, i) => (key.startsWith("few") ? [i] : []));
    assert.equal(
      [places.length, places.at(-1)! <= 12],
      [6, true],
      `asked for as number ${places.join(", ")}`,
    );
  }));

test("calls arrive at the service as far apart as the spacing says", () =>
  withServer({}, async (server, chatOf) => {
    const performer = chatOf({ spacingMs: 40 });
    const from = performance.now();
    await Promise.all(Array.from({ length: 8 }, (_, i) => performer(asking(`${i}`), contextOf(`t/${i}`))));
    for (const [i, { atMs }] of server.arrivals.entries())
      assert.ok(atMs - from >= 40 * i, `number ${i} comes ${atMs - from} ms after the first may start`);
  }));

test("tokens are a limit as requests are", () =>
  withServer({}, async (server, chatOf) => {
    const performer = chatOf({ tokensPerMinute: 4000, windowMs: 400 });
    const request = { ...asking("x".repeat(2000)), maxTokens: 400 };
    await Promise.all(Array.from({ length: 12 }, (_, i) => performer(request, contextOf(`t/${i}`))));
    assert.ok(server.busiest(400) <= 7, `${server.busiest(400)} calls of 500 tokens in one window`);
  }));

test("a budget stops before the call that it does not cover", () =>
  withServer({}, async (server, chatOf) => {
    const performer = chatOf({ budget: { calls: 2 } });
    for (const i of [1, 2]) answerOf(await performer(asking("x"), contextOf(`t/${i}`)));
    const third = await performer(asking("x"), contextOf("t/3"));
    assert.equal(third, { budget: "calls 2 of 2 are spent, the budget of */chat", isUnderWay: false });
    assert.is(server.arrivals.length, 2);
  }));

test("the key is sent from its variable, and a missing one is named", () =>
  withServer({ key: "sesame" }, async (_, chatOf) => {
    process.env.FAKE_LLM_KEY = "sesame";
    try {
      answerOf(await chatOf({ keyFrom: "FAKE_LLM_KEY" })(asking("x"), contextOf("t/1")));
    } finally {
      delete process.env.FAKE_LLM_KEY;
    }
    let message = "";
    await chatOf({ keyFrom: "FAKE_LLM_KEY" })(asking("x"), contextOf("t/2")).catch((error: Error) => {
      message = error.message;
    });
    assert.is(message, "the environment variable FAKE_LLM_KEY, which is to hold the key, is not set");
  }));

test("a call that nobody waits for any more is not made", () =>
  withServer({}, async (server, chatOf) => {
    const performer = chatOf({ concurrency: 1, spacingMs: 60_000 });
    answerOf(await performer(asking("x"), contextOf("t/1")));
    const controller = new AbortController();
    const waiting = performer(asking("x"), contextOf("t/2", controller.signal));
    controller.abort(new Error("nobody waits"));
    let message = "";
    await waiting.catch((error: Error) => {
      message = error.message;
    });
    assert.equal([message, server.arrivals.length], ["nobody waits", 1]);
  }));

test("a call that is given up between attempts is left under way where one of them ended without a word, and only there", async () => {
  for (const [fault, isLeft] of [
    ["reset", true],
    ["429 with retry-after", false],
  ] as const)
    await withServer({ fault: () => fault }, async (server, chatOf) => {
      const controller = new AbortController();
      let waits = 0;
      const context: PerformContext = {
        ...contextOf("t/1", controller.signal),
        queued(turn) {
          waits += 1;
          // The first is for the place of the first attempt, the second for the time between the two.
          if (waits === 2) controller.abort(new TurnGivenUp("the run is to end"));
          return Promise.resolve(turn);
        },
      };
      const error: unknown = await chatOf()(asking("x"), context).catch((thrown: unknown) => thrown);
      assert.is(error instanceof LeftUnderWay, isLeft, `${fault}: ${error}`);
      assert.is(server.arrivals.length, 1);
    });
});

test("at faults of every kind at 20% every call is answered, and the retries are those that the server saw", () =>
  withServer(
    {
      fault: faultsAt(
        0.2,
        passing.map(([fault]) => fault).filter((fault) => fault !== "silence"),
      ),
    },
    async (server, chatOf) => {
      const performer = chatOf();
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) =>
          answerOf(await performer(asking(`${i}`), contextOf(`t${i % 5}/${i}`))),
        ),
      );
      const retries = answers.reduce((sum, { failures }) => sum + failures.length, 0);
      assert.ok(retries > 3);
      assert.is(server.arrivals.length, 60 + retries);
    },
  ));

test("advice on how long to wait is read in all its forms", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const advice = (headers: Record<string, string>) => askedFor(new Headers(headers), now);
  assert.is(advice({ "retry-after": "2" }), 2000);
  assert.is(advice({ "retry-after-ms": "250", "retry-after": "2" }), 250);
  assert.is(advice({ "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" }), 7000);
  assert.is(advice({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s" }), 360_000);
  assert.is(advice({ "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "1s" }), null);
  assert.is(advice({}), null);
  const kinds = [400, 401, 402, 404, 408, 409, 413, 429, 500, 502, 503, 504, 529].map(
    (status) => failureOf({ status, headers: new Headers(), body: "" }, now).kind,
  );
  assert.equal(kinds.join(), "final,final,spent,final,retry,retry,final,retry,retry,retry,retry,retry,retry");
});

test("Anthropic's format: the system apart, the key in its header, the answer in the same shape", async () => {
  const { wireOf, readAnswer } = await import("./chat-format.ts");
  const request = {
    model: "m",
    messages: [
      { role: "system", content: "be brief" },
      { role: "user", content: "hi" },
    ],
  } as const;
  const wire = wireOf("anthropic", "http://x/v1/", { request, key: "k", idempotencyKey: "i" });
  assert.is(wire.url, "http://x/v1/messages");
  assert.is(wire.headers["x-api-key"], "k");
  assert.equal(wire.body, {
    model: "m",
    max_tokens: 1024,
    system: "be brief",
    messages: [{ role: "user", content: "hi" }],
  });
  const read = readAnswer(
    "anthropic",
    {
      model: "m-1",
      stop_reason: "end_turn",
      content: [{ type: "text", text: "yes" }],
      usage: { input_tokens: 9, output_tokens: 1 },
    },
    5,
  );
  assert.equal(read, {
    text: "yes",
    finishReason: "end_turn",
    model: "m-1",
    refusal: null,
    promptTokens: 9,
    completionTokens: 1,
  });
});

test.run();
