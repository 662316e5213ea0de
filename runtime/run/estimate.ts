// How long the rest of a run will take and what it will leave on the disk, as ranges, from trials that were recorded, under earlier code where
// there are no others; null while nothing has been measured.
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Job } from "../plan/plan.ts";
import { batchOf, type MetricCodings } from "../record/batch-records.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { JobSurvey } from "./survey.ts";

export interface RunEstimate {
  readonly lowMs: number;
  readonly highMs: number;
  /** Of the ledger and the files that trials leave; the tables that are written at the end come to less than that again. */
  readonly lowBytes: number;
  readonly highBytes: number;
  /** How many recorded units it rests on. */
  readonly measured: number;
}

/** Recorded units looked at for each job. */
const sampleMax = 500;

/**
 * Sums over the jobs. For n units measured with mean m and standard deviation s, the f fresh units take between
 * f(m - 2s/sqrt(n)) and f(m + 2s/sqrt(n)), widened by the spread of f sums, on `threads` workers, on one where nobody knows how many there will be;
 * never narrower than ten per cent.
 */
export async function estimateOf(
  { surveys, opened }: { readonly surveys: readonly JobSurvey[]; readonly opened: OpenedPlan },
  threads: number | null,
): Promise<RunEstimate | null> {
  let [lowMs, highMs, lowBytes, highBytes, measured] = [0, 0, 0, 0, 0];
  for (const survey of surveys) {
    const { fresh, job } = survey;
    if (fresh === 0) continue;
    const sample = await sampleOf(survey);
    if (sample.length === 0) return null;
    const workers = Math.min(threads ?? 1, fresh);
    const durations = sample.map(({ telemetry }) => telemetry.durationMs).filter((ms) => ms !== null);
    if (durations.length === 0) return null;
    const time = estimateFrom(durations, fresh);
    lowMs += time.low / workers;
    highMs += time.high / workers;
    const size = estimateFrom(sizesOf(sample, codingsOf(opened, job)), fresh);
    lowBytes += size.low;
    highBytes += size.high;
    measured += sample.length;
  }
  return measured === 0 ? null : { lowMs, highMs, lowBytes, highBytes, measured };
}

/** Bytes that each of these records keeps: its share of the ledger, and its files, which are stored once where several are the same. */
export function sizesOf(records: readonly TrialRecord[], metrics: MetricCodings): readonly number[] {
  if (records.length === 0) return [];
  const share = batchOf(records, metrics).length / records.length;
  const kept = new Set<string>();
  return records.map(({ result }) => {
    let bytes = share;
    for (const file of result.artifacts) {
      if (!kept.has(file.hash)) bytes += file.bytes;
      kept.add(file.hash);
    }
    return bytes;
  });
}

/** How the metrics of a job's records are written: those of trials; a stage has none. */
export function codingsOf({ plan }: OpenedPlan, job: Job): MetricCodings {
  const planned = plan.experiments.find(({ name }) => name === job.experiment);
  return job.stage === "trial" ? (planned?.metrics ?? {}) : {};
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What `fresh` units take in all, by what each of some took. */
export function estimateFrom(measured: readonly number[], fresh: number): Range {
  const mean = measured.reduce((sum, each) => sum + each, 0) / measured.length;
  const variance =
    measured.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, measured.length - 1);
  // One measurement says nothing of the spread: allow a factor of two either way.
  const margin = measured.length < 3 ? mean / 2 : 2 * Math.sqrt(variance * (1 / measured.length + 1 / fresh));
  const half = Math.max(margin, mean * 0.1);
  return { low: fresh * Math.max(mean - half, mean * 0.1), high: fresh * (mean + half) };
}

/** Of the job's own records; where it has none, of what was recorded under earlier code. */
async function sampleOf({ records, stale }: JobSurvey): Promise<readonly TrialRecord[]> {
  const read = records.doneCount > 0 ? records.read() : stale[0]?.read();
  const sample: TrialRecord[] = [];
  if (read === undefined) return sample;
  for await (const record of read) {
    sample.push(record);
    if (sample.length >= sampleMax) break;
  }
  return sample;
}
