// A suite over a real Slurm with two nodes, whose executors take elements from a shelf.
import { test } from "uvu";
import { hasSlurm, type SlurmCluster, startSlurm } from "../../testing/services/slurm.ts";
import type { Executor } from "../protocol/executor.ts";
import { SlurmShelf } from "./slurm-shelf.ts";

/** Where Slurm is, `suite` adds its tests; elsewhere one says that they were skipped. */
export function onSlurm(
  suite: (of: {
    readonly executorOf: () => Executor;
    /** A command of Slurm: its standard output. Throws where it fails. */
    readonly command: (name: string, ...args: readonly string[]) => string;
  }) => void,
): void {
  if (!hasSlurm()) {
    test("slurm", () => console.log("skipped: needs slurm"));
    return;
  }
  const shelf = new SlurmShelf();
  let cluster: SlurmCluster | null = null;
  test.before(async () => {
    cluster = await startSlurm();
    Object.assign(process.env, cluster.environment);
    shelf.fill();
  });
  test.after(() => cluster?.stop());
  suite({
    executorOf: () => shelf.executorOf(),
    command: (name, ...args) => cluster?.command(name, ...args) ?? "",
  });
}
