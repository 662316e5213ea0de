// What a running unit is handed (lib/experiment/trial-context.ts). One small object a unit; its members are made when first
// read, because most trials read two or three of them and a million trials are made a second.

import type { Json } from "../../../../lib/experiment/json.ts";
import type { CheckpointPace, StepsOptions } from "../../../../lib/experiment/steps.ts";
import type {
  ArtifactContent,
  Checkpoint,
  EffectOptions,
  RecordContext,
  ReplicateContext,
  TrialContext,
} from "../../../../lib/experiment/trial-context.ts";
import {
  type Censored,
  type CensoredOptions,
  censored,
  type Refused,
  refuse,
  TrialStopped,
} from "../../../../lib/experiment/trial-return.ts";
import { Random, randomOf } from "../../../../lib/random/random.ts";
import { replicateSeedOf } from "../../../../lib/random/seed-of.ts";
import type { FailureReason } from "../../../record/outcome.ts";
import type { ArtifactRef } from "../../../record/trial-record.ts";
import type { JobRuntime, UnitCondition } from "../job-runtime.ts";
import { never } from "../never.ts";
import { checkedRow, type Row, type Schema } from "./checked-row.ts";
import { LiveRows } from "./live-rows.ts";
import { LogBudget } from "./log-budget.ts";
import { type Asks, portAsks } from "./port-asks.ts";
import type { SavedState, SeriesRows } from "./saved-state.ts";
import { noExtras, type ScopeExtras } from "./scope-extras.ts";
import { UnitArtifacts } from "./unit-artifacts.ts";
import { UnitCheckpoints } from "./unit-checkpoints.ts";
import { UnitEffects } from "./unit-effects.ts";
import { type Interrupted, UnitFailure } from "./unit-failure.ts";
import type { UnitLink } from "./unit-link.ts";

/** Where a unit stands: its lease and attempt, and how it reaches the controller. */
export interface UnitPlace {
  readonly runtime: JobRuntime;
  readonly link: UnitLink;
  readonly lease: number;
  readonly attempt: number;
  /** By index, as the job counts its conditions. */
  conditionOf(index: number): UnitCondition;
  inputsOf(unit: number): Readonly<Record<string, unknown>>;
}

type LogLevel = "info" | "warn" | "error";

export class TrialScope implements TrialContext {
  readonly unit: number;
  /** Once true, the unit has its outcome, and what it still does counts for nothing. */
  isOver: boolean;
  readonly #place: UnitPlace;
  readonly #condition: UnitCondition;
  #random: Random | null;
  #extras: ScopeExtras | null;

  constructor(place: UnitPlace, unit: number) {
    const { runtime } = place;
    this.unit = unit;
    this.isOver = false;
    this.#place = place;
    this.#condition = place.conditionOf(unit % runtime.opening.job.conditions);
    this.#random = null;
    this.#extras = null;
  }

  get lease(): number {
    return this.#place.lease;
  }

  /** Whether the unit has recorded rows or artifacts, failed or been stopped. */
  get isPlain(): boolean {
    return this.#extras === null;
  }

  /** A failure that stands whatever the author's code makes of the error. */
  get failure(): UnitFailure | null {
    return this.#extras === null ? null : this.#extras.failure;
  }

  /** Makes the unit fail, unless it has failed before; the first failure stands. */
  fail(reason: FailureReason, message: string): UnitFailure {
    const extras = this.#more();
    extras.failure ??= new UnitFailure(reason, message);
    return extras.failure;
  }

  /** What onRecord stopped the trial with. */
  get stopped(): TrialStopped | null {
    return this.#extras === null ? null : this.#extras.stopped;
  }

  /** Set once it was told to end with the state that it had saved, or with the answers that it had. */
  get interrupted(): Interrupted | null {
    return this.#extras?.checkpoints?.interrupted ?? this.#extras?.effects?.interrupted ?? null;
  }

  /** Rows recorded so far; null while there are none. */
  get rows(): SeriesRows | null {
    return this.#extras === null ? null : this.#extras.rows;
  }

  /** Those that are kept whole; null while there are none. */
  get artifacts(): readonly ArtifactRef[] | null {
    return this.#extras?.artifacts?.kept ?? null;
  }

  /** Resolves once no artifact is under way; null when none is. */
  get leaving(): Promise<void> | null {
    const artifacts = this.#extras?.artifacts;
    return artifacts?.isSending ? artifacts.settled() : null;
  }

  get #ownArtifacts(): UnitArtifacts {
    const extras = this.#more();
    const { lease, link } = this.#place;
    extras.artifacts ??= new UnitArtifacts({
      link,
      lease,
      unit: this.unit,
      isOver: () => this.isOver,
      fail: (words) => this.fail("thrown", words),
    });
    return extras.artifacts;
  }

  /** Null for a unit that has neither waited nor asked for an effect. */
  get usedEffects(): UnitEffects | null {
    return this.#extras === null ? null : this.#extras.effects;
  }

  /** What was measured on the way, by name; null where nothing could be. */
  get telemetry(): Readonly<Record<string, number>> | null {
    const extras = this.#extras;
    if (extras === null || (extras.effects === null && extras.checkpoints === null && extras.peakMb === 0))
      return null;
    const peak = extras.peakMb === 0 ? {} : { peakMemoryMb: extras.peakMb };
    return { ...extras.effects?.usage, ...extras.checkpoints?.telemetry, ...peak };
  }

  /** What its thread holds while it runs, in MB; the most is kept. */
  notePeak(heldMb: number): void {
    const extras = this.#more();
    extras.peakMb = Math.max(extras.peakMb, heldMb);
  }

  /** It was too short for its peak to say anything. */
  dropPeak(): void {
    if (this.#extras !== null) this.#extras.peakMb = 0;
  }

  get ownEffects(): UnitEffects {
    const extras = this.#more();
    const { lease, attempt, link } = this.#place;
    extras.effects ??= new UnitEffects({
      link,
      lease,
      attempt,
      unit: this.unit,
      signal: () => this.signal,
    });
    return extras.effects;
  }

  #more(): ScopeExtras {
    this.#extras ??= noExtras();
    return this.#extras;
  }

  get parameters(): Readonly<Record<string, Json>> {
    return this.#condition.parameters;
  }

  get replicate(): ReplicateContext {
    const { opening, seedKey } = this.#place.runtime;
    const index = this.#replicateIndex;
    const { seeds, pairing } = opening.replicates;
    const listed = opening.job.per === "replicate" ? seeds?.[index] : undefined;
    if (listed !== undefined) return { index, seed: listed };
    const hash32 = pairing === "common-random-numbers" ? 0 : (this.#condition.hash?.[0] ?? 0);
    const salt = opening.job.seedSalts?.[this.unit % opening.job.conditions] ?? 0;
    return { index, seed: replicateSeedOf(seedKey, { hash32, replicate: index, salt }) };
  }

  get random(): Random {
    if (this.#random === null) {
      const { runtime } = this.#place;
      const {
        replicates,
        job: { per },
      } = runtime.opening;
      const index = this.#replicateIndex;
      this.#random = randomOf({
        stem: runtime.stem,
        condition: this.#condition.hash,
        replicate: (per === "replicate" ? replicates.seeds?.[index] : undefined) ?? index,
        pairing: replicates.pairing,
      });
    }
    return this.#random;
  }

  get inputs(): Readonly<Record<string, unknown>> {
    return this.#place.inputsOf(this.unit);
  }

  get signal(): AbortSignal {
    const extras = this.#more();
    extras.abort ??= new AbortController();
    return extras.abort.signal;
  }

  get record(): (series: string, row: Row) => void {
    return (series, row) => this.#record(series, row);
  }

  get checkpoint(): Checkpoint {
    const save = async (state: unknown): Promise<void> =>
      this.#isLive("checkpoint") ? this.#ownCheckpoints.save(state) : never();
    return Object.assign(save, { every: (pace: CheckpointPace) => this.#ownCheckpoints.every(pace) });
  }

  get restore(): <T>(schema?: Schema<T>) => Promise<T | null> {
    return async (schema) => (this.#isLive("restore") ? this.#ownCheckpoints.restore(schema) : never());
  }

  get steps(): <S>(options: StepsOptions<S>) => Promise<S> {
    return async (options) => (this.#isLive("steps") ? this.#ownCheckpoints.steps(options) : never());
  }

  get effect(): <R = unknown>(key: string, request: Json, options?: EffectOptions<R>) => Promise<R> {
    return (key, request, options) => this.#effect(key, request, options ?? {});
  }

  get effects(): Asks {
    const extras = this.#more();
    const { ports } = this.#place.runtime;
    extras.asks ??= portAsks(ports, this.parameters, this.effect, () => this.ownEffects.calls);
    return extras.asks;
  }

  get artifact(): (name: string, content: ArtifactContent) => Promise<void> {
    return (name, content) => this.#artifact(name, content);
  }

  get log(): (text: string, level?: LogLevel) => void {
    return (text, level = "info") => this.say(level, String(text));
  }

  /** Logs a line of the unit's, as long as it has not said too much. */
  say(level: LogLevel, text: string): void {
    const extras = this.#more();
    extras.log ??= new LogBudget();
    const line = extras.log.admit(text);
    if (line !== null) this.#logged(level, line);
  }

  /** Says what was left out of the log and the rows that wait, when the unit is over. */
  sayRest(): void {
    if (this.rows !== null) this.#extras?.live?.flush(this.rows);
    const left = this.#extras?.log?.summary() ?? null;
    if (left !== null) this.#logged("warn", left);
  }

  #logged(level: LogLevel, text: string): void {
    const { lease, link } = this.#place;
    link.say({ type: "log", lease, unit: this.unit, level, text });
  }

  get censored(): (options: CensoredOptions<Readonly<Record<string, unknown>>>) => Censored {
    return censored;
  }

  get refuse(): (reason: string) => Refused {
    return refuse;
  }

  /** Tells the unit, through its signal, that nobody waits for it any more. */
  abort(reason: string): void {
    const extras = this.#more();
    extras.abort ??= new AbortController();
    extras.abort.abort(new Error(reason));
  }

  get #replicateIndex(): number {
    return Math.floor(this.unit / this.#place.runtime.opening.job.conditions);
  }

  /** False once the trial has its outcome: what it does then counts for nothing, and its log says so. */
  #isLive(what: string): boolean {
    if (this.isOver) {
      this.log(
        `${what} was called after the trial had ended and was ignored: await everything that the trial starts`,
        "error",
      );
      return false;
    }
    if (this.stopped !== null) throw this.stopped;
    return true;
  }

  #record(series: string, row: Row): void {
    if (!this.#isLive("record")) return;
    const { definition } = this.#place.runtime;
    const kept = checkedRow(definition, { series, row, fail: (words) => this.fail("invalid-row", words) });
    const extras = this.#more();
    extras.rows ??= new Map();
    const rows = extras.rows.get(series);
    if (rows === undefined) extras.rows.set(series, [kept]);
    else rows.push(kept);
    const { index, tellsRows } = this.#place.runtime.opening;
    const ask = tellsRows ? 0 : this.#place.link.askOf(index, this.unit);
    if (tellsRows || ask > 0) this.#tell(extras.rows, extras, ask);
    this.#show(series, kept, extras);
  }

  #tell(rows: SeriesRows, extras: ScopeExtras, ask: number): void {
    const { lease, link } = this.#place;
    if (extras.live?.ask !== ask) extras.live = new LiveRows(link, { lease, unit: this.unit, ask });
    extras.live.note(rows);
  }

  /** Calls onRecord with a checked row. */
  #show(series: string, row: Row, extras: ScopeExtras): void {
    const { definition, isTrial } = this.#place.runtime;
    const { onRecord } = definition;
    // A watcher stops a trial with what it returns in place of metrics: it sees the rows of trials alone.
    if (onRecord === null || !isTrial) return;
    extras.order ??= [];
    extras.order.push(series);
    // The author's callbacks are typed against their own rows; a checked row is one of them.
    extras.watchers ??= onRecord(this.#recordContext() as never);
    extras.watchers[series]?.(row as never);
    if (extras.stopped !== null) throw extras.stopped;
  }

  #recordContext(): RecordContext {
    const { parameters, replicate } = this;
    const stop = (value: unknown): void => {
      this.#more().stopped ??= new TrialStopped(value);
    };
    return { parameters, replicate, stop, censored, refuse };
  }

  get #ownCheckpoints(): UnitCheckpoints {
    const extras = this.#more();
    const { lease, attempt, link } = this.#place;
    extras.checkpoints ??= new UnitCheckpoints({
      link,
      place: { lease, unit: this.unit, attempt },
      isOver: () => this.isOver,
      warn: (text) => this.say("warn", text),
      gathered: () => ({
        random: this.#random === null ? null : Random.stateOf(this.#random),
        rows: this.rows ?? new Map(),
        order: extras.order,
        artifacts: extras.artifacts?.named ?? [],
        effects: extras.effects?.used ?? new Map(),
        usage: extras.effects?.usage ?? {},
        calls: extras.effects?.calls.ports ?? [],
      }),
      settled: async () => {
        await extras.artifacts?.namedKept();
        if (this.failure !== null) throw this.failure;
      },
      adopt: (saved) => this.#adopt(saved, extras),
    });
    return extras.checkpoints;
  }

  #adopt(saved: SavedState, extras: ScopeExtras): void {
    if (saved.random !== null || this.#random !== null) Random.restoreUnit(this.random, saved.random);
    extras.rows = new Map([...saved.rows].map(([series, rows]) => [series, [...rows]]));
    this.#ownArtifacts.restore(saved.artifacts);
    this.ownEffects.restore({ used: saved.effects, usage: saved.usage, calls: saved.calls });
    // What onRecord has gathered so far is not saved: it sees the restored rows again.
    extras.watchers = null;
    extras.order = null;
    const next = new Map<string, number>();
    for (const series of saved.order ?? []) {
      const index = next.get(series) ?? 0;
      next.set(series, index + 1);
      this.#show(series, extras.rows.get(series)?.[index] ?? {}, extras);
    }
  }

  async #effect<R>(key: string, request: Json, options: EffectOptions<R>): Promise<R> {
    if (!this.#isLive("effect")) return never();
    return this.ownEffects.perform(key, request, options);
  }

  #artifact(name: string, content: ArtifactContent): Promise<void> {
    return this.#isLive("artifact") ? this.#ownArtifacts.leave(name, content) : never();
  }
}
