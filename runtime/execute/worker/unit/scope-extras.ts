// What a running unit has beside its parameters, once it has asked for any of it: most trials never do.
import type { TrialStopped } from "../../../../lib/experiment/trial-return.ts";
import type { LiveRows } from "./live-rows.ts";
import type { LogBudget } from "./log-budget.ts";
import type { Asks } from "./port-asks.ts";
import type { SeriesRows } from "./saved-state.ts";
import type { UnitArtifacts } from "./unit-artifacts.ts";
import type { UnitCheckpoints } from "./unit-checkpoints.ts";
import type { UnitEffects } from "./unit-effects.ts";
import type { UnitFailure } from "./unit-failure.ts";

export interface ScopeExtras {
  failure: UnitFailure | null;
  stopped: TrialStopped | null;
  rows: SeriesRows | null;
  /** The series of each row that onRecord has seen, in order. */
  order: string[] | null;
  /** Tells rows as they are recorded; null where nobody asked for them. */
  live: LiveRows | null;
  artifacts: UnitArtifacts | null;
  log: LogBudget | null;
  abort: AbortController | null;
  effects: UnitEffects | null;
  checkpoints: UnitCheckpoints | null;
  /** In MB; 0 where it was not looked at. */
  peakMb: number;
  asks: Asks | null;
  watchers: Readonly<Record<string, ((row: never) => void) | undefined>> | null;
}

export function noExtras(): ScopeExtras {
  return {
    failure: null,
    stopped: null,
    rows: null,
    order: null,
    live: null,
    artifacts: null,
    log: null,
    abort: null,
    effects: null,
    checkpoints: null,
    peakMb: 0,
    asks: null,
    watchers: null,
  };
}
