// MLflow: runs of labwright as runs of a tracking server, while they go on (`tracking: [mlflow()]`) and afterwards (`lab sync mlflow`).
import type { FollowContext, Followed, SyncContext, Tracker, TrackerProblem } from "../tracker.ts";
import type { FilledMlflowOptions } from "./mlflow-options.ts";

export interface MlflowOptions {
  /** Of the tracking server: "http://127.0.0.1:5000". The variable MLFLOW_TRACKING_URI unless told. */
  readonly uri?: string;
  /** Name of the experiment on the server; that of each experiment of labwright unless told. */
  readonly experiment?: string;
  /** Trials of an experiment that are runs of their own, the first planned ones; 1,000 unless told. */
  readonly trials?: number | "all";
  /** Points of a column of a series at most, evenly spaced over its rows; 200 unless told. */
  readonly points?: number;
}

/**
 * Shows runs on an MLflow server: one run an experiment with the means of its conditions and its report, and below it one a trial with
 * parameters, metrics and series. MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, are sent where they are set.
 *
 * @example
 * export default defineConfig({ tracking: [mlflow({ uri: "http://127.0.0.1:5000", trials: 200 })] });
 */
export function mlflow(options: MlflowOptions = {}): Tracker {
  const { uri, experiment, trials = 1000, points = 200 } = options;
  const filled: FilledMlflowOptions = {
    uri: uri ?? null,
    experiment: experiment ?? null,
    trials: trials === "all" ? null : trials,
    points,
  };
  return {
    kind: "labwright/tracker",
    name: "mlflow",
    problems: problemsOf(options),
    follow: (context: FollowContext): Followed => followed(context, filled),
    async sync(context: SyncContext) {
      const { syncMlflow } = await import("./sync-run.ts");
      return syncMlflow(context, filled);
    },
  };
}

/** The code that speaks to the server is loaded once a run has started. */
function followed(context: FollowContext, options: FilledMlflowOptions): Followed {
  const follower = import("./follow.ts").then(({ MlflowFollower }) => new MlflowFollower(context, options));
  return {
    listener(event) {
      if (event.type === "run-started" || event.type === "progress")
        void follower.then((each) => each.heed(event));
    },
    async close(run) {
      await (await follower).close(run);
    },
  };
}

function problemsOf({ uri, experiment, trials, points }: MlflowOptions): readonly TrackerProblem[] {
  const problems: TrackerProblem[] = [];
  if (uri !== undefined && !(URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol)))
    problems.push({ found: "`uri` is no address of http", expected: '"http://127.0.0.1:5000" or the like' });
  if (uri !== undefined && URL.canParse(uri) && new URL(uri).password !== "")
    problems.push({
      found: "`uri` holds a password",
      expected:
        "it in MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, which are no part of the project",
    });
  if (experiment === "") problems.push({ found: "`experiment` is empty", expected: "a name" });
  if (trials !== undefined && trials !== "all" && !isCount(trials, 0))
    problems.push({ found: `\`trials\` is ${trials}`, expected: 'a whole number from 0, or "all"' });
  if (points !== undefined && !isCount(points, 0))
    problems.push({ found: `\`points\` is ${points}`, expected: "a whole number from 0" });
  return problems;
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
