// The engine of one machine: worker threads of a process of its own. What a run uses unless it is told otherwise.
import { availableParallelism } from "node:os";
import { localExecutor } from "../host/local-host.ts";
import { labelsIn, machineLabels } from "../protocol/labels.ts";
import type { Engine } from "./engine.ts";
import { labelChecks } from "./label-checks.ts";
import { unknownOptions } from "./unknown-options.ts";

export interface ThreadsOptions {
  /** What this machine has that experiments may need (`needs: { labels: ["gpu"] }`): `"gpu"`, `"site=north"`. */
  readonly labels?: readonly string[];
}

/**
 * Trials run on worker threads of this machine, as many as `lab run -j` says.
 *
 * @example
 * import { defineConfig, threads } from "labwright/config";
 * export default defineConfig({ engine: threads({ labels: ["gpu"] }) });
 */
export function threads(options: ThreadsOptions = {}): Engine {
  const { labels: given = [] } = options;
  const read = labelsIn(given);
  const labels = read ?? {};
  return {
    kind: "labwright/engine",
    name: "threads",
    hasLabels: true,
    isHere: true,
    problems: [
      ...unknownOptions(options, ["labels"]),
      ...(read === null
        ? [{ found: `labels ${JSON.stringify(given)}`, expected: 'labels such as "gpu" or "site=north"' }]
        : []),
    ],
    check: async (_, needs) =>
      labelChecks(needs, {
        machines: [machineLabels(labels)],
        mayCome: false,
        remedyOf: (needed) =>
          `Say that this machine has it: lab run --labels ${needed.join(",")}, or engine: threads({ labels: [...] }) in lab.config.ts; or run where a machine has (docs/engines.md).`,
      }),
    threads: async (setting) => setting.threads ?? availableParallelism(),
    executor: () => localExecutor(labels),
  };
}
