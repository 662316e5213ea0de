// What `lab watch` shows, as a function of where a run stands, the time and the width: counts, pace and end as a range, arms, what was
// spent and how full the limits are, causes of failure, what happened last.
import type { BudgetReading, Meter, ServiceReading } from "../../event/services.ts";
import { type RunState, runPaceOf } from "../../live/run-state.ts";
import { workerRoomOf } from "../../live/worker-room.ts";
import { plainLine } from "./plain-text.ts";
import { progressLines, type TableLimits } from "./progress-table.ts";
import { countWords, durationWords, fit, plural, rateWords } from "./words.ts";

const causesShown = 4;
const feedShown = 3;

/** All of it, at most `rows` lines of at most `columns`. */
export function watchLines(state: RunState, nowMs: number, limits: TableLimits): string[] {
  const running = state.jobs.filter(({ phase }) => phase === "running");
  const tail = [...limitLines(state), ...causeLines(state), ...feedLines(state)];
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
  const spent = state.budgets.filter(({ taken }) => taken > 0).map(budgetWords);
  return [...headLines(state, nowMs), ...spent].join("  ");
}

/** What calls have taken, and how full the gates of services are: what the live page shows under "Limits". */
function limitLines({ budgets, services }: RunState): string[] {
  const spent = budgets.filter(({ taken, most }) => taken > 0 || most !== null).map(budgetWords);
  return [
    ...(spent.length > 0 ? [`spent: ${spent.join(", ")}`] : []),
    ...services.flatMap((service) => [
      `${plainLine(service.service)}${noteWords(service)}`,
      gateLine(service),
    ]),
  ];
}

function budgetWords({ unit, taken, most }: BudgetReading): string {
  const words = (count: number): string =>
    unit === "usd" ? count.toFixed(count < 1 ? 4 : 2) : countWords(Math.round(count));
  return `${words(taken)}${most === null ? "" : ` of ${words(most)}`} ${unit === "usd" ? "USD" : unit}`;
}

function noteWords({ calls, waiting, share, outage, closedMs }: ServiceReading): string {
  const notes = [
    // Of an orchestrator: other services let one in at least.
    ...(calls.most === 0 && waiting > 0 && !outage.isDown ? ["no worker is free"] : []),
    ...(waiting > 0 ? [`${plural(waiting, "call")} ${waiting === 1 ? "waits" : "wait"}`] : []),
    ...(share < 0.995 ? [`slowed to ${Math.round(share * 100)}%, as it asked`] : []),
    ...(outage.isDown ? ["does not answer"] : []),
    ...(closedMs > 0 ? [`shut for ${durationWords(closedMs)}`] : []),
  ];
  return notes.length === 0 ? "" : `: ${notes.join(", ")}`;
}

function gateLine({ requests, tokens, calls, windowMs }: ServiceReading): string {
  const window = windowMs === 60_000 ? "a minute" : `in ${durationWords(windowMs)}`;
  const full = ({ taken, most }: Meter, unit: string): string =>
    `${countWords(Math.round(taken))}/${countWords(Math.round(most))} ${unit}`;
  return `  ${[
    full(calls, "calls at a time"),
    ...(requests === null ? [] : [`${full(requests, "requests")} ${window}`]),
    ...(tokens === null ? [] : [`${full(tokens, "tokens")} ${window}`]),
  ].join(", ")}`;
}

function headLines(state: RunState, nowMs: number): string[] {
  const { run, phase, startedAtMs, counts } = state;
  const since = startedAtMs === null ? "" : `  ${durationWords(nowMs - startedAtMs)}`;
  const failed = counts.failed > 0 ? `, ${countWords(counts.failed)} failed` : "";
  const reused = counts.reused > 0 ? `, ${countWords(counts.reused)} reused` : "";
  return [
    `${run ?? "no run yet"}  ${phase}${since}  ${plural(workerRoomOf(state).slots, "worker")}`,
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
