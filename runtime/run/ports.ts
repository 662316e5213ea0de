// What a run takes from outside and may be given otherwise: where trials run and who performs effects. The command line, `labwright/run`
// and tests pass them the same way, to runs, to replays of one trial and to `lab verify`.
import type { Performers } from "../effects/performer.ts";
import { localExecutor } from "../execute/host/local-host.ts";
import type { Executor } from "../execute/protocol/executor.ts";

export interface RunPorts {
  readonly executor: Executor;
  /** By kind of effect. */
  readonly performers: Performers;
}

/** Ports with what is not given filled in: worker threads on this machine, and no performers. */
export function runPortsOf(given: Partial<RunPorts> = {}): RunPorts {
  return { executor: given.executor ?? localExecutor(), performers: given.performers ?? {} };
}
