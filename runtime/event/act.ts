// What a person, a page or a program did to a run under way: part of its events, and kept in its journal of acts.

/** Who asked: a command in a terminal, the live page, or a program on the control socket. */
export type ActOrigin = "terminal" | "page" | "program";

export type Act =
  /** What runs may end, nothing more starts; and the end of that. */
  | { readonly do: "pause" }
  | { readonly do: "unpause" }
  /** What runs may end and is kept, then the run ends: one Ctrl-C. */
  | { readonly do: "drain" }
  /** The run ends at once: a second Ctrl-C. */
  | { readonly do: "stop" }
  /** Worker threads from now on. */
  | { readonly do: "workers"; readonly workers: number }
  /** Trials of experiments with a higher number start first; 0 unless told. */
  | { readonly do: "priority"; readonly experiment: string; readonly priority: number }
  /** Trials that are not to run: those of an arm, or one. `replicates` had ended before without a gap, of `trials` left out. */
  | {
      readonly do: "cancel";
      readonly experiment: string;
      /** "discount=0.95, firms=2"; null when one trial was cancelled. */
      readonly arm: string | null;
      readonly trial: string | null;
      readonly trials: number;
      readonly replicates: number;
    }
  /** Failed trials that run again: of an arm, one, or all; with the words of a cause, those that failed with them. */
  | {
      readonly do: "retry";
      readonly experiment: string;
      readonly arm: string | null;
      readonly trial: string | null;
      readonly cause: string | null;
      readonly trials: number;
      readonly causes: readonly CauseCount[];
    };

/** Failures of one cause: its words without numbers and ids, and how many. */
export interface CauseCount {
  readonly words: string;
  readonly trials: number;
}

/** An act with who did it and when. */
export interface DoneAct {
  readonly act: Act;
  readonly origin: ActOrigin;
  /** Name of the user, as far as it was told. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** What a request that was sent twice has twice. */
  readonly key: string;
  /** Its place among the acts on the run, from 1. */
  readonly number: number;
}

/** An act as a sentence without its subject's name: "paused: what runs may end". */
export function actWords({ act, by, origin }: DoneAct): string {
  const from = `by ${by}${origin === "terminal" ? "" : ` (${origin})`}`;
  switch (act.do) {
    case "pause":
      return `paused ${from}: what runs ends, nothing more starts`;
    case "unpause":
      return `goes on after the pause, unpaused ${from}`;
    case "drain":
      return `stopped ${from}: what runs may end`;
    case "stop":
      return `stopped at once ${from}`;
    case "workers":
      return `${act.workers} ${act.workers === 1 ? "worker" : "workers"} from now on, set ${from}`;
    case "priority":
      return `${act.experiment} has priority ${act.priority}, set ${from}`;
    case "retry": {
      const { trials, experiment, arm, trial, cause } = act;
      const of = trial === null ? `${experiment}${arm === null ? "" : ` (${arm})`}` : `trial ${trial}`;
      const why = cause === null ? "" : `, which failed with "${cause}",`;
      return `${trials} failed ${trials === 1 ? "trial" : "trials"} of ${of}${why} ${trials === 1 ? "runs" : "run"} again, asked for ${from}`;
    }
    case "cancel": {
      const what = act.trial === null ? `${act.experiment} (${act.arm})` : `trial ${act.trial}`;
      const left = `${act.trials} ${act.trials === 1 ? "trial" : "trials"} left out`;
      return act.trial === null
        ? `${what} was cancelled ${from} after ${act.replicates} replicates: ${left}`
        : `${what} of ${act.experiment} was cancelled ${from}`;
    }
  }
}
