// The last phase: experiments of a build as one graph of jobs. Each job gets its identity, which holds those of the jobs before it,
// so jobs are made in topological order; what cannot be ordered is a diagnostic.
import { declaredOf } from "../../../lib/experiment/definition.ts";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { circularNeeds, circularStages, unknownNeed } from "../../diagnostic/messages.ts";
import type { IdentityPart, Job, JobId, JobNeed, PlannedExperiment } from "../../plan/plan.ts";
import type { PlacedExperiment } from "../load/check-definitions.ts";
import type { LoadedExperiment, LoadedStage } from "../load/loaded-experiment.ts";
import type { StageCode } from "../slice/stage-code.ts";
import { hashOf, jobIdOf } from "./identity.ts";
import { topologicalOrder } from "./topological-order.ts";

/** Where the code of a build lies. */
export interface BuildCode {
  /** Path of an experiment's bundle relative to the build's folder. */
  bundleOf(item: PlacedExperiment): string;
  codeOf(item: PlacedExperiment, stage: LoadedStage): StageCode;
}

export interface Linked {
  readonly experiments: readonly PlannedExperiment[];
  readonly jobs: readonly Job[];
}

/** Orders experiments and their stages and makes the jobs. */
export function link(
  items: readonly PlacedExperiment[],
  code: BuildCode,
): Result<Linked, readonly Diagnostic[]> {
  const byName = new Map(items.map((item) => [item.experiment.name, item]));
  const ordered = orderedExperiments(byName);
  if (!ordered.ok) return ordered;
  const jobs: Job[] = [];
  const trialOf = new Map<string, Job>();
  const experiments: PlannedExperiment[] = [];
  for (const item of ordered.value) {
    const made = jobsOf({ item, code, trialOf, experimentOf: (name) => byName.get(name)?.experiment });
    if (!made.ok) return made;
    jobs.push(...made.value);
    trialOf.set(item.experiment.name, made.value.at(-1) as Job); // Every experiment has its trial.
    experiments.push(plannedExperiment(item, { bundle: code.bundleOf(item), jobs: made.value }));
  }
  return { ok: true, value: { experiments, jobs } };
}

function orderedExperiments(
  byName: ReadonlyMap<string, PlacedExperiment>,
): Result<readonly PlacedExperiment[], readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const { experiment, place } of byName.values()) {
    for (const name of Object.values(experiment.needs)) {
      if (!byName.has(name)) problems.push(unknownNeed({ place, name, known: [...byName.keys()] }));
    }
  }
  if (problems.length > 0) return { ok: false, error: problems };
  const order = topologicalOrder([...byName.keys()], (name) =>
    Object.values(byName.get(name)?.experiment.needs ?? {}),
  );
  if ("cycle" in order) {
    const place = byName.get(order.cycle[0] ?? "")?.place ?? null;
    return { ok: false, error: [circularNeeds({ place, cycle: order.cycle })] };
  }
  return { ok: true, value: order.order.flatMap((name) => byName.get(name) ?? []) };
}

function jobsOf(of: {
  readonly item: PlacedExperiment;
  readonly code: BuildCode;
  readonly trialOf: ReadonlyMap<string, Job>;
  readonly experimentOf: (name: string) => LoadedExperiment | undefined;
}): Result<readonly Job[], readonly Diagnostic[]> {
  const { item, code } = of;
  const { experiment, place } = item;
  const stages = new Map(experiment.stages.map((stage) => [stage.name, stage]));
  const order = topologicalOrder(
    [...stages.keys()],
    (name) => stages.get(name)?.needs.filter((need) => stages.has(need)) ?? [],
  );
  if ("cycle" in order) {
    return { ok: false, error: [circularStages({ place, experiment: experiment.name, cycle: order.cycle })] };
  }
  const made = new Map<string, Job>();
  // The trial comes last even where no other stage is needed by it.
  for (const name of [...order.order.filter((name) => name !== "trial"), "trial"]) {
    const stage = stages.get(name);
    if (stage === undefined) continue;
    const needs: JobNeed[] = [];
    const upstream = new Map<string, string>();
    for (const input of stage.needs) {
      const job = made.get(input);
      if (job === undefined)
        return { ok: false, error: [unknownNeed({ place, name: input, known: [...stages.keys()] })] };
      needs.push({ input, job: job.id, kind: "stage" });
      // Seeds that moved are another input than those of the names.
      upstream.set(input, job.seedSalts === undefined ? job.id : hashOf([job.id, job.seedSalts]));
    }
    for (const input of stage.reads) {
      const needed = experiment.needs[input] ?? "";
      const job = of.trialOf.get(needed);
      const source = of.experimentOf(needed);
      if (job === undefined || source === undefined) {
        return {
          ok: false,
          error: [unknownNeed({ place, name: input, known: Object.keys(experiment.needs) })],
        };
      }
      needs.push({ input, job: job.id, kind: "experiment" });
      upstream.set(input, rowsHash(job.id, source));
    }
    const { id, parts } = jobIdOf({ experiment, stage, code: code.codeOf(item, stage), upstream });
    made.set(name, jobOf({ experiment, stage, id, needs, identity: parts }));
  }
  return { ok: true, value: [...made.values()] };
}

/** All rows of an experiment are decided by its trial's identity and by which trials there are. */
function rowsHash(job: JobId, { design, replicates }: LoadedExperiment): string {
  const { count, seeds, until } = replicates;
  return hashOf(until === null ? [job, design, count, seeds] : [job, design, count, seeds, until]);
}

function jobOf(of: {
  readonly experiment: LoadedExperiment;
  readonly stage: LoadedStage;
  readonly id: JobId;
  readonly needs: readonly JobNeed[];
  readonly identity: readonly IdentityPart[];
}): Job {
  const { experiment, stage, id, needs, identity } = of;
  return {
    id,
    experiment: experiment.name,
    stage: stage.name,
    per: stage.per,
    uses: stage.uses,
    ...(stage.inherited.length > 0 && { inherited: stage.inherited }),
    needs,
    identity,
    conditions: stage.conditions,
    replicates: stage.per === "replicate" ? experiment.replicates.count : 1,
    projected: stage.projected,
    ...(stage.files !== undefined && { files: stage.files }),
    ...(stage.program !== undefined && { program: stage.program }),
    ...(stage.seedSalts !== undefined && { seedSalts: stage.seedSalts }),
  };
}

function plannedExperiment(
  { experiment, place }: PlacedExperiment,
  { bundle, jobs }: Pick<PlannedExperiment, "bundle"> & { readonly jobs: readonly Job[] },
): PlannedExperiment {
  const { space, conditions, admittedCount, admitted, derived, derivedHashes, overrides } = experiment;
  const series = Object.entries(experiment.series).map(([name, made]) => [
    name,
    "schema" in made ? made.schema : null,
  ]);
  return {
    ...declaredOf(experiment),
    file: experiment.file,
    exportName: experiment.exportNames[0] ?? "default",
    line: place?.line ?? 1,
    bundle,
    ...{ space, conditions, admittedCount, admitted, derived, derivedHashes, overrides },
    series: Object.fromEntries(series),
    ...(experiment.limits !== null && { limits: experiment.limits }),
    ...(experiment.tags.length > 0 && { tags: experiment.tags }),
    ...(experiment.labels.length > 0 && { labels: experiment.labels }),
    ...(Object.keys(experiment.effects).length > 0 && { effects: experiment.effects }),
    jobs: jobs.map((job) => job.id),
  };
}
