// Whether this machine has what the trials to come say that they take of one. Other executors' hosts come as they are, and the run waits
// for those that will do.

import { UserError } from "../diagnostic/user-error.ts";
import { machineCapacity } from "../execute/host/machine-capacity.ts";
import { hasLabels } from "../execute/protocol/labels.ts";
import type { Prepared } from "./prepare.ts";
import type { RunOptions } from "./run-options.ts";

/**
 * Says in words which trials run one at a time, because each takes more than there is.
 *
 * @throws UserError where a trial needs more graphics cards than this machine has, or a label that it is not said to have.
 */
export function roomNotices(
  { surveys, build }: Pick<Prepared, "surveys" | "build">,
  { ports, threads }: Pick<RunOptions, "ports" | "threads">,
): readonly string[] {
  const { name: executor, labels: ours } = ports.executor;
  if (executor !== "local" || ours === undefined) return [];
  const { gpus, memoryMb } = machineCapacity();
  const fresh = new Set(surveys.filter((each) => each.fresh > 0).map(({ job }) => job.experiment));
  return build.plan.experiments.flatMap(({ name, limits, labels = [] }) => {
    if (fresh.has(name) && !hasLabels(ours, labels))
      throw new UserError(`${name} needs ${labels.join(", ")}, which this machine is not said to have`, {
        hint: `Say that it has: lab run --labels ${labels.join(",")}, or threads({ labels: [...] }) as the engine.`,
      });
    if (limits === undefined || !fresh.has(name)) return [];
    const { cpu, gpu, memoryMb: needed } = limits.resources;
    if (gpu > gpus)
      throw new UserError(
        `a trial of ${name} needs ${cards(gpu)}; this machine has ${gpus === 0 ? "none" : gpus}`,
        {
          hint: "CUDA_VISIBLE_DEVICES=0 names those that there are, where they cannot be seen.",
        },
      );
    return [
      ...(cpu > threads
        ? [`a trial of ${name} takes ${cpu} of ${threads} worker threads: it runs alone`]
        : []),
      ...(needed > memoryMb
        ? [`a trial of ${name} takes ${needed} MB of the ${memoryMb} MB that there are: it runs alone`]
        : []),
    ];
  });
}

function cards(count: number): string {
  return count === 1 ? "a graphics card" : `${count} graphics cards`;
}
