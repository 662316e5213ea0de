// Before the first lease of a job that draws on other experiments: works out which of their rows there are, and has it written down ahead
// of the job's records, so that it is known later what they were made of.
import { type DrawnOn, drawnOn, measuredUnits, sourcesOf } from "../../../plan/drawn-on.ts";
import type { Job, Plan } from "../../../plan/plan.ts";
import type { JobRecords } from "../../../store/store.ts";
import type { PlannedJob } from "./planned-jobs.ts";

export interface SourceNotesOptions {
  readonly plan: Plan;
  /** The units of a job that count as rows; null for all. */
  readonly countedOf: (job: number) => Uint8Array | null;
  /** Writes down what a job's records from here on draw on, ahead of them. */
  readonly note: (job: number, drawnOn: DrawnOn) => void;
}

export interface SourceNotes {
  /** Resolves once it is noted; null for a job that draws on its own experiment alone. */
  noted(job: PlannedJob): Promise<void> | null;
}

export function sourceNotesOf(
  options: SourceNotesOptions & { readonly recordsOf: (job: number) => Promise<JobRecords> },
): SourceNotes {
  const { plan, countedOf, recordsOf, note } = options;
  const notes = new Map<number, Promise<void>>();

  return {
    noted(planned) {
      if (sourcesOf(plan, planned.job).length === 0) return null;
      const noting = notes.get(planned.index) ?? noteSources(planned);
      notes.set(planned.index, noting);
      return noting;
    },
  };

  async function noteSources({ index, job }: PlannedJob): Promise<void> {
    const measured = new Map<Job, Uint8Array>();
    await measure(job, measured);
    note(
      index,
      drawnOn(plan, job, (source) => measured.get(source) ?? null),
    );
  }

  /** The measured units of all experiments behind a job. */
  async function measure(job: Job, measured: Map<Job, Uint8Array>): Promise<void> {
    for (const source of sourcesOf(plan, job)) {
      if (measured.has(source)) continue;
      const index = plan.jobs.indexOf(source);
      const counted = countedOf(index);
      const units = measuredUnits(await recordsOf(index));
      measured.set(source, counted === null ? units : units.map((byte, at) => byte & (counted[at] ?? 0)));
      await measure(source, measured);
    }
  }
}
