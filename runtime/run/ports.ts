// What a run takes from outside and may be given otherwise: where trials run, who performs effects, and what decides
// how much is run. The command line, `labwright/run`
// and tests pass them the same way, to runs, to replays of one trial and to `lab verify`.
import type { DeclaredPerformers } from "../effects/performer.ts";
import { localExecutor } from "../execute/host/local-host.ts";
import type { Executor } from "../execute/protocol/executor.ts";
import { stoppingRules } from "./adaptive/adaptive-run.ts";
import type { SteeringOf } from "./steering.ts";

export interface RunPorts {
  readonly executor: Executor;
  /** By kind of effect, or in place of a port of this name or service. */
  readonly performers: DeclaredPerformers;
  /** What decides, while a run goes on, how much of it is run. */
  readonly steering: SteeringOf;
}

/** Ports with what is not given filled in: worker threads on this machine, no performers, and the experiments' own stopping rules. */
export function runPortsOf(given: Partial<RunPorts> = {}): RunPorts {
  return {
    executor: given.executor ?? localExecutor(),
    performers: given.performers ?? {},
    steering: given.steering ?? stoppingRules,
  };
}
