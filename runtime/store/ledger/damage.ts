// Damage to the files of the ledger as a reader meets it: which of it counts, and its words.

import type { RunManifest } from "../store.ts";
import type { Damage } from "./frame-scan.ts";
import type { JobLedger } from "./job-ledger.ts";

/** Damage that is none of a writer's business: to a run that has ended, a lost tail is damage too. */
export function damageOf({ damage }: JobLedger, run: RunManifest | undefined): readonly Damage[] {
  return damage.filter(({ kind }) => kind === "corrupt" || run?.sources != null);
}

/** One sentence for a person. */
export function damageWords({ path, from, to, kind }: Damage): string {
  const bytes = `${to - from} ${to - from === 1 ? "byte" : "bytes"}`;
  return kind === "torn"
    ? `${path} ended in a half-written entry (${bytes}), as a kill or a power cut leaves it: what it was to hold runs again.`
    : `${path} is damaged from byte ${from} to ${to}: what was recorded there runs again; everything before and after is kept. A disk that changes bytes should be checked.`;
}
