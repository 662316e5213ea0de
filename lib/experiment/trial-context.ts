// What a trial, a stage and onRecord are handed. Everything that a trial does to the world goes through here, so that it can be
// recorded, resumed and reproduced.
import type { z } from "zod";
import type { Random } from "../random/random.ts";
import type { Ask } from "./effects/port.ts";
import type { Json } from "./json.ts";
import type { CheckpointPace, PacedCheckpoint, StepsOptions } from "./steps.ts";
import type { Censored, CensoredOptions, Refused, TrialReturn } from "./trial-return.ts";

/** Which repetition this is. */
export interface ReplicateContext {
  /** 0-based. */
  readonly index: number;
  /**
   * uint32, for an external program that wants a seed: another one in every trial of the experiment (in every unit of a stage), up to
   * a million conditions. Under common random numbers the replicate's own, the same in every condition; a listed seed where listed.
   */
  readonly seed: number;
}

/** State that a checkpoint can hold: JSON, typed arrays, Maps, Sets, Dates (structured clone), up to 10 MB once serialised. */
export type CheckpointState = unknown;

/** What the author's `perform` is handed beside the request. */
export interface PerformOptions {
  /** The same whenever this effect is sent again. */
  readonly idempotencyKey: string;
  /** Aborts once nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Of the trial: 1 the first time; one more after each loss of its host. */
  readonly attempt: number;
  /** Id of the trial. */
  readonly trial: string;
  /** The effect's key, with "#2" and so on where the trial used it before. */
  readonly key: string;
  /** Says what the answer took, such as `{ tokens: 812 }`: numbers from 0 by name, summed up over the trial as telemetry. `calls` is 1 unless told. */
  usage(took: Readonly<Record<string, number>>): void;
}

export interface EffectOptions<R> {
  /** Performs the effect when no response is journalled. Leave it out for a kind that `lab.config.ts` has a performer of. */
  readonly perform?: (request: Json, context: PerformOptions) => Promise<R>;
  /** Without `perform`: which of the performers of `lab.config.ts` is meant; "default" unless told. */
  readonly kind?: string;
  /** The response is checked against this schema before it is handed on. */
  readonly response?: z.ZodType<R>;
  /** A request in flight when the process died: send it once more with the same idempotency key (default), or fail the trial. */
  readonly inDoubt?: "send-again" | "fail";
  /**
   * "same-request": after an edit of the trial an unchanged request (same kind, key, condition and replicate) is answered from the
   * journal. Unless told, an edited trial asks anew.
   */
  readonly reuse?: "same-request";
  /**
   * Hears rows that the answer will have before there is one, each once and in order, where a performer of `lab.config.ts` tells them
   * (`rowsSoFar`). A journalled answer comes without. What it throws is thrown by the effect.
   */
  readonly onRows?: (series: string, rows: readonly unknown[]) => void;
}

/** Saves states; after a restart the trial runs from its beginning and asks `restore` where to go on. */
export interface Checkpoint {
  /**
   * Resolves once the state is safely stored. The last two are kept: where the newest is damaged, the one before is taken. Rows, artifacts
   * and the state of `random` and of all its named streams are restored with it. An edited trial is another trial and takes up none of
   * these. Rejects with RangeError above 10 MB.
   */
  (state: CheckpointState): Promise<void>;
  /**
   * Saves at a pace, for a loop of one's own.
   *
   * @example
   * const save = checkpoint.every({ steps: 10_000 }); // or { seconds: 30 }
   * for (let step = saved?.step ?? 0; step < 1_000_000; step++) {
   *   total += random.normal();
   *   await save(step + 1, () => ({ step: step + 1, total }));
   * }
   */
  every(pace: CheckpointPace): PacedCheckpoint;
}

/** What every stage is handed: parameters P, inputs I, series rows R (as recorded). The trial gets more (TrialContext). */
export interface StageContext<
  P = Readonly<Record<string, Json>>,
  I = Readonly<Record<string, unknown>>,
  R = Readonly<Record<string, Readonly<Record<string, unknown>>>>,
> {
  /** The parameters that the stage uses; nested values are frozen. */
  readonly parameters: P;
  /** For a stage per "build" or "condition": index 0. */
  readonly replicate: ReplicateContext;
  /** Seeded by name: experiment, stage, condition as the stage uses it, replicate. */
  readonly random: Random;
  /** What the stages that this one needs have returned, and the rows of the experiments it needs. */
  readonly inputs: I;
  /** Saves the state of a long trial: `await checkpoint(state)`, or at a pace (`checkpoint.every`). */
  readonly checkpoint: Checkpoint;
  /**
   * Takes a trial through its steps and resolves with the last state. The state is saved every so many steps while the next ones go on,
   * and after a restart the loop goes on from the last saved one: its outcome is that of an undisturbed trial. How far it is shows in
   * `lab run` and `lab status`. Once a trial; write `initial` above `step`, so that the state is typed.
   *
   * @throws RangeError for a total or a pace that makes no sense, and for a state above 10 MB.
   * @example
   * const state = await steps({
   *   total: 1_000_000,
   *   checkpoint: 10_000,
   *   initial: () => ({ price: 1, sum: 0 }),
   *   step(state) {
   *     state.price += 0.01 * random.normal();
   *     state.sum += state.price;
   *   },
   * });
   * return { meanPrice: state.sum / 1_000_000 };
   */
  steps<S>(options: StepsOptions<S>): Promise<S>;
  /** The last saved state, checked against the schema when one is given; null on the first entry. Throws on a state that the schema refuses. */
  restore<T>(schema: z.ZodType<T>): Promise<T | null>;
  restore(): Promise<unknown>;
  /**
   * Does something to the outside world once: a response that is journalled is never requested again. The key is unique
   * within the trial, such as `agent-1/round-12`.
   */
  effect<R = unknown>(key: string, request: Json, options?: EffectOptions<R>): Promise<R>;
  /**
   * Adds a row to a series; rows are checked against its schema. A series belongs to the trial or to one stage: rows that a stage records
   * carry the parameters that it uses. Does not return once onRecord, which sees the trial's rows, has stopped the trial.
   */
  record<K extends keyof R & string>(series: K, row: R[K]): void;
  /**
   * Leaves a named file behind, stored by content; resolves once it is kept. The trial does not end before that, whether it waits or not.
   * A file may come in parts (a Node stream is such content), and then is never in memory as a whole. A name may be used once a trial;
   * a file of more than 1 GB, more than 4 GB a trial, and parts that cannot be read fail the trial.
   *
   * @example
   * artifact("log.txt", lines.join("\\n"));
   * await artifact("states.csv", rowsAsText());
   */
  artifact(name: string, content: ArtifactContent): Promise<void>;
  /** A line for `lab logs`; not part of the result. */
  log(text: string, level?: "info" | "warn" | "error"): void;
  /** Aborts on time-out, cancel and Ctrl-C (the second). */
  readonly signal: AbortSignal;
}

/** What an artifact may be made of. */
export type ArtifactContent =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** What a trial is handed: parameters P, metric values V, series rows R (as recorded), inputs I, functions of its ports E. */
export interface TrialContext<
  P = Readonly<Record<string, Json>>,
  V = Readonly<Record<string, unknown>>,
  R = Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  I = Readonly<Record<string, unknown>>,
  E = Readonly<Record<string, Ask<never, unknown>>>,
> extends StageContext<P, I, R> {
  /** Asks the services that the definition declares under `effects`: `await effects.ask("round-12", { messages })`. Answers are journalled. */
  readonly effects: E;
  /** `return censored({ metric, bound })`: only a bound of the metric is known. */
  censored(options: CensoredOptions<V>): Censored<V>;
  /** `return refuse(reason)`: the trial has no answer under these parameters. */
  refuse(reason: string): Refused;
}

/** What onRecord is handed once a trial, before it starts. */
export interface RecordContext<P = Readonly<Record<string, Json>>, V = Readonly<Record<string, unknown>>> {
  readonly parameters: P;
  readonly replicate: ReplicateContext;
  /** Ends the trial here, with the value given as what it returned: metrics, `censored(...)` or `refuse(...)`. */
  stop(value: TrialReturn<V>): void;
  censored(options: CensoredOptions<V>): Censored<V>;
  refuse(reason: string): Refused;
}

/** A trial of another experiment, as handed under `inputs`. */
export interface NeededRow<P = Readonly<Record<string, Json>>, V = Readonly<Record<string, unknown>>> {
  readonly parameters: P;
  /** 0-based. */
  readonly replicate: number;
  readonly metrics: V;
}
