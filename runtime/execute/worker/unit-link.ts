// How a running unit reaches the controller: it says things, and asks for things and waits. Over a worker's channel or, inline,
// directly.
import type { CallReply, FromUnits } from "../protocol/protocol.ts";

/** Messages that are answered; the link numbers the calls. */
type Call = Extract<FromUnits, { readonly call: number }>;
type WithoutCall<T> = T extends unknown ? Omit<T, "call"> : never;
export type Question = WithoutCall<Exclude<Call, { type: "effect-response" }>>;

export interface UnitLink {
  say(message: FromUnits, transfer?: readonly ArrayBuffer[]): void;
  /** Asks and waits. `reply.call` names the call, for what must follow under the same number. */
  ask(question: Question): Promise<CallReply>;
  /** Sends a call again with more to say (an effect's response) and waits for the second answer. */
  follow(message: Call): Promise<CallReply>;
}

/** A link over any two-way channel: matches answers to calls. */
export class CallDesk implements UnitLink {
  readonly #post: (message: FromUnits, transfer?: readonly ArrayBuffer[]) => void;
  readonly #nextCall: () => number;
  readonly #waiting = new Map<number, (reply: CallReply) => void>();

  constructor(options: {
    readonly post: (message: FromUnits, transfer?: readonly ArrayBuffer[]) => void;
    /** A number that no other call of the host has. */
    readonly nextCall: () => number;
  }) {
    this.#post = options.post;
    this.#nextCall = options.nextCall;
  }

  say(message: FromUnits, transfer?: readonly ArrayBuffer[]): void {
    this.#post(message, transfer);
  }

  ask(question: Question): Promise<CallReply> {
    // A question is a call without its number.
    return this.follow({ ...question, call: this.#nextCall() } as Call);
  }

  follow(message: Call): Promise<CallReply> {
    return new Promise((resolve) => {
      this.#waiting.set(message.call, resolve);
      this.#post(message);
    });
  }

  answer(reply: CallReply): void {
    const resolve = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    resolve?.(reply);
  }
}
