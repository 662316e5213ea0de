// An effect as the unit sees it: ask the controller, who answers from the journal, performs it, or leaves it to the author's
// performer. What the unit is handed is always what the journal holds.
import { findNonJson, type Json } from "../../../lib/experiment/json.ts";
import type { EffectOptions } from "../../../lib/experiment/trial-context.ts";
import type { EffectReply } from "../protocol/protocol.ts";
import { BudgetSpent, messageOf, UnitFailure } from "./unit-failure.ts";
import type { UnitLink } from "./unit-link.ts";

export interface EffectCall<R> {
  readonly link: UnitLink;
  readonly place: { readonly lease: number; readonly attempt: number; readonly unit: number };
  /** Unique within the trial. */
  readonly key: string;
  readonly request: Json;
  readonly options: EffectOptions<R>;
  readonly signal: AbortSignal;
}

/** Resolves with the journalled response. Throws UnitFailure "effect" or BudgetSpent. */
export async function performEffect<R>(call: EffectCall<R>): Promise<R> {
  const { link, place, key, request, options } = call;
  refuseNonJson("request", key, request);
  const first = await link.ask({
    type: "effect-request",
    ...place,
    kind: options.kind ?? "default",
    key,
    request,
    isOwn: options.perform !== undefined,
    inDoubt: options.inDoubt === "fail" ? "fail" : "resend",
  });
  if (first.type !== "effect-reply")
    throw new UnitFailure("effect", `effect \`${key}\` got the wrong answer`);
  if (first.reply.kind !== "perform") return handOn(call, first.reply);
  const own = await performOwn(call, first.reply.idempotencyKey);
  const { lease, unit } = place;
  const second = await link.follow({ type: "effect-response", call: first.call, lease, unit, key, ...own });
  if (second.type !== "effect-reply")
    throw new UnitFailure("effect", `effect \`${key}\` got the wrong answer`);
  return handOn(call, second.reply);
}

async function performOwn<R>(
  { key, request, options, signal }: EffectCall<R>,
  idempotencyKey: string,
): Promise<{ readonly response: unknown; readonly error: string | null }> {
  try {
    const response: unknown = await options.perform?.(request, { idempotencyKey, signal });
    refuseNonJson("response", key, response);
    return { response, error: null };
  } catch (error) {
    return { response: null, error: messageOf(error) };
  }
}

function handOn<R>({ key, options }: EffectCall<R>, reply: EffectReply): R {
  if (reply.kind === "refused") {
    if (reply.cause === "budget") throw new BudgetSpent(reply.message);
    throw new UnitFailure("effect", `effect \`${key}\`: ${reply.message}`);
  }
  const response = reply.kind === "response" ? reply.response : null;
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
