// What a run may take in all: dollars, tokens and calls over all its services, and time. It holds over the times that the run is taken up.
import type { PlanRun } from "../execute/controller/controller-options.ts";
import type { Spending, Took } from "../services/spending.ts";

export interface RunBudget extends Partial<Took> {
  /** Milliseconds that the run may go on, over all its sessions with such a budget. */
  readonly timeMs?: number;
}

const lookMs = 1000;

/** Ends the run once its time is spent; the function that comes back ends the watch. */
export function watchTime(budget: RunBudget, spending: Spending, run: PlanRun): () => void {
  const { timeMs } = budget;
  if (timeMs === undefined) return () => {};
  const startedAt = performance.now();
  const before = spending.timeMs;
  const look = (): void => {
    const taken = before + performance.now() - startedAt;
    spending.keepTime(performance.now() - startedAt);
    if (taken < timeMs) return;
    const reason = `time ${seconds(taken)} of ${seconds(timeMs)} is spent, the budget of the run`;
    spending.end(reason);
    run.drain(reason, "budget");
  };
  look();
  const timer = setInterval(look, lookMs);
  return () => {
    clearInterval(timer);
    spending.keepTime(performance.now() - startedAt);
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
