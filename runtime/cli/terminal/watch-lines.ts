// What `lab watch` shows, as a function of where a run stands, the time and the width: counts, pace and end as a range, arms, causes of
// failure, what happened last.
import { type RunState, runPaceOf } from "../../live/run-state.ts";
import { plainLine } from "./plain-text.ts";
import { progressLines, type TableLimits } from "./progress-table.ts";
import { countWords, durationWords, fit, plural, rateWords } from "./words.ts";

const causesShown = 4;
const feedShown = 3;

/** All of it, at most `rows` lines of at most `columns`. */
export function watchLines(state: RunState, nowMs: number, limits: TableLimits): string[] {
  const running = state.jobs.filter(({ phase }) => phase === "running");
  const tail = [...causeLines(state), ...feedLines(state)];
  const room = Math.max(running.length, limits.rows - 2 - tail.length);
  const rows = Math.max(1, Math.floor(room / Math.max(1, running.length)));
  const jobs = running.flatMap((job) =>
    progressLines(
      { ...job, perSecond: 0, runningMs: nowMs - job.startedAtMs },
      { columns: limits.columns, rows },
    ),
  );
  return [...headLines(state, nowMs), ...jobs, ...tail]
    .slice(0, limits.rows)
    .map((line) => fit(line, limits.columns));
}

/** One line for a pipe. */
export function watchLine(state: RunState, nowMs: number): string {
  return headLines(state, nowMs).join("  ");
}

function headLines(state: RunState, nowMs: number): string[] {
  const { run, phase, startedAtMs, counts, slots } = state;
  const since = startedAtMs === null ? "" : `  ${durationWords(nowMs - startedAtMs)}`;
  const failed = counts.failed > 0 ? `, ${countWords(counts.failed)} failed` : "";
  const reused = counts.reused > 0 ? `, ${countWords(counts.reused)} reused` : "";
  return [
    `${run ?? "no run yet"}  ${phase}${since}  ${plural(slots, "worker")}`,
    `${countWords(counts.done)}/${countWords(counts.total)} trials${reused}${failed}${paceWords(state, nowMs)}`,
  ];
}

function paceWords(state: RunState, nowMs: number): string {
  const pace = runPaceOf(state, nowMs);
  if (pace === null) return "";
  const { lowMs, highMs } = pace.left;
  const left = highMs === null ? `at least ${durationWords(lowMs)}` : rangeWords(lowMs, highMs);
  return `, ${rateWords(pace.perSecond)}, ${left} left`;
}

function rangeWords(lowMs: number, highMs: number): string {
  const [low, high] = [durationWords(lowMs), durationWords(highMs)];
  return low === high ? low : `${low} to ${high}`;
}

function causeLines({ causes, otherCauses }: RunState): string[] {
  if (causes.length === 0) return [];
  const rest = causes.slice(causesShown).reduce((sum, { count }) => sum + count, otherCauses);
  return [
    "without a measurement:",
    ...causes
      .slice(0, causesShown)
      .map(({ count, outcome, message }) => `  ${countWords(count)} ${outcome}: ${plainLine(message)}`),
    ...(rest > 0 ? [`  ${countWords(rest)} for other causes`] : []),
  ];
}

function feedLines({ feed }: RunState): string[] {
  return feed
    .slice(0, feedShown)
    .map(({ atMs, words }) => `${new Date(atMs).toISOString().slice(11, 19)} ${plainLine(words)}`);
}
