// How many units go into one lease: enough for 10 ms of work, so that handing over costs little and a kill loses little; more with many threads,
// which one controller has to serve.
// The estimate follows what hosts report; an unknown job starts with single units and grows.

export interface ChunkLimits {
  /** Milliseconds of work that a lease aims at; 10 unless given. */
  readonly targetMs: number;
  /** Units in a lease at most. */
  readonly unitsMax: number;
}

export const chunkLimits: ChunkLimits = { targetMs: 10, unitsMax: 20_000 };

/** A controller has this long for each lease at least, in ms, when all threads ask for one after the other (docs/scale.md). */
const leaseServiceMs = 2;

/** Milliseconds of work that a lease aims at where there are so many threads. */
export function leaseWorkMs({ targetMs }: ChunkLimits, slots: number): number {
  return Math.max(targetMs, slots * leaseServiceMs);
}

/** What is known of the speed of one job's units. */
export interface ChunkEstimate {
  /** Smoothed milliseconds a unit; null before the first report. */
  readonly unitMs: number | null;
  /** Size of the largest lease reported on, which bounds how fast sizes grow. */
  readonly unitsSeen: number;
}

export const noEstimate: ChunkEstimate = { unitMs: null, unitsSeen: 0 };

/** The estimate after a lease of `units` units kept a thread busy for `busyMs`. */
export function estimateAfter(
  before: ChunkEstimate,
  report: { readonly units: number; readonly busyMs: number },
): ChunkEstimate {
  if (report.units === 0) return before;
  const unitMs = report.busyMs / report.units;
  // Slower than thought counts at once, faster than thought by halves: an overlong chunk hurts more than a short one.
  const smoothed = before.unitMs === null || unitMs > before.unitMs ? unitMs : (before.unitMs + unitMs) / 2;
  return { unitMs: smoothed, unitsSeen: Math.max(before.unitsSeen, report.units) };
}

/** Units for the next lease: 1 where a unit takes longer than the target; never more than a fair share of what is left. */
export function chunkSizeOf(
  estimate: ChunkEstimate,
  options: {
    readonly remaining: number;
    readonly slots: number;
    readonly limits: ChunkLimits;
    /** Units that may wait at once in one thread, 1 for a job that was not seen to wait: a lease of fewer would leave the thread idle. */
    readonly concurrent: number;
  },
): number {
  const slots = Math.max(1, options.slots);
  const atOnce = Math.max(1, Math.min(options.concurrent, Math.ceil(options.remaining / slots)));
  if (estimate.unitMs === null) return atOnce;
  const { unitsMax } = options.limits;
  const workMs = leaseWorkMs(options.limits, slots);
  const wanted = estimate.unitMs <= 0 ? unitsMax : Math.floor(workMs / estimate.unitMs);
  const share = Math.ceil(options.remaining / (2 * slots));
  return Math.max(atOnce, Math.min(wanted, unitsMax, 16 * estimate.unitsSeen, share));
}
