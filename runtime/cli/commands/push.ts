// `lab push <address> [run]`: the trials and series of a run into a shared PostgreSQL, or its files into the bucket of `lab.config.ts`. Pushing again
// sends what is new.
import { UserError } from "../../diagnostic/user-error.ts";
import { isPostgresAddress } from "../../store/postgres/connect.ts";
import { pushRun } from "../../store/postgres/push-run.ts";
import { openStore } from "../../store/project-store.ts";
import { choiceHint } from "../choice.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { pushChoice } from "../first-words.ts";
import { foundRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { hideArguments } from "../terminal/hidden-arguments.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

export const handle: CommandHandler = async ([address = "", reference], options) => {
  hideArguments("push");
  if (address === "s3") return pushFiles(reference ?? null, options);
  if (flag(options, "drop"))
    throw new UserError("--drop is for lab push s3: rows in a database are no copy of the files here");
  if (!isPostgresAddress(address))
    throw new UserError("lab push takes the address of a PostgreSQL, or s3", {
      hint: choiceHint(pushChoice, address),
    });
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference ?? null);
  const { trials, sent, seriesRows, notices } = await pushRun({ store, run, address });
  for (const notice of notices) say(process.stderr, `warning: ${notice}`);
  if (flag(options, "json"))
    process.stdout.write(`${JSON.stringify({ run: run.id, trials, sent, seriesRows, notices }, null, 2)}\n`);
  else if (!flag(options, "quiet"))
    say(
      process.stdout,
      sent === 0
        ? `${run.id}: nothing new, ${plural(trials, "trial")} ${trials === 1 ? "is" : "are"} there`
        : `${run.id}: sent ${sent} of ${plural(trials, "trial")}, ${plural(seriesRows, "row")} of series`,
    );
  sayStoreProblems(store);
  return exitCode.done;
};

async function pushFiles(reference: string | null, options: OptionValues): Promise<number> {
  const root = projectRoot(options);
  const { store: remote } = await loadedConfig(root);
  if (remote === null)
    throw new UserError("lab.config.ts names no bucket", {
      hint: 'Write store: s3({ bucket: "results" }), from "labwright/config".',
    });
  const store = openStore(root);
  const run = await foundRun(store, reference);
  const { uploadRun } = await import("../../store/s3/upload-run.ts");
  const uploaded = await uploadRun({ store, run, address: remote.address, drop: flag(options, "drop") });
  const { files, sent, dropped } = uploaded;
  if (flag(options, "json"))
    process.stdout.write(`${JSON.stringify({ run: run.id, ...uploaded }, null, 2)}\n`);
  else if (!flag(options, "quiet"))
    say(
      process.stdout,
      `${run.id}: sent ${sent} of ${plural(files, "file")}${dropped === 0 ? "" : `, ${plural(dropped, "file")} no longer kept here`}`,
    );
  return exitCode.done;
}
