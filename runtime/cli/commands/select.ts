// `lab select [run]`: which run commands take when none is named.
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import { selectedRun, selectRun } from "../../store/runs/selected-run.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const none = flag(options, "none");
  if (none && reference !== undefined)
    throw new UserError("--none selects no run", { hint: `Give it alone, or ${reference} alone.` });
  if (none) selectRun(store.layout, null);
  else if (reference !== undefined) selectRun(store.layout, (await foundRun(store, reference)).id);
  const selected = selectedRun(store.layout);
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify({ selected })}\n`);
  else
    process.stdout.write(
      selected === null
        ? "none is selected: commands take the latest run\n"
        : `${selected} is selected; \`lab select --none\` takes the latest again\n`,
    );
  return exitCode.done;
};
