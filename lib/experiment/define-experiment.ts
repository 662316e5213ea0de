// defineExperiment: what an author writes becomes an ExperimentDefinition. It never throws for a mistake in the design: what is wrong
// is kept under `problems`, and `lab build` reports all of it at once.
import { callSiteOf } from "./call-site.ts";
import { checkExperiment } from "./check-experiment.ts";
import { isCommand } from "./command.ts";
import { declareCommandStage } from "./command-stage.ts";
import { analysisDoorOf } from "./declare-analyses.ts";
import type { ExperimentDefinition, FunctionStage, OnRecord, StageDefinition } from "./definition.ts";
import { readKeys } from "./definition-shapes.ts";
import type {
  Door,
  ExperimentOptions,
  Needed,
  None,
  ReturnedStages,
  RowsOf,
  SeriesSchemas,
} from "./experiment-options.ts";
import { isGrpc, simulationPort } from "./grpc.ts";
import { readLimits } from "./limits.ts";
import type { Metrics, ValuesOf } from "./metric.ts";
import { noStages, nothingDeclared, readAnalyses, readParts, readStages } from "./read-parts.ts";
import type { ConditionOf, Seen, SpaceInput } from "./space/condition-space.ts";
import { declareStage, type TypedExperiment } from "./stage.ts";
import type { StageDoor } from "./stage-door.ts";

/**
 * Defines an experiment; export what it returns from `*.experiment.ts`.
 *
 * @example
 * export default defineExperiment({
 *   name: "walk",
 *   question: "Does a longer step carry a random walk further?",
 *   parameters: { step: sweep([1, 2, 4]), periods: 100 },
 *   replicates: replicate(50, { seed: 7 }),
 *   metrics: { distance: metric.number({ unit: "steps", range: [0, Infinity] }) },
 *   trial({ parameters, random }) {
 *     let x = 0;
 *     for (let t = 0; t < parameters.periods; t++) x += parameters.step * random.normal();
 *     return { distance: Math.abs(x) };
 *   },
 *   analyses: ({ compare }) => [compare("distance", { across: "step", baseline: 1 })],
 * });
 */
export function defineExperiment<
  const P extends SpaceInput,
  const M extends Metrics,
  const S extends SeriesSchemas = None,
  const G extends ReturnedStages = None,
  const N extends Needed = None,
  const E = None,
>(options: ExperimentOptions<P, M, S, G, N, E>): TypedExperiment<Seen<ConditionOf<P>>, ValuesOf<M>> {
  const site = callSiteOf(defineExperiment);
  const read = readKeys<ExperimentOptions<P, M, S, G, N, E>>(options, site);
  const parts = readParts(read.options, site);
  const { space, metrics, primary, series, known, replication, effects } = parts;
  const { needs, labels } = parts.needs;
  // The doors are the same functions at every type; what differs is only which names the types let through.
  const stageDoor = { stage: declareStage, commandStage: declareCommandStage } as StageDoor<
    ConditionOf<P>,
    RowsOf<S>
  >;
  const analysisDoor = analysisDoorOf(known) as unknown as Door<P, M, S>;
  const { stages: declareStages, analyses: declareAnalyses } = read.options;
  const stages = parts.attempt(
    "stages",
    () => readStages(declareStages === undefined ? {} : declareStages(stageDoor), site),
    noStages,
  );
  // Of a name in an analysis nothing can be said where what it names could not be read.
  const areNamesKnown =
    metrics.names.length > 0 && !["parameters", "metrics", "series"].some((key) => read.misfits.has(key));
  const asked = areNamesKnown ? declareAnalyses : undefined;
  const analyses = parts.attempt(
    "analyses",
    () => readAnalyses(asked === undefined ? [] : asked(analysisDoor), site),
    nothingDeclared,
  );
  const limits = readLimits(read.options.limits, site);
  const { until } = replication.replicates;
  const definition: ExperimentDefinition = {
    kind: "labwright/experiment",
    name: read.options.name ?? "unnamed",
    description: read.options.description ?? null,
    question: read.options.question ?? null,
    tags: [...new Set(read.options.tags ?? [])],
    space: space.tree,
    replicates: {
      ...replication.replicates,
      until: until === null ? null : { ...until, metric: until.metric || (primary ?? "") },
    },
    metrics: metrics.specs,
    primary,
    series: series.schemas,
    stages: [
      ...stages.stages,
      trialOf(read.options.trial, { needs: stages.returned, reads: Object.keys(needs), site }),
    ],
    needs: { ...stages.experiments, ...needs },
    labels,
    effects: { ...effects.ports, ...simulationsOf(read.options.trial) },
    // As for the trial: the runtime hands over what the types say.
    onRecord: (read.options.onRecord ?? null) as OnRecord | null,
    limits: limits.limits,
    analyses: analyses.specs,
    customs: analyses.customs,
    problems: [],
    site,
    sites: { parameters: space.sites, metrics: metrics.sites, analyses: analyses.sites },
  };
  const problems = [
    ...read.problems,
    ...[space, replication, metrics, series, parts.needs, effects, stages, limits, analyses].flatMap(
      (part) => part.problems,
    ),
    ...parts.thrown,
    ...checkExperiment(definition, { known, areNamesKnown, misfits: read.misfits }),
  ];
  return { ...definition, problems };
}

/** The port of a trial that is a simulation of an orchestrator. */
function simulationsOf(trial: unknown): ExperimentDefinition["effects"] {
  return isGrpc(trial) ? { [simulationPort]: trial.port } : {};
}

/** The last stage. What is no function has its problem; then nothing is ever run. */
function trialOf(
  trial: unknown = () => null,
  parts: Pick<StageDefinition, "needs" | "reads" | "site">,
): StageDefinition {
  const step = { name: "trial", per: "replicate", uses: "all", ...parts } as const;
  if (isCommand(trial)) return { ...step, kind: "command", command: trial, hands: null };
  // The runtime hands over parameters, inputs and series of this definition, as the types of the options say.
  return { ...step, kind: "function", run: trial as FunctionStage["run"] };
}
