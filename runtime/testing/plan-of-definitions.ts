// A plan straight from definitions at hand, for tests of what runs plans: ids are hashes of names, nothing is sliced. Only
// stages that see the whole space, or run once a build, are laid out; the compiler does the rest.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { ExperimentDefinition } from "../../lib/experiment/definition.ts";
import { descriptorOf } from "../../lib/experiment/space/descriptor.ts";
import { indexedSpaceOf } from "../../lib/experiment/space/indexed-space.ts";
import { bitmapOf, setBit } from "../plan/bitmap.ts";
import type { OpenedExperiment, OpenedPlan } from "../plan/opened-plan.ts";
import type { BuildId, Job, JobId, JobNeed, Plan, PlannedExperiment } from "../plan/plan.ts";
import type { Wanted } from "../plan/selection.ts";
import { semanticsVersion } from "../plan/semantics.ts";
import { unitCountOf } from "../plan/units.ts";

export interface NamedDefinition {
  readonly definition: ExperimentDefinition;
  /** The export of the bundle that holds it. */
  readonly exportName: string;
}

/** The plan of definitions that share a bundle; needed experiments come before those that need them. */
export function planOfDefinitions(
  definitions: readonly NamedDefinition[],
  options: { readonly folder: string; readonly bundle: string },
): OpenedPlan {
  const experiments = definitions.map(({ definition, exportName }) =>
    experimentOf(definition, exportName, options.bundle),
  );
  const jobs = experiments.flatMap((experiment) => experiment.jobs);
  const plan: Plan = {
    format: "labwright.plan/1",
    build: basename(options.folder) as BuildId,
    labwright: "0.0.0",
    semantics: semanticsVersion,
    experiments: experiments.map(({ planned }) => planned),
    jobs,
  };
  let index = 0;
  const opened = experiments.map(({ planned, space, jobs: own }): OpenedExperiment => {
    const numbered = own.map((job) => ({ index: index++, job }));
    return { planned, space, jobs: numbered };
  });
  return { plan, folder: options.folder, experiments: opened };
}

/** Every unit that `where` admits, of every job. */
export function allUnitsOf(opened: OpenedPlan): Wanted {
  const wanted = new Map<number, Uint8Array>();
  for (const { space, jobs } of opened.experiments) {
    for (const { index, job } of jobs) {
      const units = bitmapOf(unitCountOf(job));
      for (let unit = 0; unit < unitCountOf(job); unit++)
        if (job.per === "build" || space.admits(unit % job.conditions)) setBit(units, unit);
      wanted.set(index, units);
    }
  }
  return wanted;
}

function experimentOf(definition: ExperimentDefinition, exportName: string, bundle: string) {
  const space = indexedSpaceOf(definition.space);
  const idOf = (experiment: string, stage: string): JobId => hashOf(`${experiment}/${stage}`) as JobId;
  const jobs = definition.stages.map((stage): Job => {
    const needs: JobNeed[] = [
      ...stage.needs.map((input): JobNeed => ({ input, job: idOf(definition.name, input), kind: "stage" })),
      ...stage.reads.map(
        (input): JobNeed => ({
          input,
          job: idOf(definition.needs[input]?.name ?? input, "trial"),
          kind: "experiment",
        }),
      ),
    ];
    return {
      id: idOf(definition.name, stage.name),
      experiment: definition.name,
      stage: stage.name,
      per: stage.per,
      uses: stage.uses,
      needs,
      identity: [],
      conditions: stage.per === "build" ? 1 : space.size,
      replicates: stage.per === "replicate" ? definition.replicates.count : 1,
      projected: null,
    };
  });
  const planned: PlannedExperiment = {
    name: definition.name,
    description: null,
    question: null,
    file: "contract.experiment.ts",
    exportName,
    line: 1,
    bundle,
    space: descriptorOf(definition.space),
    conditions: space.size,
    admittedCount: space.size,
    admitted: null,
    derived: null,
    derivedHashes: null,
    overrides: {},
    replicates: definition.replicates,
    ...(definition.limits !== null && { limits: definition.limits }),
    metrics: definition.metrics,
    primary: definition.primary,
    series: {},
    analyses: [],
    jobs: jobs.map((job) => job.id),
  };
  return { planned, space, jobs };
}

function hashOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}
