// What of a run's events is worth telling one notifier: a fold over events and the clock, without a timer or a network.
import type { ArmCount, RunEvent } from "../event/event.ts";
import type { Occasion } from "./notification.ts";
import type { Notifier } from "./notifier.ts";

/** Something to tell. */
export interface Occurrence {
  readonly occasion: Occasion;
  readonly level: "info" | "success" | "warning" | "failure";
  /** What has happened, without the run's name: "0.25 of the trials failed". */
  readonly words: string;
  readonly lines: readonly string[];
}

/** Trials that must have ended before a share of failures means something. */
const endedMin = 20;

interface JobCount {
  readonly done: number;
  readonly failed: number;
  readonly arms: ReadonlySet<string>;
}

export class RunWatch {
  readonly #notifier: Notifier;
  readonly #jobs = new Map<string, JobCount>();
  #lastEndMs: number;
  #isRunning = false;
  #isPaused = false;
  #toldFailures = false;
  #toldStall = false;

  constructor(notifier: Notifier, nowMs: number) {
    this.#notifier = notifier;
    this.#lastEndMs = nowMs;
  }

  /** What an event gives to tell. Ends of runs are told by the caller, who knows what was found. */
  heed(event: RunEvent, nowMs: number): readonly Occurrence[] {
    switch (event.type) {
      case "run-started": {
        this.#isRunning = true;
        this.#lastEndMs = nowMs;
        const { total, reused } = event.trials;
        const left = total - reused;
        const words = `started, ${left} ${left === 1 ? "trial" : "trials"}`;
        return this.#wanted({ occasion: "start", level: "info", words, lines: [] });
      }
      case "progress":
        return this.#progress(event, nowMs);
      case "act":
        if (event.act.do === "pause" || event.act.do === "unpause")
          this.#pause(event.act.do === "pause", nowMs);
        return [];
      case "run-finished":
        this.#isRunning = false;
        return [];
      default:
        return [];
    }
  }

  /** A run that is paused does not stall. */
  #pause(isPaused: boolean, nowMs: number): void {
    this.#isPaused = isPaused;
    this.#lastEndMs = nowMs;
  }

  /** What the passing of time gives to tell: that nothing has ended for long, once until something does. */
  tick(nowMs: number): readonly Occurrence[] {
    const { stalledMs } = this.#notifier;
    if (!this.#isRunning || this.#isPaused || this.#toldStall || nowMs - this.#lastEndMs < stalledMs)
      return [];
    this.#toldStall = true;
    const minutes = Math.round((nowMs - this.#lastEndMs) / 60_000);
    const words = `no trial has ended for ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
    return this.#wanted({ occasion: "stalled", level: "warning", words, lines: [] });
  }

  #progress(event: Extract<RunEvent, { type: "progress" }>, nowMs: number): readonly Occurrence[] {
    const key = `${event.experiment}\n${event.stage}`;
    const before = this.#jobs.get(key);
    if (before === undefined || event.done > before.done) {
      this.#lastEndMs = nowMs;
      this.#toldStall = false;
    }
    const complete = event.arms.filter(({ done, total }) => total > 0 && done >= total);
    const { done, failed } = event;
    this.#jobs.set(key, { done, failed, arms: new Set(complete.map(({ label }) => label)) });
    const fresh = complete.filter(({ label, total, reused }) => !before?.arms.has(label) && reused < total);
    return [...this.#arms(event, fresh), ...this.#failures()];
  }

  #arms({ experiment }: { readonly experiment: string }, arms: readonly ArmCount[]): readonly Occurrence[] {
    if (arms.length === 0) return [];
    const words = arms.length === 1 ? `an arm is complete` : `${arms.length} arms are complete`;
    const lines = arms.map(({ label, total, failed }) => {
      const without = failed > 0 ? `, ${failed} failed` : "";
      return `${experiment}: ${label === "" ? "the only condition" : label}, ${total} trials${without}`;
    });
    return this.#wanted({ occasion: "arm", level: "info", words, lines });
  }

  #failures(): readonly Occurrence[] {
    const counts = [...this.#jobs.values()];
    const done = counts.reduce((sum, job) => sum + job.done, 0);
    const failed = counts.reduce((sum, job) => sum + job.failed, 0);
    if (this.#toldFailures || done < endedMin || failed / done < this.#notifier.failureShare) return [];
    this.#toldFailures = true;
    const words = `${failed} of ${done} trials failed`;
    return this.#wanted({ occasion: "failures", level: "failure", words, lines: [] });
  }

  #wanted(occurrence: Occurrence): readonly Occurrence[] {
    return this.#notifier.on.includes(occurrence.occasion) ? [occurrence] : [];
  }
}
