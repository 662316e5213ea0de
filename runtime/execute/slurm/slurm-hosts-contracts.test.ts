// The engine slurm keeps the contracts of hosts and effects over a real Slurm with two nodes.
import { test } from "uvu";
import { hasSlurm, type SlurmCluster, startSlurm } from "../../testing/services/slurm.ts";
import { effectsContract } from "../testing/effects-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { SlurmShelf } from "../testing/slurm-shelf.ts";

const shelf = new SlurmShelf();
const executorOf = () => shelf.executorOf();
let cluster: SlurmCluster | null = null;

if (hasSlurm()) {
  test.before(async () => {
    cluster = await startSlurm();
    Object.assign(process.env, cluster.environment);
    shelf.fill();
  });
  test.after(() => cluster?.stop());
  hostsContract("slurm", { executorOf });
  effectsContract("slurm", { executorOf });
} else test("slurm", () => console.log("skipped: needs slurm"));

test.run();
