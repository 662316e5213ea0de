// The project store and the store in memory keep the same contract, so that what is tested over the one holds over the other.
import { test } from "uvu";
import { memoryStore } from "../testing/memory-store.ts";
import { openStore } from "./project-store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "./testing/plan-fixture.ts";
import { type ContractStore, storeContract } from "./testing/store-contract.ts";

const plan = fixturePlan();

async function projectStoreAt(root: string): Promise<ContractStore> {
  const store = openStore(root);
  const run = await startFixtureRun(store, plan);
  return {
    ledger: run.ledger,
    journal: run.effects,
    checkpoints: run.checkpoints,
    artifacts: run.artifacts,
    records: () => store.recordsOf(plan, plan.jobs[trialJob]!),
    async reopened() {
      await run.finish("stopped", { compact: false });
      return projectStoreAt(root);
    },
  };
}

async function inMemory(): Promise<ContractStore> {
  const memory = memoryStore();
  const store: ContractStore = {
    ...memory,
    records: async () => memory.recordsOf(trialJob, fixtureMetrics),
    reopened: async () => store,
  };
  return store;
}

storeContract("the project store", () => projectStoreAt(temporaryProject()));
storeContract("the store in memory", inMemory);

test.run();
