// Four ways to listen to a run: a live table on a terminal, plain lines in a pipe, JSON lines for programs, and quiet.
// What a person reads goes to standard error; standard output is left for results and --json.
import pc from "picocolors";
import { actWords } from "../../event/act.ts";
import type { Listener, RunEvent } from "../../event/event.ts";
import { causeKeyOf } from "../../live/cause.ts";
import { isUnfinished } from "../../record/outcome.ts";
import { drawing } from "./drawing.ts";
import { plainLine, plainText } from "./plain-text.ts";
import { type JobProgress, progressLines } from "./progress-table.ts";
import { say } from "./say.ts";
import { SteppingTrials } from "./stepping-trials.ts";
import { progressLine } from "./steps-words.ts";
import { trialWords } from "./trial-words.ts";
import { countWords, durationWords, fit, leftWords, plural, rateWords } from "./words.ts";

/** Plain lines come at most this often, so that a log of a long run stays readable. */
const plainIntervalMs = 5_000;
/** At most this many trials without a measurement are printed one by one; the rest are counted. */
const unmeasuredShown = 10;
/** Trials of many steps that are shown at once. */
const steppingShown = 8;
/** A line of a log may be as long as this. */
const plainColumns = 160;

/** Chooses the listener for the options and the terminal at hand. */
export function listenerFor(
  options: { readonly json: boolean; readonly quiet: boolean },
  now: () => number,
): Listener {
  if (options.json) return (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  if (options.quiet) return quietListener();
  return process.stderr.isTTY ? liveListener(now) : plainListener(now);
}

function quietListener(): Listener {
  return (event) => {
    if (event.type === "notice" && event.level === "warning") say(process.stderr, plainText(event.text));
  };
}

/** Text for events that every human listener prints the same way; null for those that it draws itself. */
function lineOf(event: RunEvent): string | null {
  switch (event.type) {
    case "run-started": {
      const { run, trials, stageUnits, experiments, workers } = event;
      const reused = trials.reused + stageUnits.reused;
      const counts = [
        plural(trials.total, "trial"),
        ...(stageUnits.total > 0 ? [plural(stageUnits.total, "stage unit")] : []),
      ];
      const done = reused > 0 ? `, ${countWords(reused)} already done` : "";
      return `run ${run}: ${counts.join(" and ")} of ${experiments.join(", ")}${done}${workers === null ? "" : `; ${plural(workers, "worker")}`}`;
    }
    case "trial-ended": {
      const of = event.stage === "trial" ? event.experiment : `${event.experiment} · ${event.stage}`;
      const replay = isUnfinished(event.outcome) ? "" : `\n  replay: ${event.replay}`;
      return `${pc.yellow(event.outcome)}: ${trialWords({ ...event, of })}: ${plainText(event.message)}${replay}`;
    }
    case "trial-retried":
      return `${pc.yellow(`failed, tried again (${event.attempt} of ${event.most})`)}: ${trialWords({ ...event, of: event.experiment })} (${event.reason}): ${fit(plainLine(event.message), 300)}`;
    case "notice":
      return event.level === "warning"
        ? `${pc.yellow("warning:")} ${plainText(event.text)}`
        : plainText(event.text);
    case "act":
      return plainText(actWords(event));
    case "draining":
      return `${event.reason}: finishing what runs; press Ctrl-C again to stop at once`;
    default:
      return null;
  }
}

/** Passes events on: of trials without a measurement the first ones, with all of their words once for each cause. */
function unmeasuredFilter(): (event: RunEvent) => RunEvent | null {
  let shown = 0;
  const causes = new Set<string>();
  return (event) => {
    if (event.type !== "trial-ended") return event;
    // That the budget is spent has been told, and these run again.
    if (event.outcome === "budget-stopped") return null;
    shown += 1;
    if (shown === unmeasuredShown + 1)
      say(
        process.stderr,
        "further trials without a measurement are counted, not printed; `lab status` lists them",
      );
    if (shown > unmeasuredShown) return null;
    const cause = causeKeyOf(event);
    if (causes.has(cause)) return { ...event, message: event.message.split("\n", 1)[0] ?? "" };
    causes.add(cause);
    return event;
  };
}

/** A job that has begun, and since when. */
interface Begun {
  readonly name: string;
  readonly reused: number;
  readonly total: number;
  readonly sinceMs: number;
}

function plainListener(now: () => number): Listener {
  const wanted = unmeasuredFilter();
  let last = now();
  // Until the first trial of a job ends there is no progress to tell, only that it goes on.
  const silent = new Map<string, Begun>();
  const stepping = new SteppingTrials();
  const timer = setInterval(() => {
    for (const trial of stepping.first(steppingShown))
      say(process.stderr, progressLine(trial, plainColumns).trimStart());
    for (const { name, reused, total, sinceMs } of silent.values())
      say(
        process.stderr,
        `${name}: ${countWords(reused)}/${countWords(total)}, running for ${durationWords(now() - sinceMs)}`,
      );
  }, plainIntervalMs).unref();
  return (event) => {
    if (event.type === "job-started" && event.reused < event.total)
      silent.set(jobKey(event), {
        name: jobName(event),
        reused: event.reused,
        total: event.total,
        sinceMs: now(),
      });
    if (event.type === "progress" || event.type === "job-finished") silent.delete(jobKey(event));
    if (event.type === "run-finished") clearInterval(timer);
    stepping.hear(event);
    const told = wanted(event);
    const line = told === null ? null : lineOf(told);
    if (line !== null) say(process.stderr, line);
    if (event.type === "progress" && now() - last >= plainIntervalMs) {
      last = now();
      const pace =
        event.perSecond > 0
          ? `, ${rateWords(event.perSecond)}, ${leftWords(((event.total - event.done) / event.perSecond) * 1000)}`
          : "";
      const failed = event.failed > 0 ? `, ${countWords(event.failed)} failed` : "";
      say(
        process.stderr,
        `${jobName(event)}: ${countWords(event.done)}/${countWords(event.total)}${failed}${pace}`,
      );
    }
  };
}

/** How often the time that a job has been running is drawn anew. */
const clockMs = 1000;

function liveListener(now: () => number): Listener {
  const wanted = unmeasuredFilter();
  const jobs = new Map<string, Omit<JobProgress, "runningMs"> & { readonly sinceMs: number }>();
  const stepping = new SteppingTrials();
  const redraw = (): void => {
    const columns = process.stderr.columns || 80;
    const rows = (process.stderr.rows ?? 24) - 1;
    const steps = stepping.first(Math.min(steppingShown, Math.floor(rows / 3)));
    const each = Math.max(2, Math.floor((rows - steps.length) / Math.max(1, jobs.size)));
    const drawn = [...jobs.values()].map((job) => ({ ...job, runningMs: now() - job.sinceMs }));
    const lines = drawn.flatMap((job) => progressLines(job, { columns, rows: each }));
    drawing.draw([...lines, ...steps.map((trial) => progressLine(trial, columns))].join("\n"));
  };
  const timer = setInterval(() => {
    if (jobs.size > 0) redraw();
  }, clockMs).unref();
  return (event) => {
    stepping.hear(event);
    const told = wanted(event);
    const line = told === null ? null : lineOf(told);
    if (line !== null) say(process.stderr, line);
    if (event.type === "job-started" && event.reused < event.total) {
      jobs.set(jobKey(event), {
        ...event,
        done: event.reused,
        failed: 0,
        perSecond: 0,
        arms: [],
        sinceMs: now(),
      });
      redraw();
    } else if (event.type === "progress") {
      const reused = event.arms.reduce((total, arm) => total + arm.reused, 0);
      const sinceMs = jobs.get(jobKey(event))?.sinceMs ?? now();
      jobs.set(jobKey(event), { ...event, reused, sinceMs });
      redraw();
    } else if (event.type === "job-finished") {
      drawing.done();
      jobs.delete(jobKey(event));
    } else if (event.type === "run-finished") {
      clearInterval(timer);
      drawing.done();
    } else if (event.type === "trial-progress" && jobs.size > 0) {
      redraw();
    }
  };
}

interface OfJob {
  readonly experiment: string;
  readonly stage: string;
}

function jobKey({ experiment, stage }: OfJob): string {
  return `${experiment}\n${stage}`;
}

function jobName({ experiment, stage }: OfJob): string {
  return stage === "trial" ? experiment : `${experiment} · ${stage}`;
}
