// An agent that asks a language model what to do: a system text, a rolling window of what it saw and did, notes that it carries from round to
// round, an answer that is checked and repaired, and a fallback that acts, counted, where no answer can be had. What it is told is data;
// nothing of an answer is run.
import { z } from "zod";
import type { Agent, Turn } from "../environments/environment/agent.ts";
import { Forfeit } from "../environments/environment/forfeit.ts";
import type { CallNote } from "../experiment/effects/port.ts";
import type { Json } from "../experiment/json.ts";

/** What is asked of a chat model; JSON. A port `chat(...)` takes it. */
export type LlmRequest = {
  /** Left out where the port gives it. */
  readonly model?: string;
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly schema?: { readonly [key: string]: Json };
};

/** What the agent needs of an answer. */
export interface LlmAnswer {
  readonly text: string;
  readonly refusal?: string | null;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly latencyMs?: number;
  readonly answeredAt?: string;
  readonly model?: string | null;
  readonly finishReason?: string | null;
}

/** One decision: what was asked, what came of it. */
export interface Decision<C> {
  readonly agent: string;
  readonly round: number;
  readonly action: C;
  /** The answer that was taken, as text; null where the fallback acted. */
  readonly text: string | null;
  /** What the model gave as its reasons, where the answer has a field `reasoning`; null otherwise. */
  readonly reasoning: string | null;
  /** How often the model was asked to mend its answer. */
  readonly repairs: number;
  /** Why the fallback acted; null where it did not. */
  readonly fallback: string | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Over all requests of the decision. */
  readonly latencyMs: number;
  /** When the last request was answered, ISO 8601; null where the port does not say or there was no answer. */
  readonly answeredAt: string | null;
  readonly model: string | null;
  readonly finishReason: string | null;
}

export interface LlmAgentOptions<O, C, R> {
  /** What kind of agent it is, such as "cautious firm". */
  readonly name: string;
  /** Left out where the port gives it. */
  readonly model?: string;
  /** Asks the model, such as `effects.ask` of a trial; `key` is unique within the trial. */
  readonly ask: LlmAsk;
  /** Who it is and what it is after: personas and prompt prefixes go here. */
  readonly system: string;
  /** What it is told in a round. */
  prompt(observation: O, context: LlmTurn<O>): string;
  /**
   * The answer as JSON; a field `reasoning` and a field `notes` (text) are kept. Where it depends on the round, such as
   * `({ legal }) => z.object({ action: z.enum(legal as string[]) })`, a function: an endpoint that keeps to schemas then gives no other action.
   */
  readonly answer: z.ZodType<R> | ((turn: LlmTurn<O>) => z.ZodType<R>);
  /** The action in an answer. Keep it above `onDecision`, whose types follow from it. */
  decide(answer: R): C;
  /** The actions that there are where the environment does not list those that are allowed now. */
  readonly actions?: readonly C[];
  /** Rounds that it remembers; 100 unless told, 0 for none. */
  readonly memory?: number;
  /** Requests to mend an answer that does not fit; 2 unless told. */
  readonly repairs?: number;
  /**
   * What acts where no answer can be had: the last action, a random allowed one, a given action, or nobody: it leaves the episode, with
   * what the environment says of one who does (`forfeit`), or the trial fails. All but the last have their row by `onDecision` or, who
   * leaves, in `forfeits` of what was played.
   */
  readonly fallback: "repeat last" | "random legal" | "forfeit" | "fail" | { readonly action: C };
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Of every request, such as the replicate's, for an endpoint that takes one; most promise nothing by it, a local engine may. */
  readonly seed?: number;
  /** Sees every decision: record it as a row of a series. */
  onDecision?(decision: Decision<C>): void;
}

/** Asks a model; where it has `note`, as functions of ports do, it is told of answers that cannot be used, of repairs and of fallbacks. */
export interface LlmAsk extends Asking {
  readonly note?: (note: CallNote) => void;
}

// A method's parameters are compared both ways: a port that gives the model takes requests without one, others need it.
type Asking = { ask(key: string, request: LlmRequest): Promise<LlmAnswer> }["ask"];

export interface LlmTurn<O> extends Turn<unknown> {
  /** The rounds that it remembers, the oldest first. */
  readonly history: readonly { readonly round: number; readonly observation: O; readonly action: unknown }[];
  /** What it noted in the round before; empty at first. */
  readonly notes: string;
}

/**
 * An agent for `playAsync`; made anew for each episode. Its requests have the keys "<agent>/round-<n>", with "/repair-<k>" for repairs.
 *
 * @example
 * const firm = () => llmAgent({
 *   name: "firm", system: "You set prices ...", memory: 100, fallback: "repeat last", ask: effects.ask,
 *   prompt: ({ prices }, { notes }) => `Prices so far: ${JSON.stringify(prices)}. Your notes: ${notes}`,
 *   answer: z.object({ reasoning: z.string(), notes: z.string(), price: z.number().min(0) }),
 *   decide: ({ price }) => price,
 * });
 */
export function llmAgent<O, C, R>(options: LlmAgentOptions<O, C, R>): Agent<O, C, Promise<C>> {
  const { memory = 100, repairs: repairsMax = 2 } = options;
  const history: { readonly round: number; readonly observation: O; readonly action: C }[] = [];
  let notes = "";
  const { answer } = options;
  const answerOf = typeof answer === "function" ? answer : () => answer;
  const schemaOf = schemaWriter();
  return {
    name: options.name,
    async act(observation, asking) {
      const turn = { ...asking, legal: asking.legal ?? options.actions ?? null };
      const context: LlmTurn<O> = { ...turn, history, notes };
      const messages: LlmRequest["messages"] = [
        { role: "system", content: options.system },
        { role: "user", content: options.prompt(observation, context) },
      ];
      const answer = answerOf(context);
      const asked = await answered(options, { messages, answer, schema: schemaOf(answer), turn, repairsMax });
      const isDecided = asked.kind === "decided";
      if (!isDecided) options.ask.note?.({ kind: "fallback" });
      const action = isDecided ? asked.action : fallbackOf(options, turn, history.at(-1)?.action, asked.why);
      if (isDecided) notes = textOf(asked.value, "notes") ?? notes;
      if (memory > 0) history.push({ round: turn.round, observation, action });
      if (history.length > memory) history.shift();
      options.onDecision?.({
        agent: turn.agent,
        round: turn.round,
        action,
        reasoning: isDecided ? textOf(asked.value, "reasoning") : null,
        fallback: isDecided ? null : asked.why,
        ...asked.told,
      });
      return action;
    },
  };
}

type WrittenSchema = { readonly [key: string]: Json };

/** The JSON Schema of an answer; written once for one that stays. */
function schemaWriter(): (answer: z.ZodType) => WrittenSchema {
  let last: { readonly answer: z.ZodType; readonly schema: WrittenSchema } | null = null;
  return (answer) => {
    // A JSON Schema is JSON.
    if (last?.answer !== answer)
      last = { answer, schema: z.toJSONSchema(answer, { io: "input" }) as WrittenSchema };
    return last.schema;
  };
}

type Told = Pick<
  Decision<unknown>,
  | "text"
  | "repairs"
  | "promptTokens"
  | "completionTokens"
  | "latencyMs"
  | "answeredAt"
  | "model"
  | "finishReason"
>;

type Asked<C, R> =
  | { readonly kind: "decided"; readonly value: R; readonly action: C; readonly told: Told }
  | { readonly kind: "unanswered"; readonly why: string; readonly told: Told };

/** Asks, and asks again to mend an answer that does not fit. */
async function answered<O, C, R>(
  options: LlmAgentOptions<O, C, R>,
  of: {
    readonly messages: LlmRequest["messages"];
    readonly answer: z.ZodType<R>;
    readonly schema: WrittenSchema;
    readonly turn: Turn<C>;
    readonly repairsMax: number;
  },
): Promise<Asked<C, R>> {
  const { turn, answer, schema, repairsMax } = of;
  const { model, temperature, maxTokens, seed } = options;
  let messages = of.messages;
  const told = { promptTokens: 0, completionTokens: 0, latencyMs: 0 };
  for (let repairs = 0; ; repairs++) {
    const key = `${turn.agent}/round-${turn.round}${repairs === 0 ? "" : `/repair-${repairs}`}`;
    let reply: LlmAnswer;
    try {
      reply = await options.ask(key, {
        ...(model === undefined ? {} : { model }),
        messages,
        schema,
        ...(temperature === undefined ? {} : { temperature }),
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(seed === undefined ? {} : { seed }),
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        kind: "unanswered",
        why,
        told: { ...told, text: null, repairs, model: null, answeredAt: null, finishReason: null },
      };
    }
    told.promptTokens += reply.promptTokens ?? 0;
    told.completionTokens += reply.completionTokens ?? 0;
    told.latencyMs += reply.latencyMs ?? 0;
    const last = {
      ...told,
      repairs,
      model: reply.model ?? null,
      answeredAt: reply.answeredAt ?? null,
      finishReason: reply.finishReason ?? null,
    };
    const read = readAnswer({ answer, decide: options.decide }, reply, turn);
    if ("action" in read) return { kind: "decided", ...read, told: { ...last, text: reply.text } };
    options.ask.note?.({ kind: "unusable", cause: read.cause });
    if (repairs >= repairsMax) return { kind: "unanswered", why: read.wrong, told: { ...last, text: null } };
    options.ask.note?.({ kind: "repair" });
    const mend = `That answer cannot be used: ${read.wrong}. Answer again with JSON alone that follows this schema: ${JSON.stringify(schema)}`;
    messages = [...of.messages, { role: "assistant", content: reply.text }, { role: "user", content: mend }];
  }
}

/** The answer in a text and its action, or what is wrong with it in words, and in two or three for counting. */
function readAnswer<C, R>(
  of: { readonly answer: z.ZodType<R>; readonly decide: (answer: R) => C },
  { text, refusal = null, finishReason = null }: LlmAnswer,
  turn: Turn<C>,
): { readonly value: R; readonly action: C } | { readonly wrong: string; readonly cause: string } {
  if (refusal !== null) return { wrong: `it refused: ${refusal}`, cause: "refusal" };
  const isCut = finishReason === "length" || finishReason === "max_tokens";
  const json = jsonIn(text);
  if (json === undefined) {
    if (isCut) return { wrong: "it was cut off and holds no JSON", cause: "cut off" };
    return text.trim() === ""
      ? { wrong: "it is empty", cause: "empty" }
      : { wrong: "it holds no JSON", cause: "no JSON" };
  }
  const read = of.answer.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return {
      cause: isCut ? "cut off" : "wrong schema",
      wrong: `${issue?.path.join(".") || "the answer"}: ${issue?.message ?? "invalid"}`,
    };
  }
  const action = of.decide(read.data);
  const isAllowed =
    turn.legal === null || turn.legal.some((one) => JSON.stringify(one) === JSON.stringify(action));
  if (!isAllowed)
    return {
      cause: "not allowed",
      wrong: `${JSON.stringify(action)} is not allowed now; allowed are ${JSON.stringify(turn.legal)}`,
    };
  return { value: read.data, action };
}

/** The first JSON value in a text: alone, in a fence, or with prose around it; undefined for none. */
export function jsonIn(text: string): unknown {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)```/.exec(text)?.[1];
  for (const part of [text, fenced, text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)]) {
    if (part === undefined || part.trim() === "") continue;
    try {
      return JSON.parse(part, whole);
    } catch {
      // The next reading may do.
    }
  }
  return undefined;
}

/** Text with a mark where half a character stands (an escape that was cut): such text can neither be kept nor sent. */
function whole(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

function fallbackOf<O, C, R>(
  { fallback, name }: LlmAgentOptions<O, C, R>,
  { agent, round, legal, random }: Turn<C>,
  last: C | undefined,
  why: string,
): C {
  if (typeof fallback === "object") return fallback.action;
  if (fallback === "repeat last" && last !== undefined) return last;
  if (fallback === "random legal" && legal !== null && legal.length > 0) return random.pick(legal);
  if (fallback === "forfeit") throw new Forfeit(why);
  const wanted = fallback === "fail" ? "" : ` (the fallback "${fallback}" has nothing to take)`;
  throw new Error(`${name} ${agent} has no answer in round ${round}: ${why}${wanted}`);
}

function textOf(value: unknown, field: string): string | null {
  if (typeof value !== "object" || value === null || !(field in value)) return null;
  // The field has just been seen to be there.
  const text = (value as Readonly<Record<string, unknown>>)[field];
  return typeof text === "string" ? text : null;
}
