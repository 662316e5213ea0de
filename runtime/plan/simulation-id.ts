// What an orchestrator knows a simulation by. Projects that share an orchestrator share no simulation, so the trial's id, which is the same
// wherever it runs, is followed by a key of the project; another attempt of a trial is another simulation.
import { simulationPort } from "../../lib/experiment/grpc.ts";
import type { Plan, PlannedExperiment } from "./plan.ts";

/** "1a2b3c4d5e6f7a8b-k3f9x2", and ".2" after it for the second attempt. A null key: of a run from before projects had one. */
export function simulationIdOf(
  trial: string,
  { project, attempt }: { readonly project: string | null; readonly attempt: number },
): string {
  const name = project === null ? trial : `${trial}-${project}`;
  return attempt === 1 ? name : `${name}.${attempt}`;
}

/** The trial that a simulation is of; anything else is left as it is. */
export function trialOfSimulation(name: string): string {
  return name.replace(/^([0-9a-f]{16})-[a-z0-9]+(?:[.]\d+)?$/, "$1");
}

/** Whether the trials of an experiment are simulations of an orchestrator. */
export function isSimulated({ effects = {} }: Pick<PlannedExperiment, "effects">): boolean {
  return effects[simulationPort]?.simulation !== undefined;
}

export function hasSimulations({ experiments }: Pick<Plan, "experiments">): boolean {
  return experiments.some(isSimulated);
}
