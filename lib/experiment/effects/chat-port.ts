// chat: a port to a chat model, and the shape of what is asked and answered, the same for every provider.
import { callSiteOf } from "../call-site.ts";
import type { Json } from "../json.ts";
import { number, type Shape } from "../option-shapes.ts";
import type { AnyParameters, Given, Port } from "./port.ts";
import { type FromEnvironment, type PortLimits, readPort } from "./port-settings.ts";

export type ChatMessage = {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
};

/** What a chat model is asked. JSON, since it is journalled and hashed. */
export type ChatRequest = {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** 0 to 2; the endpoint's own unless told. */
  readonly temperature?: number;
  /** Tokens of the answer at most; 1024 unless told. */
  readonly maxTokens?: number;
  /** Handed on where the endpoint takes one. No provider promises the same answer twice. */
  readonly seed?: number;
  /** A JSON Schema that the answer is asked to follow. */
  readonly schema?: { readonly [key: string]: Json };
};

/** What came back, journalled with the trial. */
export interface ChatAnswer {
  readonly text: string;
  /** "stop", "length", "content_filter", ...; null where the endpoint says nothing. */
  readonly finishReason: string | null;
  /** The model that answered, by its full name. */
  readonly model: string | null;
  /** A refusal in the model's own words; null for none. */
  readonly refusal: string | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the attempt that was answered. */
  readonly latencyMs: number;
  /** When it was answered, ISO 8601 in UTC; a resumed trial is handed the time of the one exchange there was. */
  readonly answeredAt: string;
  /** What went before it: why each earlier attempt failed. */
  readonly failures: readonly string[];
}

export interface ChatOptions<P = never> extends PortLimits {
  /** "https://api.openai.com/v1", or `env("LLM_URL", ...)`: what `/chat/completions` (or `/messages`) is added to. */
  readonly endpoint: string | FromEnvironment;
  /** "openai" (unless told) for every endpoint that speaks its format, "anthropic" for Anthropic's. */
  readonly format?: "openai" | "anthropic";
  /** Name of the environment variable that holds the key; none is sent unless told. */
  readonly keyFrom?: string;
  /** The model of every request, or a function that takes it from the parameters: then no request names one. */
  readonly model?: string | ((parameters: P) => unknown);
  /** The temperature of requests that give none, 0 to 2. */
  readonly temperature?: number | ((parameters: P) => unknown);
  /** Tokens of an answer at most, for requests that do not say. */
  readonly maxTokens?: number | ((parameters: P) => unknown);
  /** Tokens in any minute, prompts and answers together; no limit unless told. */
  readonly tokensPerMinute?: number;
  /** What an answer costs, in US dollars for a million tokens; that of `prices.json` unless told. */
  readonly price?: { readonly prompt: number; readonly completion: number };
}

/**
 * A port to a chat model, for `effects` of a definition; trials ask it by `effects.<name>(key, { messages })`. One governor keeps its limits
 * for all workers. In `lab.config.ts` it is a performer for effects of a kind.
 *
 * @example
 * effects: {
 *   ask: chat({
 *     endpoint: env("LLM_URL", "http://127.0.0.1:8080/v1"), keyFrom: "LLM_KEY",
 *     model: (p) => p.model, requestsPerMinute: 600, budget: usd(20),
 *   }),
 * }
 */
export function chat<P = AnyParameters>(
  options: ChatOptions<P> & { readonly model: string | ((parameters: P) => unknown) },
): Port<Omit<ChatRequest, "model">, ChatAnswer, P>;
export function chat<P = AnyParameters>(
  options: ChatOptions<P> & { readonly model?: never },
): Port<ChatRequest, ChatAnswer, P>;
export function chat(options: ChatOptions): Port {
  const site = callSiteOf(chat);
  const { settings, gives, problems } = readPort(options, "chat", givesShapes);
  return {
    kind: "labwright/port",
    service: "chat",
    settings,
    // Each fits its shape: JSON, or a function.
    gives: gives as Readonly<Record<string, Given>>,
    answer: null,
    inDoubt: "send-again",
    problems: problems.map((problem) => ({ ...problem, site })),
    site,
  };
}

const givesShapes = {
  model: orFunction({
    expected: "the name of a model, or a function such as (p) => p.model",
    fits: (value) => typeof value === "string" && value !== "",
  }),
  temperature: orFunction(number("a number from 0 to 2", (value) => value >= 0 && value <= 2)),
  maxTokens: orFunction(number("a whole number from 1", (value) => Number.isInteger(value) && value >= 1)),
} satisfies Readonly<Record<string, Shape>>;

function orFunction({ expected, fits }: Shape): Shape {
  return { expected, fits: (value) => typeof value === "function" || fits(value) };
}
