// The inline executor keeps the contract of all executors.
import { test } from "uvu";
import { effectsContract } from "../testing/effects-contract.ts";
import { executorContract } from "../testing/executor-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { inlineExecutor } from "./inline.ts";

executorContract("inline", { executorOf: () => inlineExecutor(), threads: [1, 2] });
hostsContract("inline", { executorOf: inlineExecutor });
effectsContract("inline", { executorOf: () => inlineExecutor() });

test.run();
