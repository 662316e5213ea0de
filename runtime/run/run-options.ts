// What a run may be told, with every default filled in at this one door.
import { availableParallelism } from "node:os";
import type { RunControl } from "../control/run-control.ts";
import type { Listener } from "../event/event.ts";
import type { PlanRun } from "../execute/controller/controller-options.ts";
import type { Prices } from "../services/prices.ts";
import type { RunBudget } from "./budget.ts";
import { type RunPorts, runPortsOf } from "./ports.ts";

export interface RunOptions {
  /** Where trials run, and who performs their effects. */
  readonly ports: RunPorts;
  /** Worker threads. */
  readonly threads: number;
  readonly name: string | null;
  /** Take up the newest run of this plan and selection (and name) also where all its trials have ended. */
  readonly resume: boolean;
  readonly failFast: boolean;
  /** Stop when more have failed: a share below 1 or a number; null for never. */
  readonly failOnError: number | null;
  readonly timeoutMs: number | null;
  readonly memoryMb: number | null;
  /** By experiment; trials of those with a higher number start first, 0 unless told. */
  readonly priorities: Readonly<Record<string, number>>;
  /** When the run began, in ms since the epoch. */
  readonly startedAtMs: number;
  /** Draining begins so many milliseconds after that; null for never. */
  readonly maxMs: number | null;
  /** What the run may take in all; nothing in it for no limit. */
  readonly budget: RunBudget;
  readonly prices: Prices;
  /** Milliseconds that one custom analysis may take; null for the usual limit. */
  readonly analysisTimeoutMs: number | null;
  readonly listener: Listener;
  /** Whether it hears rows of series as they are recorded. */
  readonly tellsRows: boolean;
  /** Is handed each part of the run as it begins, with what steers it; returns what to call when that part is over. */
  readonly attach: (running: PlanRun, control: Pick<RunControl, "ask">) => () => void;
  /** Draining begins when the first aborts; running trials are cut off when the second does. */
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
  /** What the user typed, for provenance and for the command that resumes. */
  readonly command: string;
}

const never = new AbortController().signal;

/** Fills in what is not given. */
export function runOptionsOf(given: Partial<RunOptions>): RunOptions {
  return {
    ports: runPortsOf(),
    threads: availableParallelism(),
    name: null,
    resume: false,
    failFast: false,
    failOnError: null,
    timeoutMs: null,
    memoryMb: null,
    priorities: {},
    startedAtMs: Date.now(),
    maxMs: null,
    analysisTimeoutMs: null,
    budget: {},
    prices: { of: () => null },
    listener: () => {},
    tellsRows: false,
    attach: () => () => {},
    drain: never,
    stop: never,
    command: "lab run",
    ...given,
  };
}
