// What a run may be told, with every default filled in at this one door.
import { availableParallelism } from "node:os";
import type { Listener } from "../event/event.ts";
import type { Selection } from "../plan/selection.ts";
import { everything } from "../plan/selection.ts";
import { type RunPorts, runPortsOf } from "./ports.ts";

export interface RunOptions {
  /** Absolute path of the project. */
  readonly root: string;
  readonly selection: Selection;
  /** Levels that replace those of the file, by parameter. */
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  /** Where trials run, and who performs their effects. */
  readonly ports: RunPorts;
  /** Worker threads. */
  readonly threads: number;
  readonly name: string | null;
  /** Run again what is recorded. */
  readonly force: boolean;
  /** Count results of earlier code as current. */
  readonly accept: boolean;
  readonly failFast: boolean;
  /** Stop when more have failed: a share below 1 or a number; null for never. */
  readonly failOnError: number | null;
  readonly retryErrors: boolean;
  readonly timeoutMs: number | null;
  readonly memoryMb: number | null;
  readonly listener: Listener;
  /** Draining begins when the first aborts; running trials are cut off when the second does. */
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
  /** Asked before something costly or irreversible; the answer no ends the run without an error. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** What the user typed, for provenance and for the command that resumes. */
  readonly command: string;
}

const never = new AbortController().signal;

/** Fills in what is not given. */
export function runOptionsOf(given: Partial<RunOptions> & Pick<RunOptions, "root">): RunOptions {
  return {
    selection: everything,
    overrides: {},
    ports: runPortsOf(),
    threads: availableParallelism(),
    name: null,
    force: false,
    accept: false,
    failFast: false,
    failOnError: null,
    retryErrors: false,
    timeoutMs: null,
    memoryMb: null,
    listener: () => {},
    drain: never,
    stop: never,
    confirm: async () => true,
    command: "lab run",
    ...given,
  };
}
