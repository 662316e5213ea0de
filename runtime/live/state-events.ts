// Events that bring a listener who comes late to where a run stands: what a live table that hears a snapshot is shown.
import type { RunEvent } from "../event/event.ts";
import type { RunState } from "./run-state.ts";

/** The start of the run, and of each job with its progress so far; nothing for a run that has not begun. */
export function eventsOf(state: RunState): readonly RunEvent[] {
  const { run, build, experiments, counts, jobs, slots, isElsewhere, moreWorkers } = state;
  if (run === null) return [];
  const { total, reused } = counts;
  return [
    {
      type: "run-started",
      run,
      build: build ?? "",
      experiments,
      trials: { total, reused },
      stageUnits: { total: 0, reused: 0 },
      workers: isElsewhere ? null : slots,
      ...(moreWorkers !== null && { moreWorkers }),
    },
    ...jobs
      .filter(({ phase }) => phase === "running")
      .flatMap(({ experiment, stage, total: all, done, reused: before, failed, arms }): RunEvent[] => [
        { type: "job-started", experiment, stage, total: all, reused: before },
        { type: "progress", experiment, stage, done, total: all, failed, perSecond: 0, arms },
      ]),
  ];
}
