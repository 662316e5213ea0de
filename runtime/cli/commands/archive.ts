// `lab archive <run>`: a run as one file, for `lab restore` in another project or on another machine.
import { resolve } from "node:path";
import { writeArchive } from "../../store/archive/write-archive.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import { appendLabel } from "../../store/runs/labels.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { assertPlace } from "../exports/whole-file.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { plural, sizeWords } from "../terminal/words.ts";

export const handle: CommandHandler = async ([reference = ""], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference);
  const path = resolve(text(options, "output") ?? `${run.id}.lab.tar.gz`);
  assertPlace(path);
  const withArtifacts = !flag(options, "withoutArtifacts");
  const { index, bytes } = await writeArchive(store, run, { path, withArtifacts });
  appendLabel(runLayoutOf(store.layout, run.id), { do: "archive", file: path });
  sayStoreProblems(store);
  const { runs, files } = index;
  if (flag(options, "json"))
    process.stdout.write(
      `${JSON.stringify({ run: run.id, file: path, bytes, runs, files: files.length })}\n`,
    );
  else
    say(
      process.stdout,
      `${path}: ${plural(runs.length, "run")}, ${plural(files.length, "file")}, ${sizeWords(bytes)}; take it up with: lab restore <file>`,
    );
  return exitCode.done;
};
