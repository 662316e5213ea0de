// The wire formats of chat endpoints: OpenAI's (and of the many that speak it) and Anthropic's. From a request to a body, from an answer's
// body to one shape.
import { z } from "zod";
import type { ChatAnswer, ChatRequest } from "../../lib/experiment/effects/chat-port.ts";

type ChatFormat = "openai" | "anthropic";

export const answerTokens = 1024;

/** Address, headers and body of a request. */
export function wireOf(
  format: ChatFormat,
  endpoint: string,
  of: { readonly request: ChatRequest; readonly key: string | null; readonly idempotencyKey: string },
): { readonly url: string; readonly headers: Record<string, string>; readonly body: unknown } {
  const { request, key, idempotencyKey } = of;
  const base = endpoint.replace(/\/+$/, "");
  const common = { "content-type": "application/json", "idempotency-key": idempotencyKey };
  const { model, messages, temperature, seed, schema, maxTokens = answerTokens } = request;
  const warm = temperature === undefined ? {} : { temperature };
  if (format === "anthropic") {
    const system = messages.flatMap(({ role, content }) => (role === "system" ? [content] : [])).join("\n\n");
    return {
      url: `${base}/messages`,
      headers: {
        ...common,
        "anthropic-version": "2023-06-01",
        ...(key === null ? {} : { "x-api-key": key }),
      },
      body: {
        model,
        max_tokens: maxTokens,
        ...warm,
        ...(system === "" ? {} : { system }),
        messages: messages.filter(({ role }) => role !== "system"),
      },
    };
  }
  return {
    url: `${base}/chat/completions`,
    headers: { ...common, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: {
      model,
      messages,
      max_tokens: maxTokens,
      ...warm,
      ...(seed === undefined ? {} : { seed }),
      ...(schema === undefined
        ? {}
        : {
            response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
          }),
    },
  };
}

const openai = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

const anthropic = z.object({
  model: z.string().nullish(),
  stop_reason: z.string().nullish(),
  content: z.array(z.object({ type: z.string(), text: z.string().nullish() })),
  usage: z.object({ input_tokens: z.number().nullish(), output_tokens: z.number().nullish() }).nullish(),
});

/** An answer's body in one shape; null where it is none. Tokens that are not told are estimated from the text. */
export function readAnswer(
  format: ChatFormat,
  body: unknown,
  promptTokens: number,
): Omit<ChatAnswer, "latencyMs" | "answeredAt" | "failures"> | null {
  if (format === "anthropic") {
    const read = anthropic.safeParse(body);
    if (!read.success) return null;
    const { model, stop_reason, content, usage } = read.data;
    const text = wholeText(content.map((part) => part.text ?? "").join(""));
    return {
      text,
      finishReason: stop_reason ?? null,
      model: model ?? null,
      refusal: stop_reason === "refusal" ? text : null,
      promptTokens: usage?.input_tokens ?? promptTokens,
      completionTokens: usage?.output_tokens ?? tokensIn(text),
    };
  }
  const read = openai.safeParse(body);
  if (!read.success) return null;
  const { model, choices, usage } = read.data;
  const { message, finish_reason } = choices[0]!;
  const text = wholeText(message.content ?? "");
  return {
    text,
    finishReason: finish_reason ?? null,
    model: model ?? null,
    refusal: message.refusal ?? null,
    promptTokens: usage?.prompt_tokens ?? promptTokens,
    completionTokens: usage?.completion_tokens ?? tokensIn(text),
  };
}

/** A mark stands for half a character, of which a body in JSON may have an escape: it can neither be kept nor sent. */
function wholeText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** About four characters a token: what a limit reckons with before the endpoint has counted. */
export function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}
