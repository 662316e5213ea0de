// The one door for authors: `import { defineExperiment, sweep, replicate, metric } from "labwright"`.
// Named re-exports only; what is not here is not part of the promise.
export type { AnalysisSpec } from "./experiment/analysis-spec.ts";
export type {
  ExperimentDefinition,
  MetricSpec,
  Replicates,
  StageDefinition,
} from "./experiment/definition.ts";
export type { Json } from "./experiment/json.ts";
export type { RecordContext, StageContext, TrialContext } from "./experiment/trial-context.ts";
export { Random, randomFrom } from "./random/random.ts";
