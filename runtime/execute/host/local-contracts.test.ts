// The local host keeps the contracts of hosts and of effects: a file of its own, since each promise starts processes.
import { test } from "uvu";
import { effectsContract } from "../testing/effects-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { localExecutor } from "./local-host.ts";

hostsContract("local", { executorOf: localExecutor });
effectsContract("local", { executorOf: localExecutor });

test.run();
