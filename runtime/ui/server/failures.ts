// What has no measurement, grouped by cause, with counts by arm and whether the losses are uneven enough to bias a mean.

import { chiSquaredUpper } from "../../../lib/stats/distribution/chi-squared.ts";
import { causeKeyOf } from "../../live/cause.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { outcomeKindOf } from "../../record/outcome.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { FailureGroup, FailuresView } from "../detail-data.ts";
import type { CauseLine } from "../view-data.ts";
import { stateOf } from "./cells.ts";
import { ownPlaceOf } from "./own-frames.ts";
import type { TrialColumns } from "./run-tables.ts";

const groupsMax = 50;
const examplesMax = 20;

interface Group {
  readonly key: string;
  readonly kind: string;
  readonly message: string;
  readonly rows: number[];
}

/** Groups of one experiment, largest first. */
function groupsOf(columns: TrialColumns): readonly Group[] {
  const { table } = columns;
  const groups = new Map<string, Group>();
  for (const [row, message] of table.message) {
    const code = table.outcome[row]!;
    const outcome = outcomeKindOf(code) ?? "failed";
    const kind = stateOf(columns, row);
    const words = { stage: "trial", outcome, message: `${kind}: ${message}` } as const;
    const key = causeKeyOf({ experiment: table.experiment.name, ...words });
    const group = groups.get(key);
    if (group !== undefined) group.rows.push(row);
    else groups.set(key, { key, kind, message: firstLineOf(message), rows: [row] });
  }
  return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length);
}

/** Causes of all experiments, most frequent first. */
export function causeLinesOf(experiments: readonly TrialColumns[]): readonly CauseLine[] {
  return experiments
    .flatMap((columns) =>
      groupsOf(columns).map(({ key, kind, message, rows }) => ({
        key,
        kind,
        message,
        experiment: columns.table.experiment.name,
        count: rows.length,
      })),
    )
    .sort((a, b) => b.count - a.count);
}

/** Rows of one cause; empty for a key that there is not. */
export function rowsOfCause(columns: TrialColumns, key: string): readonly number[] {
  return groupsOf(columns).find((group) => group.key === key)?.rows ?? [];
}

/** `recordOf` reads the record of a unit, for its stack; places are told from the project's folder on. */
export async function failuresOf(
  columns: TrialColumns,
  of: { readonly recordOf: (unit: number) => Promise<TrialRecord | null>; readonly root: string },
): Promise<FailuresView> {
  const { table, endedAtMs, opened } = columns;
  const all = groupsOf(columns);
  const { job } = trialOf(opened);
  const { space, planned } = opened;
  const groups: FailureGroup[] = [];
  for (const { key, kind, message, rows } of all.slice(0, groupsMax)) {
    const byArm: Record<number, number> = {};
    for (const row of rows) byArm[table.condition[row]!] = (byArm[table.condition[row]!] ?? 0) + 1;
    const outcome = (await of.recordOf(columns.unitOf(rows[0]!)))?.result.outcome;
    const times = rows.map((row) => endedAtMs[row]!).filter((at) => !Number.isNaN(at));
    groups.push({
      key,
      kind,
      message,
      frame: outcome?.kind === "failed" ? ownFrameOf(outcome.stack, of.root) : null,
      count: rows.length,
      byArm,
      examples: rows
        .slice(0, examplesMax)
        .map((row) => idOfUnit({ job, unit: columns.unitOf(row), space, replicates: planned.replicates })),
      firstMs: times.length === 0 ? null : times.reduce((least, at) => Math.min(least, at)),
      lastMs: times.length === 0 ? null : times.reduce((most, at) => Math.max(most, at)),
    });
  }
  const counts = countsByArm(columns);
  return {
    experiment: table.experiment.name,
    unmeasured: table.message.size,
    failed: counts.failed.reduce((sum, count) => sum + count, 0),
    done: counts.done.reduce((sum, count) => sum + count, 0),
    groups,
    others: all.slice(groupsMax).reduce((sum, { rows }) => sum + rows.length, 0),
    conditions: table.conditions,
    uneven: unevenWords(columns, counts),
  };
}

interface ArmLosses {
  readonly done: readonly number[];
  readonly lost: readonly number[];
  readonly failed: readonly number[];
}

function countsByArm({ table }: TrialColumns): ArmLosses {
  const zeros = (): number[] => table.conditions.map(() => 0);
  const [done, lost, failed] = [zeros(), zeros(), zeros()];
  for (let row = 0; row < table.rows; row += 1) {
    const kind = outcomeKindOf(table.outcome[row]!);
    if (kind === null || kind === "cancelled" || kind === "budget-stopped") continue;
    const arm = table.condition[row]!;
    done[arm]! += 1;
    if (kind !== "measured") lost[arm]! += 1;
    if (kind === "failed") failed[arm]! += 1;
  }
  return { done, lost, failed };
}

/** A sentence where a test of equal shares of losses says that they are not equal. */
function unevenWords({ table }: TrialColumns, { done, lost }: ArmLosses): string | null {
  if (evenP(done, lost) >= 0.01) return null;
  const shares = done.map((count, arm) => (count === 0 ? 0 : lost[arm]! / count));
  const worst = shares.indexOf(Math.max(...shares));
  const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)]!;
  const label = Object.entries(table.conditions[worst]!)
    .filter(([name]) => table.experiment.factors.some((factor) => factor.name === name))
    .map(([name, level]) => `${name} ${typeof level === "string" ? level : JSON.stringify(level)}`)
    .join(", ");
  return `${label} lost ${percent(shares[worst]!)} of its trials, the median arm ${percent(median)}. Its mean is over the trials that went well; the report bounds what the missing ones could change.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}

function firstLineOf(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 300);
}

/** The first place of a stack that is the author's. */
function ownFrameOf(stack: string | null, root: string): string | null {
  for (const line of (stack ?? "").split("\n")) {
    const place = ownPlaceOf(line);
    if (place !== null) return place.replaceAll(`${root}/`, "");
  }
  return null;
}

/** p of Pearson's test that all arms lose the same share; 1 where nothing, or everything, is lost. */
function evenP(done: readonly number[], lost: readonly number[]): number {
  const all = done.reduce((sum, count) => sum + count, 0);
  const share = lost.reduce((sum, count) => sum + count, 0) / Math.max(1, all);
  const arms = done.filter((count) => count > 0).length;
  if (share === 0 || share === 1 || arms < 2) return 1;
  const statistic = done.reduce(
    (sum, count, arm) =>
      count === 0 ? sum : sum + (lost[arm]! - count * share) ** 2 / (count * share * (1 - share)),
    0,
  );
  return chiSquaredUpper(statistic, arms - 1);
}
