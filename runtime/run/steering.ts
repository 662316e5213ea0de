// The port through which something decides, while a run goes on, how much of it is run: what is asked for at first, what is made of records
// as they come, which conditions are proposed, which records count, and what is written down at the end. Stopping rules are one
// (adaptive-run.ts), proposers another (proposing.ts).
import type { PlanRun } from "../execute/controller/controller-options.ts";
import type { RunAgain } from "../execute/controller/jobs/recorded-units.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { ReplicateCaps, Selection, Wanted } from "../plan/selection.ts";
import type { RecordBatch } from "../record/record-batch.ts";
import type { StoppingOutcome } from "../record/stopping-outcome.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { JobRecords, RunManifest } from "../store/store.ts";
import type { ProposalBook } from "./proposals/proposal-book.ts";

export interface SteeringOptions {
  readonly opened: OpenedPlan;
  readonly store: Pick<ProjectStore, "ledgerOf">;
  readonly selection: Selection;
  /** The most that a run may come to: every unit of the plan that is selected. */
  readonly wanted: Wanted;
  /** What runs again is not counted as recorded. */
  readonly again: RunAgain;
  /** Conditions that are proposed, and room for more: `opened` grows with it. */
  readonly proposals: Pick<ProposalBook, "add" | "of" | "roomOf" | "parametersOf">;
  /** The run that is gone on with; null for a new one. */
  readonly resumed: RunManifest | null;
}

/** Looks at what is recorded and takes the wheel of one run. What it decides must follow from the data in index order, not from when they came. */
export type SteeringOf = (options: SteeringOptions) => Steering;

export interface Steering {
  /** Replicates asked for at first, by experiment; those it does not name are asked for whole. */
  readonly caps: ReplicateCaps;
  /** Names of the experiments whose conditions it proposes, of those whose space grows. */
  readonly proposesFor: readonly string[];
  /** The most that a job that it steers may come to have, by index of the job; null for other jobs. */
  mostOf(job: number): Uint8Array | null;
  /** Heeds records as they are kept, before anything else is leased: adds units or drops some. */
  heed(batch: RecordBatch, run: Pick<PlanRun, "add" | "drop">, slots: number): void;
  /** Trials that count as results now, of a trial job that it steers; null for other jobs. */
  countedOf(job: number): Uint8Array | null;
  /** The records that count as rows for experiments that need this one. */
  counting(job: number, records: JobRecords): JobRecords;
  /** What goes into the run's manifest, by experiment. */
  outcomes(): Readonly<Record<string, StoppingOutcome>>;
}
