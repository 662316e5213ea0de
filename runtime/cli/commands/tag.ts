// `lab tag <run> +tag -tag`: tags of a run, kept beside its manifest.
import { isTag, tagRule } from "../../../lib/experiment/tags.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import { appendLabel, readLabels } from "../../store/runs/labels.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";

export const handle: CommandHandler = async ([reference = "", ...changes], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference);
  const layout = runLayoutOf(store.layout, run.id);
  const asked = changes.map(changeOf);
  const before = readLabels(layout).tags;
  for (const { tag, isAdded } of asked)
    if (before.includes(tag) !== isAdded) appendLabel(layout, { do: isAdded ? "tag" : "untag", tag });
  const { tags } = readLabels(layout);
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify({ run: run.id, tags })}\n`);
  else say(process.stdout, `${run.id}: ${tags.length === 0 ? "no tags" : tags.join(" ")}`);
  return exitCode.done;
};

/** "+pilot" and "pilot" add, "-old" takes away. */
function changeOf(typed: string): { readonly tag: string; readonly isAdded: boolean } {
  const tag = typed.replace(/^[+-]/, "");
  if (!isTag(tag))
    throw new UserError(`"${typed}" is no tag`, {
      hint: `A tag is ${tagRule}: +pilot, -old.`,
    });
  return { tag, isAdded: !typed.startsWith("-") };
}
