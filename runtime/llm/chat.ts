// The performer of calls to language models: one place for all workers of a run that keeps an endpoint's limits, tries again by cause, and
// stops when a budget is spent. Trials ask by `effect(key, request, { kind })` and know nothing of it.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Performed, Performer, Usage } from "../effects/performer.ts";
import {
  answerTokens,
  type ChatAnswer,
  type ChatFormat,
  type ChatRequest,
  readAnswer,
  tokensIn,
  wireOf,
} from "./chat-format.ts";
import { type Failure, failureOf } from "./failure.ts";
import { type Governor, governor } from "./governor.ts";

export interface ChatOptions {
  /** "https://api.openai.com/v1", "http://localhost:8080/v1": what `/chat/completions` (or `/messages`) is added to. */
  readonly endpoint: string;
  /** "openai" (unless told) for every endpoint that speaks its format, "anthropic" for Anthropic's. */
  readonly format?: ChatFormat;
  /** Name of the environment variable that holds the key; none is sent unless told. */
  readonly keyFrom?: string;
  /** Requests in any minute. */
  readonly requestsPerMinute?: number;
  /** Tokens in any minute, prompts and answers together. */
  readonly tokensPerMinute?: number;
  /** Calls at a time; 50 unless told. */
  readonly concurrency?: number;
  /** Milliseconds between the starts of two calls; 0 unless told. */
  readonly spacingMs?: number;
  /** Attempts after the first; 20 unless told. */
  readonly retries?: number;
  /** Longest wait for one answer; 120,000 unless told. */
  readonly timeoutMs?: number;
  /** What an answer costs, in US dollars for a million tokens. */
  readonly price?: { readonly prompt: number; readonly completion: number };
  /** What this process may spend; the run stops with exit code 4 and goes on with a larger one. */
  readonly budget?: { readonly usd?: number; readonly tokens?: number; readonly calls?: number };
  /** Length of the window of the limits; a minute unless told. For tests. */
  readonly windowMs?: number;
}

const requestShape = z.object({
  model: z.string().min(1),
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).min(1),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.int().min(1).optional(),
  seed: z.int().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
});

/** The first wait after a failure without advice, doubled each time. */
const firstWaitMs = 500;
const longestWaitMs = 60_000;
/** After so many failures in a row, of whatever call, nobody is let in for a while. */
const breakerFailures = 12;
const breakerMs = 15_000;

/**
 * A performer for `lab.config.ts`. Responses are `ChatAnswer`; usage is `calls`, `tokens`, `promptTokens`, `completionTokens`, `retries` and,
 * with a price, `costUsd`. A quota or spent budget is `{ budget }`; a call that cannot be answered throws, which fails the trial
 * unless it catches that.
 *
 * @example
 * export default defineConfig({
 *   performers: { chat: chat({ endpoint: "https://api.openai.com/v1", keyFrom: "OPENAI_API_KEY", requestsPerMinute: 600 }) },
 * });
 * @throws RangeError for a limit that lets nobody in.
 */
export function chat(options: ChatOptions): Performer {
  const limiter = governor({
    requests: options.requestsPerMinute ?? null,
    tokens: options.tokensPerMinute ?? null,
    concurrency: options.concurrency ?? 50,
    spacingMs: options.spacingMs ?? 0,
    windowMs: options.windowMs ?? 60_000,
  });
  const spending = { usd: 0, tokens: 0, calls: 0 };
  let failuresInARow = 0;
  return async (given, context): Promise<Performed> => {
    const request = requestOf(given);
    const failures: string[] = [];
    for (;;) {
      const spent = spentOf(spending, options.budget ?? {});
      if (spent !== null) return { budget: spent };
      const outcome = await attempt(options, limiter, { ...context, request, queued: context.queued });
      if ("answer" in outcome) {
        failuresInARow = 0;
        limiter.speedUp();
        const usage = usageOf(outcome.answer, failures.length, options.price);
        spending.calls += 1;
        spending.tokens += usage.tokens ?? 0;
        spending.usd += usage.costUsd ?? 0;
        return { response: { ...outcome.answer, failures } satisfies ChatAnswer, usage };
      }
      const { failure } = outcome;
      if (failure.kind === "spent") return { budget: `the endpoint says ${failure.words}` };
      if (failure.kind === "final") throw new Error(`the endpoint says ${failure.words}`);
      failures.push(failure.cause);
      failuresInARow += 1;
      if (failures.length > (options.retries ?? 20)) {
        throw new Error(`no answer after ${failures.length} attempts: ${counted(failures)}`);
      }
      const waitMs = failure.waitMs ?? backoffMs(failures.length);
      if (failure.isTooFast) limiter.slowDown(failure.waitMs ?? 0);
      if (failuresInARow >= breakerFailures) limiter.slowDown(breakerMs);
      await context.queued(sleep(waitMs, undefined, { signal: context.signal }));
    }
  };
}

function requestOf(given: unknown): ChatRequest {
  const read = requestShape.safeParse(given);
  // What zod has read is a ChatRequest but for keys that are undefined, which JSON has none of.
  if (read.success) return given as ChatRequest;
  const [issue] = read.error.issues;
  throw new Error(`this is no chat request: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim());
}

type Outcome = { readonly answer: Omit<ChatAnswer, "failures"> } | { readonly failure: Failure };

async function attempt(
  options: ChatOptions,
  limiter: Governor,
  call: Parameters<Performer>[1] & { readonly request: ChatRequest },
): Promise<Outcome> {
  const { request, signal, trial } = call;
  const promptTokens = request.messages.reduce((sum, { content }) => sum + tokensIn(content) + 4, 0);
  const expected = promptTokens + Math.min(request.maxTokens ?? answerTokens, answerTokens);
  const place = await call.queued(limiter.enter({ trial, tokens: expected, signal }));
  const started = performance.now();
  try {
    const outcome = await exchange(options, call, promptTokens);
    if ("answer" in outcome) {
      place.settle(outcome.answer.promptTokens + outcome.answer.completionTokens);
      return { answer: { ...outcome.answer, latencyMs: Math.round(performance.now() - started) } };
    }
    return outcome;
  } finally {
    place.leave();
  }
}

async function exchange(
  options: ChatOptions,
  {
    request,
    signal,
    idempotencyKey,
  }: { readonly request: ChatRequest; readonly signal: AbortSignal; readonly idempotencyKey: string },
  promptTokens: number,
): Promise<{ readonly answer: Omit<ChatAnswer, "failures" | "latencyMs"> } | { readonly failure: Failure }> {
  const format = options.format ?? "openai";
  const { url, headers, body } = wireOf(format, options.endpoint, {
    request,
    key: keyOf(options),
    idempotencyKey,
  });
  const limit = AbortSignal.timeout(options.timeoutMs ?? 120_000);
  let text = "";
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, limit]),
    });
    text = await answer.text();
    if (!answer.ok) {
      const { status, headers: said } = answer;
      return { failure: failureOf({ status, headers: said, body: text }, Date.now()) };
    }
  } catch (error) {
    if (signal.aborted) throw error;
    const cause = limit.aborted ? "no answer in time" : "connection lost";
    return { failure: { kind: "retry", cause, waitMs: null, isTooFast: false } };
  }
  const read = readAnswer(format, parsed(text), promptTokens);
  if (read !== null) return { answer: read };
  return { failure: { kind: "retry", cause: "an answer that is none", waitMs: null, isTooFast: false } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function keyOf({ keyFrom }: ChatOptions): string | null {
  if (keyFrom === undefined) return null;
  const key = process.env[keyFrom];
  if (key === undefined || key === "") {
    throw new Error(`the environment variable ${keyFrom}, which is to hold the key, is not set`);
  }
  return key;
}

/** Exponential, with full jitter (Brooker, AWS Architecture Blog 2015): when a call is made changes no result. */
function backoffMs(failures: number): number {
  return Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
}

function spentOf(
  spending: Record<"usd" | "tokens" | "calls", number>,
  budget: NonNullable<ChatOptions["budget"]>,
): string | null {
  for (const unit of ["usd", "tokens", "calls"] as const) {
    const most = budget[unit];
    if (most !== undefined && spending[unit] >= most) {
      return `${unit} ${Number(spending[unit].toPrecision(6))} of ${most} are spent`;
    }
  }
  return null;
}

function usageOf(answer: Omit<ChatAnswer, "failures">, retries: number, price: ChatOptions["price"]): Usage {
  const { promptTokens, completionTokens } = answer;
  return {
    calls: 1,
    tokens: promptTokens + completionTokens,
    promptTokens,
    completionTokens,
    retries,
    latencyMs: answer.latencyMs,
    ...(price === undefined
      ? {}
      : { costUsd: (promptTokens * price.prompt + completionTokens * price.completion) / 1e6 }),
  };
}

/** "rate limit (3), status 500 (2)". */
function counted(causes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].map(([cause, count]) => `${cause} (${count})`).join(", ");
}
