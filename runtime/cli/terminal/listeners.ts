// Four ways to listen to a run: a live table on a terminal, plain lines in a pipe, JSON lines for programs, and quiet.
// What a person reads goes to standard error; standard output is left for results and --json.
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { Listener, RunEvent } from "../../event/event.ts";
import { type JobProgress, progressLines } from "./progress-table.ts";
import { countWords, durationWords, plural, rateWords } from "./words.ts";

/** Plain lines come at most this often, so that a log of a long run stays readable. */
const plainIntervalMs = 5_000;
/** At most this many trials without a measurement are printed one by one; the rest are counted. */
const unmeasuredShown = 10;

/** Chooses the listener for the options and the terminal at hand. */
export function listenerFor(
  options: { readonly json: boolean; readonly quiet: boolean },
  now: () => number,
): Listener {
  if (options.json) return (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  if (options.quiet) return quietListener();
  return process.stderr.isTTY ? liveListener() : plainListener(now);
}

function quietListener(): Listener {
  return (event) => {
    if (event.type === "notice" && event.level === "warning") process.stderr.write(`${event.text}\n`);
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
      return `run ${run}: ${counts.join(" and ")} of ${experiments.join(", ")}${done}; ${plural(workers, "worker")}`;
    }
    case "trial-ended": {
      const label = Object.entries(event.condition)
        .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`)
        .join(", ");
      return `${pc.yellow(event.outcome)}: ${event.experiment}${event.stage === "trial" ? "" : ` · ${event.stage}`} (${label}; replicate ${event.replicate}): ${event.message}\n  replay: ${event.replay}`;
    }
    case "notice":
      return event.level === "warning" ? `${pc.yellow("warning:")} ${event.text}` : event.text;
    case "draining":
      return `${event.reason}: finishing what runs; press Ctrl-C again to stop at once`;
    default:
      return null;
  }
}

function unmeasuredFilter(): (event: RunEvent) => boolean {
  let shown = 0;
  return (event) => {
    if (event.type !== "trial-ended") return true;
    shown += 1;
    if (shown === unmeasuredShown + 1)
      process.stderr.write(
        "further trials without a measurement are counted, not printed; `lab status` lists them\n",
      );
    return shown <= unmeasuredShown;
  };
}

function plainListener(now: () => number): Listener {
  const wanted = unmeasuredFilter();
  let last = now();
  return (event) => {
    if (!wanted(event)) return;
    const line = lineOf(event);
    if (line !== null) process.stderr.write(`${line}\n`);
    if (event.type === "progress" && now() - last >= plainIntervalMs) {
      last = now();
      const left =
        event.perSecond > 0
          ? `, ${durationWords(((event.total - event.done) / event.perSecond) * 1000)} left`
          : "";
      const failed = event.failed > 0 ? `, ${countWords(event.failed)} failed` : "";
      process.stderr.write(
        `${event.experiment}${event.stage === "trial" ? "" : ` · ${event.stage}`}: ${countWords(event.done)}/${countWords(event.total)}${failed}, ${rateWords(event.perSecond)}${left}\n`,
      );
    }
  };
}

function liveListener(): Listener {
  const wanted = unmeasuredFilter();
  const live = createLogUpdate(process.stderr);
  const jobs = new Map<string, JobProgress>();
  const redraw = (): void => {
    const columns = process.stderr.columns ?? 80;
    const rows = (process.stderr.rows ?? 24) - 1;
    const each = Math.max(2, Math.floor(rows / Math.max(1, jobs.size)));
    live([...jobs.values()].flatMap((job) => progressLines(job, { columns, rows: each })).join("\n"));
  };
  return (event) => {
    if (!wanted(event)) return;
    const line = lineOf(event);
    if (line !== null) {
      live.clear();
      process.stderr.write(`${line}\n`);
    }
    if (event.type === "progress") {
      const reused = event.arms.reduce((total, arm) => total + arm.reused, 0);
      jobs.set(`${event.experiment}\n${event.stage}`, { ...event, reused });
      redraw();
    } else if (event.type === "job-finished") {
      live.done();
      jobs.delete(`${event.experiment}\n${event.stage}`);
    } else if (event.type === "run-finished") {
      live.done();
    } else if (line !== null && jobs.size > 0) {
      redraw();
    }
  };
}
