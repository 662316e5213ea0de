// Trials by status: how many there are of each, and one by one. What is under way is known of a run that goes on, all else is recorded.
import { bitsOf, hasBit } from "../../plan/bitmap.ts";
import { outcomeKindOf } from "../../record/outcome.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { recordedExperiments, type TrialStatus, trialStatusOf } from "../../store/runs/recorded-trials.ts";
import type { JobRecords, RunManifest } from "../../store/store.ts";
import { manifestRow } from "../exports/manifest-lines.ts";
import { unitsUnderWay } from "../units-under-way.ts";
import { plainLine } from "./plain-text.ts";
import { say } from "./say.ts";
import { textTable } from "./text-table.ts";
import { trialWords } from "./trial-words.ts";
import { countWords, durationWords, fit } from "./words.ts";

/** Trials of each status; those that no trial has are left out. */
export type StatusCounts = Partial<Record<TrialStatus, number>>;

/** What asks for attention stands first. */
const order: readonly TrialStatus[] = [
  "failed",
  "refused",
  "censored",
  "cancelled",
  "running",
  "prepared",
  "pending",
  "completed",
];

/** Trials listed in a terminal. */
const listedMost = 200;

/** Counts the wanted units of a trial's job. */
export function addStatuses(
  counts: StatusCounts,
  of: {
    readonly wanted: Uint8Array;
    readonly records: Pick<JobRecords, "done" | "notMeasured" | "interrupted">;
    readonly underWay: ReadonlyMap<number, "prepared" | "running">;
  },
): void {
  const { wanted, records, underWay } = of;
  for (const unit of bitsOf(wanted)) {
    const code = records.notMeasured.get(unit) ?? records.interrupted.get(unit);
    const recorded =
      code !== undefined ? outcomeKindOf(code) : hasBit(records.done, unit) ? "measured" : null;
    const status = trialStatusOf(recorded, underWay.get(unit));
    counts[status] = (counts[status] ?? 0) + 1;
  }
}

export function statusWords(counts: StatusCounts): string {
  const parts = order.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count === 0 ? [] : [`${countWords(count)} ${status}`];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}

export type TrialRow = ReturnType<typeof manifestRow>;

/** Every trial that the run planned, as its manifest has it. */
export async function trialRows(store: ProjectStore, run: RunManifest): Promise<readonly TrialRow[]> {
  const rows: TrialRow[] = [];
  for (const { experiment, trials } of await recordedExperiments(store, run, await unitsUnderWay(store, run)))
    for await (const trial of trials()) rows.push(manifestRow(experiment.planned.name, trial));
  return rows;
}

/** Those without a result first. */
export function sayTrials(rows: readonly TrialRow[]): void {
  const shown = order.flatMap((status) => rows.filter((row) => row.status === status)).slice(0, listedMost);
  const table = shown.map((row) => [
    row.simulation_id,
    row.status,
    row.started_at?.slice(0, 19).replace("T", " ") ?? "",
    row.seconds === null ? "" : durationWords(row.seconds * 1000),
    trialWords({ of: row.experiment, condition: row.parameters, replicate: row.replicate }),
    row.error === null ? "" : fit(plainLine(row.error), 100),
  ]);
  say(process.stdout, `\n${textTable(["trial", "status", "started", "took", "of", "error"], table, [3])}`);
  if (rows.length > shown.length)
    say(
      process.stdout,
      `and ${countWords(rows.length - shown.length)} more; \`lab export manifest-csv\` has them all`,
    );
}
