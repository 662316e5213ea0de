// defineExperiment: what an author writes becomes an ExperimentDefinition. It never throws for a mistake in the design: what is wrong
// is kept under `problems`, and `lab build` reports all of it at once.
import type { z } from "zod";
import type { AnalysisDoor, DeclaredAnalyses } from "./analyses.ts";
import { callSiteOf } from "./call-site.ts";
import { checkExperiment } from "./check-experiment.ts";
import { analysisDoorOf } from "./declare-analyses.ts";
import type { ExperimentDefinition, OnRecord, StageDefinition } from "./definition.ts";
import { readKeys } from "./definition-shapes.ts";
import type { Metric } from "./metric.ts";
import { noStages, nothingDeclared, readAnalyses, readParts, readStages } from "./read-parts.ts";
import type { Replication } from "./replicate.ts";
import type { ConditionOf, FactorOf, Simplify, SpaceInput } from "./space/condition-space.ts";
import { declareStage, type InputsOf, type Stage, type StageDoor, type TypedExperiment } from "./stage.ts";
import type { RecordContext, TrialContext } from "./trial-context.ts";
import type { TrialReturn } from "./trial-return.ts";

/** An object type without keys: what is left out of the definition. */
type None = Record<never, never>;

export interface Metrics {
  readonly [name: string]: Metric<unknown>;
}

export interface SeriesSchemas {
  readonly [name: string]: z.ZodType<object>;
}

/** What a trial returns: a value for every metric. */
export type ValuesOf<M> = Simplify<{ readonly [K in keyof M]: M[K] extends Metric<infer T> ? T : never }>;

/** What `record` takes: the input type of the series' schema. */
export type RowsOf<S> = Simplify<{ readonly [K in keyof S]: S[K] extends z.ZodType ? z.input<S[K]> : never }>;

/** What onRecord sees: the row after its schema. */
type Watchers<S> = {
  readonly [K in keyof S]?: (row: S[K] extends z.ZodType ? z.output<S[K]> : never) => void;
};

// The metrics with a mean are spelt out here, not named, so that an error lists them.
type Door<P, M, S> = AnalysisDoor<
  ConditionOf<P>,
  FactorOf<P> & string,
  ValuesOf<M>,
  S,
  keyof { [K in keyof M as M[K] extends Metric<number | boolean | null> ? K : never]: K } & string
>;

export interface ExperimentOptions<P extends SpaceInput, M, S, G, N> {
  /** Unique in the project: letters, digits, `-`, `_` and `.`. It is part of every seed. */
  readonly name: string;
  readonly description?: string;
  /** The question in one sentence, for the report. */
  readonly question?: string;
  /** Constants and sweeps, or a space joined of several. */
  readonly parameters: P;
  /** One replicate unless told. */
  readonly replicates?: Replication<NoInfer<keyof M & string>, NoInfer<FactorOf<P> & string>>;
  readonly metrics: M;
  /** The metric that the experiment is about; the only one need not be named. */
  readonly primary?: NoInfer<keyof M & string>;
  /** Schemas of round-level rows, by series. */
  readonly series?: S;
  /** Other experiments whose rows the trial gets under `inputs`. */
  readonly needs?: N;
  /** Steps before the trial; it gets the values of those returned. Write it above `trial`, so that `inputs` is typed. */
  readonly stages?: (door: StageDoor<ConditionOf<NoInfer<P>>>) => G;
  /** Called once a trial; the functions returned see every row as it is recorded, and may stop the trial. */
  readonly onRecord?: (
    context: RecordContext<ConditionOf<NoInfer<P>>, ValuesOf<NoInfer<M>>>,
  ) => Watchers<NoInfer<S>>;
  trial(
    context: TrialContext<
      ConditionOf<NoInfer<P>>,
      ValuesOf<NoInfer<M>>,
      RowsOf<NoInfer<S>>,
      InputsOf<NoInfer<G>> & InputsOf<NoInfer<N>>
    >,
  ): TrialReturn<ValuesOf<M>> | Promise<TrialReturn<ValuesOf<M>>>;
  /** What is estimated and tested, fixed before the data. */
  readonly analyses?: (door: Door<NoInfer<P>, NoInfer<M>, NoInfer<S>>) => DeclaredAnalyses;
}

/** Stages by name, as `stages` returns them. */
export interface ReturnedStages {
  readonly [name: string]: Stage<unknown>;
}

export interface NeededExperiments {
  readonly [name: string]: ExperimentDefinition;
}

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
  const N extends NeededExperiments = None,
>(options: ExperimentOptions<P, M, S, G, N>): TypedExperiment<ConditionOf<P>, ValuesOf<M>> {
  const site = callSiteOf(defineExperiment);
  const read = readKeys<ExperimentOptions<P, M, S, G, N>>(options, site);
  const parts = readParts(read.options, site);
  const { space, metrics, primary, series, known, replication, needs } = parts;
  // The doors are the same functions at every type; what differs is only which names the types let through.
  const stageDoor = { stage: declareStage } as StageDoor<ConditionOf<P>>;
  const analysisDoor = analysisDoorOf(known) as unknown as Door<P, M, S>;
  const { stages: declareStages, analyses: declareAnalyses } = read.options;
  const stages = parts.attempt(
    "stages",
    () => readStages(declareStages === undefined ? {} : declareStages(stageDoor), site),
    noStages,
  );
  // Of a name in an analysis nothing can be said where what it names could not be read.
  const areNamesKnown = !["parameters", "metrics", "series"].some((key) => read.misfits.has(key));
  const asked = areNamesKnown ? declareAnalyses : undefined;
  const analyses = parts.attempt(
    "analyses",
    () => readAnalyses(asked === undefined ? [] : asked(analysisDoor), site),
    nothingDeclared,
  );
  const { until } = replication.replicates;
  const definition: ExperimentDefinition = {
    kind: "labwright/experiment",
    name: read.options.name ?? "unnamed",
    description: read.options.description ?? null,
    question: read.options.question ?? null,
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
    // As for the trial: the runtime hands over what the types say.
    onRecord: (read.options.onRecord ?? null) as OnRecord | null,
    analyses: analyses.specs,
    customs: analyses.customs,
    problems: [],
    site,
    sites: { parameters: space.sites, metrics: metrics.sites, analyses: analyses.sites },
  };
  const problems = [
    ...read.problems,
    ...[space, replication, metrics, series, stages, analyses].flatMap((part) => part.problems),
    ...parts.thrown,
    ...checkExperiment(definition, { known, areNamesKnown, misfits: read.misfits }),
  ];
  return { ...definition, problems };
}

/** The last stage. What is no function has its problem; then nothing is ever run. */
function trialOf(
  trial: unknown = () => null,
  parts: Pick<StageDefinition, "needs" | "reads" | "site">,
): StageDefinition {
  // The runtime hands over parameters, inputs and series of this definition, as the types of the options say.
  return { name: "trial", per: "replicate", uses: "all", ...parts, run: trial as StageDefinition["run"] };
}
