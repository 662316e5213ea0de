// How far trials of many steps are, in words: while they run, and as their last saved states say.
import type { RunEvent } from "../../event/event.ts";
import type { StoredCheckpoint } from "../../store/kept/checkpoints.ts";
import { plainLine } from "./plain-text.ts";
import { countWords, durationWords, fit, leftWords, rateWords, sizeWords } from "./words.ts";

export type TrialProgress = Extract<RunEvent, { type: "trial-progress" }>;

/** "  volatility=0.1, replicate 2  340,000/1,000,000 steps, 34%  50,100/s, 13 s left". */
export function progressLine(trial: TrialProgress, columns: number): string {
  const { done, total, perSecond, leftMs, replicate, condition } = trial;
  const share = total === 0 ? 100 : Math.floor((100 * done) / total);
  const pace =
    perSecond > 0
      ? `  ${rateWords(perSecond)}${leftMs === null || done >= total ? "" : `, ${leftWords(leftMs)}`}`
      : "";
  const levels = Object.entries(condition).map(([name, level]) => `${name}=${plainLine(textOf(level))}`);
  const whose = [...levels, `replicate ${replicate}`].join(", ");
  const steps = `${countWords(done)}/${countWords(total)} steps, ${share}%${pace}`;
  const room = Math.max(12, columns - steps.length - 4);
  return fit(`  ${fit(whose, room)}  ${steps}`, columns);
}

/** "3f2a...  step 340,000 of 1,000,000, saved 12 s ago (10.4 MB)". */
export function savedLine({ trial, steps, bytes, savedAt }: StoredCheckpoint, now: number): string {
  const at = steps === null ? "" : `step ${countWords(steps.done)} of ${countWords(steps.total)}, `;
  return `${trial}  ${at}saved ${durationWords(Math.max(0, now - savedAt))} ago (${sizeWords(bytes)})`;
}

function textOf(level: unknown): string {
  return typeof level === "object" ? JSON.stringify(level) : String(level);
}
