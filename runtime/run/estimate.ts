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
 * never narrower than ten per cent. Trials that wait for services go by another pace than that of the workers.
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
    const time = timeOf(spansOf(sample), { fresh, threads: threads ?? 1, asks: asksServices(sample) });
    if (time === null) return null;
    lowMs += time.low;
    highMs += time.high;
    const size = estimateFrom(sizesOf(sample, codingsOf(opened, job)), fresh);
    lowBytes += size.low;
    highBytes += size.high;
    measured += sample.length;
  }
  return measured === 0 ? null : { lowMs, highMs, lowBytes, highBytes, measured };
}

interface Span {
  readonly startMs: number;
  readonly durationMs: number;
}

function spansOf(sample: readonly TrialRecord[]): readonly Span[] {
  return sample.flatMap(({ telemetry: { startedAt, durationMs } }) =>
    startedAt === null || durationMs === null ? [] : [{ startMs: startedAt, durationMs }],
  );
}

/** Whether trials wait for somebody else's answers, as of an orchestrator or a model. */
function asksServices(sample: readonly TrialRecord[]): boolean {
  return sample.some(({ telemetry }) => (telemetry.extras?.calls ?? 0) > 0);
}

/** Null where nobody knows how long any of them took. */
export function timeOf(
  spans: readonly Span[],
  of: { readonly fresh: number; readonly threads: number; readonly asks: boolean },
): Range | null {
  if (spans.length === 0) return null;
  const { fresh, threads, asks } = of;
  if (!asks) {
    const { low, high } = estimateFrom(
      spans.map(({ durationMs }) => durationMs),
      fresh,
    );
    const workers = Math.min(threads, fresh);
    return { low: low / workers, high: high / workers };
  }
  // Their time holds the wait for a turn, and any number of them waits at once: what counts is how many came to an end in the time that there were some.
  const whole = (coveredMs(spans) / spans.length) * fresh;
  return { low: whole * 0.75, high: whole * 1.25 };
}

/** How long at least one of them was under way. */
function coveredMs(spans: readonly Span[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startMs, durationMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    covered += Math.max(0, startMs + durationMs - Math.max(end, startMs));
    end = Math.max(end, startMs + durationMs);
  }
  return covered;
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
