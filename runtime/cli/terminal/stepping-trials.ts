// The trials of many steps that are under way, in the order in which they began.
import type { RunEvent } from "../../event/event.ts";
import type { TrialProgress } from "./steps-words.ts";

export class SteppingTrials {
  readonly #trials = new Map<string, TrialProgress>();

  hear(event: RunEvent): void {
    if (event.type === "trial-progress") {
      if (event.done >= event.total) this.#trials.delete(event.trial);
      else this.#trials.set(event.trial, event);
    } else if (event.type === "trial-ended") this.#trials.delete(event.trial);
    else if (event.type === "job-finished")
      for (const [id, { experiment, stage }] of this.#trials)
        if (experiment === event.experiment && stage === event.stage) this.#trials.delete(id);
  }

  first(count: number): readonly TrialProgress[] {
    return [...this.#trials.values()].slice(0, count);
  }
}
