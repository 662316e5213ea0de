// Recorded units that run again, answered from the exchanges that were kept with them, and what came out otherwise than it was recorded. Nothing
// is sent and nothing recorded.
import { bitmapOf, setBit } from "../../plan/bitmap.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import { unitCountOf } from "../../plan/units.ts";
import { resultBytesOf } from "../../record/result-bytes.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { RunPorts } from "../ports.ts";
import { exchangesOf } from "./kept-exchanges.ts";
import { rehearse } from "./rehearse.ts";

/** A recorded unit, and where it stands in the plan that runs again. */
export interface AgainUnit {
  /** Its id in the run that recorded it, under which its exchanges are kept. */
  readonly recordedId: string;
  readonly record: TrialRecord;
  /** In the plan that runs again. */
  readonly id: string;
  readonly job: number;
  readonly unit: number;
}

export interface Difference {
  /** Id in the run that recorded it. */
  readonly trial: string;
  /** The results as JSON; "no record" for one that did not come back. */
  readonly stored: string;
  readonly again: string;
  /** Where it asked for something else than what was kept, in words; null where it asked the same. */
  readonly departure: string | null;
}

export interface RanAgain {
  readonly compared: number;
  readonly different: readonly Difference[];
}

export async function runAgain(of: {
  readonly store: ProjectStore;
  /** The run whose records they are. */
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  readonly units: readonly AgainUnit[];
  readonly threads: number;
  readonly timeoutMs: number | null;
  readonly ports: RunPorts;
}): Promise<RanAgain> {
  const { store, run, opened, units, threads, timeoutMs, ports } = of;
  if (units.length === 0) return { compared: 0, different: [] };
  const wanted = new Map<number, Uint8Array>();
  for (const { job, unit } of units) {
    const bits = wanted.get(job) ?? bitmapOf(unitCountOf(opened.plan.jobs[job]!));
    setBit(bits, unit);
    wanted.set(job, bits);
  }
  const recorded = new Map(units.map(({ id, recordedId }) => [id, recordedId]));
  const kept = { layout: store.layout, runs: await store.runs(), run };
  const rehearsed = await rehearse({
    prepared: { opened, store },
    units: wanted,
    ports,
    threads,
    listener: () => {},
    timeoutMs,
    exchanges: exchangesOf(kept, (trial) => recorded.get(trial) ?? trial),
  });
  const again = new Map<string, TrialRecord>();
  for (const job of wanted.keys())
    for (const record of rehearsed.recordsOf(job)) again.set(`${job} ${record.unit}`, record);
  const different = units.flatMap(({ recordedId, record, job, unit }): Difference[] => {
    const after = again.get(`${job} ${unit}`);
    const [stored, now] = [textOf(record), textOf(after)];
    if (stored === now) return [];
    return [{ trial: recordedId, stored, again: now, departure: departureOf(after) }];
  });
  return { compared: units.length, different };
}

function textOf(record: TrialRecord | undefined): string {
  return record === undefined ? "no record" : new TextDecoder().decode(resultBytesOf(record));
}

function departureOf(record: TrialRecord | undefined): string | null {
  const outcome = record?.result.outcome;
  return outcome?.kind === "failed" && outcome.reason === "effect" ? outcome.message : null;
}
