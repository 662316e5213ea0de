// The effects of one unit: which keys it has used, what its answers took, which calls are under way, and whether the unit waits for a
// performer of the controller, so that its thread may start others.
import type { Json } from "../../../../lib/experiment/json.ts";
import type { EffectOptions } from "../../../../lib/experiment/trial-context.ts";
import type { PortCalls } from "../../../record/port-calls.ts";
import type { EffectRows } from "../../protocol/protocol.ts";
import { CallLog } from "./call-log.ts";
import { performEffect } from "./effect-call.ts";
import type { UnitClock } from "./unit-clock.ts";
import { BudgetSpent, Departed, Interrupted } from "./unit-failure.ts";
import type { UnitLink } from "./unit-link.ts";

export interface EffectUnit {
  readonly link: UnitLink;
  readonly lease: number;
  readonly attempt: number;
  readonly unit: number;
  readonly signal: () => AbortSignal;
}

export class UnitEffects {
  /** How often each of the author's keys was used. */
  readonly used = new Map<string, number>();
  /** What all answers took, by name. */
  readonly usage: Record<string, number> = {};
  /** What became of the calls that the run performs, by port. */
  readonly calls = new CallLog();
  readonly #unit: EffectUnit;
  readonly #underWay = new Set<number>();
  #budget: BudgetSpent | null = null;
  #departed: Departed | null = null;
  #interrupted: Interrupted | null = null;
  #clock: UnitClock | null = null;
  #queued = 0;
  #isAwaiting = false;
  #onAwait: (() => void) | null = null;

  constructor(unit: EffectUnit) {
    this.#unit = unit;
  }

  /** Takes up what a checkpoint held of the unit's earlier effects. */
  restore(saved: {
    readonly used: ReadonlyMap<string, number>;
    readonly usage: Readonly<Record<string, number>>;
    readonly calls: readonly PortCalls[];
  }): void {
    this.used.clear();
    for (const [key, times] of saved.used) this.used.set(key, times);
    Object.assign(this.usage, saved.usage);
    this.calls.restore(saved.calls);
  }

  /** Set once a performer has said that the budget is spent; it stands whatever the author's code makes of the error. */
  get budget(): BudgetSpent | null {
    return this.#budget;
  }

  /** Set once the unit has asked for something else than the journal has; it stands in the same way. */
  get departed(): Departed | null {
    return this.#departed;
  }

  /** Set once a call was given up because the run is to end; it stands in the same way. */
  get interrupted(): Interrupted | null {
    return this.#interrupted;
  }

  /** Does the effect, or takes its answer from the journal. */
  async perform<R>(key: string, request: Json, options: EffectOptions<R>): Promise<R> {
    // What a trial asks for after that follows from no answer: kept as an intent it would be in the way of the trial that goes on.
    const ended = this.#budget ?? this.#interrupted;
    if (ended !== null) throw ended;
    const times = (this.used.get(key) ?? 0) + 1;
    this.used.set(key, times);
    if (options.perform === undefined) this.#await();
    const { link, lease, attempt, unit, signal } = this.#unit;
    const hearing = hearingOf(options);
    let own = -1;
    try {
      const answer = performEffect({
        link,
        place: { lease, attempt, unit },
        key: times === 1 ? key : `${key}#${times}`,
        request,
        options,
        signal: signal(),
        onUsage: (usage) => this.#count(usage),
        onReply: (reply) => this.calls.answered(options.kind ?? "default", reply),
        asking: {
          onCall: (call) => {
            own = call;
            this.#underWay.add(call);
          },
          onQueue: (isWaiting) => this.#queue(isWaiting),
          // The unit is over where the call is under way no more.
          onRows: (rows) => this.#underWay.has(own) && hearing.hear(rows),
        },
      });
      return await (options.onRows === undefined ? answer : Promise.race([answer, hearing.thrown]));
    } catch (error) {
      if (hearing.isBroken) this.#abandonOne(own);
      if (error instanceof BudgetSpent) this.#budget ??= error;
      if (error instanceof Departed) this.#departed ??= error;
      if (error instanceof Interrupted) this.#interrupted ??= error;
      throw error;
    } finally {
      this.#underWay.delete(own);
    }
  }

  /** The unit's time-out from now on stands still while a call waits for its turn. */
  govern(clock: UnitClock): void {
    this.#clock = clock;
    for (let held = 0; held < this.#queued; held++) clock.hold();
  }

  /** Calls back once the unit waits for a performer of the controller, at once if it does so already. */
  onAwait(then: () => void): void {
    if (this.#isAwaiting) then();
    else this.#onAwait = then;
  }

  /** The unit is over: its calls need no answer. */
  abandon(): void {
    for (const call of this.#underWay) this.#abandonOne(call);
    this.#underWay.clear();
  }

  #abandonOne(call: number): void {
    const { link, lease, unit } = this.#unit;
    link.say({ type: "effect-abandoned", lease, unit, call });
  }

  #await(): void {
    this.#isAwaiting = true;
    this.#onAwait?.();
    this.#onAwait = null;
  }

  #count(usage: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(usage)) this.usage[name] = (this.usage[name] ?? 0) + value;
  }

  #queue(isWaiting: boolean): void {
    this.#queued += isWaiting ? 1 : -1;
    if (isWaiting) this.#clock?.hold();
    else this.#clock?.release();
  }
}

interface Hearing {
  hear(rows: EffectRows): void;
  /** Rejects with what the author's code throws on hearing rows; never resolves. */
  readonly thrown: Promise<never>;
  readonly isBroken: boolean;
}

/** Rows of one call for the author's code: each once, though whoever performs the call may begin anew. */
function hearingOf<R>({ onRows }: EffectOptions<R>): Hearing {
  const heard = new Map<string, number>();
  let isBroken = false;
  let reject = (_: unknown): void => undefined;
  const thrown = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return {
    thrown,
    get isBroken() {
      return isBroken;
    },
    hear({ series, first, rows }) {
      const before = heard.get(series) ?? 0;
      const news = first > before ? [] : rows.slice(before - first);
      if (isBroken || onRows === undefined || news.length === 0) return;
      heard.set(series, before + news.length);
      try {
        onRows(series, news);
      } catch (error) {
        isBroken = true;
        reject(error);
      }
    },
  };
}
