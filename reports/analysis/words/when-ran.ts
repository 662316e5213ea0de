// When the trials of a run ran, in a few words. Of results of another tool whose times nobody knows it is said when they came here.
import { ranAt } from "../../../runtime/record/known-times.ts";
import type { Provenance } from "../../../runtime/record/trial-table.ts";

/** `words` writes a time in ISO 8601. */
export function whenRan(provenance: Provenance, words: (time: string) => string): string {
  const { startedAt } = ranAt(provenance);
  return startedAt === null ? `imported ${words(provenance.startedAt)}` : words(startedAt);
}
