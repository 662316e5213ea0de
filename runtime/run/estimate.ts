// How long the rest will take, as a range, from the durations of trials that were recorded, under earlier code where there are no others; null
// while nothing has been measured.
import type { JobSurvey } from "./survey.ts";

export interface TimeEstimate {
  readonly lowMs: number;
  readonly highMs: number;
  /** How many recorded units it rests on. */
  readonly measured: number;
}

/** Recorded units looked at for each job. */
const sampleMax = 500;

/**
 * Sums over the jobs. For n units measured with mean m and standard deviation s, the f fresh units take between
 * f(m - 2s/sqrt(n)) and f(m + 2s/sqrt(n)), widened by the spread of f sums, on `threads` workers; never narrower than ten per cent.
 */
export async function estimateOf(
  surveys: readonly JobSurvey[],
  threads: number,
): Promise<TimeEstimate | null> {
  let lowMs = 0;
  let highMs = 0;
  let measured = 0;
  for (const survey of surveys) {
    if (survey.fresh === 0) continue;
    const durations = await durationsOf(survey);
    if (durations.length === 0) return null;
    const workers = Math.min(threads, survey.fresh);
    const { low, high } = estimateFrom(durations, survey.fresh);
    lowMs += low / workers;
    highMs += high / workers;
    measured += durations.length;
  }
  return measured === 0 ? null : { lowMs, highMs, measured };
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
async function durationsOf({ records, stale }: JobSurvey): Promise<readonly number[]> {
  if (records.doneCount === 0) return stale[0]?.durationsMs(sampleMax) ?? [];
  const durations: number[] = [];
  for await (const record of records.read()) {
    durations.push(record.telemetry.durationMs);
    if (durations.length >= sampleMax) break;
  }
  return durations;
}
