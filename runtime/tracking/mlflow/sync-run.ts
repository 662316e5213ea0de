// `lab sync mlflow`: a stored run, sent whole. A server that goes away in the middle keeps what it has; the same command goes on from there.
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import type { SyncContext, SyncedExperiment } from "../tracker.ts";
import { MlflowAway, MlflowRefusal } from "./client.ts";
import { type FilledMlflowOptions, serverOf } from "./mlflow-options.ts";
import { MlflowSync } from "./sync.ts";

const attempts = 6;

/** @throws UserError where the server is away or refuses, with how far it came. */
export async function syncMlflow(
  context: SyncContext,
  options: FilledMlflowOptions,
): Promise<readonly SyncedExperiment[]> {
  const { root, run, environment, redact, onSent, conclude } = context;
  const { signal } = new AbortController();
  const server = serverOf({ uri: context.uri ?? options.uri, environment, signal, attempts });
  let sent = 0;
  const sync = new MlflowSync({
    server,
    experiment: context.experiment ?? options.experiment,
    trials: context.trials === null ? options.trials : context.trials === "all" ? null : context.trials,
    points: options.points,
    redact,
    onSent: (count) => {
      sent = count;
      onSent(count);
    },
  });
  try {
    const conclusions = await conclude(run);
    return await sync.bring({ store: openStore(root), run, conclusions, progress: new Map() });
  } catch (error) {
    const isAway = error instanceof MlflowAway;
    if (!isAway && !(error instanceof MlflowRefusal)) throw error;
    throw new UserError(redact(`${error.message}; ${sent} trials were sent before`), {
      hint: isAway
        ? "What was sent stays; the same command goes on from there."
        : "What was sent stays. The words are the server's.",
    });
  }
}
