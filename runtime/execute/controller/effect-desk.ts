// The controller's side of effects: looks in the journal, writes the intent before the call and the response after, and answers
// the unit with what the journal holds. A journalled response is never asked for again.
import type { EffectJournal } from "../../store/store.ts";
import type { CallReply, EffectReply, FromUnits } from "../protocol/protocol.ts";

/** Performs effects of one kind in the controller, such as calls of a language model under a rate limit. */
export type Performer = (
  request: unknown,
  context: { readonly idempotencyKey: string; readonly trial: string; readonly key: string },
) => Promise<unknown>;

type Request = Extract<FromUnits, { type: "effect-request" }>;
type Response = Extract<FromUnits, { type: "effect-response" }>;

export interface EffectDesk {
  request(trial: string, message: Request): Promise<CallReply>;
  response(trial: string, message: Response): Promise<CallReply>;
}

export function effectDeskOf(options: {
  readonly journal: EffectJournal;
  readonly performers: Readonly<Record<string, Performer>>;
}): EffectDesk {
  const { journal, performers } = options;
  const answer = (call: number, reply: EffectReply): CallReply => ({ type: "effect-reply", call, reply });
  const refuse = (call: number, message: string): CallReply =>
    answer(call, { kind: "refused", cause: "effect", message });

  return {
    async request(trial, { call, kind, key, request, isOwn, inDoubt }) {
      const known = journal.lookup(trial, key);
      if (known.kind === "response") return answer(call, known);
      if (known.kind === "in-doubt" && inDoubt === "fail")
        return refuse(
          call,
          "its answer was lost when an earlier run was interrupted, and it is declared not to be sent again",
        );
      const performer = isOwn || !Object.hasOwn(performers, kind) ? null : performers[kind];
      if (!isOwn && (performer === null || performer === undefined))
        return refuse(call, nobodyPerforms(kind, Object.keys(performers)));
      const idempotencyKey =
        known.kind === "in-doubt" ? known.idempotencyKey : await journal.intend(trial, key, request);
      if (performer === null || performer === undefined)
        return answer(call, { kind: "perform", idempotencyKey });
      try {
        const response = await performer(request, { idempotencyKey, trial, key });
        return answer(call, { kind: "response", response: await journalled(trial, key, response) });
      } catch (error) {
        return refuse(call, error instanceof Error ? error.message : String(error));
      }
    },

    async response(trial, { call, key, response, error }) {
      // A failed call is not journalled: it stays in doubt, and a later attempt sends it again under the same key.
      if (error !== null) return refuse(call, error);
      return answer(call, { kind: "response", response: await journalled(trial, key, response) });
    },
  };

  /** What a later run will read: the unit is handed the same, now as then. */
  async function journalled(trial: string, key: string, response: unknown): Promise<unknown> {
    await journal.respond(trial, key, response);
    const stored = journal.lookup(trial, key);
    return stored.kind === "response" ? stored.response : response;
  }
}

function nobodyPerforms(kind: string, known: readonly string[]): string {
  const choice =
    known.length === 0 ? "" : `, or choose one of the kinds ${known.map((each) => `"${each}"`).join(", ")}`;
  return `nothing performs effects of kind "${kind}": give it \`perform\`${choice}`;
}
