// What the editor must refuse of ports and of the trials that ask them: checked by the type checker alone.
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { defineExperiment } from "../define-experiment.ts";
import { metric } from "../metric.ts";
import { sweep } from "../sweep.ts";
import { type ChatAnswer, chat } from "./chat-port.ts";
import { http } from "./http-port.ts";
import { env, usd } from "./port-settings.ts";

const messages = [{ role: "user", content: "?" }] as const;

defineExperiment({
  name: "guess",
  parameters: { model: sweep(["small", "large"]), rounds: 3 },
  metrics: { length: metric.integer() },
  effects: {
    ask: chat({ endpoint: env("LLM_URL"), model: (p) => p.model, budget: usd(20) }),
    raw: chat({ endpoint: "http://127.0.0.1:8080/v1" }),
    typed: chat({ endpoint: "http://127.0.0.1:8080/v1", model: (p: { model: string }) => p.model }),
    weather: http({ endpoint: "https://weather.example", answer: z.object({ degrees: z.number() }) }),
  },
  async trial({ effects }) {
    const answer = await effects.ask("one", { messages });
    expectTypeOf(answer).toEqualTypeOf<ChatAnswer>();
    // @ts-expect-error the port gives the model
    await effects.ask("two", { model: "small", messages });
    // @ts-expect-error a request has messages
    await effects.ask("three", {});
    await effects.raw("four", { model: "small", messages });
    // @ts-expect-error this port leaves the model to the request
    await effects.raw("five", { messages });
    // @ts-expect-error no such port
    effects.aks;
    const { degrees } = await effects.weather("six", { path: "today", query: { day: 1 } });
    expectTypeOf(degrees).toEqualTypeOf<number>();
    // @ts-expect-error no such method
    await effects.weather("seven", { method: "LOOK" });
    return { length: answer.text.length };
  },
});

defineExperiment({
  name: "misspelt",
  parameters: { model: sweep(["small", "large"]) },
  metrics: { length: metric.integer() },
  // @ts-expect-error the experiment has no parameter `modle`
  effects: { ask: chat({ endpoint: "x", model: (p: { modle: string }) => p.modle }) },
  trial: () => ({ length: 1 }),
});

defineExperiment({
  name: "no-port",
  parameters: {},
  metrics: { length: metric.integer() },
  // @ts-expect-error not a port
  effects: { ask: { endpoint: "x" } },
  trial: () => ({ length: 1 }),
});

// @ts-expect-error a limit is a number
chat({ endpoint: "x", requestsPerMinute: "600" });
// @ts-expect-error an endpoint is needed
chat({ model: "small" });
// @ts-expect-error no such option
chat({ endpoint: "x", requestPerMinute: 600 });
