// One job as a worker thread holds it: the author's function, its conditions by index, its seeds, its metrics. Loaded once a
// thread; everything that many units share is computed here once.
import { pathToFileURL } from "node:url";
import type { ExperimentDefinition, StageDefinition } from "../../../lib/experiment/definition.ts";
import { isExperiment } from "../../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { indexedSpaceOf } from "../../../lib/experiment/space/indexed-space.ts";
import { overrideSpace } from "../../../lib/experiment/space/override-space.ts";
import type { Condition, IndexedSpace } from "../../../lib/experiment/space/space.ts";
import {
  conditionHashOf,
  type Hash128,
  type SeedKey,
  seedKeyOf,
  seedStemOf,
} from "../../../lib/random/seed-of.ts";
import type { JobOpening } from "../protocol/protocol.ts";
import { analysisStageOf } from "./analysis-stage.ts";
import { type MetricCheck, metricCheckOf } from "./metric-check.ts";
import { keepPatches } from "./pristine.ts";

/** Conditions are kept once computed, up to this many; a larger space is computed anew each time. */
const conditionsKept = 50_000;

export interface UnitCondition {
  /** Frozen: every unit of the condition is handed the same object. */
  readonly parameters: Condition;
  /** Null for a stage per "build". */
  readonly hash: Hash128 | null;
}

export interface JobRuntime {
  readonly opening: JobOpening;
  readonly definition: ExperimentDefinition;
  readonly stage: StageDefinition;
  readonly isTrial: boolean;
  readonly metrics: MetricCheck;
  readonly stem: Hash128;
  readonly seedKey: SeedKey;
  conditionOf(index: number): UnitCondition;
}

/** Loads a job's bundle. Throws, in words, when it holds no such experiment or stage. */
export async function loadJob(opening: JobOpening): Promise<JobRuntime> {
  const module: unknown = await import(pathToFileURL(opening.bundle).href);
  keepPatches();
  const definition: unknown =
    typeof module === "object" && module !== null ? Reflect.get(module, opening.exportName) : undefined;
  if (!isExperiment(definition))
    throw new Error(`${opening.bundle} has no experiment under the export \`${opening.exportName}\``);
  return jobRuntimeOf(opening, definition);
}

/** The job over a definition that is at hand. */
export function jobRuntimeOf(opening: JobOpening, definition: ExperimentDefinition): JobRuntime {
  const stage =
    definition.stages.find((each) => each.name === opening.stage) ??
    analysisStageOf(definition, opening.stage);
  if (stage === undefined) throw new Error(`${opening.experiment} has no stage named \`${opening.stage}\``);
  const { experiment, replicates } = opening;
  const isTrial = definition.stages.at(-1) === stage;
  return {
    opening,
    definition,
    stage,
    isTrial,
    metrics: metricCheckOf(isTrial ? definition.metrics : {}),
    stem: seedStemOf({ root: replicates.seed, experiment, stage: opening.stage }),
    seedKey: seedKeyOf({ root: replicates.seed, experiment }),
    conditionOf: conditionReaderOf(opening, definition),
  };
}

function spaceOf(opening: JobOpening, definition: ExperimentDefinition): ExperimentDefinition["space"] {
  if (Object.keys(opening.overrides).length === 0) return definition.space;
  // The plan's overrides are JSON levels that the build has checked against this space.
  const overrides = opening.overrides as Parameters<typeof overrideSpace>[1];
  return overrideSpace(definition.space, overrides).space;
}

function conditionReaderOf(
  opening: JobOpening,
  definition: ExperimentDefinition,
): (index: number) => UnitCondition {
  if (opening.per === "build" && opening.projected === null) {
    const only = { parameters: Object.freeze({}), hash: null };
    return () => only;
  }
  let space: IndexedSpace | null = null;
  const kept: (UnitCondition | undefined)[] = [];
  const compute = (index: number): UnitCondition => {
    // The plan's projected conditions were made of JSON values by the compiler.
    const projected = opening.projected?.[index] as Condition | undefined;
    space ??= indexedSpaceOf(spaceOf(opening, definition));
    const parameters = Object.freeze({ ...(projected ?? space.at(index)) });
    return { parameters, hash: opening.per === "build" ? null : conditionHashOf(conditionKeyOf(parameters)) };
  };
  if (opening.conditions > conditionsKept) return compute;
  return (index) => {
    const known = kept[index];
    if (known !== undefined) return known;
    const computed = compute(index);
    kept[index] = computed;
    return computed;
  };
}
