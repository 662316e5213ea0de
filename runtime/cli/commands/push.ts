// `lab push <address> [run]`: the trials and series of a run into a shared PostgreSQL. Pushing again sends what is new.
import { UserError } from "../../diagnostic/user-error.ts";
import { isPostgresAddress } from "../../store/postgres/connect.ts";
import { pushRun } from "../../store/postgres/push-run.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { hideArguments } from "../terminal/hidden-arguments.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

export const handle: CommandHandler = async ([address = "", reference], options) => {
  hideArguments("push");
  if (!isPostgresAddress(address))
    throw new UserError("lab push takes the address of a PostgreSQL", {
      hint: "Expected postgres://user@host:5432/database; the password may stand in PGPASSWORD.",
    });
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference ?? null);
  const { trials, sent, seriesRows, notices } = await pushRun({ store, run, address });
  for (const notice of notices) say(process.stderr, notice);
  if (flag(options, "json"))
    process.stdout.write(`${JSON.stringify({ run: run.id, trials, sent, seriesRows }, null, 2)}\n`);
  else if (!flag(options, "quiet"))
    say(
      process.stderr,
      sent === 0
        ? `${run.id}: nothing new, ${plural(trials, "trial")} are there`
        : `${run.id}: sent ${sent} of ${plural(trials, "trial")}, ${plural(seriesRows, "row")} of series`,
    );
  sayStoreProblems(store);
  return exitCode.done;
};
