// Runs experiments of the contract over one executor against a store in memory: what executor tests and the contract share.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ExperimentDefinition } from "../../../lib/experiment/definition.ts";
import type { RunEvent } from "../../event/event.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { buildFilesName, buildFilesOf } from "../../store/build-files.ts";
import { type MemoryStore, memoryStore } from "../../testing/memory-store.ts";
import { allUnitsOf, planOfDefinitions } from "../../testing/plan-of-definitions.ts";
import { runPlan } from "../controller/controller.ts";
import type { ControllerOptions, PlanRun, RunLimits, RunSummary } from "../controller/controller-options.ts";
import type { Executor } from "../protocol/executor.ts";
import * as contractExperiments from "./contract-experiments.ts";

export const noLimits: RunLimits = {
  timeoutMs: null,
  memoryMb: null,
  retryMax: null,
  failFast: false,
  failOnError: null,
  retryErrors: false,
};

/** The contract's experiments as a bundle on disk, made once a process. */
export async function contractBundle(): Promise<{ readonly folder: string; readonly bundle: string }> {
  bundled ??= bundleOf(fileURLToPath(new URL("./contract-experiments.ts", import.meta.url)));
  return bundled;
}
let bundled: ReturnType<typeof contractBundle> | null = null;

export async function bundleOf(entry: string): Promise<{ readonly folder: string; readonly bundle: string }> {
  // Named as a build is, among others of its kind.
  const folder = join(mkdtempSync(join(tmpdir(), "labwright-contract-")), "c0ffee000001");
  const bundle = "bundle.mjs";
  const options = {
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
  } as const;
  await build({ entryPoints: [entry], outfile: join(folder, bundle), ...options });
  writeFileSync(join(folder, buildFilesName), JSON.stringify(buildFilesOf(folder)));
  return { folder, bundle };
}

type ContractName = keyof typeof contractExperiments;

export interface ContractRun {
  readonly summary: RunSummary;
  readonly events: readonly RunEvent[];
  readonly store: MemoryStore;
  readonly opened: OpenedPlan;
  /** Records of the trial job of an experiment, in unit order. */
  trials(name: string): TrialRecord[];
  /** Records of a stage. */
  stage(name: string, stage: string): TrialRecord[];
}

export interface ContractRunOptions
  extends Partial<Omit<ControllerOptions, "limits" | "executor" | "opened" | "demand">> {
  readonly executor: Executor;
  readonly experiments: readonly ContractName[];
  readonly hosts?: number;
  /** Worker threads of each host. */
  readonly threads?: number;
  readonly limits?: Partial<RunLimits>;
  readonly store?: MemoryStore;
  /** The build's folder, if not where the bundle is. */
  readonly folder?: string;
  /** Called once the run has started. */
  readonly during?: (run: PlanRun, store: MemoryStore) => void;
}

/** Runs experiments of the contract to the end. */
export async function runContract(options: ContractRunOptions): Promise<ContractRun> {
  const {
    experiments,
    limits,
    store = memoryStore(),
    during,
    folder,
    hosts = 1,
    threads = 2,
    ...rest
  } = options;
  const definitions = experiments.map((exportName) => ({
    exportName,
    // Every export of the module is an experiment.
    definition: Reflect.get(contractExperiments, exportName) as ExperimentDefinition,
  }));
  const opened = planOfDefinitions(definitions, {
    ...(await contractBundle()),
    ...(folder !== undefined && { folder }),
  });
  const jobs = opened.experiments.flatMap(({ jobs: own, planned }) =>
    own.map(({ index, job }) => ({ index, job, planned })),
  );
  const metricsOf = (index: number) => {
    const entry = jobs[index];
    return entry?.job.stage === "trial" ? entry.planned.metrics : {};
  };
  const events: RunEvent[] = [];
  const run = await runPlan({
    session: "contract/1",
    opened,
    wanted: allUnitsOf(opened),
    recordsOf: async (job) => store.recordsOf(job, metricsOf(job)),
    ledger: store.ledger,
    journal: store.journal,
    checkpoints: store.checkpoints,
    artifacts: store.artifacts,
    logs: store.logs,
    demand: { hosts, threads },
    listener: (event) => events.push(event),
    replayOf: (trial) => `lab run --trial ${trial} --inline`,
    ...rest,
    limits: { ...noLimits, ...limits },
  });
  during?.(run, store);
  const summary = await run.finished;
  const recordsOf = (name: string, stage: string): TrialRecord[] => {
    const found = jobs.find(({ job }) => job.experiment === name && job.stage === stage);
    return found === undefined ? [] : store.records(found.index, metricsOf(found.index));
  };
  return {
    summary,
    events,
    store,
    opened,
    trials: (name) => recordsOf(name, "trial"),
    stage: recordsOf,
  };
}
