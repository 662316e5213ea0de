// The engine slurm keeps the contracts of hosts and effects over a real Slurm with two nodes.
import { test } from "uvu";
import { effectsContract } from "../testing/effects-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { onSlurm } from "../testing/on-slurm.ts";

onSlurm(({ executorOf }) => {
  hostsContract("slurm", { executorOf });
  effectsContract("slurm", { executorOf });
});

test.run();
