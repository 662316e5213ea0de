// How a running unit reaches the controller: it says things, and asks for things and waits. Over a worker's channel or, inline,
// directly.

import type { CallReply, EffectNews, EffectRows, FromUnits } from "../../protocol/protocol.ts";
import type { WatchedUnits } from "../../protocol/watched-units.ts";

/** Messages that are answered; the link numbers the calls. */
type Call = Extract<FromUnits, { readonly call: number }>;
type WithoutCall<T> = T extends unknown ? Omit<T, "call"> : never;
export type Question = WithoutCall<Exclude<Call, { type: "effect-response" }>>;

/** What may be heard of a call before its answer. */
export interface Asking {
  /** The number that the call was given. */
  onCall(call: number): void;
  /** The call waits for its turn, or does no longer. */
  onQueue(isWaiting: boolean): void;
  /** Rows that the answer will have. */
  onRows(rows: EffectRows): void;
}

export interface UnitLink {
  /** Calls that are not answered yet. */
  readonly pending: number;
  /** The number of the asking for a unit's rows; 0 where nobody looks at them. */
  askOf(job: number, unit: number): number;
  say(message: FromUnits, transfer?: readonly ArrayBuffer[]): void;
  /**
   * Asks and waits. `reply.call` names the call, for what must follow under the same number. What is transferred is gone from here.
   */
  ask(question: Question, asking?: Asking, transfer?: readonly ArrayBuffer[]): Promise<CallReply>;
  /** Sends a call again with more to say (an effect's response) and waits for the second answer. */
  follow(message: Call): Promise<CallReply>;
}

/** A link over any two-way channel: matches answers to calls. */
export class CallDesk implements UnitLink {
  readonly #post: (message: FromUnits, transfer?: readonly ArrayBuffer[]) => void;
  readonly #nextCall: () => number;
  readonly #watched: Pick<WatchedUnits, "askOf">;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: {
    readonly post: (message: FromUnits, transfer?: readonly ArrayBuffer[]) => void;
    /** A number that no other call of the host has. */
    readonly nextCall: () => number;
    readonly watched: Pick<WatchedUnits, "askOf">;
  }) {
    this.#post = options.post;
    this.#nextCall = options.nextCall;
    this.#watched = options.watched;
  }

  get pending(): number {
    return this.#waiting.size;
  }

  askOf(job: number, unit: number): number {
    return this.#watched.askOf(job, unit);
  }

  say(message: FromUnits, transfer?: readonly ArrayBuffer[]): void {
    this.#post(message, transfer);
  }

  ask(question: Question, asking?: Asking, transfer?: readonly ArrayBuffer[]): Promise<CallReply> {
    // A question is a call without its number.
    const message = { ...question, call: this.#nextCall() } as Call;
    asking?.onCall(message.call);
    return this.#send(message, asking, transfer);
  }

  follow(message: Call): Promise<CallReply> {
    return this.#send(message, undefined);
  }

  answer(reply: CallReply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    waiting?.resolve(reply);
  }

  hear(news: EffectNews): void {
    const asking = this.#waiting.get(news.call)?.asking;
    if (news.type === "effect-queue") asking?.onQueue(news.isWaiting);
    else asking?.onRows(news);
  }

  #send(message: Call, asking: Asking | undefined, transfer?: readonly ArrayBuffer[]): Promise<CallReply> {
    return new Promise((resolve) => {
      this.#waiting.set(message.call, { resolve, asking });
      this.#post(message, transfer);
    });
  }
}

interface Waiting {
  readonly resolve: (reply: CallReply) => void;
  readonly asking: Asking | undefined;
}
