// What is shown of a run at one moment, computed from its columns and from what its process tells. The same records give the same moment.

import type { KeptTelling } from "../../control/kept-telling.ts";
import type { RunPace } from "../../live/pace.ts";
import type { RunState } from "../../live/run-state.ts";
import { type WorkerRoom, workerRoomOf } from "../../live/worker-room.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { msOf, ranAt } from "../../record/known-times.ts";
import { isFailure, isUnfinished, notRunCode } from "../../record/outcome.ts";
import type { Arm, Counts, EndedTrial, RunMoment, RunStatus, UsedView } from "../view-data.ts";
import { type ArmSequences, armSequences, ruleViewOf } from "./arm-intervals.ts";
import { metricValueAt, stateOf } from "./cells.ts";
import { causeLinesOf } from "./failures.ts";
import { limitedBy } from "./limited-by.ts";
import type { RunTables, TrialColumns } from "./run-tables.ts";

/** Arms beyond these are counted only. */
const armsMax = 200;
const latestMax = 8;

export interface Shown {
  readonly experiment: string;
  readonly metric: string | null;
}

/** What the process of a run tells beside its records. */
export interface LiveFacts {
  readonly status: RunStatus;
  readonly pace: RunPace | null;
  readonly state: RunState | null;
  /** What an earlier process of the run told, where none does now. */
  readonly kept: KeptTelling | null;
  readonly shut: string | null;
  readonly nowMs: number;
}

/** What follows from the records alone; computed once a reading. */
export interface RecordedMoment
  extends Pick<
    RunMoment,
    "counts" | "jobs" | "intervals" | "arms" | "armCount" | "rule" | "causes" | "latest"
  > {
  /** Sums of what the trials that this run ran itself used, by name. */
  readonly used: ReadonlyMap<string, number>;
}

export function recordedMoment(tables: RunTables, shown: Shown): RecordedMoment {
  const columns = columnsOf(tables, shown.experiment);
  const rule = columns.opened.planned.replicates.until;
  const sequences =
    shown.metric === null ? null : armSequences(columns.table, shown.metric, rule, columns.cancelled);
  const arms = armsOf(columns, sequences);
  return {
    counts: sumOf(tables.jobs.filter(({ stage }) => stage === "trial")),
    jobs: tables.jobs,
    intervals: sequences?.facts ?? null,
    arms: arms.slice(0, armsMax),
    armCount: arms.length,
    rule: rule === null ? null : ruleViewOf(columns, rule),
    causes: causeLinesOf(tables.experiments).slice(0, 6),
    latest: latestOf(columns, shown.metric),
    used: usedSums(tables),
  };
}

const noRoom: WorkerRoom = { slots: 0, asked: 0, most: null };

/** The records' moment with what the run's process tells. */
export function momentOf({ run }: RunTables, recorded: RecordedMoment, live: LiveFacts): RunMoment {
  const ran = ranAt(run.provenance);
  const endedMs = run.provenance.finishedAt === null ? live.nowMs : msOf(ran.finishedAt);
  const all = sumOf(recorded.jobs);
  const told = live.state ?? live.kept;
  return {
    ...recorded,
    status: live.status,
    finishedAt: run.provenance.finishedAt,
    elapsedMs: elapsedOf(msOf(ran.startedAt), endedMs),
    pace: paceView(live, all),
    used: usedOf(recorded.used, all, live),
    workers: told?.workers ?? [],
    diskFreeMb: told?.diskFreeMb ?? null,
    room: live.state === null ? noRoom : workerRoomOf(live.state),
    feed: told?.feed ?? [],
    underWay: (live.state?.underWay ?? [])
      .filter(({ heardAtMs }) => live.nowMs - heardAtMs < 5000)
      .map(({ trial, condition, replicate, host, done, total, leftMs }) => ({
        trial,
        condition,
        replicate,
        host,
        done,
        total,
        leftMs,
      })),
    ...limitsOf(live),
    acts: live.state?.acts ?? 0,
    shut: live.shut,
  };
}

/** In whole seconds; null where nobody knows. */
function elapsedOf(startedMs: number | null, endedMs: number | null): number | null {
  if (startedMs === null || endedMs === null) return null;
  return Math.max(0, Math.round((endedMs - startedMs) / 1000) * 1000);
}

function limitsOf({ state, status }: LiveFacts): Pick<RunMoment, "services" | "budgets" | "limitedBy"> {
  if (state === null) return { services: [], budgets: [], limitedBy: null };
  const { services, budgets } = state;
  return { services, budgets, limitedBy: status === "running" ? limitedBy(state) : null };
}

/** The columns of the experiment of that name, or of the first. */
export function columnsOf(tables: RunTables, experiment: string): TrialColumns {
  const found = tables.experiments.find(({ table }) => table.experiment.name === experiment);
  const columns = found ?? tables.experiments[0];
  if (columns === undefined) throw new Error(`run ${tables.run.id} has no trials`);
  return columns;
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (pick: (count: Counts) => number): number =>
    counts.reduce((total, count) => total + pick(count), 0);
  return {
    total: sum(({ total }) => total),
    done: sum(({ done }) => done),
    reused: sum(({ reused }) => reused),
    failed: sum(({ failed }) => failed),
    otherwise: sum(({ otherwise }) => otherwise),
    interrupted: sum(({ interrupted }) => interrupted),
  };
}

function armsOf({ table, cancelled }: TrialColumns, sequences: ArmSequences | null): readonly Arm[] {
  const used = Object.entries(table.telemetry);
  const arms = table.conditions.map((condition, index) => ({
    index,
    condition,
    total: 0,
    done: 0,
    failed: 0,
    otherwise: 0,
    interrupted: 0,
    used: Object.fromEntries(used.map(([name]) => [name, 0])) as Record<string, number>,
  }));
  for (let row = 0; row < table.rows; row += 1) {
    const arm = arms[table.condition[row]!]!;
    const code = table.outcome[row]!;
    arm.total += 1;
    if (code === notRunCode) continue;
    for (const [name, values] of used) arm.used[name]! += values[row]! || 0;
    if (isUnfinished(code)) arm.interrupted += 1;
    else {
      arm.done += 1;
      if (isFailure(code)) arm.failed += 1;
      else if (code !== 0) arm.otherwise += 1;
    }
  }
  const complete = sequences?.facts.complete ?? 0;
  return arms
    .filter(({ total }) => total > 0)
    .map((arm) => {
      const own = sequences?.arms[arm.index];
      const step = own?.stepAt(complete) ?? null;
      const earlier = own?.stepAt(Math.floor(complete / 4)) ?? null;
      return {
        ...arm,
        isCancelled: cancelled.has(arm.index),
        n: own?.countAt(complete) ?? 0,
        mean: step?.mean ?? own?.mean ?? null,
        low: step?.low ?? null,
        high: step?.high ?? null,
        before: earlier === null ? null : ([earlier.low, earlier.high] as const),
      };
    });
}

function paceView({ pace, status }: LiveFacts, counts: Counts): RunMoment["pace"] {
  if (pace === null || status !== "running" || counts.done >= counts.total) return null;
  const { perSecond, left } = pace;
  return { perSecond, lowMs: left.lowMs, highMs: left.highMs };
}

/** What a sum over trials says nothing of. */
const noSums: ReadonlySet<string> = new Set(["peakMemoryMb", "latencyMs"]);

/** Over the trials that this run ran itself: what it spent, not what its results once cost. */
function usedSums({ experiments }: RunTables): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { table, reused } of experiments)
    for (const [name, values] of Object.entries(table.telemetry)) {
      if (noSums.has(name)) continue;
      let sum = sums.get(name) ?? 0;
      for (let row = 0; row < table.rows; row += 1)
        if (reused[row] === 0 && !Number.isNaN(values[row]!)) sum += values[row]!;
      sums.set(name, sum);
    }
  return sums;
}

function usedOf(sums: ReadonlyMap<string, number>, all: Counts, live: LiveFacts): readonly UsedView[] {
  const own = all.done - all.reused;
  const left = all.total - all.done;
  return [...sums].map(([name, sum]) => {
    const each = own > 0 ? sum / own : 0;
    const isOpen = live.status === "running" && own >= 10 && left > 0;
    return {
      name,
      sum,
      perMinute: live.pace === null ? null : each * live.pace.perSecond * 60,
      // One more standard error of a sum of unlike trials is not known here: a tenth either way.
      forecast: isOpen ? ([sum + each * left * 0.9, sum + each * left * 1.1] as const) : null,
    };
  });
}

function latestOf(columns: TrialColumns, metric: string | null): readonly EndedTrial[] {
  const { table, endedAtMs, opened } = columns;
  const latest: number[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const at = endedAtMs[row]!;
    if (Number.isNaN(at)) continue;
    if (latest.length === latestMax && at <= endedAtMs[latest.at(-1)!]!) continue;
    const place = latest.findIndex((other) => endedAtMs[other]! < at);
    latest.splice(place < 0 ? latest.length : place, 0, row);
    if (latest.length > latestMax) latest.pop();
  }
  const { job } = trialOf(opened);
  return latest.map((row) => ({
    id: idOfUnit({
      job,
      unit: columns.unitOf(row),
      space: opened.space,
      replicates: opened.planned.replicates,
    }),
    condition: table.conditions[table.condition[row]!]!,
    outcome: stateOf(columns, row),
    value: metric === null ? null : metricValueAt(table, metric, row),
    durationMs: table.durationMs[row]!,
  }));
}
