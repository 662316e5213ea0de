// Calls that performers work on, by the lease whose unit made them: each has a signal, which aborts when nobody waits any more, or when the run
// is to end and the call still waits for its turn.

import { TurnGivenUp } from "../../../effects/performer.ts";

export interface CallPlace {
  readonly trial: string;
  readonly lease: number;
  readonly call: number;
}

interface Call extends CallPlace {
  readonly abort: AbortController;
  /** How many turns it waits for; 0 while it is sent. */
  waits: number;
}

/** A call as its performer sees it. */
export interface UnderWay {
  readonly signal: AbortSignal;
  /** The call waits for its turn while the promise is open. */
  waiting<T>(turn: PromiseLike<T>): Promise<T>;
}

export class CallsUnderWay {
  readonly #calls = new Map<number, Call>();
  readonly #byTrial = new Map<string, Set<Call>>();
  #onEmpty: (() => void) | null = null;
  #closed: string | null = null;
  #giveUp: ReturnType<typeof setTimeout> | null = null;
  #isGivingUp = false;

  /** Does the work of a call, which is under way until it settles. */
  async during<T>(place: CallPlace, work: (underWay: UnderWay) => Promise<T>): Promise<T> {
    const call: Call = { ...place, abort: new AbortController(), waits: 0 };
    this.#add(call);
    const { signal } = call.abort;
    if (this.#closed !== null) call.abort.abort(new Error(this.#closed));
    const waiting = async <U>(turn: PromiseLike<U>): Promise<U> => {
      call.waits += 1;
      this.#giveUpWaiting(call.trial);
      try {
        return await turn;
      } finally {
        call.waits -= 1;
      }
    };
    try {
      return await work({ signal, waiting });
    } finally {
      this.#remove(call);
    }
  }

  /** `call` null means all calls of the lease. */
  abandon(lease: number, call: number | null, reason: string): void {
    for (const [number, each] of this.#calls)
      if (each.lease === lease && (call === null || call === number)) each.abort.abort(new Error(reason));
  }

  /**
   * From `graceMs` on a call that waits for its turn is given up, once no other call of its trial is on its way: what that is paid for the trial
   * is to have.
   */
  drain(graceMs: number): void {
    this.#giveUp ??= setTimeout(() => {
      this.#isGivingUp = true;
      for (const trial of this.#byTrial.keys()) this.#giveUpWaiting(trial);
    }, graceMs);
  }

  /** Resolves when no call is under way, at the latest after `graceMs`. */
  async close(reason: string, graceMs: number): Promise<void> {
    this.#closed = reason;
    if (this.#giveUp !== null) clearTimeout(this.#giveUp);
    for (const { abort } of this.#calls.values()) abort.abort(new Error(reason));
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #add(call: Call): void {
    this.#calls.set(call.call, call);
    const own = this.#byTrial.get(call.trial);
    if (own === undefined) this.#byTrial.set(call.trial, new Set([call]));
    else own.add(call);
  }

  #remove(call: Call): void {
    this.#calls.delete(call.call);
    const own = this.#byTrial.get(call.trial);
    own?.delete(call);
    if (own?.size === 0) this.#byTrial.delete(call.trial);
    this.#giveUpWaiting(call.trial);
    if (this.#calls.size === 0) this.#onEmpty?.();
  }

  #giveUpWaiting(trial: string): void {
    const own = this.#byTrial.get(trial);
    if (!this.#isGivingUp || own === undefined) return;
    if ([...own].every(({ waits }) => waits > 0))
      for (const { abort } of own) abort.abort(new TurnGivenUp("the run is to end"));
  }
}
