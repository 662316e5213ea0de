// One job as a worker thread holds it: the author's function, its conditions by index, its seeds, its metrics. Loaded once a
// thread; everything that many units share is computed here once.
import { resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  ExperimentDefinition,
  FunctionStage,
  StageDefinition,
} from "../../../lib/experiment/definition.ts";
import { isExperiment } from "../../../lib/experiment/definition.ts";
import type { Port } from "../../../lib/experiment/effects/port.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import type { Condition } from "../../../lib/experiment/space/space.ts";
import {
  conditionHashOf,
  type Hash128,
  type SeedKey,
  seedKeyOf,
  seedStemOf,
} from "../../../lib/random/seed-of.ts";
import { commandRunner } from "../../command/run-command.ts";
import type { OpenedJob } from "../host/lease-runner.ts";
import type { JobOpening, LeasedCondition } from "../protocol/opening.ts";
import { analysisStageOf } from "./analysis/analysis-stage.ts";
import { keepPatches } from "./pristine.ts";
import { checkMetrics, type MetricCheck, metricCheckOf, whole } from "./unit/metric-check.ts";

/** Conditions are kept once computed, up to this many; a larger space is computed anew each time. */
const conditionsKept = 50_000;

export interface UnitCondition {
  /** Frozen: every unit of the condition is handed the same object. */
  readonly parameters: Condition;
  /** Null for a stage per "build". */
  readonly hash: Hash128 | null;
}

export type ConditionReader = (index: number) => UnitCondition;

export interface JobRuntime {
  readonly opening: JobOpening;
  readonly definition: ExperimentDefinition;
  /** What a unit does: the author's function, or what starts his program. */
  readonly run: FunctionStage["run"];
  readonly isTrial: boolean;
  /** Services that the trial asks; no other stage does. */
  readonly ports: Readonly<Record<string, Port>>;
  readonly metrics: MetricCheck;
  readonly stem: Hash128;
  readonly seedKey: SeedKey;
  /** Reads conditions as the plan has them, by index: those that a lease brings, or those of the opening where it brings none. */
  conditionsOf(leased: readonly LeasedCondition[]): ConditionReader;
}

/** Loads a job's bundle. Throws, in words, when it holds no such experiment or stage. */
export async function loadJob({ opening, bundle }: OpenedJob): Promise<JobRuntime> {
  const module: unknown = await import(pathToFileURL(bundle).href);
  keepPatches();
  const { job, code, replicates } = opening;
  const definition: unknown =
    typeof module === "object" && module !== null ? Reflect.get(module, code.exportName) : undefined;
  if (!isExperiment(definition))
    throw new Error(`${code.bundle} has no experiment under the export \`${code.exportName}\``);
  const written =
    definition.stages.find((each) => each.name === job.stage) ?? analysisStageOf(definition, job.stage);
  if (written === undefined) throw new Error(`${job.experiment} has no stage named \`${job.stage}\``);
  const isTrial = definition.stages.at(-1) === written;
  const run = runOf(written, { opening, bundle, metrics: definition.metrics });
  const { experiment } = job.streams ?? job;
  return {
    opening,
    definition,
    run,
    isTrial,
    ports: isTrial ? definition.effects : {},
    metrics: metricCheckOf(isTrial ? definition.metrics : {}),
    stem: seedStemOf({ root: replicates.seed, experiment, stage: job.stage }),
    seedKey: seedKeyOf({ root: replicates.seed, experiment }),
    conditionsOf: conditionsOf(opening),
  };
}

function runOf(
  stage: StageDefinition,
  { opening, bundle, metrics }: OpenedJob & Pick<ExperimentDefinition, "metrics">,
): FunctionStage["run"] {
  if (stage.kind === "function") return stage.run;
  const { job, code } = opening;
  const build = bundle.slice(0, bundle.length - code.bundle.split("/").join(sep).length);
  const work = resolve(build, "..", "..", "work");
  const files = job.files ?? [];
  const hasInputs = stage.needs.length + stage.reads.length > 0;
  const { command, hands } = stage;
  const place = { work, build, job: job.id, files, hasInputs, metrics, hands };
  if (hands === null) return commandRunner(command, place);
  const check = metricCheckOf(hands.metrics);
  return commandRunner(command, {
    ...place,
    assertMetrics(found) {
      const problem = checkMetrics(check, found, new Float64Array(check.names.length), whole);
      if (problem !== null) throw new Error(problem);
    },
  });
}

function conditionsOf({ job, space }: JobOpening): JobRuntime["conditionsOf"] {
  if (job.per === "build") {
    const only: UnitCondition = { parameters: Object.freeze({}), hash: null };
    return () => () => only;
  }
  const { projected, streams } = job;
  const streamsOf = streams?.condition ?? null;
  const indexed = space === null ? null : spaceFromDescriptor(space);
  const opened = keeping(streamsOf, (index) => {
    // The plan's projected conditions were made of JSON values by the compiler.
    const parameters = (projected?.[index] as Condition | undefined) ?? indexed?.at(index);
    if (parameters === undefined) throw new Error(`condition ${index} came with no lease`);
    return parameters;
  });
  return (leased) => {
    if (leased.length === 0) return opened;
    const byIndex = new Map(leased.map(({ index, parameters }) => [index, parameters]));
    return keeping(streamsOf, (index) => {
      const parameters = byIndex.get(index);
      if (parameters === undefined) throw new Error(`condition ${index} is not in its lease`);
      return parameters;
    });
  };
}

/** Reads each condition once, as long as there are not too many; streams are named by the condition itself, or by the one given for them. */
function keeping(
  streams: Readonly<Record<string, unknown>> | null,
  read: (index: number) => Condition,
): ConditionReader {
  const kept = new Map<number, UnitCondition>();
  return (index) => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const parameters = Object.freeze({ ...read(index) });
    for (const value of Object.values(parameters)) freezeDeep(value);
    const condition: UnitCondition = {
      parameters,
      hash: conditionHashOf(conditionKeyOf(streams ?? parameters)),
    };
    if (kept.size < conditionsKept) kept.set(index, condition);
    return condition;
  };
}

function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) freezeDeep(each);
}
