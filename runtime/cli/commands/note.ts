// `lab note <run> text`: notes on a run, each with who wrote it and when.

import { runLayoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import { appendLabel, readLabels } from "../../store/runs/labels.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";
import { noteLine } from "../terminal/label-words.ts";
import { say } from "../terminal/say.ts";

export const handle: CommandHandler = async ([reference = "", ...words], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference);
  const layout = runLayoutOf(store.layout, run.id);
  const text = words.join(" ").trim();
  if (text !== "") appendLabel(layout, { do: "note", text });
  const { notes } = readLabels(layout);
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify({ run: run.id, notes }, null, 2)}\n`);
  else if (notes.length === 0) say(process.stdout, `${run.id} has no notes`);
  else for (const note of notes) say(process.stdout, `${noteLine(note)}`);
  return exitCode.done;
};
