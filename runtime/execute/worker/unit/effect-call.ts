// An effect as the unit sees it: ask the controller, who answers from the journal, performs it, or leaves it to the author's
// performer. What the unit is handed is always what the journal holds.
import { findNonJson, type Json } from "../../../../lib/experiment/json.ts";
import type { EffectOptions } from "../../../../lib/experiment/trial-context.ts";
import type { EffectReply } from "../../protocol/protocol.ts";
import { BudgetSpent, Departed, Interrupted, messageOf, UnitFailure } from "./unit-failure.ts";
import type { Asking, UnitLink } from "./unit-link.ts";

export interface EffectCall<R> {
  readonly link: UnitLink;
  readonly place: { readonly lease: number; readonly attempt: number; readonly unit: number };
  /** Unique within the trial. */
  readonly key: string;
  readonly request: Json;
  readonly options: EffectOptions<R>;
  readonly signal: AbortSignal;
  readonly asking: Asking;
  /** Told what the answer took, by name, once the unit has it. */
  readonly onUsage: (usage: Readonly<Record<string, number>>) => void;
  /** Told how the run has answered a call that it performs. */
  readonly onReply: (reply: Exclude<EffectReply, { kind: "perform" }>) => void;
}

/** Resolves with the journalled response. Throws UnitFailure "effect", BudgetSpent or Interrupted. */
export async function performEffect<R>(call: EffectCall<R>): Promise<R> {
  const { link, place, key, request, options, asking } = call;
  refuseNonJson("request", key, request);
  const first = await link.ask(
    {
      type: "effect-request",
      ...place,
      kind: options.kind ?? "default",
      key,
      request,
      isOwn: options.perform !== undefined,
      inDoubt: options.inDoubt === "fail" ? "fail" : "resend",
      reuse: options.reuse === "same-request",
    },
    asking,
  );
  if (first.type !== "effect-reply")
    throw new UnitFailure("effect", `effect \`${key}\` got the wrong answer`);
  if (first.reply.kind !== "perform") {
    if (options.perform === undefined) call.onReply(first.reply);
    return handOn(call, first.reply);
  }
  const own = await performOwn(call, first.reply);
  const { lease, unit } = place;
  const second = await link.follow({ type: "effect-response", call: first.call, lease, unit, key, ...own });
  if (second.type !== "effect-reply")
    throw new UnitFailure("effect", `effect \`${key}\` got the wrong answer`);
  return handOn(call, second.reply);
}

async function performOwn<R>(
  { place, key, request, options, signal }: EffectCall<R>,
  { trial, idempotencyKey }: Extract<EffectReply, { kind: "perform" }>,
): Promise<{ readonly response: unknown; readonly usage: unknown; readonly error: string | null }> {
  let took: unknown;
  const usage = (named: unknown): void => {
    took = named;
  };
  try {
    const context = { idempotencyKey, signal, attempt: place.attempt, trial, key, usage };
    const response: unknown = await options.perform?.(request, context);
    refuseNonJson("response", key, response);
    return { response, usage: took, error: null };
  } catch (error) {
    return { response: null, usage: undefined, error: messageOf(error) };
  }
}

function handOn<R>({ key, options, onUsage }: EffectCall<R>, reply: EffectReply): R {
  if (reply.kind === "refused") {
    onUsage(reply.usage);
    if (reply.cause === "budget") throw new BudgetSpent(reply.message);
    if (reply.cause === "stopping") throw new Interrupted(reply.message);
    const words = `effect \`${key}\`: ${reply.message}`;
    throw reply.cause === "departed" ? new Departed(words) : new UnitFailure("effect", words);
  }
  const response = reply.kind === "response" ? reply.response : null;
  if (reply.kind === "response") onUsage(reply.isReused ? { reused: 1 } : reply.usage);
  // Without a schema the author vouches for R.
  if (options.response === undefined) return response as R;
  const checked = options.response.safeParse(response);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? "it" : `\`${issue.path.join(".")}\``;
  throw new UnitFailure(
    "effect",
    `the response of effect \`${key}\`: ${field}: ${issue?.message ?? "is not valid"}`,
  );
}

function refuseNonJson(what: "request" | "response", key: string, value: unknown): void {
  const found = findNonJson(value);
  if (found === null) return;
  const message = `${what}${found.path} of effect \`${key}\` is ${found.found}; expected JSON data, which can be journalled`;
  throw new UnitFailure("effect", message);
}
