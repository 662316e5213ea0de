// The lines of live progress, as a function of counts and width: an arm a line, with done/total, reused, failed, rate and the
// time that is left. Pure, so that a terminal 60 columns wide is a test and not a hope.
import type { ArmCount } from "../../event/event.ts";
import { plainLine } from "./plain-text.ts";
import { countWords, durationWords, fit, leftWords, rateWords } from "./words.ts";

export interface JobProgress {
  readonly experiment: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly reused: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly arms: readonly ArmCount[];
  /** How long it has been running. */
  readonly runningMs: number;
}

export interface TableLimits {
  readonly columns: number;
  readonly rows: number;
}

/** One line for the job, then one for each arm as far as there is room; arms that do not fit are counted in a last line. */
export function progressLines(job: JobProgress, limits: TableLimits): string[] {
  const left = job.total - job.done;
  const pace =
    job.perSecond > 0
      ? `${rateWords(job.perSecond)}${left > 0 ? `, ${leftWords((left / job.perSecond) * 1000)}` : ""}`
      : job.runningMs < 1000
        ? "running"
        : `running for ${durationWords(job.runningMs)}`;
  const name = job.stage === "trial" ? job.experiment : `${job.experiment} · ${job.stage}`;
  const head = `${name}  ${counts(job)}  ${pace}`;
  const room = Math.max(0, limits.rows - 2);
  if (job.arms.length < 2 || room < 2) return [fit(head, limits.columns)];
  const arms = job.arms.map((arm) => ({ ...arm, label: plainLine(arm.label) }));
  const shown = arms.length <= room ? arms : busiest(arms, room - 1);
  const labelWidth = Math.min(
    Math.max(...shown.map((arm) => arm.label.length)),
    Math.max(12, limits.columns - 40),
  );
  const lines = shown.map((arm) => {
    const bar = limits.columns >= 76 ? `${barOf(arm.done / Math.max(1, arm.total), 16)}  ` : "";
    return fit(`  ${fit(arm.label, labelWidth).padEnd(labelWidth)}  ${bar}${counts(arm)}`, limits.columns);
  });
  const hidden = job.arms.length - shown.length;
  if (hidden > 0) lines.push(fit(`  and ${countWords(hidden)} more conditions`, limits.columns));
  return [fit(head, limits.columns), ...lines];
}

function counts(count: {
  readonly done: number;
  readonly total: number;
  readonly reused: number;
  readonly failed: number;
}): string {
  const reused = count.reused > 0 ? `, ${countWords(count.reused)} reused` : "";
  const failed = count.failed > 0 ? `, ${countWords(count.failed)} failed` : "";
  return `${countWords(count.done)}/${countWords(count.total)}${reused}${failed}`;
}

/** Arms that are under way first, then those with failures, then the rest in order. */
function busiest(arms: readonly ArmCount[], count: number): readonly ArmCount[] {
  const rank = (arm: ArmCount): number =>
    arm.done > arm.reused && arm.done < arm.total ? 0 : arm.failed > 0 ? 1 : arm.done < arm.total ? 2 : 3;
  return [...arms.keys()]
    .sort((a, b) => rank(arms[a]!) - rank(arms[b]!) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => arms[index]!);
}

function barOf(share: number, width: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
