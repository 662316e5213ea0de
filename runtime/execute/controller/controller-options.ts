// What a run is given and what it gives back: the plan, the store's parts, the executor and the limits; a handle while it goes on; a
// summary at its end.
import type { Performers } from "../../effects/performer.ts";
import type { Listener } from "../../event/event.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import type { TrialId } from "../../plan/plan.ts";
import type { Wanted } from "../../plan/selection.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { ArtifactStore } from "../../store/kept/artifacts.ts";
import type { TrialLog } from "../../store/kept/trial-log.ts";
import type { CheckpointStore, EffectJournal, JobRecords, LedgerWriter } from "../../store/store.ts";
import type { Executor, HostDemand } from "../protocol/executor.ts";
import type { Session } from "../protocol/protocol.ts";
import type { RunActs } from "./run-acts.ts";

export interface RunLimits {
  /** Milliseconds a unit may take; null for no limit. */
  readonly timeoutMs: number | null;
  /** Heap of a worker thread in MB; null for Node's own. */
  readonly memoryMb: number | null;
  /** Try failed units again so many times, in place of what experiments declare; null to leave it to them. */
  readonly retryMax: number | null;
  /** Stop at the first failure. */
  readonly failFast: boolean;
  /** Stop once this share of the wanted units has failed; null never to. */
  readonly failOnError: number | null;
  /** Run units again that failed; refused and censored ones stand. */
  readonly retryErrors: boolean;
}

export interface ControllerOptions {
  /** Names this controller; unlike that of any other, earlier ones of the same run among them. */
  readonly session: Session;
  readonly opened: OpenedPlan;
  readonly wanted: Wanted;
  /** The units of a job that count as rows for experiments that need it; null, or absent, for all. */
  readonly countedOf?: (job: number) => Uint8Array | null;
  /** Records of jobs as they were read before anything was appended: they are not read again. */
  readonly surveyed?: ReadonlyMap<number, JobRecords>;
  /** The records of a job as they are now, with everything that was appended and synced. */
  readonly recordsOf: (job: number) => Promise<JobRecords>;
  readonly ledger: LedgerWriter;
  readonly journal: EffectJournal;
  readonly checkpoints: CheckpointStore;
  readonly artifacts: Pick<ArtifactStore, "draft">;
  readonly logs: Pick<TrialLog, "append">;
  readonly executor: Executor;
  /** Whether labels that experiments need are not asked for: units run on whatever host there is. They are asked for unless told. */
  readonly isAnywhere?: boolean;
  /** What is asked of the executor: hosts, and worker threads of each. */
  readonly demand: Pick<HostDemand, "hosts" | "threads">;
  readonly listener: Listener;
  /** Whether the listener hears rows of series as they are recorded; it does not unless told. */
  readonly tellsRows?: boolean;
  readonly limits: RunLimits;
  /** What to type to run this trial again under a debugger. */
  readonly replayOf: (trial: TrialId) => string;
  /** Effects that the controller performs, by kind. */
  readonly performers?: Performers;
  /** The same for the ports of an experiment, by its name; asked first. */
  readonly ports?: ReadonlyMap<string, Performers>;
  /** Effects are answered from the journal alone: nothing is sent. */
  readonly isOffline?: boolean;
  /** Hears of every batch as it is kept, before anything else is leased: the moment to add units or to drop some. */
  readonly onKept?: (batch: RecordBatch, run: PlanRun) => void;
}

export interface RunSummary {
  /** "complete": every wanted unit has ended, with a measurement or without. */
  readonly status: "complete" | "stopped" | "budget" | "aborted";
  /** Units recorded by this run. */
  readonly done: number;
  readonly reused: number;
  /** Of the done, those without a measurement, and of these the failures. */
  readonly unmeasured: number;
  readonly failed: number;
  readonly remaining: number;
  readonly durationMs: number;
  /** Why the run ended before everything was done; null otherwise. */
  readonly reason: string | null;
}

/** A run under way. */
export interface PlanRun {
  readonly finished: Promise<RunSummary>;
  /** What may be asked of it from outside while it goes on. */
  readonly acts: RunActs;
  /** Lets what runs end and keeps it, starts nothing more; "budget" where what the run may take is spent. */
  drain(reason: string, kind?: "stopped" | "budget"): void;
  /** Ends at once; units under way are lost, what they recorded before is kept. */
  stop(reason: string): void;
  /** Wants more units, of several jobs at once: nothing is leased before all of them are wanted. */
  add(units: Wanted): void;
  /** Keeps it from ending when nothing is left to run, until what is returned is called; asked to end, it ends all the same. */
  hold(): () => void;
  /** Wants no unit of a job from `first` on, unless it is under way or recorded already. */
  drop(job: number, first: number): void;
}
