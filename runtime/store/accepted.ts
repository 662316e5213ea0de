// Identities that a person declared equal (`lab run --accept`): results recorded under one count for the other. Append-only, with the
// reason, so that a reader of a report can see what was blessed and why.
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { JobId } from "../plan/plan.ts";
import { wordedSync } from "./files/store-error.ts";
import { readStored } from "./files/stored-file.ts";

export interface Acceptance {
  readonly from: JobId;
  readonly to: JobId;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** In the order given. A line that was cut short by a kill is left out. */
export function readAccepted(path: string): readonly Acceptance[] {
  if (!existsSync(path)) return [];
  return readStored(path)
    .toString("utf8")
    .split("\n")
    .flatMap((line): Acceptance[] => {
      try {
        // Only appendAccepted writes this file.
        const entry: unknown = line === "" ? null : JSON.parse(line);
        return typeof entry === "object" && entry !== null && "from" in entry && "to" in entry
          ? [entry as Acceptance]
          : [];
      } catch {
        return [];
      }
    });
}

export function appendAccepted(path: string, acceptance: Acceptance): void {
  wordedSync(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    // The leading line break ends a line that a kill cut short.
    appendFileSync(path, `\n${JSON.stringify(acceptance)}\n`, { flush: true });
  });
}

/** The identities whose records count for `job`: its own, and all that were accepted for it, directly or over others. */
export function identitiesCountingFor(job: JobId, accepted: readonly Acceptance[]): ReadonlySet<JobId> {
  const counting = new Set([job]);
  // A set grows while it is iterated, so chains of acceptances are followed to their end.
  for (const to of counting) for (const each of accepted) if (each.to === to) counting.add(each.from);
  return counting;
}
