// `lab run --replay [run]`: a recorded run once more from the exchanges that it kept, compared byte for byte; a difference ends with the code of
// a failed gate.
import { availableParallelism } from "node:os";
import { UserError } from "../../diagnostic/user-error.ts";
import { type Replayed, replay } from "../../run/again/replay.ts";
import type { Difference } from "../../run/again/run-again.ts";
import { runPortsOf } from "../../run/ports.ts";
import { openStore } from "../../store/project-store.ts";
import type { OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { plainText } from "../terminal/plain-text.ts";
import { resultDifference } from "../terminal/result-difference.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

/** Options that say what is to be run: a replay runs what the run has recorded. */
const foreign = {
  dryRun: "-n",
  set: "-S",
  filter: "--filter",
  replicates: "--replicates",
  limit: "--limit",
  shard: "--shard",
  force: "--force",
  accept: "--accept",
  detach: "--detach",
  trial: "--trial",
  inline: "--inline",
};

/** Differences that are shown in full. */
const shownMax = 20;

export async function replayRun(
  root: string,
  experiments: readonly string[],
  options: OptionValues,
): Promise<number> {
  const wrong = Object.entries(foreign).find(([name]) => isGiven(options[name]));
  if (wrong !== undefined)
    throw new UserError(`--replay runs what a run has recorded; ${wrong[1]} cannot be given with it`);
  if (experiments.length > 1)
    throw new UserError("--replay takes one run", { hint: "lab run --replay <run>" });
  const { performers } = await loadedConfig(projectRoot(options));
  const store = openStore(root);
  const run = await foundRun(store, text(options, "replay") ?? experiments[0] ?? null);
  const { experiments: planned } = await store.planOf(run);
  if (planned.some(({ name, branch }) => branch !== undefined && run.experiments.includes(name)))
    throw new UserError(`${run.id} is a branch of one trial, which no source file declares`, {
      hint: `lab verify ${run.id} runs it again with its own code.`,
    });
  const replayed = await replay({
    store,
    run,
    effectKinds: Object.keys(performers),
    threads: number(options, "jobs") ?? availableParallelism(),
    timeoutMs: number(options, "timeout"),
    ports: runPortsOf({ performers }),
  });
  if (flag(options, "json"))
    process.stdout.write(`${JSON.stringify({ run: run.id, ...replayed }, null, 2)}\n`);
  else say(process.stdout, `${linesOf(run.id, replayed).join("\n")}`);
  return replayed.different.length === 0 ? exitCode.done : exitCode.gate;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function linesOf(run: string, { isSameCode, compared, gone, different }: Replayed): readonly string[] {
  const code = isSameCode ? "with the code of the run" : "with the code as it is now";
  const lines = different.slice(0, shownMax).flatMap(differenceLines);
  if (different.length > shownMax) lines.push(`... and ${different.length - shownMax} more`);
  if (gone > 0) lines.push(`${plural(gone, "recorded trial")} not run: no longer in the design`);
  const head = `${run}: ${plural(compared, "trial")} run again ${code} from kept exchanges; nothing was sent or recorded`;
  const verdict =
    different.length === 0
      ? "every result is the same byte for byte"
      : `${different.length} of ${compared} came out differently`;
  return [...lines, head, verdict];
}

function differenceLines({ trial, stored, again, departure }: Difference): readonly string[] {
  if (departure !== null) return [`${trial} departed: ${plainText(departure)}`];
  return [`${trial} was stored with`, ...resultDifference(stored, again).map((line) => `  ${line}`)];
}
