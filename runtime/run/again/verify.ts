// `lab verify`: a sample of stored trials runs again, with the exchanges that were kept of them, and every result is compared byte for byte. Outcomes that the machine caused are
// left out, since another machine may do better.
import { bitsOf, hasBit } from "../../plan/bitmap.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { isMachineCaused } from "../../record/outcome.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { RunPorts } from "../ports.ts";
import { type AgainUnit, type RanAgain, runAgain } from "./run-again.ts";
import { type VerifiedCode, verifiedCodeOf } from "./verified-code.ts";

export interface Verified extends RanAgain {
  /** Which code ran. */
  readonly code: VerifiedCode;
}

/** Draws `sample` recorded trials evenly over the run's experiments and units, and runs them again. */
export async function verify(options: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly sample: number;
  readonly threads: number;
  readonly ports: RunPorts;
}): Promise<Verified> {
  const { store, run, sample, threads, ports } = options;
  const code = await verifiedCodeOf(store, run);
  const opened = store.openPlan(await store.planOf(run));
  const stored = await sampled({ store, opened, run, sample });
  const units = stored.map((record): AgainUnit => {
    const { job: index, unit } = record;
    const experiment = opened.experiments.find(({ jobs }) => jobs.some((each) => each.index === index))!;
    const { space, planned } = experiment;
    const job = opened.plan.jobs[index]!;
    const id = idOfUnit({ job, unit, space, replicates: planned.replicates });
    return { recordedId: id, record, id, job: index, unit };
  });
  return { code, ...(await runAgain({ store, run, opened, units, threads, timeoutMs: null, ports })) };
}

async function sampled(of: {
  readonly store: ProjectStore;
  readonly opened: OpenedPlan;
  readonly run: RunManifest;
  readonly sample: number;
}): Promise<readonly TrialRecord[]> {
  const { store, opened, run, sample } = of;
  const trials = opened.plan.jobs.flatMap((job, index) =>
    job.stage === "trial" && run.experiments.includes(job.experiment) ? [index] : [],
  );
  const found: TrialRecord[] = [];
  for (const [place, index] of trials.entries()) {
    const share =
      Math.floor((sample * (place + 1)) / trials.length) - Math.floor((sample * place) / trials.length);
    const records = await store.recordsOf(opened.plan, opened.plan.jobs[index]!, { run });
    const units = evenly([...bitsOf(records.done)], share).filter((unit) => hasBit(records.done, unit));
    for await (const record of records.read(units))
      if (!isMachineCaused(record.result.outcome)) found.push({ ...record, job: index });
  }
  return found;
}

/** `count` of the items at equal distances, the first and the last among them. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (count >= items.length) return [...items];
  if (count <= 1) return items.slice(0, count);
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]!,
  );
}
