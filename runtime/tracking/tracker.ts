// What a tracker is: a tool beside labwright that hears of a run while it goes on. Declared in `lab.config.ts`, called by the command; one
// that is away, slow or wrong changes neither the run nor its exit code.
import type { Listener } from "../event/event.ts";
import type { RunManifest } from "../store/store.ts";
import type { Conclude } from "./conclusions.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a tracker is handed of the project. */
export interface TrackingContext {
  /** Of the project. */
  readonly root: string;
  /** Of the command; credentials come from here alone. */
  readonly environment: Environment;
  readonly conclude: Conclude;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

export interface FollowContext extends TrackingContext {
  /** Hears, in words, of what was not delivered. */
  readonly onProblem: (words: string) => void;
}

export interface Followed {
  readonly listener: Listener;
  /** Tells the end (null: the run ended without a manifest); takes a bounded time and never rejects. */
  close(run: RunManifest | null): Promise<void>;
}

export interface SyncContext extends TrackingContext {
  readonly run: RunManifest;
  /** In place of what lab.config.ts says; null where nothing was said. */
  readonly uri: string | null;
  readonly experiment: string | null;
  readonly trials: number | "all" | null;
  /** Hears how many trials have been sent. */
  readonly onSent: (sent: number) => void;
}

export interface SyncedExperiment {
  readonly experiment: string;
  /** Id of its run on the server. */
  readonly run: string;
  readonly server: string;
  readonly trials: {
    readonly planned: number;
    readonly sent: number;
    readonly unchanged: number;
    /** Without a record, or beyond the number of trials that are shown. */
    readonly left: number;
  };
  /** What could not be sent, in words; empty where everything was. */
  readonly notes: readonly string[];
}

export interface Tracker {
  readonly kind: "labwright/tracker";
  /** "mlflow". */
  readonly name: string;
  /** What is wrong with its options. */
  readonly problems: readonly TrackerProblem[];
  follow(context: FollowContext): Followed;
  /** Sends a run that is stored; null for a tool that only hears of runs under way. */
  readonly sync: ((context: SyncContext) => Promise<readonly SyncedExperiment[]>) | null;
}

export interface TrackerProblem {
  readonly found: string;
  readonly expected: string;
}
