// Calls to chat models: what a request is, what it is expected to take, what its answer took.
import { z } from "zod";
import type { ChatAnswer, ChatRequest } from "../../lib/experiment/effects/chat-port.ts";
import type { PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import type { Usage } from "../effects/performer.ts";
import { answerTokens, readAnswer, tokensIn, wireOf } from "./chat-format.ts";
import { endpointOf } from "./endpoint.ts";
import type { Price } from "./prices.ts";
import { secretOf, send } from "./send.ts";
import type { Service } from "./service.ts";

const requestShape = z.object({
  model: z.string().min(1),
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).min(1),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.int().min(1).optional(),
  seed: z.int().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
});

export interface ChatPrices {
  /** What a model costs; null where nobody knows. */
  readonly priceOf: (model: string) => Price | null;
  /** Whether a budget in US dollars holds, so that a model without a price is not asked. */
  readonly isPriced: boolean;
}

export function chatService(settings: PortSettings, { priceOf, isPriced }: ChatPrices): Service<ChatRequest> {
  const { format = "openai", timeoutMs = 120_000, keyFrom } = settings;
  return {
    read(given) {
      const read = requestShape.safeParse(given);
      // What zod has read is a ChatRequest but for keys that are undefined, which JSON has none of.
      const request = given as ChatRequest;
      if (read.success && isPriced && priceOf(request.model) === null)
        throw new Error(
          `a budget in usd holds, and no price is known of ${request.model}: add it to prices.json, or give the port a price`,
        );
      if (read.success) return request;
      const [issue] = read.error.issues;
      throw new Error(
        `this is no chat request: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim(),
      );
    },
    expected(request) {
      const promptTokens = promptTokensOf(request);
      const completionTokens = Math.min(request.maxTokens ?? answerTokens, answerTokens);
      const usd = costOf({ promptTokens, completionTokens }, priceOf(request.model)) ?? 0;
      return { calls: 1, tokens: promptTokens + completionTokens, usd };
    },
    exchange(request, { signal, idempotencyKey, failures }) {
      const key = keyFrom === undefined ? null : secretOf(keyFrom, "the key");
      const started = performance.now();
      const { url, headers, body } = wireOf(format, endpointOf(settings), { request, key, idempotencyKey });
      return send(
        { url, method: "POST", headers, body: JSON.stringify(body) },
        { signal, timeoutMs },
        (text) => {
          const read = readAnswer(format, parsed(text), promptTokensOf(request));
          if (read === null) return null;
          const latencyMs = Math.round(performance.now() - started);
          const answeredAt = new Date().toISOString();
          const response: ChatAnswer = { ...read, latencyMs, answeredAt, failures: [...failures] };
          return { response, usage: usageOf(response, priceOf(request.model)) };
        },
      );
    },
  };
}

/** About four tokens of every message are its frame. */
function promptTokensOf({ messages }: ChatRequest): number {
  return messages.reduce((sum, { content }) => sum + tokensIn(content) + 4, 0);
}

function costOf(
  { promptTokens, completionTokens }: Pick<ChatAnswer, "promptTokens" | "completionTokens">,
  price: Price | null,
): number | null {
  return price === null ? null : (promptTokens * price.prompt + completionTokens * price.completion) / 1e6;
}

function usageOf(answer: ChatAnswer, price: Price | null): Usage {
  const { promptTokens, completionTokens, latencyMs } = answer;
  const costUsd = costOf(answer, price);
  return {
    calls: 1,
    tokens: promptTokens + completionTokens,
    promptTokens,
    completionTokens,
    latencyMs,
    ...(costUsd !== null && { costUsd }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
