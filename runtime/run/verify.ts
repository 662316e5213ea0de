// `lab verify`: a sample of stored trials runs again, and every result is compared byte for byte. Outcomes that the machine caused are
// left out, since another machine may do better.
import { bitmapOf, bitsOf, hasBit, setBit } from "../plan/bitmap.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import { idOfUnit } from "../plan/trial-id.ts";
import { unitCountOf } from "../plan/units.ts";
import { isMachineCaused } from "../record/outcome.ts";
import { resultBytesOf } from "../record/result-bytes.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { RunManifest } from "../store/store.ts";
import type { RunPorts } from "./ports.ts";
import { rehearse } from "./rehearse.ts";
import { type VerifiedCode, verifiedCodeOf } from "./verified-code.ts";

export interface Verified {
  /** Which code ran. */
  readonly code: VerifiedCode;
  readonly compared: number;
  readonly different: readonly { readonly trial: string; readonly stored: string; readonly again: string }[];
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
  const units = new Map<number, Uint8Array>();
  for (const { job, unit } of stored) {
    const bits = units.get(job) ?? bitmapOf(unitCountOf(opened.plan.jobs[job]!));
    setBit(bits, unit);
    units.set(job, bits);
  }
  if (stored.length === 0) return { code, compared: 0, different: [] };
  const rehearsed = await rehearse({
    prepared: { opened, store },
    units,
    ports,
    threads,
    listener: () => {},
    timeoutMs: null,
  });
  const different = stored.flatMap((before) => {
    const after = rehearsed.recordsOf(before.job).find(({ unit }) => unit === before.unit);
    const text = (record: TrialRecord | undefined): string =>
      record === undefined ? "no record" : new TextDecoder().decode(resultBytesOf(record));
    if (text(before) === text(after)) return [];
    const experiment = opened.experiments.find(({ jobs }) => jobs.some(({ index }) => index === before.job))!;
    const trial = idOfUnit({
      job: opened.plan.jobs[before.job]!,
      unit: before.unit,
      space: experiment.space,
      replicates: experiment.planned.replicates,
    });
    return [{ trial, stored: text(before), again: text(after) }];
  });
  return { code, compared: stored.length, different };
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
