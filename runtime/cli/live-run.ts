// The run under way that a command is about, and what is said where its process is gone: every command that steers or watches a run
// begins here.
import { type ControlClient, ControlError, connectTo } from "../control/control-client.ts";
import type { Asked } from "../control/request.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import { openStore, type ProjectStore } from "../store/project-store.ts";
import { isRunning } from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";
import type { OptionValues } from "./command.ts";
import { foundRun } from "./found-run.ts";
import { flag, projectRoot } from "./options.ts";
import { say } from "./terminal/say.ts";

export interface LiveRun {
  readonly run: RunManifest;
  readonly client: ControlClient;
}

/** The run that `reference` stands for (null: the only one under way), connected to. Throws UserError where it is not under way. */
export async function liveRun(store: ProjectStore, reference: string | null): Promise<LiveRun> {
  const run = reference === null ? await onlyRunning(store) : await foundRun(store, reference);
  if (!isRunning(store, run)) throw notRunning(run);
  const client = await connectTo(runLayoutOf(store.layout, run.id), "terminal");
  if (client !== null) return { run, client };
  throw new UserError(`${run.id} cannot be reached: it is only starting, or ending`, {
    hint: "Give the command again in a moment.",
  });
}

/** Asks a run under way for one act and says in one line what came of it. */
export async function steer(
  options: OptionValues,
  of: {
    readonly reference: string | null;
    readonly asked: Asked;
    /** What is said once it is done. */
    readonly words: (run: RunManifest, answer: unknown) => string;
  },
): Promise<void> {
  const { run, client } = await liveRun(openStore(projectRoot(options)), of.reference);
  try {
    const answer = await client.ask(of.asked);
    if (flag(options, "json")) {
      const told = typeof answer === "object" ? answer : {};
      process.stdout.write(`${JSON.stringify({ run: run.id, ...told })}\n`);
    } else say(process.stderr, `${run.id}: ${of.words(run, answer)}`);
  } catch (error) {
    if (error instanceof ControlError) throw new UserError(`${run.id}: ${error.message}`);
    throw error;
  } finally {
    client.close();
  }
}

/** What is said of a run that no process works on. */
export function notRunning(run: RunManifest): UserError {
  if (run.status === "complete") return new UserError(`${run.id} is not running: it is complete`);
  const why = run.status === "running" ? "the run's process is gone" : `it was ${endWords[run.status]}`;
  return new UserError(`${run.id} is not running: ${why}`, {
    hint: `What was recorded is kept. Go on with: ${run.provenance.command}`,
  });
}

const endWords = { stopped: "stopped", budget: "stopped by a budget", aborted: "aborted" } as const;

async function onlyRunning(store: ProjectStore): Promise<RunManifest> {
  const going = (await store.runs()).filter((run) => isRunning(store, run));
  const [first] = going;
  if (first === undefined) return foundRun(store, null);
  if (going.length === 1) return first;
  throw new UserError(`${going.length} runs are under way: ${going.map(({ id }) => id).join(", ")}`, {
    hint: "Name one of them, or its experiment.",
  });
}
