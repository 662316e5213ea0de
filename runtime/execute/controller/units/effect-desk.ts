// The controller's side of effects: looks in the journal, writes the intent before the call and the response after, and answers
// the unit with what the journal holds. A journalled response is never asked for again, nor handed out for another request.

import {
  LeftUnderWay,
  type Performed,
  type Performer,
  type Performers,
  TurnGivenUp,
  type Usage,
} from "../../../effects/performer.ts";
import { readFailures, readPerformed, readUsage } from "../../../effects/read-performed.ts";
import {
  conditionNameOf,
  type EffectPlace,
  requestDifference,
  requestHashOf,
  reuseKeyOf,
} from "../../../effects/request-identity.ts";
import { type CallAttempts, noAttempts } from "../../../record/port-calls.ts";
import type { EffectIntent, EffectJournal, KeptFailure, KnownEffect } from "../../../store/store.ts";
import type { CallReply, EffectNews, EffectReply, FromUnits } from "../../protocol/protocol.ts";
import { CallsUnderWay, type UnderWay } from "./calls-under-way.ts";
import { RowsToTell } from "./rows-to-tell.ts";

type Request = Extract<FromUnits, { type: "effect-request" }>;
type Response = Extract<FromUnits, { type: "effect-response" }>;

/** Whose effect it is. */
export interface EffectCaller {
  readonly trial: string;
  readonly place: EffectPlace;
  /** Tells the unit what it may hear of its call before the answer. */
  readonly tell: (news: EffectNews) => void;
}

export interface EffectDesk {
  /** Null for a call that was abandoned: it gets no answer. */
  request(caller: EffectCaller, message: Request): Promise<CallReply | null>;
  response(trial: string, message: Response): Promise<CallReply>;
  /** Nobody waits any more for the calls of a lease, or for one of them: performers are told by their signal. */
  abandon(lease: number, call: number | null, reason: string): void;
  /** The run is to end: from `graceMs` on, trials end where a call of theirs waits for its turn. */
  drain(graceMs: number): void;
  /** Abandons every call, and resolves once those have ended that heed it, or after `graceMs`: what was paid for is journalled. */
  close(reason: string, graceMs: number): Promise<void>;
}

export interface EffectDeskOptions {
  readonly journal: EffectJournal;
  /** By kind, for the effects of an experiment. */
  readonly performersOf: (experiment: string) => Performers;
  /** A performer said that the budget is spent. */
  readonly onBudget: (reason: string) => void;
  /** Takes secrets out of what performers say. */
  readonly redact: (text: string) => string;
  /** Nothing is performed: what the journal does not hold is refused. */
  readonly isOffline: boolean;
}

/** What a performer says to the unit on the way: that the call waits its turn, while the unit's time stands still, and rows. */
function newsOf(caller: EffectCaller, call: number, { waiting }: UnderWay) {
  const rows = new RowsToTell((told) => caller.tell({ type: "effect-rows", call, ...told }));
  return {
    rows,
    rowsSoFar: (series: string, all: readonly unknown[]): void => rows.note(series, all),
    async queued<T>(turn: PromiseLike<T>): Promise<T> {
      caller.tell({ type: "effect-queue", call, isWaiting: true });
      try {
        return await waiting(turn);
      } finally {
        caller.tell({ type: "effect-queue", call, isWaiting: false });
      }
    },
  };
}

export function effectDeskOf(options: EffectDeskOptions): EffectDesk {
  const { journal, performersOf, onBudget, redact } = options;
  const underWay = new CallsUnderWay();

  async function request(caller: EffectCaller, message: Request): Promise<CallReply | null> {
    // Begun before anything is waited for: who abandons the call in the same turn is heard.
    const { trial } = caller;
    const { lease, call } = message;
    return underWay.during({ trial, lease, call }, (own) => replied(caller, message, own));
  }

  async function replied(caller: EffectCaller, message: Request, own: UnderWay): Promise<CallReply | null> {
    const { call, kind, key, isOwn } = message;
    const { trial } = caller;
    const intent = intentOf(caller, message);
    const known = journal.lookup(trial, key);
    const settled = await settledBy(options, { message, intent, known });
    if (settled !== null) return settled;
    if (isOwn)
      return answer(call, { kind: "perform", trial, idempotencyKey: await idempotencyKeyOf(known, intent) });
    const performers = performersOf(caller.place.experiment);
    const performer = Object.hasOwn(performers, kind) ? performers[kind] : undefined;
    if (performer === undefined)
      return refuse(call, { message: nobodyPerforms(kind, Object.keys(performers)) });
    return performed({ performer, caller, message, intent, known, own });
  }

  async function performed(of: {
    readonly performer: Performer;
    readonly caller: EffectCaller;
    readonly message: Request;
    readonly intent: EffectIntent;
    readonly known: KnownEffect;
    readonly own: UnderWay;
  }): Promise<CallReply | null> {
    const { caller, intent, own } = of;
    const { signal } = own;
    const { call, attempt } = of.message;
    const { trial, kind, key } = intent;
    const attemptsOf = attemptsAfter(of.known, redact);
    // The trial may have ended before its intent was written, or meanwhile: then nothing is asked for.
    if (signal.aborted) return null;
    const idempotencyKey = await idempotencyKeyOf(of.known, intent);
    if (signal.aborted) return null;
    const { queued, rowsSoFar, rows } = newsOf(caller, call, own);
    const whose = { trial, condition: conditionNameOf(caller.place), isResent: isResent(of.known) };
    const context = { ...whose, signal, attempt, key, idempotencyKey, queued, rowsSoFar };
    const result = await outcomeOf(() => of.performer(intent.request, context), kind);
    rows.end();
    // A call that was ended is no failure of its trial: a run that stops must not record it as one.
    if ("failed" in result) {
      const isUnderWay = result.isUnderWay || whose.isResent;
      if (signal.reason instanceof TurnGivenUp)
        return notMade(journal, { trial, key, isUnderWay, call }, givenUp);
      if (signal.aborted) return null;
      const failure = { message: redact(result.failed), usage: result.usage, attempts: attemptsOf(result) };
      await journal.fail({ trial, key, ...failure });
      return refuse(call, failure);
    }
    if ("budget" in result) {
      const message = redact(result.budget);
      onBudget(message);
      const isUnderWay = result.isUnderWay === true || whose.isResent;
      return notMade(journal, { trial, key, isUnderWay, call }, { cause: "budget", message });
    }
    const { response, usage } = result;
    const kept = { response, usage: { calls: 1, ...usage }, attempts: attemptsOf(result) };
    await journal.respond({ trial, key, ...kept });
    return answer(call, journalled(journal, { trial, key }));
  }

  async function idempotencyKeyOf(known: KnownEffect, intent: EffectIntent): Promise<string> {
    return known.kind === "in-doubt" && known.isSent ? known.idempotencyKey : journal.intend(intent);
  }

  return {
    request,

    response: (trial, message) => taken(options, trial, message),
    abandon: (lease, call, reason) => underWay.abandon(lease, call, reason),
    drain: (graceMs) => underWay.drain(graceMs),
    close: (reason, graceMs) => underWay.close(reason, graceMs),
  };
}

/** Where nothing of the call is on its way, who goes on with the trial makes it as if for the first time. */
async function notMade(
  journal: EffectJournal,
  of: { readonly trial: string; readonly key: string; readonly isUnderWay: boolean; readonly call: number },
  why: { readonly cause: "budget" | "stopping"; readonly message: string },
): Promise<CallReply> {
  if (!of.isUnderWay) await journal.withdraw({ trial: of.trial, key: of.key });
  return answer(of.call, { kind: "refused", ...why, usage: {}, attempts: noAttempts });
}

/** What the trial's own performer has answered, journalled. */
async function taken(
  { journal, redact }: Pick<EffectDeskOptions, "journal" | "redact">,
  trial: string,
  { call, key, response, usage, error }: Response,
): Promise<CallReply> {
  // An earlier controller took it, and was gone before it could say so.
  if (journal.lookup(trial, key).kind === "response")
    return answer(call, journalled(journal, { trial, key }));
  if (error !== null) {
    const message = redact(error);
    await journal.fail({ trial, key, message, usage: {} });
    return refuse(call, { message });
  }
  let used: Usage;
  try {
    used = readUsage(`\`perform\` of effect \`${key}\``, usage);
  } catch (fault) {
    return refuse(call, { message: fault instanceof Error ? fault.message : String(fault) });
  }
  await journal.respond({ trial, key, response, usage: { calls: 1, ...used } });
  return answer(call, journalled(journal, { trial, key }));
}

/** Whether a call was on its way before and nobody knows what became of it. */
function isResent(known: KnownEffect): boolean {
  return known.kind === "in-doubt" && known.failure === null && known.isSent;
}

/** The reply that what is kept decides, without anything being sent; null where it is to be performed. */
async function settledBy(
  { journal, isOffline }: Pick<EffectDeskOptions, "journal" | "isOffline">,
  of: { readonly message: Request; readonly intent: EffectIntent; readonly known: KnownEffect },
): Promise<CallReply | null> {
  const { message, intent, known } = of;
  const { call, inDoubt, reuse } = message;
  const isPinned = known.kind !== "new" && known.requestHash === null;
  if (known.kind !== "new" && !isPinned && known.requestHash !== intent.requestHash)
    return departed(call, anotherRequest(journal, intent));
  if (known.kind === "response") {
    // What it was given for is kept, and is to stay the same from then on.
    if (isPinned) await journal.adopt(intent, known.response);
    return answer(call, replyOf(known));
  }
  const failure = known.kind === "in-doubt" ? known.failure : null;
  if (failure !== null && (isOffline || failure.isActedOn)) return refuse(call, failure);
  const earlier = (reuse || isOffline) && known.kind === "new" ? journal.reusable(intent.reuseKey) : null;
  if (earlier !== null) {
    await journal.adopt(intent, earlier.response);
    return answer(call, journalled(journal, intent));
  }
  if (isOffline) return departed(call, notKept(known));
  if (known.kind === "new" || inDoubt !== "fail" || !known.isSent) return null;
  return refuse(call, {
    message:
      "its answer was lost when an earlier run was interrupted, and it is declared not to be sent again",
  });
}

/** What went before the end of a call that is made now, by what was known of it. */
function attemptsAfter(
  known: KnownEffect,
  redact: EffectDeskOptions["redact"],
): (ended: { readonly failures?: readonly string[] }) => CallAttempts {
  return ({ failures = [] }) => ({ failed: failures.map(redact), isResent: isResent(known) });
}

/** What a later run will read: the unit is handed the same, now as then. */
function journalled(
  journal: EffectJournal,
  { trial, key }: Pick<EffectIntent, "trial" | "key">,
): EffectReply {
  const known = journal.lookup(trial, key);
  if (known.kind !== "response") throw new Error(`the response of effect ${key} is not in the journal`);
  return replyOf(known);
}

const answer = (call: number, reply: EffectReply): CallReply => ({ type: "effect-reply", call, reply });

const refuse = (
  call: number,
  { message, usage = {}, attempts = noAttempts }: Pick<KeptFailure, "message"> & Partial<KeptFailure>,
): CallReply => answer(call, { kind: "refused", cause: "effect", message, usage, attempts });

/** The trial is not what it was when the journal was written: it fails, whatever it makes of the error. */
const departed = (call: number, message: string): CallReply =>
  answer(call, { kind: "refused", cause: "departed", message, usage: {}, attempts: noAttempts });

const givenUp = {
  cause: "stopping",
  message:
    "the run was stopped while a call waited for its turn; the trial goes on with the answers that it has",
} as const;

interface Failed {
  readonly failed: string;
  readonly usage: Usage;
  readonly failures: readonly string[];
  /** What was asked for may still come to its end: whoever asks again is to be told so. */
  readonly isUnderWay: boolean;
}

/** What the performer came to; in words, what it threw or what is wrong with what it returned. */
async function outcomeOf(perform: () => Promise<unknown>, kind: string): Promise<Performed | Failed> {
  try {
    return readPerformed(kind, await perform());
  } catch (error) {
    if (!(error instanceof Error))
      return { failed: String(error), usage: {}, failures: [], isUnderWay: false };
    return {
      failed: error.message,
      isUnderWay: error instanceof LeftUnderWay,
      usage: tookOf(() => readUsage(whoseOf(kind), "usage" in error ? error.usage : undefined), {}),
      failures: tookOf(
        () => readFailures(whoseOf(kind), "failures" in error ? error.failures : undefined),
        [],
      ),
    };
  }
}

function whoseOf(kind: string): string {
  return `the performer of kind "${kind}"`;
}

/** What a failed call took; nothing where it cannot be read. */
function tookOf<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function intentOf({ trial, place }: EffectCaller, { kind, key, request }: Request): EffectIntent {
  const requestHash = requestHashOf(kind, request);
  return { trial, key, kind, request, requestHash, reuseKey: reuseKeyOf(place, { key, requestHash }) };
}

function replyOf(known: Extract<KnownEffect, { kind: "response" }>): EffectReply {
  const { response, usage, isReused, attempts } = known;
  return { kind: "response", response, usage, isReused, attempts };
}

function anotherRequest(journal: EffectJournal, { trial, key, kind, request }: EffectIntent): string {
  const before = journal.requestOf(trial, key);
  const difference =
    before === null || before.kind !== kind
      ? `its kind was "${before?.kind ?? ""}" and is "${kind}"`
      : requestDifference(before.request, request);
  return `its request is not the one in the journal: ${difference}; what a trial asks for must follow from its parameters, its streams and earlier answers`;
}

function notKept(known: KnownEffect): string {
  return known.kind === "in-doubt"
    ? "it was asked for and its answer was never kept; a replay sends nothing"
    : "no exchange is kept under this key; a replay sends nothing";
}

function nobodyPerforms(kind: string, known: readonly string[]): string {
  const choice =
    known.length === 0
      ? ", or declare a performer of that kind in lab.config.ts"
      : `, or choose one of the kinds ${known.map((each) => `"${each}"`).join(", ")}`;
  return `nothing performs effects of kind "${kind}": give it \`perform\`${choice}`;
}
