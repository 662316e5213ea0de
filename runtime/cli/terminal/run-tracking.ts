// The trackers of a project's `lab.config.ts`, joined to one run of `lab run`. Nothing that goes wrong here reaches the run.
import type { Listener } from "../../event/event.ts";
import { redactorOf } from "../../record/redact.ts";
import type { RunManifest } from "../../store/store.ts";
import type { Conclusions } from "../../tracking/conclusions.ts";
import type { Tracker, TrackingContext } from "../../tracking/tracker.ts";
import { plainText } from "./plain-text.ts";
import { say } from "./say.ts";

export interface RunTracking {
  readonly listener: Listener;
  /** Tells how the run ended; null when it ended without a manifest. Takes a bounded time. */
  close(run: RunManifest | null): Promise<void>;
}

export function runTrackingOf(trackers: readonly Tracker[], root: string): RunTracking {
  if (trackers.length === 0) return { listener() {}, async close() {} };
  const context = trackingContextOf(root);
  const onProblem = (words: string): void =>
    say(process.stderr, `warning: ${plainText(context.redact(words))}`);
  const followed = trackers.map((tracker) => tracker.follow({ ...context, onProblem }));
  return {
    listener(event) {
      for (const { listener } of followed) listener(event);
    },
    async close(run) {
      await Promise.all(followed.map((each) => each.close(run)));
    },
  };
}

/** What every tracker of a command is handed; conclusions are made once, whoever asks. */
export function trackingContextOf(root: string): TrackingContext {
  let concluded: Promise<Conclusions> | null = null;
  return {
    root,
    environment: process.env,
    redact: redactorOf(process.env),
    conclude(run) {
      concluded ??= import("./run-conclusions.ts").then((module) => module.runConclusionsOf(root, run));
      return concluded;
    },
  };
}
