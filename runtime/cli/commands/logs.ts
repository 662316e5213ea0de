// `lab logs [trial|run]`: what a trial said, over all runs that ran it, or what all trials of a run said; `-f` goes on as they say more.
import { setTimeout as sleep } from "node:timers/promises";
import { type LogLine, TrialLogReader } from "../../store/kept/trial-log.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import { isRunning } from "../../store/runs/start-run.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findTrialOfRun, foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { plainText } from "../terminal/plain-text.ts";
import { say } from "../terminal/say.ts";

/** Between two looks at what was said since. */
const lookMs = 250;

export const handle: CommandHandler = async ([reference = null], options) => {
  const store = openStore(projectRoot(options));
  const { trial, run } = await chosen(store, reference, text(options, "run"));
  const reader = new TrialLogReader(store.layout, { trial, run });
  const isJson = flag(options, "json");
  let lines = 0;
  for (;;) {
    // Asked before the files are read: what is read once no process writes is all there is.
    const goesOn = flag(options, "follow") && (await anyGoesOn(store, run));
    for (const line of reader.more()) {
      lines += 1;
      process.stdout.write(isJson ? `${JSON.stringify(line)}\n` : textOf(line, trial === ""));
    }
    if (!goesOn) break;
    await sleep(lookMs);
  }
  if (lines === 0) say(process.stderr, `${trial === "" ? `run ${run}` : `trial ${trial}`} logged nothing`);
  return exitCode.done;
};

/** A trial in all runs (`run` null), or every trial (`trial` "") of one run. */
async function chosen(
  store: ProjectStore,
  reference: string | null,
  asked: string | null,
): Promise<{ readonly trial: string; readonly run: string | null }> {
  const found = reference === null ? null : await findTrialOfRun(store, { reference, run: asked });
  if (found !== null) return { trial: found.trial.id, run: null };
  return { trial: "", run: (await foundRun(store, reference ?? asked)).id };
}

async function anyGoesOn(store: ProjectStore, only: string | null): Promise<boolean> {
  return (await store.runs()).some((run) => (only === null || run.id === only) && isRunning(store, run));
}

function textOf({ at, level, text: said, trial }: LogLine, isOfMany: boolean): string {
  const whose = isOfMany ? ` ${trial.slice(0, 8)}` : "";
  return `${new Date(at).toISOString()} ${level.padEnd(5)}${whose} ${plainText(said)}\n`;
}
