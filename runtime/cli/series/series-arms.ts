// The arms of a series: each condition that a run planned, with a name that can be a folder's, and where it stands by the records of its trials.

import { meantTrials } from "../../control/cancelled-units.ts";
import { hasBit } from "../../plan/bitmap.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import type { OutcomeKind } from "../../record/outcome.ts";
import type { TrialRecord, TrialResult } from "../../record/trial-record.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { plannedTrialsOf } from "../../store/runs/planned-rows.ts";
import type { JobRecords, RunManifest } from "../../store/store.ts";
import { errorOf } from "../exports/manifest-lines.ts";

/** Which units of a job are with a host now; null where no trial is under way. */
export type Leased = ((job: number) => Uint8Array) | null;

/** failed: every trial has ended, some of them in failure; cancelled: what is left of it was cancelled. */
export type ArmStatus = "pending" | "running" | "completed" | "failed" | "cancelled";

/** What is kept in memory of a trial that has ended. */
export interface EndedTrial {
  readonly unit: number;
  readonly outcome: OutcomeKind;
  readonly metrics: TrialResult["metrics"];
  /** ms since the epoch; null where nobody knows. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Why it has no measurement; null for one that has. */
  readonly error: string | null;
}

export interface SeriesArm {
  readonly experiment: OpenedExperiment;
  /** As the column `condition` of an export has it. */
  readonly condition: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The levels of its factors in one word, unlike those of all others of the run. */
  readonly id: string;
  readonly status: ArmStatus;
  readonly planned: number;
  /** In order of replicate. */
  readonly ended: readonly EndedTrial[];
  /** ms since the epoch, of the first trial that began; null where none has ended yet, and where nobody knows. */
  readonly startedAt: number | null;
  /** Of the last trial that ended; null while the arm has not, and where nobody knows. */
  readonly endedAt: number | null;
  /** Why trials have no measurement, in a line; null where none has failed. */
  readonly error: string | null;
}

interface Units {
  readonly experiment: OpenedExperiment;
  readonly condition: number;
  readonly parameters: SeriesArm["parameters"];
  readonly id: string;
  readonly units: readonly number[];
  /** Of them those that were cancelled before they ended. */
  readonly cancelled: number;
}

/** Reads the arms of a run again and again, and of the records only those of arms in which something has ended since. */
export class SeriesArms {
  readonly #store: ProjectStore;
  readonly #known = new Map<string, { readonly key: string; readonly arm: SeriesArm }>();

  constructor(store: ProjectStore) {
    this.#store = store;
  }

  /** In the order of the plan. */
  async read(run: RunManifest, leased: Leased): Promise<readonly SeriesArm[]> {
    const opened = this.#store.openPlan(await this.#store.planOf(run));
    const planned = plannedTrialsOf(this.#store, run, opened);
    const isOne = planned.length === 1;
    const taken = new Set<string>();
    const arms: SeriesArm[] = [];
    for (const { experiment, planned: trials } of planned) {
      const { index, job } = trialOf(experiment);
      const records = await this.#store.recordsOf(opened.plan, job, { run });
      const units = new Map<number, number[]>();
      for (const unit of trials.units()) {
        const condition = trials.conditionOf(unit);
        units.set(condition, [...(units.get(condition) ?? []), unit]);
      }
      const underWay = leased?.(index) ?? null;
      const cancelled = cancelledOf(opened, run, index);
      for (const [condition, parameters] of trials.conditions.entries()) {
        const id = unlike(armNameOf(experiment, parameters, { isOne }), taken);
        const own = units.get(condition);
        if (own === undefined) continue;
        const isLeased = underWay !== null && own.some((unit) => hasBit(underWay, unit));
        const left = own.filter(
          (unit) => !hasBit(records.done, unit) && cancelled.some((units) => hasBit(units, unit)),
        );
        const arm = { experiment, condition, parameters, id, units: own, cancelled: left.length };
        const read = await this.#readArm(arm, records);
        // Between two of its trials an arm of a run that goes on is running too.
        const isRunning =
          isLeased || (underWay !== null && read.status === "pending" && read.ended.length > 0);
        arms.push(isRunning ? { ...read, status: "running", endedAt: null } : read);
      }
    }
    return arms;
  }

  async #readArm(of: Units, records: JobRecords): Promise<SeriesArm> {
    const { units, id, cancelled } = of;
    const done = units.filter((unit) => hasBit(records.done, unit));
    const key = JSON.stringify([done.map((unit) => [unit, records.notMeasured.get(unit) ?? 0]), cancelled]);
    const known = this.#known.get(id);
    if (known?.key === key) return known.arm;
    const ended: EndedTrial[] = [];
    for await (const record of records.read(units))
      if (hasBit(records.done, record.unit)) ended.push(endedOf(record));
    const arm = armOf(of, ended);
    this.#known.set(id, { key, arm });
    return arm;
  }
}

function endedOf(record: TrialRecord): EndedTrial {
  const { unit, result, telemetry } = record;
  const { startedAt, durationMs } = telemetry;
  const { metrics, outcome } = result;
  const endedAt = startedAt === null || durationMs === null ? null : startedAt + durationMs;
  return { unit, outcome: outcome.kind, metrics, startedAt, endedAt, error: errorOf(record) };
}

function armOf({ units, cancelled, ...arm }: Units, ended: readonly EndedTrial[]): SeriesArm {
  const failed = ended.filter(({ outcome }) => outcome === "failed");
  const isOver = ended.length + cancelled === units.length;
  const starts = ended.map(({ startedAt }) => startedAt);
  const ends = ended.map(({ endedAt }) => endedAt);
  const [first] = failed;
  return {
    ...arm,
    planned: units.length,
    ended,
    startedAt: areKnown(starts) ? Math.min(...starts) : null,
    endedAt: isOver && areKnown(ends) ? Math.max(...ends) : null,
    status: !isOver ? "pending" : failed.length > 0 ? "failed" : cancelled > 0 ? "cancelled" : "completed",
    error:
      first === undefined ? null : `${failed.length} of ${units.length} trials failed; first: ${first.error}`,
  };
}

/** Whether there are some, and all of them are known. */
function areKnown(times: readonly (number | null)[]): times is readonly number[] {
  return times.length > 0 && times.every((time) => time !== null);
}

/** The units of a job that were cancelled while the run went on, or before it. */
function cancelledOf(opened: OpenedPlan, run: RunManifest, job: number): readonly Uint8Array[] {
  return (run.cancelled ?? []).flatMap((each) => {
    const meant = meantTrials(opened, each);
    return typeof meant !== "string" && meant.job === job ? [meant.units] : [];
  });
}

/** Texts as they are, of "owner/model" the last part; other levels with their factor: "Ultimatum_small-model_rounds-10". */
function armNameOf(
  { planned, space }: OpenedExperiment,
  parameters: Readonly<Record<string, unknown>>,
  { isOne }: { readonly isOne: boolean },
): string {
  const levels = space.factors
    .filter(({ name }) => name in parameters)
    .map(({ name }) => {
      const level = parameters[name];
      if (typeof level !== "string") return `${name}-${JSON.stringify(level)}`;
      return level.slice(level.lastIndexOf("/") + 1) || name;
    });
  const parts = [...(isOne && levels.length > 0 ? [] : [planned.name]), ...levels];
  return folderName(parts.join("_"));
}

/** A text as the name of a folder: no separators, nothing that a shell or another system would stumble over. */
export function folderName(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}._=+-]+/gu, "-").replace(/^[.-]+/, "");
  return plain.slice(0, 100) || "arm";
}

function unlike(name: string, taken: Set<string>): string {
  let own = name;
  for (let count = 2; taken.has(own.toLowerCase()); count += 1) own = `${name}-${count}`;
  taken.add(own.toLowerCase());
  return own;
}
