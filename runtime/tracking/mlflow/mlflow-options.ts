// The options of MLflow without gaps, and the server that they name.
import { UserError } from "../../diagnostic/user-error.ts";
import type { Environment } from "../tracker.ts";
import { mlflowClient } from "./client.ts";
import { MlflowServer } from "./server.ts";

export interface FilledMlflowOptions {
  /** Null: the environment says. */
  readonly uri: string | null;
  readonly experiment: string | null;
  /** Null: all. */
  readonly trials: number | null;
  readonly points: number;
}

/** @throws UserError where nothing names the server. */
export function serverOf(of: {
  readonly uri: string | null;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly attempts: number;
}): MlflowServer {
  const { environment, signal, attempts } = of;
  const uri = of.uri ?? environment.MLFLOW_TRACKING_URI ?? "";
  if (uri === "")
    throw new UserError("no MLflow server is named", {
      hint: "Give --uri http://127.0.0.1:5000, or set MLFLOW_TRACKING_URI, or say it in lab.config.ts: tracking: [mlflow({ uri: ... })].",
    });
  return new MlflowServer(mlflowClient({ uri, environment, signal, attempts }));
}
