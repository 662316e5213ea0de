// The one door for authors: `import { defineExperiment, sweep, replicate, metric } from "labwright"`.
// Named re-exports only; what is not here is not part of the promise.
/// <reference types="node" preserve="true" />
/// <reference path="./imports.d.ts" preserve="true" />

export type { Agent, Standing } from "./environments/environment/agent.ts";
export type { Transition } from "./environments/environment/definition.ts";
export { defineEnvironment, type Environment } from "./environments/environment/environment.ts";
export type { Episode } from "./environments/environment/episode.ts";
export { Forfeit } from "./environments/environment/forfeit.ts";
export {
  at,
  type Played,
  type PlayOptions,
  play,
  playAsync,
  type Round,
} from "./environments/environment/play.ts";
export type { DeclaredAnalysis } from "./experiment/analyses.ts";
export type { AnalysisSpec } from "./experiment/analysis-spec.ts";
export { between } from "./experiment/between.ts";
export {
  type Command,
  type CommandOptions,
  type CommandToken,
  checkpointFolder,
  command,
  configFile,
  configFlags,
  inputsFile,
  parameter,
  trialSeed,
} from "./experiment/command.ts";
export { csv } from "./experiment/csv.ts";
export type { CustomColumn, CustomResult, CustomRow, CustomTable } from "./experiment/custom-analysis.ts";
export { defineExperiment } from "./experiment/define-experiment.ts";
export type {
  ExperimentDefinition,
  MetricSpec,
  Replicates,
  StageDefinition,
} from "./experiment/definition.ts";
export {
  type ChatAnswer,
  type ChatMessage,
  type ChatOptions,
  type ChatRequest,
  chat,
} from "./experiment/effects/chat-port.ts";
export { type HttpOptions, type HttpRequest, http } from "./experiment/effects/http-port.ts";
export type { Ask, Port } from "./experiment/effects/port.ts";
export { type Budget, env, type PortLimits, usd } from "./experiment/effects/port-settings.ts";
export { type Grpc, type GrpcOptions, grpc } from "./experiment/grpc.ts";
export type { Json } from "./experiment/json.ts";
export { type Metric, metric, type ValuesOf } from "./experiment/metric.ts";
export { type Replication, replicate } from "./experiment/replicate.ts";
export type { Between, ConditionOf, ConditionSpace, Sweep } from "./experiment/space/condition-space.ts";
export * as design from "./experiment/space/sampled-spaces.ts";
export * as space from "./experiment/space/space-door.ts";
export type { Stage, TypedExperiment } from "./experiment/stage.ts";
export { sweep } from "./experiment/sweep.ts";
export type { NeededRow, RecordContext, StageContext, TrialContext } from "./experiment/trial-context.ts";
export type { Censored, Refused, TrialReturn } from "./experiment/trial-return.ts";
export { Random, randomFrom } from "./random/random.ts";
