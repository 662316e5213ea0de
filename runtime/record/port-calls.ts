// What the calls of a unit to one port came to: how many were answered, why attempts failed, how long answers took, what they cost. Telemetry: it
// lies beside a result and is no part of it.

/** Counts of one port. Answers that an earlier trial paid for are in `reused` alone. */
export interface PortCalls {
  readonly port: string;
  /** Keys asked for, answered or not. */
  readonly calls: number;
  readonly answered: number;
  /** Of those answered, without a failed attempt before. */
  readonly answeredAtOnce: number;
  /** Failed attempts by cause, such as "rate limit" and "status 503". */
  readonly failures: Readonly<Record<string, number>>;
  /** Milliseconds of the attempt that was answered, one for each answer whose performer says so. */
  readonly latencyMs: readonly number[];
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** US dollars. */
  readonly costUsd: number;
  /** Answers whose cost nobody knows. */
  readonly unpriced: number;
  /** Calls that may have been on their way when the process died, and were sent again under their key. */
  readonly resent: number;
  readonly reused: number;
  /** Answers that could not be used, by cause, such as "wrong schema" and "refusal". */
  readonly unusable: Readonly<Record<string, number>>;
  /** Calls that asked to mend an answer. */
  readonly repairs: number;
  /** Decisions that were made without an answer. */
  readonly fallbacks: number;
}

/** What went before the end of a call. */
export interface CallAttempts {
  /** Why each failed attempt failed, in order. */
  readonly failed: readonly string[];
  /** Whether it may have been on its way before when a process died. */
  readonly isResent: boolean;
}

export const noAttempts: CallAttempts = { failed: [], isResent: false };

export function noCalls(port: string): PortCalls {
  return {
    port,
    calls: 0,
    answered: 0,
    answeredAtOnce: 0,
    failures: {},
    latencyMs: [],
    promptTokens: 0,
    completionTokens: 0,
    costUsd: 0,
    unpriced: 0,
    resent: 0,
    reused: 0,
    unusable: {},
    repairs: 0,
    fallbacks: 0,
  };
}

const counts = [
  "calls",
  "answered",
  "answeredAtOnce",
  "promptTokens",
  "completionTokens",
  "costUsd",
  "unpriced",
  "resent",
  "reused",
  "repairs",
  "fallbacks",
] as const satisfies readonly (keyof PortCalls)[];

/** The sum of calls to one port, or to several under a name for all of them. */
export function sumOfCalls(port: string, parts: readonly PortCalls[]): PortCalls {
  const total = noCalls(port);
  const numbers = counts.map((name) => [name, parts.reduce((sum, part) => sum + part[name], 0)]);
  return {
    ...total,
    ...Object.fromEntries(numbers),
    latencyMs: parts.flatMap(({ latencyMs }) => latencyMs),
    failures: sumOfCounts(parts.map(({ failures }) => failures)),
    unusable: sumOfCounts(parts.map(({ unusable }) => unusable)),
  };
}

/** The most frequent first. */
function sumOfCounts(parts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const part of parts)
    for (const [cause, count] of Object.entries(part)) sums.set(cause, (sums.get(cause) ?? 0) + count);
  return Object.fromEntries([...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

/** Whether it is what this file describes: for batches, which another program may have written. */
export function arePortCalls(value: unknown): value is PortCalls {
  if (typeof value !== "object" || value === null) return false;
  // Each field is looked at before it is believed.
  const of = value as Readonly<Record<string, unknown>>;
  const isCount = (count: unknown): boolean =>
    typeof count === "number" && Number.isFinite(count) && count >= 0;
  const areCounts = (by: unknown): boolean =>
    typeof by === "object" && by !== null && Object.values(by).every(isCount);
  return (
    typeof of.port === "string" &&
    counts.every((name) => isCount(of[name])) &&
    Array.isArray(of.latencyMs) &&
    of.latencyMs.every(isCount) &&
    areCounts(of.failures) &&
    areCounts(of.unusable)
  );
}
