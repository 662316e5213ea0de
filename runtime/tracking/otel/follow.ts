// Follows a run with OpenTelemetry: events make spans and counts as they come, and trials that have ended are read from the store every few
// seconds, so that nothing is done for a trial while it runs.
import type { RunEvent } from "../../event/event.ts";
import { layoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import { readManifest } from "../../store/runs/manifest.ts";
import { recordedExperiments } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import { type TrackedTrial, trackedTrials } from "../tracked-trial.ts";
import type { FollowContext } from "../tracker.ts";
import { Turns, wordsOf } from "../turns.ts";
import { RunMetrics } from "./run-metrics.ts";
import { RunSpans, type TimedTrial } from "./run-spans.ts";
import { openTelemetry, rootIdsOf, type Telemetry } from "./telemetry.ts";

export interface FilledOtelOptions {
  /** Null: the environment says, or the collector of this machine. */
  readonly endpoint: string | null;
  readonly trials: number;
}

/** Clocks of other machines may be behind ours by so much. */
const behindMs = 1000;
/** Of an experiment: jobs and the run have spans too. */
const spansBeside = 1000;

interface Opened {
  readonly telemetry: Telemetry;
  readonly spans: RunSpans;
  readonly metrics: RunMetrics;
  readonly run: string;
  readonly startedAt: number;
}

function isTimed(trial: TrackedTrial): trial is TimedTrial {
  return trial.startedAt !== null && trial.endedAt !== null;
}

export class OtelFollower {
  readonly #context: FollowContext;
  readonly #options: FilledOtelOptions;
  readonly #turns: Turns;
  /** Trials that have a span, by experiment. */
  readonly #told = new Map<string, Set<string>>();
  #opened: Opened | null = null;

  constructor(context: FollowContext, options: FilledOtelOptions) {
    this.#context = context;
    this.#options = options;
    this.#turns = new Turns({ work: () => this.#trials(), onFailure: (words) => this.#say(words) });
  }

  heed(event: RunEvent, at: number): void {
    if (event.type === "run-started") this.#open(event, at);
    else {
      this.#opened?.metrics.heed(event);
      this.#opened?.spans.heed(this.#clean(event), at);
    }
  }

  async close(run: RunManifest | null): Promise<void> {
    await this.#turns.end();
    if (this.#opened === null) return;
    const { spans, telemetry } = this.#opened;
    if (run !== null) await this.#trials().catch((error: unknown) => this.#say(wordsOf(error)));
    spans.end(Date.now());
    await telemetry.shutdown();
  }

  #open(event: Extract<RunEvent, { type: "run-started" }>, at: number): void {
    const { environment, root } = this.#context;
    const { endpoint, trials } = this.#options;
    const manifest = readManifest(layoutOf(root), event.run, []);
    const begun = manifest?.provenance.startedAt ?? "";
    const part = manifest?.epoch ?? 1;
    const telemetry = openTelemetry({
      endpoint,
      environment,
      root: rootIdsOf(event.run, begun, part),
      spansMost: event.experiments.length * trials + spansBeside,
      onProblem: (words) => this.#say(words),
    });
    const before = part > 1 ? rootIdsOf(event.run, begun, part - 1) : null;
    const spans = new RunSpans(telemetry.tracer, { event, at, before, parent: environment.TRACEPARENT });
    const metrics = new RunMetrics(telemetry.meter);
    this.#opened = { telemetry, spans, metrics, run: event.run, startedAt: at };
    this.#turns.start();
  }

  /** Spans of the trials of this run that have ended since. */
  async #trials(): Promise<void> {
    if (this.#opened === null) return;
    const { run: id, startedAt, spans } = this.#opened;
    const store = openStore(this.#context.root);
    const run = (await store.runs()).find((each) => each.id === id);
    if (run === undefined) return;
    for (const recorded of await recordedExperiments(store, run, new Map())) {
      const { name } = recorded.experiment.planned;
      const told = this.#told.get(name) ?? new Set<string>();
      this.#told.set(name, told);
      for await (const trial of trackedTrials(recorded, { most: this.#options.trials, points: 0 })) {
        if (told.has(trial.id) || !isTimed(trial) || trial.startedAt < startedAt - behindMs) continue;
        told.add(trial.id);
        spans.trial(name, this.#cleanTrial(trial));
      }
    }
  }

  /** What trials say of their failures may hold what looks like a secret. */
  #clean(event: RunEvent): RunEvent {
    return event.type === "trial-ended" || event.type === "trial-retried"
      ? { ...event, message: this.#context.redact(event.message) }
      : event;
  }

  #cleanTrial<T extends TrackedTrial>(trial: T): T {
    const { redact } = this.#context;
    const parameters = Object.entries(trial.parameters).map(([name, value]) => [
      name,
      typeof value === "string" ? redact(value) : value,
    ]);
    return {
      ...trial,
      error: trial.error === null ? null : redact(trial.error),
      parameters: Object.fromEntries(parameters),
    };
  }

  #say(words: string): void {
    this.#context.onProblem(`otel: ${words}`);
  }
}
