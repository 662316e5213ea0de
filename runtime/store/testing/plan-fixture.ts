// A small plan for the store's tests: one experiment with a factor, a stage and a trial. Tests change what they are about.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import type { SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import type { BuildId, Job, JobId, Plan } from "../../plan/plan.ts";
import { semanticsVersion } from "../../plan/semantics.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunWriter } from "../runs/start-run.ts";
import { startRun } from "../runs/start-run.ts";

const numberMetric: MetricSpec = {
  type: "number",
  unit: null,
  range: null,
  direction: null,
  optional: true,
  categories: null,
  description: null,
};

export const fixtureMetrics: Readonly<Record<string, MetricSpec>> = {
  profit: numberMetric,
  converged: { ...numberMetric, type: "boolean" },
  ending: { ...numberMetric, type: "category", categories: ["cycle", "fixed"] },
};

export interface FixtureOptions {
  /** Levels of the factor `discount`. */
  readonly levels?: readonly number[];
  readonly replicates?: number;
  readonly seeds?: readonly number[] | null;
  /** Stands for the trial's code. */
  readonly code?: string;
  readonly name?: string;
}

export function fixturePlan({
  levels = [0, 0.5, 0.95],
  replicates = 4,
  seeds = null,
  code = "aaaa",
  name = "patience",
}: FixtureOptions = {}): Plan {
  const space: SpaceDescriptor = {
    kind: "product",
    parameters: [
      { name: "firms", kind: "constant", value: 2 },
      { name: "discount", kind: "sweep", levels: { kind: "list", levels } },
    ],
  };
  const job = (stage: string, more: Partial<Job>): Job => ({
    // Fixtures make identities of their own; only the compiler does so otherwise.
    id: `${code}${name}${stage}`.padEnd(12, "0") as JobId,
    experiment: name,
    stage,
    per: "replicate",
    uses: "all",
    needs: [],
    identity: [{ kind: "symbol", name: `experiments.ts#${name}`, hash: code }],
    conditions: levels.length,
    replicates,
    projected: null,
    ...more,
  });
  const solve = job("solve", {
    per: "condition",
    replicates: 1,
    uses: ["firms"],
    projected: [{ firms: 2 }],
    conditions: 1,
  });
  const trial = job("trial", {});
  return {
    format: "labwright.plan/1",
    build: "0123456789ab" as BuildId,
    labwright: "0.1.0",
    semantics: semanticsVersion,
    experiments: [
      {
        name,
        description: null,
        question: "Does it keep what it was given?",
        file: "experiments.ts",
        exportName: "default",
        line: 1,
        bundle: "bundle.mjs",
        space,
        conditions: levels.length,
        admittedCount: levels.length,
        admitted: null,
        derived: null,
        derivedHashes: null,
        overrides: {},
        replicates: { count: replicates, seed: 2020, seeds, pairing: "independent", until: null },
        metrics: fixtureMetrics,
        primary: "profit",
        series: {
          rounds: {
            type: "object",
            properties: { period: { type: "integer" }, price: { type: "number" }, move: { type: "string" } },
          },
        },
        analyses: [],
        jobs: [solve.id, trial.id],
      },
    ],
    jobs: [solve, trial],
  };
}

/** Index of the trial in a fixture's jobs. */
export const trialJob = 1;

/** Measured rows: profit is the unit's number plus `shift`. */
export function measuredBatch(units: Iterable<number>, shift = 0): Uint8Array {
  const builder = createBatchBuilder({
    job: trialJob,
    metrics: Object.keys(fixtureMetrics),
    worker: "local-1/1",
  });
  for (const unit of units)
    builder.push(unit, 0, 1, 1_800_000_000_000 + unit, 0.25, [
      unit + shift,
      unit % 2,
      unit % 3 === 0 ? Number.NaN : unit % 2,
    ]);
  return builder.seal(80);
}

/** The id of a unit of the trial. */
export function fixtureTrialId(plan: Plan, unit: number): string {
  const [planned] = plan.experiments;
  const space = spaceFromDescriptor(planned!.space);
  return idOfUnit({ job: plan.jobs[trialJob]!, unit, space, replicates: planned!.replicates });
}

export function temporaryProject(): string {
  return mkdtempSync(join(tmpdir(), "lab-store-"));
}

export function startFixtureRun(
  store: ProjectStore,
  plan: Plan,
  more: Partial<Parameters<typeof startRun>[0]> = {},
): Promise<RunWriter> {
  return startRun({
    store,
    plan,
    name: null,
    experiments: [],
    selection: { filter: {}, limit: null },
    forced: false,
    command: "lab run",
    resume: null,
    ...more,
  });
}

/** 0, 1, ... count - 1 */
export function unitsTo(count: number): number[] {
  return Array.from({ length: count }, (_, unit) => unit);
}
