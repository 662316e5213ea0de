// Joins a run to its notifiers: hears its events, keeps what every message says of it, and puts messages into their outboxes.
import type { Listener, RunEvent } from "../event/event.ts";
import { causeKeyOf } from "../live/cause.ts";
import type { Notification, Occasion, ToldMetric } from "./notification.ts";
import type { Environment, Notifier } from "./notifier.ts";
import { type Outbox, outboxOf } from "./outbox.ts";
import { type Occurrence, RunWatch } from "./run-watch.ts";

/** What the end of a run has found, for its last message. */
export interface RunFindings {
  readonly metrics: readonly ToldMetric[];
  readonly findings: readonly string[];
  readonly links: Notification["links"];
  readonly chart: Notification["chart"];
}

export const noFindings: RunFindings = { metrics: [], findings: [], links: [], chart: null };

export interface DeskOptions {
  readonly notifiers: readonly Notifier[];
  readonly project: string;
  readonly machine: string;
  readonly environment: Environment;
  readonly now: () => number;
  readonly redact: (text: string) => string;
  readonly onProblem: (words: string) => void;
}

export interface NotificationDesk {
  readonly listener: Listener;
  /** Whether the end of the run will be told to anyone, so that findings are worth computing. */
  wantsEnd(): boolean;
  /** Tells the end, and waits a bounded time until everything is delivered. */
  close(findings: RunFindings): Promise<void>;
}

const tickMs = 1000;
const graceMs = 20_000;
/** Causes of failures that are counted, and told. */
const causesMax = 200;
const causesTold = 5;

export function notificationDesk(options: DeskOptions): NotificationDesk {
  const { notifiers, now, environment, onProblem } = options;
  const startedMs = now();
  const tally = new Tally();
  const lines: readonly { notifier: Notifier; watch: RunWatch; outbox: Outbox }[] = notifiers.map(
    (notifier) => ({
      notifier,
      watch: new RunWatch(notifier, startedMs),
      outbox: outboxOf({ notifier, environment, onProblem }),
    }),
  );
  const tell = (occurrence: Occurrence, found: RunFindings): Notification => ({
    ...tally.told(),
    // An arm's own failures are counted in its line; those of the whole run would be taken for its own.
    ...(occurrence.occasion === "arm" && { failures: [] }),
    ...found,
    occasion: occurrence.occasion,
    level: occurrence.level,
    title: `${tally.experiments.join(", ") || options.project}: ${occurrence.words}`,
    lines: occurrence.lines,
    run: {
      id: tally.run,
      experiments: tally.experiments,
      project: options.project,
      machine: options.machine,
    },
    durationMs: now() - startedMs,
  });
  const put = (told: Notification, outbox: Outbox): void => outbox.put(redacted(told, options.redact));
  const timer = setInterval(() => {
    for (const { watch, outbox } of lines)
      for (const each of watch.tick(now())) put(tell(each, noFindings), outbox);
  }, tickMs).unref();
  return {
    listener(event) {
      tally.heed(event);
      for (const { watch, outbox } of lines)
        for (const each of watch.heed(event, now())) put(tell(each, noFindings), outbox);
    },
    wantsEnd: () => tally.end !== null && notifiers.some(({ on }) => endOf(on, tally.end) !== null),
    async close(findings) {
      clearInterval(timer);
      for (const { notifier, outbox } of lines) {
        const occasion = endOf(notifier.on, tally.end);
        if (occasion !== null) put(tell(tally.ending(occasion), findings), outbox);
      }
      await Promise.all(lines.map(({ outbox }) => outbox.close(graceMs)));
    },
  };
}

type RunEnd = Extract<RunEvent, { type: "run-finished" }>;

/** What the end of a run is to a notifier that hears of `on`: one message, also where it hears of both. */
function endOf(on: readonly Occasion[], end: RunEnd | null): Occasion | null {
  if (end === null) return null;
  if (end.status === "budget" && on.includes("budget")) return "budget";
  return on.includes("finish") ? "finish" : null;
}

/** What is known of the run so far. */
class Tally {
  run = "";
  experiments: readonly string[] = [];
  end: RunEnd | null = null;
  #total = 0;
  readonly #done = new Map<string, { readonly done: number; readonly failed: number }>();
  /** By cause: what unlike numbers and ids in one message do not divide. */
  readonly #causes = new Map<string, { readonly message: string; readonly count: number }>();
  #unmeasured = 0;

  heed(event: RunEvent): void {
    if (event.type === "run-started") {
      this.run = event.run;
      this.experiments = event.experiments;
      this.#total = event.trials.total;
    } else if (event.type === "progress" && event.stage === "trial") {
      this.#done.set(event.experiment, event);
    } else if (event.type === "trial-ended") {
      this.#unmeasured += 1;
      const key = causeKeyOf(event);
      const known = this.#causes.get(key);
      const message = known?.message ?? `${event.outcome}: ${event.message.split("\n", 1)[0]}`;
      if (known !== undefined || this.#causes.size < causesMax)
        this.#causes.set(key, { message, count: (known?.count ?? 0) + 1 });
    } else if (event.type === "run-finished" && this.run !== "") {
      // A run that had nothing to do never started, and is nothing to tell.
      this.end = event;
    }
  }

  told(): Pick<Notification, "status" | "trials" | "failures"> {
    const counts = [...this.#done.values()];
    const done = counts.reduce((sum, job) => sum + job.done, 0);
    const failed = counts.reduce((sum, job) => sum + job.failed, 0);
    const failures = [...this.#causes.values()].toSorted((a, b) => b.count - a.count).slice(0, causesTold);
    const trials = { done, total: this.#total, unmeasured: this.#unmeasured, failed };
    if (this.end === null) return { status: "running", trials, failures };
    const { status, unmeasured, failed: failedInAll } = this.end;
    return { status, trials: { ...trials, unmeasured, failed: failedInAll }, failures };
  }

  ending(occasion: Occasion): Occurrence {
    const end = this.end;
    if (end === null) throw new Error("the run has not ended");
    const { status, done, reused, unmeasured, failed, remaining, durationMs, next } = end;
    const words =
      status === "complete"
        ? `complete, ${counted(done, "trial")} in ${inWords(durationMs)}`
        : status === "budget"
          ? `stopped by its budget, ${counted(remaining, "trial")} left`
          : `${status}, ${counted(remaining, "trial")} left`;
    const lines = [
      ...(reused > 0 ? [`${reused} of earlier runs count as well.`] : []),
      ...(unmeasured > 0 ? [`${unmeasured} without a measurement, of these ${failed} failed.`] : []),
      `Next: ${next}`,
    ];
    const level = status === "complete" ? (failed > 0 ? "warning" : "success") : "warning";
    return { occasion, level: status === "aborted" ? "failure" : level, words, lines };
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** "6.5 s", "1 min 35 s", "2 h 3 min", as the run's closing line has it. */
function inWords(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Nothing secret leaves in a message: trials may have put it into an error. */
function redacted(told: Notification, redact: (text: string) => string): Notification {
  return {
    ...told,
    title: redact(told.title),
    lines: told.lines.map(redact),
    findings: told.findings.map(redact),
    failures: told.failures.map(({ message, count }) => ({ message: redact(message), count })),
  };
}
