// How fast units end, and how long the rest takes, as a range: the spread of the pace over the parts of the last minute says how
// far it can be trusted. Pure.

/** Units that had ended at a moment. */
export interface Mark {
  readonly atMs: number;
  readonly ended: number;
}

export interface RunPace {
  readonly perSecond: number;
  /** Milliseconds until the end; `high` is null where the pace says no end. */
  readonly left: { readonly lowMs: number; readonly highMs: number | null };
}

const windowMs = 60_000;
const apartMs = 1_000;
/** Parts of the window whose paces are compared. */
const parts = 6;

/** The last minute of a run that is seen for the first time, told by when its units ended; NaN for those that have not. */
export function marksOf(
  endedAtMs: Iterable<number>,
  now: Mark & { readonly startedMs: number },
): readonly Mark[] {
  const from = Math.max(now.startedMs, now.atMs - windowMs);
  let since = 0;
  for (const atMs of endedAtMs) if (atMs > from) since += 1;
  return [
    { atMs: from, ended: now.ended - since },
    { atMs: now.atMs, ended: now.ended },
  ];
}

/** Keeps a mark a second over the last minute. */
export function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const kept = marks.filter(({ atMs }) => mark.atMs - atMs <= windowMs);
  const [before, last] = kept.slice(-2);
  // The last mark moves until it is a second away from the one before.
  const isClose = before !== undefined && last !== undefined && last.atMs - before.atMs < apartMs;
  return [...(isClose ? kept.slice(0, -1) : kept), mark];
}

/** Two standard errors of the mean pace over the parts, never less than a tenth of it. Null before two marks differ. */
export function paceOf(marks: readonly Mark[], left: number, nowMs: number): RunPace | null {
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined || last.ended === first.ended) return null;
  const spanMs = Math.max(nowMs, last.atMs) - first.atMs;
  if (spanMs <= 0) return null;
  const perSecond = ((last.ended - first.ended) * 1000) / spanMs;
  const paces = Array.from({ length: parts }, (_, part) => {
    const [from, to] = [first.atMs + (spanMs * part) / parts, first.atMs + (spanMs * (part + 1)) / parts];
    return ((endedAt(marks, to) - endedAt(marks, from)) * 1000) / (to - from);
  });
  const variance = paces.reduce((sum, pace) => sum + (pace - perSecond) ** 2, 0) / (parts - 1);
  const half = Math.max(2 * Math.sqrt(variance / parts), perSecond / 10);
  const slow = perSecond - half;
  return {
    perSecond,
    left: {
      lowMs: (left / (perSecond + half)) * 1000,
      highMs: slow > 0 ? (left / slow) * 1000 : null,
    },
  };
}

/** Between two marks the pace counts as even; after the last one nothing has ended. */
function endedAt(marks: readonly Mark[], atMs: number): number {
  const after = marks.findIndex((mark) => mark.atMs >= atMs);
  if (after < 0) return marks.at(-1)?.ended ?? 0;
  const next = marks[after]!;
  const before = marks[after - 1];
  if (before === undefined || next.atMs === before.atMs) return next.ended;
  return before.ended + ((next.ended - before.ended) * (atMs - before.atMs)) / (next.atMs - before.atMs);
}
