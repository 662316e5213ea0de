// `labwright/tracking`: tools that hear of runs while they go on, for `lab.config.ts`.
export { type MlflowOptions, mlflow } from "./tracking/mlflow/mlflow.ts";
export { type OtelOptions, otel } from "./tracking/otel/otel.ts";
export type { Tracker } from "./tracking/tracker.ts";
