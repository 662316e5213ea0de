// `lab rename <run> [name]`: another name for a run, which stands wherever its id does.
import { UserError } from "../../diagnostic/user-error.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import { appendLabel } from "../../store/runs/labels.ts";
import { isRunId } from "../../store/runs/run-id.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";

export const handle: CommandHandler = async ([reference = "", typed], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference);
  const name = typed?.trim() ?? null;
  if (name === "" || name === "latest" || (name !== null && isRunId(name)))
    throw new UserError(`a run cannot be called "${name}"`, {
      hint: "Take a word of your own: latest and ids stand for runs already.",
    });
  const taken = (await store.runs()).find(
    (each) => name !== null && each.name === name && each.id !== run.id,
  );
  if (taken !== undefined)
    throw new UserError(`${taken.id} is called "${name}" already`, {
      hint: `Take another name, or take it from that one first: lab rename ${taken.id}`,
    });
  if (name !== run.name) appendLabel(runLayoutOf(store.layout, run.id), { do: "rename", name });
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify({ run: run.id, name })}\n`);
  else say(process.stdout, `${run.id} ${name === null ? "has no name" : `is called "${name}"`}`);
  return exitCode.done;
};
