// The engine of a cluster whose queue is Slurm: the elements of an array are hosts, and all that they and a run say to each other goes over a folder
// that the nodes share. Nothing has to listen anywhere.
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Checked, failed, ok } from "../../doctor/check.ts";
import type { Engine, LabelNeed } from "../engine/engine.ts";
import { labelChecks } from "../engine/label-checks.ts";
import { probedNode } from "./node-probe.ts";
import { checkedCluster } from "./slurm-check.ts";
import { slurmExecutor } from "./slurm-executor.ts";
import { elementsFor, readSlurm, type SlurmOptions, type SlurmSetting } from "./slurm-options.ts";

/**
 * Trials run in the elements of an array of Slurm, on nodes that see the folder of the project under the same path. A run submits the array, takes its
 * elements as they begin, replaces those that reach their time limit, and takes over an array that an earlier `lab run` has left.
 *
 * @example
 * import { defineConfig, slurm } from "labwright/config";
 * export default defineConfig({ engine: slurm({ partition: "main", time: "4:00:00", mem: "4G", threads: 4, elements: 32 }) });
 */
export function slurm(options: SlurmOptions = {}): Engine {
  return {
    kind: "labwright/engine",
    name: "slurm",
    problems: readSlurm(options, null).problems,
    hasLabels: true,
    check: async ({ threads }, needs) => {
      const { setting } = readSlurm(options, threads);
      return [
        ...(await checkedCluster(setting)),
        ...checkedFolder(setting),
        ...checkedLabels(setting, needs),
      ];
    },
    probe: async ({ threads }, root) => {
      const { setting } = readSlurm(options, threads);
      return [await probedNode(setting, setting.folder ?? join(root, ".lab/slurm"))];
    },
    threads: async ({ threads }, trials) => {
      const { setting } = readSlurm(options, threads);
      return elementsFor(setting, trials) * setting.threads;
    },
    executor: ({ threads }) => slurmExecutor(readSlurm(options, threads).setting),
    with: (others) => slurm({ ...options, ...others }),
  };
}

function checkedLabels({ labels }: SlurmSetting, needs: readonly LabelNeed[]): readonly Checked[] {
  return labelChecks(needs, {
    machines: [labels],
    mayCome: false,
    remedyOf: (needed) =>
      `Ask Slurm for such nodes and say so: slurm({ sbatch: ["--gres=gpu:1"], labels: ${JSON.stringify(needed)} }) in lab.config.ts.`,
  });
}

function checkedFolder({ folder, lab }: SlurmSetting): readonly Checked[] {
  const checks: Checked[] = [];
  if (folder !== null) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      checks.push(ok("slurm folder", folder));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      checks.push(
        failed(
          "slurm folder",
          `cannot be written: ${words}`,
          "Name one that this machine and all nodes share: slurm({ folder }).",
        ),
      );
    }
  }
  if (lab !== null && existsSync(dirname(lab)) && !existsSync(lab))
    checks.push(failed("slurm lab", `there is no ${lab}`, "Correct the path of lab: slurm({ lab })."));
  return checks;
}
